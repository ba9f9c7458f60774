"""The policy `nlb-tls-termination`: HTTPS at a Network Load Balancer is asked for as a whole."""

from collections.abc import Iterator, Mapping
from functools import partial
from math import isfinite
from typing import Any, cast

from pokayoke_eks.rules.balancing import PREFIX, SERVICES_OF_CHARTS
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.nlb_tls import SLUG, Port, objections, weak_policy

from .balancers import controllers
from .inventory import installs, known_map, name_of, objects_of, speaks_by_values
from .objects import RELEASE
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_of, mapping_of
from .stack import Stack
from .unrendered import with_charts

_ISTIO_STATUS = Port(15021, "status-port")
"""What istiod gives to the Service of every Gateway (istio/istio 1.30.3, deployment controller)."""
_TLS_LISTENERS = ("HTTPS:", "TLS:")


def service_has_all_of_it(service: Mapping[str, Any], *, old_default: bool) -> Iterator[Finding]:
    """A Service of type LoadBalancer."""
    spec = known_map(service.get("spec"))
    if spec.get("type") not in ("LoadBalancer", UNKNOWN):
        return
    annotations = _annotations(service.get("metadata"))
    for key, finding in objections(annotations, _ports(spec.get("ports")), old_default=old_default):
        yield finding.at(f"metadata.annotations.{key}: ")


def gateway_has_all_of_it(gateway: Mapping[str, Any], *, old_default: bool) -> Iterator[Finding]:
    """A Gateway whose controller hands its annotations on to a Service: those of its infrastructure, else its own."""
    spec = known_map(gateway.get("spec"))
    infrastructure = known_map(spec.get("infrastructure"))
    own = "annotations" in infrastructure
    path = "spec.infrastructure.annotations" if own else "metadata.annotations"
    annotations = _annotations(infrastructure if own else gateway.get("metadata"))
    listeners = spec.get("listeners")
    ports = None
    if listeners is not UNKNOWN:
        said = [mapping_of(one) for one in list_of(listeners) if one is not UNKNOWN]
        ports = [_ISTIO_STATUS, *(_port(one, "port", "protocol") for one in said)]
    for key, finding in objections(annotations, ports, old_default=old_default):
        yield finding.at(f"{path}.{key}: ")


def configuration_has_a_policy(configuration: Mapping[str, Any], *, old_default: bool) -> Iterator[Finding]:
    """A LoadBalancerConfiguration of the controller's own Gateways."""
    listeners = known_map(configuration.get("spec")).get("listenerConfigurations")
    for index, raw in enumerate(list_of(listeners, "spec", "listenerConfigurations")):
        one = known_map(raw)
        if not str(one.get("protocolPort")).startswith(_TLS_LISTENERS):
            continue
        finding = weak_policy(one.get("sslPolicy"), old_default=old_default)
        if finding:
            yield finding.at(f"spec.listenerConfigurations[{index}].sslPolicy: ")


def values_have_all_of_it(release: Mapping[str, Any], *, old_default: bool) -> Iterator[Finding]:
    """The annotations of a Service in a release's values, wherever the chart has them."""
    several = name_of(release) in SERVICES_OF_CHARTS
    for path, annotations in _in_values(release.get("values"), "values"):
        for key, finding in objections(annotations, None, several=several, old_default=old_default):
            yield finding.at(f"{path}.{key}: ")


_KINDS = {
    "core/Service": service_has_all_of_it,
    "gateway.networking.k8s.io/Gateway": gateway_has_all_of_it,
    "gateway.k8s.aws/LoadBalancerConfiguration": configuration_has_a_policy,
}


def a_policy_is_said_or_set(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Where none is stated, the stack's controller has a sound one by its `defaultSSLPolicy`: upstream's is old."""
    judged = [
        (one.member, one.place, one.cluster, partial(_KINDS[one.key], one.content))
        for one in objects_of(stack, *_KINDS)
    ]
    for install in installs(stack):
        if speaks_by_values(stack, install.member):
            judge = partial(values_have_all_of_it, install.member.properties)
            judged.append((install.member, "", install.cluster, judge))
    for member, place, cluster, judge in judged:
        if stack.once(is_set_by_default, cluster):
            continue
        try:
            # The rest is said of each resource by itself.
            said = list(judge(old_default=False))
            for finding in judge(old_default=True):
                if finding not in said:
                    yield member.urn, finding.at(place)
        except NotKnownError:
            continue


RULE = with_charts(
    Rule(
        SLUG,
        judges={RELEASE: (partial(values_have_all_of_it, old_default=False),)},
        kinds={kind: (partial(judge, old_default=False),) for kind, judge in _KINDS.items()},
        stack=(a_policy_is_said_or_set,),
    )
)


def is_set_by_default(stack: Stack, cluster: str | None) -> bool:
    """Whether a controller of a cluster has a sound policy for what states none."""
    said = [one.value("defaultSSLPolicy") for one in controllers(stack, cluster)]
    return any(weak_policy(one, old_default=True) is None for one in said)


def _annotations(holder: Any) -> dict[str, Any]:
    return known_map(known_map(holder).get("annotations"))


def _ports(said: Any) -> list[Port] | None:
    if said is UNKNOWN or any(one is UNKNOWN for one in list_of(said)):
        return None
    return [_port(mapping_of(one), "port", "appProtocol") for one in list_of(said)]


def _port(said: Mapping[str, Any], number: str, spoken: str) -> Port:
    value, name, protocol = said.get(number), said.get("name"), said.get(spoken)
    if said.get("targetPort") == "http":
        # What the balancer decrypted goes to a port that by its name speaks plain HTTP, whatever its own port is for
        # (kubernetes/ingress-nginx, deploy/static/provider/aws/nlb-with-tls-termination).
        protocol = said["targetPort"]
    return Port(
        int(value) if isinstance(value, (int, float)) and isfinite(value) else None,
        name if isinstance(name, str) else None,
        protocol if isinstance(protocol, str) else None,
    )


def _in_values(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping with such annotations in it; manifests of their own are judged as such."""
    if isinstance(value, dict):
        mapping = cast("dict[str, Any]", value)
        if "apiVersion" in mapping and "kind" in mapping:
            return
        if any(key.startswith(PREFIX) for key in mapping):
            yield path, mapping
        for key, inner in mapping.items():
            yield from _in_values(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(cast("list[Any]", value)):
            yield from _in_values(inner, f"{path}[{index}]")
