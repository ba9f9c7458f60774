"""The policy `crd-not-installed`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import Pack, Resource
from clusters import CLUSTER, IN_CLUSTER, TWO_CLUSTERS, identity, obj, release, within
from judging import members

from pokayoke_policies.custom_resources import custom_resources_come_after_their_kinds
from pokayoke_policies.stack import Stack

SLUG = "crd-not-installed"
MONITOR = "monitoring.coreos.com/v1"
STACK = "kube-prometheus-stack"


def monitor(*after: str, kind: str = "ServiceMonitor") -> Resource:
    return obj("monitor", kind, *after, api=MONITOR, spec={})


def crd(kind: str = "ServiceMonitor") -> Resource:
    said = {"group": "monitoring.coreos.com", "names": {"kind": kind}}
    return obj("crd", "CustomResourceDefinition", api="apiextensions.k8s.io/v1", spec=said)


@pytest.mark.parametrize("kind", ["ServiceMonitor", "PrometheusRule"])
def test_a_kind_that_nothing_brings_is_refused_as_in_the_log(kind: str, pack: Pack) -> None:
    found = pack.of_stack(*IN_CLUSTER, monitor(kind=kind))
    ((name, message),) = found.pop(SLUG)
    assert name == "monitor"
    assert f"nothing in the stack brings the kind {kind} of monitoring.coreos.com" in message
    assert found == {}
    ((_, finding),) = custom_resources_come_after_their_kinds(Stack(members((*IN_CLUSTER, monitor(kind=kind)))))
    assert finding.remedy == (
        "Install the CRD, by its chart or kubernetes.yaml.v2.ConfigFile, and set the option dependsOn: [CRDS]."
    )


@pytest.mark.parametrize(
    "brings", [release("crd", STACK), crd(), release("crd", "prometheus-operator-crds")], ids=["chart", "crd", "crds"]
)
def test_what_brings_the_kind_comes_before(brings: Resource, pack: Pack) -> None:
    assert pack.of_stack(*IN_CLUSTER, brings, monitor("crd")) == {}
    ((_, message),) = pack.of_stack(*IN_CLUSTER, brings, monitor())[SLUG]
    assert "it does not depend on 'crd', which brings the kind ServiceMonitor" in message
    assert "Set the option dependsOn: [crd]." in message
    assert 'the API server knows "no matches for kind"' in message


@pytest.mark.parametrize(
    "other",
    [crd("PrometheusRule"), obj("crd", "ConfigMap", spec=crd().properties["spec"])],
    ids=["of-another-kind", "no-crd"],
)
def test_what_looks_like_a_crd_brings_nothing(other: Resource, pack: Pack) -> None:
    ((_, message),) = pack.of_stack(*IN_CLUSTER, other, monitor("crd"))[SLUG]
    assert "nothing in the stack brings the kind ServiceMonitor" in message


def test_what_is_in_another_cluster_brings_nothing_here(pack: Pack) -> None:
    chart = replace(release("crd", STACK), provider="in-two")
    for waiting in (monitor(), monitor("crd")):
        ((_, message),) = pack.of_stack(*TWO_CLUSTERS, chart, *within("one", waiting))[SLUG]
        assert "nothing in the stack brings the kind ServiceMonitor" in message
    auto = replace(TWO_CLUSTERS[1], properties={"name": "two", "computeConfig": {"enabled": True}})
    pool = obj("c", "NodeClass", api="eks.amazonaws.com/v1")
    around = (TWO_CLUSTERS[0], auto, *TWO_CLUSTERS[2:])
    assert SLUG in pack.of_stack(*around, *within("one", pool))
    assert SLUG not in pack.of_stack(*around, *within("two", pool))


def test_the_order_is_judged_in_a_cluster_of_another_stack_too(pack: Pack) -> None:
    assert pack.of_stack(monitor()) == {}
    chart = release("crd", STACK)
    assert SLUG in pack.of_stack(chart, monitor())
    assert pack.of_stack(chart, monitor("crd")) == {}


@pytest.mark.parametrize(
    "before",
    [
        Resource("kubernetes:yaml/v2:ConfigFile", "before", {}, provider="kubernetes"),
        Resource("kubernetes:kustomize/v2:Directory", "before", {}, provider="kubernetes"),
        Resource("kubernetes:helm.sh/v4:Chart", "before", {}, provider="kubernetes"),
        Resource("command:local:Command", "before", {}),
        Resource("pulumi-nodejs:dynamic:Resource", "before", {}),
        Resource("pulumi-python:dynamic:Resource", "before", {}),
        release("before", "oci://registry.example.com/everything"),
        release("before", "./charts/crds"),
    ],
    ids=["file", "kustomize", "chart", "command", "node", "python", "unknown-chart", "own-chart"],
)
def test_what_may_bring_the_kind_unseen_is_trusted_when_it_comes_before(before: Resource, pack: Pack) -> None:
    assert pack.of_stack(*IN_CLUSTER, before, monitor("before")) == {}
    assert SLUG in pack.of_stack(*IN_CLUSTER, before, monitor())


def test_a_manifest_is_known_by_its_address(pack: Pack) -> None:
    address = "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.1/standard-install.yaml"
    route = obj("route", "HTTPRoute", "kinds", api="gateway.networking.k8s.io/v1")
    for kind, said in (("ConfigGroup", {"files": [address]}), ("ConfigFile", {"file": address})):
        kinds = Resource(f"kubernetes:yaml/v2:{kind}", "kinds", said, provider="kubernetes")
        assert pack.of_stack(*IN_CLUSTER, kinds, route) == {}
        assert SLUG in pack.of_stack(*IN_CLUSTER, kinds, monitor("kinds"))


@pytest.mark.parametrize(
    ("values", "there"),
    [({}, False), ({"installCRDs": True}, True), ({"crds": {"enabled": True}}, True)],
    ids=str,
)
def test_a_chart_that_brings_its_kinds_only_when_told_is_read(values: dict[str, Any], there: bool, pack: Pack) -> None:
    chart = release("cert-manager", "cert-manager", values=values)
    issuer = obj("issuer", "Issuer", "cert-manager", api="cert-manager.io/v1")
    assert (SLUG not in pack.of_stack(*IN_CLUSTER, chart, issuer)) == there


def test_a_release_that_skips_its_crds_brings_none(pack: Pack) -> None:
    chart = release("crd", STACK, skipCrds=True)
    assert SLUG in pack.of_stack(*IN_CLUSTER, chart, monitor("crd"))


def test_kinds_of_kubernetes_and_of_the_cluster_itself_need_no_crd(pack: Pack) -> None:
    for api, kind in (("rbac.authorization.k8s.io/v1", "Role"), ("crd.k8s.amazonaws.com/v1alpha1", "ENIConfig")):
        assert pack.of_stack(*IN_CLUSTER, obj("x", kind, api=api)) == {}
    auto = Resource(CLUSTER.type, "cluster", {**CLUSTER.properties, "computeConfig": {"enabled": True}})
    pool = obj("c", "NodeClass", api="eks.amazonaws.com/v1")
    assert pack.of_stack(auto, *IN_CLUSTER[1:], pool) == {}
    assert SLUG in pack.of_stack(*IN_CLUSTER, pool)


def test_an_add_on_of_which_nothing_is_known_may_bring_them(pack: Pack) -> None:
    unknown = Resource(IN_CLUSTER[2].type, "addon", {"clusterName": "demo", "addonName": "vendor_operator"})
    assert pack.of_stack(*IN_CLUSTER, unknown, monitor()) == {}
    there = Resource(unknown.type, "addon", {"addonName": "vendor_operator"}, sources={"clusterName": "two"})
    assert SLUG in pack.of_stack(*TWO_CLUSTERS, there, *within("one", monitor()))
    assert SLUG not in pack.of_stack(*TWO_CLUSTERS, there, *within("two", monitor()))
    snapshots = Resource(IN_CLUSTER[2].type, "addon", {"clusterName": "demo", "addonName": "snapshot-controller"})
    one = obj("one", "VolumeSnapshotClass", "addon", api="snapshot.storage.k8s.io/v1")
    assert pack.of_stack(*IN_CLUSTER, snapshots, one) == {}


def test_a_chart_that_makes_a_monitor_needs_its_kind(pack: Pack) -> None:
    dns = {"values": {"serviceMonitor": {"enabled": True}, "provider": "inmemory"}}
    ((name, message),) = pack.of_stack(*IN_CLUSTER, release("dns", "external-dns", **dns))[SLUG]
    assert name == "dns"
    assert message.startswith("values.serviceMonitor: ")
    around = (*IN_CLUSTER, release("crd", STACK))
    assert pack.of_stack(*around, release("dns", "external-dns", "crd", **dns)) == {}


def test_our_own_waits_bring_nothing(pack: Pack) -> None:
    wait = Resource("pulumi-python:dynamic/pokayoke:Waiting", "wait")
    assert SLUG in pack.of_stack(*IN_CLUSTER, identity("x"), wait, monitor("wait"))


@pytest.mark.parametrize(
    ("name", "hidden"), [("manifest:settings", False), ("settings", True)], ids=["rendered", "only-a-parent"]
)
def test_a_manifest_that_is_rendered_brings_what_it_is_seen_to_bring(name: str, hidden: bool, pack: Pack) -> None:
    """Whoever names it as a parent tells nothing of what it holds."""
    manifest = Resource("kubernetes:yaml/v2:ConfigFile", "manifest", provider="kubernetes")
    inside = replace(obj(name, "ConfigMap"), parent="manifest")
    found = pack.of_stack(*IN_CLUSTER, manifest, inside, monitor("manifest"))
    assert (SLUG not in found) is hidden


def problems(*resources: Resource) -> list[str]:
    stack = Stack(members((*IN_CLUSTER, *resources)))
    return [finding.problem for _, finding in custom_resources_come_after_their_kinds(stack)]


def test_what_needs_a_kind_is_told_with_its_place_and_nothing_else_needs_one() -> None:
    switched = {"serviceMonitor": {"enabled": True}}
    missing = "nothing in the stack brings the kind ServiceMonitor of monitoring.coreos.com into the cluster"
    listed = Resource(f"kubernetes:{MONITOR}:ServiceMonitorList", "all", {"items": [monitor().properties]})
    assert problems(replace(listed, provider="kubernetes")) == [f"items[0]: {missing} that it makes"]
    chart = Resource("kubernetes:helm.sh/v4:Chart", "dns", {"chart": "external-dns", "values": switched})
    assert problems(replace(chart, provider="kubernetes")) == [f"values.serviceMonitor: {missing} that it makes"]
    assert problems(monitor(kind="ServiceMonitorPatch"), release("dns", "external-dns")) == []
    assert problems(release("shop", "shop", values=switched)) == []
