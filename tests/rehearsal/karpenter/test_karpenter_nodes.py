"""Nodes that come for pending pods and go with their pool."""

from __future__ import annotations

from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Stage

PLATFORM = """
import raw
cluster = raw.Cluster(raw.Network())
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)
made_from = raw.node_class(cluster, nodes, karpenter.release)
pool = raw.node_pool(cluster, made_from)
"""


def test_a_node_comes_for_a_pending_pod_and_nothing_is_left_after_destroy(stage: Stage) -> None:
    program = PLATFORM + "raw.deployment(cluster, pool)"
    played = stage.play(program, [Act.PREVIEW, Act.UP, Act.UP, Act.DESTROY], look=_nodes)
    assert [result.ok for result in played.results] == [True] * 4, played.told
    assert set(played.results[2].changes) == {"same"}
    assert played.seen[0] is None
    assert played.seen[1] == [("t4g.large", "spot")]
    assert played.left == []


def _nodes(inside: Inside) -> object:
    try:
        found = inside.objects("Node")
    except AssertionError:
        return None
    labels = [node["metadata"]["labels"] for node in found]
    return [
        (one["node.kubernetes.io/instance-type"], one["karpenter.sh/capacity-type"])
        for one in labels
        if "karpenter.sh/nodepool" in one
    ]
