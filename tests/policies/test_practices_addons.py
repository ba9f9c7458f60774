"""What is asked of add-ons."""

from __future__ import annotations

import json
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack, Resource, told
from clusters import TWO_CLUSTERS, within

CLUSTER, ADDON = "aws:eks/cluster:Cluster", "aws:eks/addon:Addon"
MANAGED, FIRST, DNS = "eks-addons-managed", "addon-overwrites-first", "coredns-resilient"
IDENTITY, POLICIES = "addon-own-identity", "cni-enforces-policies"
POLICY = Resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", "policy", {"spec": {}})


@pytest.fixture
def pack() -> Pack:
    return Pack()


def cluster(name: str = "demo", **said: Any) -> Resource:
    return Resource(CLUSTER, name, {"name": name, **said})


def addon(name: Any, of: str = "demo", **said: Any) -> Resource:
    return Resource(ADDON, f"{of}-{name}", {"addonName": name, "clusterName": of, **said})


def release(chart: str) -> Resource:
    return Resource(RELEASE, chart, {"chart": chart})


ALL = [addon("vpc-cni"), addon("kube-proxy"), addon("coredns")]


@pytest.mark.parametrize(
    ("resources", "missing"),
    [
        pytest.param(ALL, "", id="all"),
        pytest.param([], "vpc-cni and kube-proxy and coredns", id="none"),
        pytest.param(ALL[:2], "coredns", id="but-one"),
        pytest.param([*ALL[1:], release("calico")], "", id="another-network-plugin"),
        pytest.param([ALL[2], release("calico")], "kube-proxy", id="which-leaves-kube-proxy"),
        pytest.param([ALL[2], release("cilium")], "", id="cilium-for-both"),
        pytest.param([*ALL[1:], release("ingress-nginx")], "vpc-cni", id="a-chart-of-another-kind"),
        pytest.param([*ALL[:2], addon("coredns", "other")], "coredns", id="of-another-cluster"),
        pytest.param([*ALL[:2], addon("coredns", UNKNOWN)], "", id="of-a-cluster-that-is-not-told"),
    ],
)
def test_what_eks_copies_into_a_cluster_is_an_addon(pack: Pack, resources: list[Resource], missing: str) -> None:
    found = told(pack, MANAGED, cluster(), cluster("other", computeConfig={"enabled": True}), *resources)
    assert found == ([("demo", f"no Addon of the stack keeps {missing}")] if missing else [])


def test_a_cluster_that_eks_runs_needs_none(pack: Pack) -> None:
    assert told(pack, MANAGED, cluster(computeConfig={"enabled": "true"})) == []
    assert len(told(pack, MANAGED, cluster(computeConfig={"enabled": False}))) == 1


def test_what_is_not_known_of_addons_is_said(pack: Pack) -> None:
    for resources in ([cluster(), addon(UNKNOWN)], [cluster(computeConfig={"enabled": UNKNOWN})]):
        found = pack.advice_on(*resources)
        assert MANAGED not in found
        assert found["unknown"]


@pytest.mark.parametrize(
    ("made", "said", "how"),
    [
        pytest.param({}, {}, "it is left out, which means NONE", id="left-out"),
        pytest.param({}, {"resolveConflictsOnCreate": "NONE"}, "it is NONE", id="none"),
        pytest.param({}, {"resolveConflictsOnCreate": "OVERWRITE"}, "", id="overwrites"),
        pytest.param({"bootstrapSelfManagedAddons": "false"}, {}, "", id="nothing-is-there"),
        pytest.param({"bootstrapSelfManagedAddons": True}, {}, "it is left out, which means NONE", id="outright"),
        pytest.param({"computeConfig": {"enabled": True}}, {}, "", id="auto-mode"),
    ],
)
def test_an_addon_takes_the_copy_over(pack: Pack, made: dict[str, Any], said: dict[str, Any], how: str) -> None:
    found = told(pack, FIRST, cluster(**made), addon("vpc-cni", **said), addon("aws-ebs-csi-driver"))
    assert found == ([("demo-vpc-cni", f"resolveConflictsOnCreate: {how}")] if how else [])


def test_an_addon_of_a_cluster_elsewhere_is_not_judged(pack: Pack) -> None:
    assert told(pack, FIRST, addon("vpc-cni")) == []
    found = pack.advice_on(cluster(bootstrapSelfManagedAddons=UNKNOWN), addon("vpc-cni"))
    assert FIRST not in found
    assert found["unknown"]


@pytest.mark.parametrize(
    ("values", "place"),
    [
        pytest.param({"replicaCount": 1}, "replicaCount", id="one"),
        pytest.param({"replicaCount": 0}, "replicaCount", id="zero"),
        pytest.param({"replicaCount": 2}, "", id="two"),
        pytest.param({}, "", id="left-out"),
        pytest.param({"replicaCount": 1, "autoScaling": {"enabled": True}}, "", id="scaled"),
        pytest.param({"replicaCount": 1, "autoScaling": {"enabled": False}}, "replicaCount", id="not-scaled"),
        pytest.param({"autoScaling": {"enabled": True, "minReplicas": 1}}, "autoScaling.minReplicas", id="from-one"),
    ],
)
def test_names_outlive_a_pod(pack: Pack, values: dict[str, Any], place: str) -> None:
    for written in (values, json.dumps(values)):
        said = {"addonName": "coredns", "configurationValues": written}
        found = [one.partition(";")[0] for one in pack.advice(ADDON, said).get(DNS, [])]
        assert found == ([f"configurationValues.{place}: it is less than two"] if place else [])
        assert DNS not in pack.advice(ADDON, {**said, "addonName": "metrics-server"})


def test_values_that_are_not_known_or_no_json_are_not_judged(pack: Pack) -> None:
    assert pack.advice(ADDON, {"addonName": "coredns", "configurationValues": UNKNOWN}) == {"unknown": [DNS]}
    assert pack.advice(ADDON, {"addonName": "coredns", "configurationValues": "{"}) == {}


def association(account: Any, of: str = "demo") -> Resource:
    said = {"clusterName": of, "namespace": "kube-system", "serviceAccount": account}
    return Resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "association", said)


@pytest.mark.parametrize(
    ("resources", "sound"),
    [
        pytest.param([addon("aws-ebs-csi-driver")], False, id="none"),
        pytest.param([addon("aws-ebs-csi-driver", podIdentityAssociations=[{"roleArn": "x"}])], True, id="its-own"),
        pytest.param([addon("aws-ebs-csi-driver", serviceAccountRoleArn=UNKNOWN)], True, id="irsa"),
        pytest.param([addon("aws-ebs-csi-driver"), association("ebs-csi-controller-sa")], True, id="beside"),
        pytest.param([addon("aws-ebs-csi-driver"), association(UNKNOWN)], True, id="perhaps-beside"),
        pytest.param([addon("aws-ebs-csi-driver"), association("another")], False, id="another-s"),
        pytest.param(
            [addon("aws-ebs-csi-driver"), cluster("other"), association("ebs-csi-controller-sa", "other")],
            False,
            id="of-another-cluster",
        ),
        pytest.param([addon("amazon-cloudwatch-observability")], False, id="logs"),
        pytest.param([addon("metrics-server")], True, id="what-calls-nothing"),
        pytest.param([addon("vpc-cni")], False, id="the-network-by-its-node"),
        pytest.param([addon("vpc-cni"), association("aws-node")], True, id="the-network-by-itself"),
    ],
)
def test_an_addon_that_calls_aws_has_a_role(pack: Pack, resources: list[Resource], *, sound: bool) -> None:
    found = told(pack, IDENTITY, cluster(), *resources)
    name = resources[0].properties["addonName"]
    problem = f"podIdentityAssociations: it is left out, and so is a role for {name}"
    assert found == ([] if sound else [(f"demo-{name}", problem)])


NOT_ON = "configurationValues: the stack brings network policies, and enableNetworkPolicy is not on"
STRICT = "configurationValues.env: pods with security groups of their own are in strict mode"
ON = {"enableNetworkPolicy": "true"}


@pytest.mark.parametrize(
    ("values", "beside", "messages"),
    [
        pytest.param({}, [POLICY], [NOT_ON], id="off"),
        pytest.param({"enableNetworkPolicy": "false"}, [POLICY], [NOT_ON], id="off-outright"),
        pytest.param(ON, [POLICY], [], id="on"),
        pytest.param({}, [], [], id="no-policies"),
        pytest.param({}, [Resource("kubernetes:core/v1:ConfigMap", "settings")], [], id="other-objects"),
        pytest.param({}, [POLICY, release("calico")], [], id="another-plugin-s"),
        pytest.param({}, [POLICY, release("ingress-nginx")], [NOT_ON], id="a-chart-of-another-kind"),
        pytest.param({**ON, "env": {"ENABLE_POD_ENI": "true"}}, [POLICY], [STRICT], id="strict"),
        pytest.param(
            {**ON, "env": {"ENABLE_POD_ENI": "true", "POD_SECURITY_GROUP_ENFORCING_MODE": "standard"}},
            [POLICY],
            [],
            id="standard",
        ),
        pytest.param({**ON, "env": {"ENABLE_POD_ENI": "false"}}, [POLICY], [], id="no-groups-of-pods"),
    ],
)
def test_network_policies_are_enforced(
    pack: Pack, values: dict[str, Any], beside: list[Resource], messages: list[str]
) -> None:
    made = addon("vpc-cni", configurationValues=json.dumps(values))
    found = told(pack, POLICIES, cluster(), made, addon("coredns", configurationValues="{}"), *beside)
    assert [name for name, _ in found] == ["demo-vpc-cni"] * len(messages)
    assert all(message.startswith(wanted) for (_, message), wanted in zip(found, messages, strict=True))


def test_policies_of_another_cluster_are_enforced_there(pack: Pack) -> None:
    clusters = [cluster(), cluster("other")]
    provider = Resource("pulumi:providers:kubernetes", "provider", {}, after=("other",))
    policy = Resource(POLICY.type, "policy", POLICY.properties, provider="provider")
    assert told(pack, POLICIES, *clusters, provider, policy, addon("vpc-cni")) == []
    assert len(told(pack, POLICIES, *clusters, provider, policy, addon("vpc-cni", "other"))) == 1
    assert told(pack, POLICIES, *clusters, policy, addon("vpc-cni", "other", configurationValues=json.dumps(ON))) == []


def test_another_plugin_is_of_its_own_cluster(pack: Pack) -> None:
    kept = [addon("coredns", "one"), *(addon(name, "two") for name in ("vpc-cni", "kube-proxy", "coredns"))]
    there = [*TWO_CLUSTERS, *kept]
    assert told(pack, MANAGED, *there, *within("one", release("cilium"))) == []
    assert [name for name, _ in told(pack, MANAGED, *there, *within("two", release("cilium")))] == ["one"]
    assert told(pack, POLICIES, *there, *within("two", POLICY, release("cilium"))) == []
    (found,) = told(pack, POLICIES, *there, *within("two", POLICY), *within("one", release("cilium")))
    assert found == ("two-vpc-cni", NOT_ON)


def test_strict_mode_is_mended_by_its_variable(pack: Pack) -> None:
    values = {**ON, "env": {"ENABLE_POD_ENI": "true"}}
    ((_, found),) = pack.advice_on(cluster(), POLICY, addon("vpc-cni", configurationValues=values))[POLICIES]
    assert ']. Set env: {"POD_SECURITY_GROUP_ENFORCING_MODE": "standard"}. See ' in found
