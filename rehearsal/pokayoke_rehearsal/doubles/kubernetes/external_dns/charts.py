"""The chart `external-dns` (kubernetes-sigs/external-dns, charts/external-dns, 1.21.1 and 1.22.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.charts import Chart, Installation, Rendered, ValuesError, over
from pokayoke_rehearsal.doubles.kubernetes.definitions import CustomKind
from pokayoke_rehearsal.doubles.kubernetes.scaffold import account_name, accounts, full_name, handed_on
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, clone, fields, items, text

IMAGE = "registry.k8s.io/external-dns/external-dns"

_DEFAULTS: Mapping[str, Any] = {
    "image": {"repository": IMAGE},
    "serviceAccount": {"create": True, "annotations": {}},
    "service": {"port": 7979},
    "deploymentStrategy": {"type": "Recreate"},
    "env": [],
    "resources": {},
    "nodeSelector": {},
    "affinity": {},
    "topologySpreadConstraints": [],
    "tolerations": [],
    "logLevel": "info",
    "logFormat": "text",
    "interval": "1m",
    "triggerLoopOnEvent": False,
    "sources": ["service", "ingress"],
    "policy": "upsert-only",
    "registry": "txt",
    "domainFilters": [],
    "excludeDomains": [],
    "managedRecordTypes": [],
    "provider": {"name": "aws"},
    "extraArgs": {},
}
_ENUMS = {
    "policy": ("create-only", "sync", "upsert-only"),
    "registry": ("txt", "aws-sd", "dynamodb", "noop"),
    "logLevel": ("panic", "debug", "info", "warning", "error", "fatal"),
}
_ENDPOINTS = CustomKind("externaldns.k8s.io", "DNSEndpoint", "dnsendpoints", True, ("v1alpha1",), "v1alpha1")


def external_dns(installation: Installation) -> Rendered:
    """The program, its Service and its service account. Raises ValuesError for values that its schema refuses."""
    values = over(_DEFAULTS, installation.values)
    _judge(values)
    name = full_name(installation, values, "external-dns")
    labels = {"app.kubernetes.io/name": "external-dns", "app.kubernetes.io/instance": installation.name}
    objects = [_deployment(installation, values, name, labels), _service(values, name, labels)]
    objects += accounts(values, name, labels)
    return Rendered(objects, [_ENDPOINTS.definition()], app_version=program_version(installation.version))


def program_version(chart: str) -> str:
    """The version of the program that a chart brings: 1.21.1 has 0.21.0, 1.22.0 has 0.22.0, ..."""
    numbers = chart.removeprefix("v").split(".")
    return f"0.{numbers[1]}.0" if len(numbers) > 1 else chart


CHARTS = (Chart("https://kubernetes-sigs.github.io/external-dns", "external-dns", external_dns),)


def _judge(values: Mapping[str, Any]) -> None:
    for key, allowed in _ENUMS.items():
        if values[key] not in allowed:
            listed = ", ".join(f'"{one}"' for one in allowed)
            told = "values don't meet the specifications of the schema(s) in the following chart(s):"
            raise ValuesError(f"{told}\nexternal-dns:\n- {key}: {key} must be one of the following: {listed}")
    if values.get("txtPrefix") and values.get("txtSuffix"):
        where = "execution error at (external-dns/templates/deployment.yaml)"
        raise ValuesError(f"{where}: 'txtPrefix' and 'txtSuffix' are mutually exclusive")


def _deployment(installation: Installation, values: Mapping[str, Any], name: str, labels: Mapping[str, str]) -> Object:
    tag = text(at(values, "image", "tag")) or f"v{program_version(installation.version)}"
    container: Object = {
        "name": "external-dns",
        "image": f"{at(values, 'image', 'repository')}:{tag}",
        "args": list(_arguments(values)),
        "ports": [{"name": "http", "containerPort": 7979, "protocol": "TCP"}],
        "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}},
        **handed_on(values, "env", "resources"),
    }
    pod: Object = {
        "serviceAccountName": account_name(values, name),
        "containers": [container],
        **handed_on(
            values, "priorityClassName", "nodeSelector", "affinity", "topologySpreadConstraints", "tolerations"
        ),
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": dict(labels)},
        "spec": {
            "replicas": 1,
            "strategy": clone(values["deploymentStrategy"]),
            "selector": {"matchLabels": dict(labels)},
            "template": {"metadata": {"labels": dict(labels)}, "spec": pod},
        },
    }


def _arguments(values: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"--log-level={values['logLevel']}", f"--interval={values['interval']}")
    if values["triggerLoopOnEvent"]:
        yield "--events"
    yield from (f"--source={source}" for source in items(values["sources"]))
    yield from (f"--policy={values['policy']}", f"--registry={values['registry']}")
    for key, flag in (("txtOwnerId", "txt-owner-id"), ("txtPrefix", "txt-prefix"), ("txtSuffix", "txt-suffix")):
        if values.get(key):
            yield f"--{flag}={values[key]}"
    yield from (f"--domain-filter={domain}" for domain in items(values["domainFilters"]))
    yield from (f"--exclude-domains={domain}" for domain in items(values["excludeDomains"]))
    if values.get("annotationPrefix"):
        yield f"--annotation-prefix={values['annotationPrefix']}"
    yield from (f"--managed-record-types={kind}" for kind in items(values["managedRecordTypes"]))
    yield f"--provider={text(at(values, 'provider', 'name')) or values['provider']}"
    extra = values["extraArgs"]
    yield from (str(argument) for argument in items(extra))
    for key, said in fields(extra).items():
        if isinstance(said, bool):
            yield f"--{key}" if said else f"--no-{key}"
        else:
            yield from (f"--{key}={one}" for one in (items(said) or [said]))


def _service(values: Mapping[str, Any], name: str, labels: Mapping[str, str]) -> Object:
    port = {"name": "http", "port": at(values, "service", "port"), "targetPort": "http", "protocol": "TCP"}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "labels": dict(labels)},
        "spec": {"type": "ClusterIP", "selector": dict(labels), "ports": [port]},
    }
