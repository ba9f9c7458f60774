"""What is asked of the roles of nodes: that they have what a node needs, and nothing that a pod on it does."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.iam_actions import Statement
from pokayoke_eks.rules.node_roles import ENOUGH, ENOUGH_ACTIONS, NETWORK, NETWORK_ACTIONS
from pokayoke_policies.node_roles import roles_of_nodes
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, texts
from pokayoke_policies.raw import over
from pokayoke_policies.roles import attached
from pokayoke_policies.stack import Stack

from .documents import listed

MINIMAL = Practice(
    "iam-node-role-minimal",
    "Nodes may more than join, pull images and be reached by Session Manager",
    "whoever gets out of one container has it, and so has every pod that reaches its node's credentials",
    "Keep AmazonEKSWorkerNodePolicy and AmazonEC2ContainerRegistryPullOnly, and give the rest to the pods that need "
    "it, by a PodIdentityAssociation with roleArn: ROLE.arn.",
    "EKS best practices, security/iam and networking/vpc-cni; CIS 5.1.3; CIS 5.2.1",
    {"policies": texts([], "More of AWS's own policies that nodes may have, by name.")},
)


def minimal_roles(settings: Mapping[str, Any]) -> Rule:
    """Nothing is attached to the role of a node but what nodes need; the network plugin's policy, where that has no
    role of its own."""
    more = set(settings["policies"])

    def nodes_have_what_they_need(stack: Stack) -> Iterator[tuple[str, Finding]]:
        yield from over(stack.once(roles_of_nodes).items(), lambda one: judged(stack, *one))

    def judged(stack: Stack, urn: str, network: bool) -> Iterator[tuple[str, Finding]]:
        given = attached(stack, stack.members[urn])
        own = {*NETWORK.policies} if network else set[str]()
        for name in sorted({*given.names} - {*ENOUGH, *own, *more}):
            beside = ", and the network plugin has a role of its own" if name in NETWORK.policies else ""
            yield urn, MINIMAL.finding("policies", f"{name} is attached{beside}")
        enough = {one.lower() for one in (ENOUGH_ACTIONS | NETWORK_ACTIONS if network else ENOUGH_ACTIONS)}
        for statement in given.statements:
            if found := _beyond(statement, enough):
                yield urn, MINIMAL.finding("policies", f"a statement allows {found}")
        if given.unknown:
            raise given.unknown

    return Rule(MINIMAL.slug, stack=(nodes_have_what_they_need,), practice=MINIMAL, tuned=minimal_roles)


RULES = (minimal_roles(MINIMAL.set_by({})),)


def _beyond(statement: Statement, enough: set[str]) -> str:
    """What a statement allows that is not enough for nodes, on whatever resources; empty where that is nothing."""
    if statement.get("Effect") != "Allow":
        return ""
    if "NotAction" in statement:
        return "all but some actions"
    return ", ".join(sorted(one for one in listed(statement.get("Action")) if one.lower() not in enough))
