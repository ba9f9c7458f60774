"""What is asked of logs: an end, and the network's."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

GROUP, NATIVE = "aws:cloudwatch/logGroup:LogGroup", "aws-native:logs:LogGroup"
CLUSTER, VPC, FLOW_LOG = "aws:eks/cluster:Cluster", "aws:ec2/vpc:Vpc", "aws:ec2/flowLog:FlowLog"
ENDS, FLOWS = "log-retention-set", "vpc-flow-logs"
OF_CLUSTER = "/aws/eks/demo/cluster"


@pytest.mark.parametrize("kind", [GROUP, NATIVE])
@pytest.mark.parametrize(
    ("said", "how"),
    [({}, "it is left out"), ({"retentionInDays": 0}, "it is 0"), ({"retentionInDays": "0"}, "it is 0")],
)
def test_a_group_without_an_end_is_told(pack: Pack, kind: str, said: dict[str, Any], how: str) -> None:
    (message,) = pack.advice(kind, said)[ENDS]
    assert message.startswith(f"retentionInDays: {how}, which means for ever; ")


def test_a_group_with_an_end_is_not(pack: Pack) -> None:
    assert ENDS not in pack.advice(GROUP, {"retentionInDays": 1})
    assert pack.advice(GROUP, {"retentionInDays": UNKNOWN}) == {"unknown": [ENDS]}


def cluster(*after: str, **said: Any) -> Resource:
    return Resource(CLUSTER, "demo", {"name": "demo", "enabledClusterLogTypes": ["audit"], **said}, after=after)


def group(kind: str = GROUP, **said: Any) -> Resource:
    return Resource(kind, "logs", {"retentionInDays": 7, **said})


@pytest.mark.parametrize(
    ("resources", "how"),
    [
        pytest.param([cluster()], "no LogGroup of the stack is called /aws/eks/demo/cluster", id="none"),
        pytest.param([cluster("logs"), group(name="/aws/eks/other/cluster")], "no LogGroup", id="another-s"),
        pytest.param([cluster(), group(name=OF_CLUSTER)], "it does not depend on the LogGroup", id="beside-it"),
    ],
)
def test_a_control_plane_s_group_is_the_stack_s_and_comes_first(
    pack: Pack, resources: list[Resource], how: str
) -> None:
    ((name, message),) = pack.advice_on(*resources)[ENDS]
    assert name == "demo"
    assert message.startswith(f"enabledClusterLogTypes: {how}")


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([cluster("logs"), group(name=OF_CLUSTER)], id="first"),
        pytest.param([cluster("logs"), group(NATIVE, logGroupName=OF_CLUSTER)], id="native"),
        pytest.param([cluster(enabledClusterLogTypes=[])], id="no-logs"),
    ],
)
def test_a_group_that_is_there_first_is_sound(pack: Pack, resources: list[Resource]) -> None:
    assert ENDS not in pack.advice_on(*resources)


def test_an_unknown_cluster_hides_no_other(pack: Pack) -> None:
    other = Resource(CLUSTER, "other", {"name": "other", "enabledClusterLogTypes": UNKNOWN})
    found = pack.advice_on(other, cluster())
    assert [name for name, _ in found[ENDS]] == ["demo"]
    assert any(ENDS in message for _, message in found["unknown"]) or found["unknown"]


def test_each_network_has_a_flow_log(pack: Pack) -> None:
    network, other = Resource(VPC, "network", {"id": "vpc-1"}), Resource(VPC, "other", {"id": "vpc-2"})
    by_id = Resource(FLOW_LOG, "log", {"vpcId": "vpc-1"})
    by_source = Resource(FLOW_LOG, "log", {"vpcId": UNKNOWN}, sources={"vpcId": "network"})
    for log in (by_id, by_source):
        ((name, message),) = pack.advice_on(network, other, log)[FLOWS]
        assert (name, message.partition(";")[0]) == ("other", "no FlowLog of the stack is of it")
