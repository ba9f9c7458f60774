"""Naive mistakes around Karpenter's controller, made with raw resources, and the logged errors seen."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.store.objects import conditions
from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Stage

PLATFORM = """
import raw
network = raw.Network()
cluster = raw.Cluster(network, {cluster})
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes, {karpenter})
"""


def platform(karpenter: str = "", cluster: str = "") -> str:
    return PLATFORM.format(karpenter=karpenter, cluster=cluster)


def test_without_the_agent_no_credentials_come(stage: Stage) -> None:
    """`pod-identity-namespace-mismatch`: no agent add-on."""
    played = stage.play(platform(cluster="agent=False"), [Act.UP])
    assert 'Get "http://169.254.170.23/v1/credentials": dial tcp 169.254.170.23:80: i/o timeout' in played.told


def test_without_its_kinds_the_controller_is_never_ready(stage: Stage) -> None:
    """`crd-not-installed`"""
    played = stage.play(platform("crds=False"), [Act.UP])
    assert not played.last.ok
    assert 'no matches for kind "NodePool" in version "karpenter.sh/v1"' in played.told


def test_one_node_does_not_hold_two_replicas(stage: Stage) -> None:
    played = stage.play(platform(cluster="nodes=1"), [Act.UP])
    assert not played.last.ok
    assert "didn't match pod anti-affinity rules" in played.told


def test_a_controller_that_may_not_read_parameters_finds_no_image(stage: Stage) -> None:
    """`controller-permission-missing`: the class says so, and Pulumi's wait for it fails with that."""
    mistake = platform('without=["ssm:GetParameter"]') + "raw.node_class(cluster, nodes, karpenter.release)"
    played = stage.play(mistake, [Act.UP], look=_class_said)
    assert not played.last.ok
    assert "is not authorized to perform: ssm:GetParameter" in played.told
    assert played.seen == [["AMIsReady", "ValidationSucceeded", "Ready"]]


def _class_said(inside: Inside) -> list[str]:
    (found,) = inside.objects("EC2NodeClass", "karpenter.k8s.aws")
    return [one["type"] for one in conditions(found) if one["status"] != "True"]
