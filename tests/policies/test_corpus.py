"""What is sound is refused nothing: a pack that objects to lawful programs is taken out of the pipeline."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import Pack, Resource
from sound_stacks import SoundStack, sound_stacks

STACKS = {stack.name: stack for stack in sound_stacks()}
FEWEST = 60
SPOILT: dict[str, tuple[str, str, dict[str, Any]]] = {
    "ami-architecture-mismatch": ("components", "workers-nodeGroup", {"amiType": "AL2023_x86_64_STANDARD"}),
    "node-role-policies-missing": ("components", "workers-role", {"managedPolicyArns": []}),
    "no-egress": ("components", "network-private-1-route", {"destinationCidrBlock": "10.1.0.0/16"}),
    "incompatible-requirements": ("components", "workers-nodeGroup", {"labels": {"ondemand": "false"}}),
    "security-group-selector": ("karpenter", "discovered", {"value": "another"}),
    "pod-identity-namespace-mismatch": ("karpenter", "identity", {"serviceAccount": "another"}),
    "lbc-iam-incomplete": ("fargate", "controller-policy", {"policy": "{}"}),
    "in-tree-load-balancer": ("fargate", "controller", {"chart": "another"}),
    "alias-zone-mismatch": (
        "ingress",
        "own-record",
        {"aliases": [{"name": "own-0a1b2c3d4e5f6071.elb.ap-northeast-2.amazonaws.com", "zoneId": "ZWKZPGTI48KDX"}]},
    ),
    "network-policy-blocks-api-server": ("monitoring", "overlay:deny", {"spec": {"policyTypes": ["Egress"]}}),
    "istio-gateway-chart-in-ambient": ("ambient", "base", {"chart": "istio/gateway"}),
    "datastore-security-group-mismatch": ("native", "from-pods", {"sourceSecurityGroupId": None}),
    "config-change-without-restart": ("applications", "argocd-settings", {"data": {"reposerver.log.format": "json"}}),
    "crd-not-installed": ("ambient", "controller", {"skipCrds": True}),
}
"""By policy: a stack, a resource of it, and what that says instead of something sound."""


def said_of(pack: Pack, resources: tuple[Resource, ...]) -> dict[str, list[tuple[str, str]]]:
    """What is refused of a stack and of each of its resources."""
    found = pack.of_stack(*resources)
    for one in resources:
        for policy, messages in pack.refusals(one.type, one.properties, protect=one.protect).items():
            found.setdefault(policy, []).extend((one.name, message) for message in messages)
    found.pop("unknown", None)
    return found


@pytest.mark.parametrize("act", ["preview", "up"])
@pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)
def test_a_sound_stack_is_refused_nothing(pack: Pack, stack: SoundStack, act: str) -> None:
    assert said_of(pack, stack.resources(preview=act == "preview")) == {}


def test_the_corpus_is_large_and_in_every_language() -> None:
    assert sum(len(stack.said) for stack in STACKS.values()) >= FEWEST
    assert {stack.written for stack in STACKS.values()} == {"python", "typescript", "yaml"}


@pytest.mark.parametrize("policy", SPOILT)
def test_a_sound_stack_is_seen_through(pack: Pack, policy: str) -> None:
    """The stacks pass because they are sound, and not because nothing of them is understood."""
    name, spoilt, said = SPOILT[policy]
    resources = [
        replace(one, properties={**one.properties, **said}) if one.name == spoilt else one
        for one in STACKS[name].resources(preview=True)
    ]
    assert policy in pack.of_stack(*resources)
