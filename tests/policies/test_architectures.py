"""The policy `ami-architecture-mismatch`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from judging import members

from pokayoke_policies.node_groups import by_its_launch_template, listed_types_are_asked_for
from pokayoke_policies.raw import UNKNOWN as LATER
from pokayoke_policies.raw import NotKnownError
from pokayoke_policies.stack import Stack

SLUG = "ami-architecture-mismatch"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"


def test_types_and_image_of_one_architecture_pass(pack: Pack) -> None:
    for ami_type, types in (
        ("BOTTLEROCKET_ARM_64", ["t4g.medium", "m7g.large"]),
        ("BOTTLEROCKET_x86_64", ["t3.medium"]),
        ("AL2023_x86_64_STANDARD", ["m7i.large"]),
        ("AL2023_ARM_64_NVIDIA", ["g5g.xlarge"]),
        ("WINDOWS_CORE_2022_x86_64", ["m5.large"]),
    ):
        assert pack.refusals(NODE_GROUP, {"amiType": ami_type, "instanceTypes": types}) == {}


def test_an_arm_type_under_an_x86_image_is_refused_as_in_the_log(pack: Pack) -> None:
    found = pack.refusals(NODE_GROUP, {"amiType": "BOTTLEROCKET_x86_64", "instanceTypes": ["t4g.medium"]})
    (message,) = found.pop(SLUG)
    assert message == (
        "amiType is x86_64, but t4g.medium is not [ami-architecture-mismatch]. Take both of one architecture: "
        "amiType: AL2023_ARM_64_STANDARD with instanceTypes: [m7g.large], or AL2023_x86_64_STANDARD with [m7i.large]. "
        "See pokayoke-eks/docs/policies.md#ami-architecture-mismatch"
    )
    assert found == {}


@pytest.mark.parametrize(
    ("properties", "text"),
    [
        ({"instanceTypes": ["t4g.medium"]}, "amiType is left out, which means x86_64, but t4g.medium is not"),
        ({"amiType": None, "instanceTypes": ["t4g.medium"]}, "left out"),
        ({"amiType": "BOTTLEROCKET_ARM_64"}, "no instance type is stated, which means t3.medium, and that is not"),
        ({"amiType": "AL2023_ARM_64_STANDARD", "instanceTypes": []}, "means t3.medium"),
        ({"amiType": "BOTTLEROCKET_ARM_64", "instanceTypes": ["m7g.large", "m7i.large"]}, "two architectures"),
        ({"amiType": "CUSTOM", "instanceTypes": ["m7g.large", "m7i.large"]}, "m7g.large is arm64; m7i.large is x86_64"),
        ({"amiType": "AL2_ARM_64", "instanceTypes": ["t3.nano", "t3.micro", "t3.small", "t3.large"]}, "and 1 more are"),
    ],
)
def test_what_eks_assumes_and_every_mixture_is_judged(properties: dict[str, Any], text: str, pack: Pack) -> None:
    (message,) = pack.refusals(NODE_GROUP, properties)[SLUG]
    assert text in message


@pytest.mark.parametrize(
    "properties",
    [
        {"amiType": "CUSTOM", "instanceTypes": ["t4g.medium"]},
        {"amiType": "BOTTLEROCKET_ARM_64", "instanceTypes": ["x99.colossal"]},
        {"amiType": "SOMETHING_NEW", "instanceTypes": ["t4g.medium"]},
        {"amiType": "BOTTLEROCKET_ARM_64", "launchTemplate": {"id": UNKNOWN}},
        {"instanceTypes": ["t4g.medium"], "launchTemplate": {"id": "lt-1"}},
        {},
    ],
)
def test_what_cannot_be_told_from_the_group_alone_passes(properties: dict[str, Any], pack: Pack) -> None:
    assert pack.refusals(NODE_GROUP, properties) == {}


def test_an_unknown_image_is_said_to_be_unknown(pack: Pack) -> None:
    assert pack.refusals(NODE_GROUP, {"amiType": UNKNOWN, "instanceTypes": ["t4g.medium"]}) == {"unknown": [SLUG]}
    assert pack.refusals(NODE_GROUP, {"amiType": "CUSTOM", "instanceTypes": [UNKNOWN]}) == {"unknown": [SLUG]}


def group(**properties: Any) -> Resource:
    filled_in = {key: UNKNOWN for key in ("amiType", "instanceTypes") if key not in properties}
    said = {"launchTemplate": {"id": UNKNOWN}, **properties}
    return Resource(NODE_GROUP, "group", said, filled_in, sources={"launchTemplate": "template"})


def test_a_launch_template_of_the_stack_is_read_with_its_group(pack: Pack) -> None:
    arm = Resource(TEMPLATE, "template", {"instanceType": "t4g.medium"}, {"imageId": UNKNOWN})
    assert pack.of_stack(arm, group(amiType="BOTTLEROCKET_ARM_64")) == {}
    ((name, message),) = pack.of_stack(arm, group(amiType="BOTTLEROCKET_x86_64"))[SLUG]
    assert name == "group"
    assert "amiType is x86_64, but t4g.medium is not" in message
    ((_, message),) = pack.of_stack(arm, group())[SLUG]
    assert "amiType is left out" in message


def test_a_launch_template_is_found_by_the_id_or_name_that_it_has(pack: Pack) -> None:
    template = Resource(TEMPLATE, "template", {"name": "nodes", "instanceType": "t4g.medium"}, {"id": "lt-1"})
    for named in ({"id": "lt-1"}, {"name": "nodes"}):
        nodes = Resource(NODE_GROUP, "group", {"launchTemplate": named, "amiType": "AL2023_x86_64_STANDARD"})
        assert SLUG in pack.of_stack(template, nodes)
    nameless = replace(template, properties={"instanceType": "t4g.medium"}, outputs={})
    for named in ({"id": "lt-2"}, {"name": "others"}):
        other = Resource(NODE_GROUP, "group", {"launchTemplate": named, "amiType": "AL2023_x86_64_STANDARD"})
        assert pack.of_stack(template, other) == {}
        assert pack.of_stack(nameless, other) == {}


def test_a_launch_template_that_is_not_known_yet_is_said_to_be_where_it_may_be_the_stacks(pack: Pack) -> None:
    template = Resource(TEMPLATE, "template", {"instanceType": "t4g.medium"})
    for unknown, path in ((UNKNOWN, "launchTemplate.id"), ({"name": UNKNOWN}, "launchTemplate.name")):
        nodes = replace(group(launchTemplate=unknown), sources={})
        assert set(pack.of_stack(template, nodes)) == {"unknown"}
        with pytest.raises(NotKnownError, match=f"^{path}$"):
            list(by_its_launch_template(Stack(members((template, nodes)))))
        assert pack.of_stack(nodes) == {}


def test_what_group_and_template_leave_to_one_another_is_judged_together(pack: Pack) -> None:
    bare = Resource(TEMPLATE, "template", {})
    assert pack.of_stack(bare, Resource(NODE_GROUP, "plain", {"instanceTypes": ["m7i.large"]})) == {}
    ((_, message),) = pack.of_stack(bare, group(amiType="BOTTLEROCKET_ARM_64"))[SLUG]
    assert "no instance type is stated" in message
    ((_, message),) = pack.of_stack(bare, group(instanceTypes=["t4g.medium"]))[SLUG]
    assert "amiType is left out, which means x86_64, but t4g.medium is not" in message


def test_an_image_in_the_launch_template_is_not_guessed_at(pack: Pack) -> None:
    template = Resource(TEMPLATE, "template", {"instanceType": "t4g.medium", "imageId": "ami-0123456789abcdef0"})
    assert pack.of_stack(template, group(amiType="CUSTOM")) == {}
    assert pack.of_stack(template, group()) == {}


def node_pool(architectures: list[str], types: list[str], operator: str = "In") -> dict[str, Any]:
    requirements = [
        {"key": "kubernetes.io/arch", "operator": operator, "values": architectures},
        {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": types},
        {"key": "topology.kubernetes.io/zone", "operator": "In", "values": ["eu-west-1a"]},
    ]
    spec = {"template": {"spec": {"requirements": requirements}}, "limits": {"cpu": "8"}}
    return {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "p"}, "spec": spec}


def test_a_pool_that_asks_for_an_architecture_that_none_of_its_types_has_is_refused(pack: Pack) -> None:
    (message,) = pack.refusals(NODE_POOL, node_pool(["amd64"], ["t4g.medium", "m7g.large"]))[SLUG]
    assert "asks for amd64, and every listed instance type is arm64" in message
    for sound in (
        node_pool(["arm64"], ["t4g.medium"]),
        node_pool(["amd64"], ["t4g.medium", "t3.medium"]),
        node_pool(["amd64"], ["t4g.medium"], "NotIn"),
    ):
        assert pack.refusals(NODE_POOL, sound) == {}
    assert pack.refusals(NODE_POOL, node_pool(["amd64"], ["x99.colossal"])) == {}
    assert SLUG in pack.refusals(NODE_POOL, node_pool(["amd64"], [UNKNOWN]))["unknown"]
    with pytest.raises(NotKnownError, match=r"^spec\.template\.spec\.requirements$"):
        list(listed_types_are_asked_for({"spec": {"template": {"spec": {"requirements": [LATER]}}}}))


def test_other_kinds_are_no_concern_of_it(pack: Pack) -> None:
    mistaken = {"amiType": "BOTTLEROCKET_x86_64", "instanceTypes": ["t4g.medium"]}
    for kind in ("aws:ec2/vpc:Vpc", "kubernetes:core/v1:ConfigMap", "eks:index:ManagedNodeGroup"):
        assert pack.refusals(kind, mistaken) == {}
