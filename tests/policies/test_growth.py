"""What a policy does to judge a stack grows as the stack does: counted in calls, whatever else the machine does."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import FrameType
from typing import Any

import pytest
from analyzing import Resource
from clusters import IN_CLUSTER, lbc
from examples import example
from judging import TODAY, members

from pokayoke_policies.pack import rules
from pokayoke_policies.policy import Rule
from pokayoke_policies.raw import NotKnownError
from pokayoke_policies.stack import Stack

FEW = 12
MOST_AT_TWICE = 2.1
"""Times the calls, for twice the resources. Those below came to between 2.12 and 4.5 once."""
SHARED = ("pulumi:providers:", "aws:eks/cluster:Cluster")
"""What copies have in common."""
RULES = {rule.slug: rule for rule in rules(TODAY)}
ONCE_WORSE = (
    *("pod-identity-namespace-mismatch", "dsql-delete-deadlock", "network-policy-blocks-api-server"),
    *("crd-not-installed", "startup-taint-deadlock", "incompatible-requirements", "gitops-two-owners"),
    *("registry-pull-secret-missing", "image-architecture-mismatch", "config-change-without-restart"),
    *("addon-own-identity", "rbac-no-escalation", "kp-lifetime-bounded", "mesh-policy-admits-hbone"),
    *("dsql-backed-up", "workload-available", "kp-interruption-on"),
)
"""Policies that have gone over the whole stack for each resource."""
OF_CLUSTERS = (
    *("datastore-security-group-mismatch", "node-role-policies-missing", "lbc-iam-incomplete"),
    *("subnet-tags-missing", "security-group-selector"),
)
"""Those that have done so for each cluster: these are copied too."""


@pytest.mark.parametrize("slug", [*ONCE_WORSE, *OF_CLUSTERS])
def test_a_policy_does_twice_as_much_for_twice_the_resources(slug: str) -> None:
    shown, shared = example(slug), () if slug in OF_CLUSTERS else SHARED
    beside = (*IN_CLUSTER, *lbc()) if slug == "lbc-iam-incomplete" else ()
    for resources in ((*beside, *shown.failing), (*beside, *shown.passing)):
        few, twice = (calls(slug, shown.settings, list(copies(resources, number, shared))) for number in (FEW, 2 * FEW))
        assert 2 * FEW < twice < MOST_AT_TWICE * few


@pytest.mark.parametrize("slug", ["workload-available", "pdb-drainable"])
def test_pods_are_selected_by_what_few_selectors_name(slug: str) -> None:
    few, twice = (
        calls(slug, {"stacks": ["*"]}, [one for name in range(number) for one in selected(f"{name}")])
        for number in (FEW, 2 * FEW)
    )
    assert 2 * FEW < twice < MOST_AT_TWICE * few


def selected(name: str) -> Iterator[Resource]:
    """Pods of an application of many, with what selects them."""
    labels = {"application": "shop", "name": name}
    pods = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main"}]}}
    for kind, spec in {
        "apps/v1:Deployment": {"replicas": 2, "template": pods},
        "core/v1:Service": {"selector": labels, "ports": [{"port": 80}]},
        "policy/v1:PodDisruptionBudget": {"selector": {"matchLabels": labels}, "maxUnavailable": 1},
    }.items():
        group, own = kind.removeprefix("core/").split(":")
        said = {"apiVersion": group, "kind": own, "metadata": {"name": name}, "spec": spec}
        yield Resource(f"kubernetes:{kind}", f"{own}-{name}", said)


def copies(resources: Sequence[Resource], number: int, shared: tuple[str, ...]) -> Iterator[Resource]:
    """So many of each resource but for those of shared types, under names of their own."""
    own = {one.name for one in resources if not one.type.startswith(shared)}
    said = {text for one in resources if one.name in own for text in names(one)}
    yield from (one for one in resources if one.name not in own)
    for copy in range(number):

        def renamed(value: Any, copy: int = copy) -> Any:
            if isinstance(value, dict):
                return {key: renamed(inner) for key, inner in value.items()}
            if isinstance(value, (list, tuple)):
                return type(value)(map(renamed, value))
            return f"{value}-{copy}" if isinstance(value, str) and value in (said | own) else value

        for one in resources:
            if one.name in own:
                leaning = {key: renamed(getattr(one, key)) for key in ("after", "sources", "parent", "provider")}
                properties, outputs = renamed(one.properties), renamed(one.outputs)
                yield replace(one, name=renamed(one.name), properties=properties, outputs=outputs, **leaning)


def names(one: Resource) -> list[str]:
    metadata = one.properties.get("metadata")
    said = [one.properties.get("name"), metadata.get("name") if isinstance(metadata, dict) else None]
    return [text for text in said if isinstance(text, str)]


def calls(slug: str, settings: dict[str, Any], resources: Sequence[Resource]) -> int:
    """How many functions are called while a policy judges a stack."""
    counted = 0

    def count(_: FrameType, event: str, __: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    rule, stack, before = RULES[slug].under(settings), Stack(members(tuple(resources))), sys.getprofile()
    assert all(one.properties is not None for one in stack.members.values())
    sys.setprofile(count)
    try:
        judge(rule, stack)
    finally:
        sys.setprofile(before)
    return counted


def judge(rule: Rule, stack: Stack) -> None:
    for one in rule.stack:
        try:
            assert all(one(stack))
        except NotKnownError:
            continue
