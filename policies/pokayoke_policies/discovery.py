"""The policies `subnet-tags-missing` and `security-group-selector`: what a node class selects by tag is there.

Judged where the stack makes the cluster and its subnets; what others have made may carry any tag.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, cast

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.tag_selectors import CLUSTER_GROUP_NAME, tags_of_cluster_group
from pokayoke_eks.rules.text import left_over_template

from .eks import CLUSTER
from .inventory import Held, known_map
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_at
from .references import referred, texts_in
from .security_groups import GROUP, Nodes, blocked
from .selection import (
    AUTO_MODES_CLASS,
    KARPENTERS_CLASS,
    SUBNETS,
    Candidate,
    candidate,
    in_question,
    meets,
    node_classes,
    tags_of_others,
    terms_of,
)
from .stack import Member, Stack

SUBNET_SLUG, GROUP_SLUG = "subnet-tags-missing", "security-group-selector"
_SUBNET_KEY, _GROUP_KEY = "subnetSelectorTerms", "securityGroupSelectorTerms"
_GROUPS = (GROUP, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")


def subnets_carry_what_is_selected(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Some subnet of the stack has the tags that a node class asks for."""
    unknown: NotKnownError | None = None
    for node_class, cluster, terms in _selecting(stack, _SUBNET_KEY):
        found = [candidate(stack, one) for one in in_question(stack, SUBNETS, cluster, terms)]
        met = meets(terms, [*found, *tags_of_others(stack)])
        if met is None:
            unknown = NotKnownError(("spec", _SUBNET_KEY))
        elif not met:
            yield (
                node_class.member.urn,
                Finding(
                    f"{node_class.place}spec.{_SUBNET_KEY}: no subnet of the stack carries {_asked(terms)}, so "
                    "Karpenter finds none",
                    f"Set {_SUBNET_KEY}: [{{id: SUBNET.id}}], or give the subnets the tag from the same value.",
                    SUBNET_SLUG,
                ),
            )
    if unknown is not None:
        raise unknown


def groups_carry_what_is_selected(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Some security group has the tags, and nodes that carry it can talk with the control plane."""
    unknown: NotKnownError | None = None
    for node_class, cluster, terms in _selecting(stack, _GROUP_KEY):
        told = [(one, meets(terms, [candidate(stack, one)])) for one in in_question(stack, _GROUPS, cluster, terms)]
        others = [meets(terms, [carried]) for carried in (clusters_own_group(stack, cluster), *tags_of_others(stack))]
        met = [one for one, is_met in told if is_met]
        if True in others:
            continue
        if None in others or any(is_met is None for _, is_met in told):
            unknown = unknown if met else NotKnownError(("spec", _GROUP_KEY))
        elif not met:
            yield node_class.member.urn, _nothing(node_class, terms)
        elif all(one.type == GROUP for one in met):
            place = f"{node_class.place}spec.{_GROUP_KEY}"
            for finding in blocked(stack, Nodes(node_class.member, place, cluster.urn, met)):
                yield node_class.member.urn, replace(finding, slug=GROUP_SLUG)
    if unknown is not None:
        raise unknown


def terms_select_one_way(key: str, node_class: Mapping[str, Any]) -> Iterator[Finding]:
    """Each term of a selector names an id, or tags, and never an empty list of tags."""
    # Loads pydantic, with the models beside it: only where there is a node class to judge.
    from pokayoke_eks.rules import karpenter

    terms = list_at(node_class, "spec", key)
    yield from (one.placed for one in karpenter.selector_objections({"spec": {key: terms}}))
    if UNKNOWN in terms:
        raise NotKnownError(("spec", key))


_CLASSES = (KARPENTERS_CLASS, AUTO_MODES_CLASS)
SUBNET_RULE = Rule(
    SUBNET_SLUG,
    kinds=dict.fromkeys(_CLASSES, (partial(terms_select_one_way, _SUBNET_KEY),)),
    stack=(subnets_carry_what_is_selected,),
)
GROUP_RULE = Rule(
    GROUP_SLUG,
    kinds=dict.fromkeys(_CLASSES, (partial(terms_select_one_way, _GROUP_KEY),)),
    stack=(groups_carry_what_is_selected,),
)


def _selecting(stack: Stack, key: str) -> Iterator[tuple[Held, Member, list[Mapping[str, Any]]]]:
    """The node classes that select by tag or name alone, in a cluster that the stack makes in its own network."""
    clusters = list(stack.of_type(CLUSTER))
    for node_class in node_classes(stack):
        cluster = stack.members.get(node_class.cluster or "") or (clusters[0] if len(clusters) == 1 else None)
        terms = terms_of(node_class, key)
        if cluster is None or not terms or UNKNOWN in terms or not _in_its_own_network(stack, cluster):
            continue
        said = cast("list[dict[str, Any]]", terms)
        by_tag = all(term.get("id") is None and (term.get("tags") or "name" in term) for term in said)
        # Placeholders are the business of `unresolved-placeholder`.
        if by_tag and not any(left_over_template(text) for text in texts_in(said)):
            yield node_class, cluster, list(said)


def _in_its_own_network(stack: Stack, cluster: Member) -> bool:
    if referred(stack, cluster, "vpcConfig", *SUBNETS):
        return True
    sources = cluster.sources.get("vpcConfig", ())
    return any(stack.inside(sources, kind) for kind in SUBNETS)


def clusters_own_group(stack: Stack, cluster: Member) -> Candidate:
    """The group that EKS makes: what others put on it comes on top."""
    name = cluster.properties.get("name")
    if not isinstance(name, str):
        return Candidate({}, name=UNKNOWN)
    bare = replace(cluster, tell=dict, provider_properties=dict)
    found = candidate(stack, bare, tags_of_cluster_group(name))
    return replace(found, name=CLUSTER_GROUP_NAME.format(name))


def _nothing(node_class: Held, terms: list[Mapping[str, Any]]) -> Finding:
    return Finding(
        f"{node_class.place}spec.{_GROUP_KEY}: no security group of the stack carries {_asked(terms)}, nor does the "
        "one that EKS makes for the cluster (the cluster's own tags do not get there)",
        f"Set {_GROUP_KEY}: [{{id: cluster.vpc_config.cluster_security_group_id}}].",
        GROUP_SLUG,
    )


def _asked(terms: list[Mapping[str, Any]]) -> str:
    keys = [key for term in terms for key in known_map(term.get("tags"))]
    return " or ".join(dict.fromkeys(f"the tag {key}" for key in keys)) or "that name"
