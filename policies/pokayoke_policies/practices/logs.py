"""What is asked of logs: that they end some day, and that the network's are kept."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.quantities import quantity
from pokayoke_policies.eks import CLUSTER
from pokayoke_policies.near import Near
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import list_at, over, stated
from pokayoke_policies.references import referring
from pokayoke_policies.stack import Member, Stack

_GROUP, _NATIVE_GROUP = "aws:cloudwatch/logGroup:LogGroup", "aws-native:logs:LogGroup"
_FLOW_LOG = "aws:ec2/flowLog:FlowLog"
_VPC = "aws:ec2/vpc:Vpc"

RETENTION = Practice(
    "log-retention-set",
    "Logs are kept for ever",
    "the bill grows every month, and logs that EKS makes a group for outlive the cluster",
    'Set retentionInDays, e.g. 90; for a control plane make the LogGroup "/aws/eks/CLUSTER/cluster" ahead of the '
    "cluster, by dependsOn.",
    "EKS best practices, cost/cost_opt_observability; EKS user guide, send control plane logs to CloudWatch Logs",
)
FLOW_LOGS = Practice(
    "vpc-flow-logs",
    "Nobody writes down who talks to whom in the network",
    "after an intrusion nobody can tell what it reached",
    "Make a FlowLog with the vpcId and trafficType: ALL (or REJECT, which is little).",
    "EKS best practices, security/network; EC2.6",
)


def group_ends_some_day(group: Mapping[str, Any]) -> Iterator[Finding]:
    """Whatever the number of days."""
    said = stated(group, "retentionInDays")
    if said is None:
        yield RETENTION.finding("retentionInDays", "it is left out, which means for ever")
    elif quantity(said) == 0:
        yield RETENTION.finding("retentionInDays", "it is 0, which means for ever")


def control_plane_logs_end_too(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """The group of a control plane is the stack's, and there before EKS makes one of its own."""

    def judged(cluster: Member) -> Iterator[tuple[str, Finding]]:
        if not list_at(cluster.properties, "enabledClusterLogTypes"):
            return
        # The name is the service's (EKS user guide, "Send control plane logs to CloudWatch Logs").
        name = f"/aws/eks/{stated(cluster.properties, 'name')}/cluster"
        own = stack.once(_groups_by_name).of(None, name)
        if not own:
            problem = f"no LogGroup of the stack is called {name}: EKS makes it, without an end"
            yield cluster.urn, RETENTION.finding("enabledClusterLogTypes", problem)
        elif not any(one.urn in stack.behind(cluster.urn) for one in own):
            problem = "it does not depend on the LogGroup of its name: whichever of the two comes second, fails"
            yield cluster.urn, RETENTION.finding("enabledClusterLogTypes", problem)

    yield from over(stack.of_type(CLUSTER), judged)


def _groups_by_name(stack: Stack) -> Near[Member]:
    kinds = ((_GROUP, "name"), (_NATIVE_GROUP, "logGroupName"))
    return Near((one.properties.get(key), None, one) for kind, key in kinds for one in stack.of_type(kind))


def flows_are_logged(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each VPC of the stack."""
    for vpc in stack.of_type(_VPC):
        if not referring(stack, _FLOW_LOG, "vpcId", vpc):
            yield vpc.urn, FLOW_LOGS.finding("", "no FlowLog of the stack is of it")


RULES = (
    Rule(
        RETENTION.slug,
        judges=dict.fromkeys((_GROUP, _NATIVE_GROUP), (group_ends_some_day,)),
        stack=(control_plane_logs_end_too,),
        practice=RETENTION,
    ),
    Rule(FLOW_LOGS.slug, stack=(flows_are_logged,), practice=FLOW_LOGS),
)
