"""A destroy of a whole platform leaves no instance, role, queue or finalizer: its order is in the registered graph."""

import pytest
from platforms import GENERAL, platform
from registrations import Registered, Registration
from test_destroy_order import (
    CLUSTER,
    EGRESS,
    NODE_GROUP,
    Pick,
    addon,
    of,
    role,
    together,
)

POOLS = of("kubernetes:karpenter.sh/v1:NodePool")
CLASSES = of("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass")
CONTROLLER = of("kubernetes:helm.sh/v3:Release", name="karpenter")
DEFINITIONS = of("kubernetes:helm.sh/v3:Release", name="karpenter-crd")
ACCOUNT = of("kubernetes:core/v1:ServiceAccount")
ASSOCIATION = of("aws:eks/podIdentityAssociation:PodIdentityAssociation")
INTERRUPTION = together(
    of("aws:sqs/queue:Queue"),
    of("aws:sqs/queuePolicy:QueuePolicy"),
    of("aws:cloudwatch/eventRule:EventRule"),
    of("aws:cloudwatch/eventTarget:EventTarget"),
)
CONTROLLER_PERMISSIONS = together(role("karpenter"), of("aws:iam/policy:Policy"))
NODE_ACCESS = together(role("nodes"), of("aws:eks/accessEntry:AccessEntry", type="EC2_LINUX"))
NODE_IDENTITY = together(NODE_ACCESS, of("aws:iam/instanceProfile:InstanceProfile"))


def instances_gone(made: Registered) -> list[Registration]:
    return [one for one in made if one.name.endswith("-instances-gone")]


@pytest.fixture(scope="module")
def platforms() -> dict[str, Registered]:
    two = (GENERAL, {**GENERAL, "name": "second"})
    return {lifecycle: platform(lifecycle, pools=two) for lifecycle in ("disposable", "retained")}


@pytest.mark.parametrize("lifecycle", ["disposable", "retained"])
@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param(POOLS, instances_gone, id="pools before the wait for their instances"),
        pytest.param(CLASSES, instances_gone, id="classes before the wait for instances"),
        pytest.param(instances_gone, CONTROLLER, id="instances before the controller that removes them"),
        pytest.param(CONTROLLER, DEFINITIONS, id="the controller before its kinds"),
        pytest.param(CONTROLLER, ACCOUNT, id="the controller before its service account"),
        pytest.param(CONTROLLER, ASSOCIATION, id="the controller before its association"),
        pytest.param(CONTROLLER, CONTROLLER_PERMISSIONS, id="the controller before what it may do"),
        pytest.param(CONTROLLER, INTERRUPTION, id="the controller before its queue"),
        pytest.param(CONTROLLER, NODE_IDENTITY, id="the controller, and all nodes, before what the nodes are"),
        pytest.param(CONTROLLER, addon("coredns"), id="the controller before DNS"),
        pytest.param(CONTROLLER, NODE_GROUP, id="the controller before the nodes under it"),
        pytest.param(CONTROLLER, addon("eks-pod-identity-agent"), id="the controller before the agent"),
        pytest.param(CONTROLLER, EGRESS, id="the controller before its way out"),
        pytest.param(DEFINITIONS, addon("coredns", "metrics-server"), id="kinds before the add-ons for pods"),
        pytest.param(DEFINITIONS, NODE_GROUP, id="kinds before nodes"),
        pytest.param(ASSOCIATION, CONTROLLER_PERMISSIONS, id="the association before what it gives"),
        pytest.param(
            together(ASSOCIATION, CONTROLLER_PERMISSIONS, NODE_ACCESS), CLUSTER, id="identities before the cluster"
        ),
        pytest.param(ACCOUNT, of("aws:eks/accessEntry:AccessEntry", type="STANDARD"), id="objects before the way in"),
    ],
)
def test_on_destroy(platforms: dict[str, Registered], lifecycle: str, earlier: Pick, later: Pick) -> None:
    made = platforms[lifecycle]
    first, then = earlier(made), later(made)
    assert first
    assert then
    wrong = [(a.name, b.name) for a in first for b in then if not made.goes_before(a, b)]
    assert not wrong


def test_the_wait_for_instances_counts_what_karpenter_made_and_no_system_node(platforms: dict[str, Registered]) -> None:
    (wait,) = instances_gone(platforms["disposable"])
    (condition,) = wait.inputs["beforeGone"]
    assert (condition["of"], condition["tag"], condition["value"]) == ("instance", "karpenter.sh/nodepool", "*")
    assert not wait.inputs["beforeReady"]


def test_no_hook_is_needed_to_delete_anything(platforms: dict[str, Registered]) -> None:
    """A delete hook in the state makes a plain `pulumi destroy` refuse."""
    assert not [one.urn for one in platforms["retained"] if one.hooks]
