"""What the node classes of a stack select by tag, by name or by id, as far as it can be told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules.json_text import from_json
from pokayoke_eks.rules.tag_selectors import fits

from .inventory import Held, known_map, objects_of
from .near import Near
from .raw import UNKNOWN, known_list, mapping_of
from .references import region_of, texts_in
from .stack import Member, Stack

KARPENTERS_CLASS, AUTO_MODES_CLASS = "karpenter.k8s.aws/EC2NodeClass", "eks.amazonaws.com/NodeClass"
SUBNETS = ("aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet")
_TAG = "aws:ec2/tag:Tag"


@dataclass(frozen=True)
class Candidate:
    """Something that a term may select."""

    tags: Mapping[str, Any]
    """Its tags as far as they are known; single values may be `UNKNOWN`."""
    all_told: bool = False
    """Whether it carries no other tags than these."""
    name: Any = None
    """A security group's name."""


def node_classes(stack: Stack) -> list[Held]:
    """Karpenter's node classes, and those of EKS Auto Mode."""
    return objects_of(stack, KARPENTERS_CLASS, AUTO_MODES_CLASS)


def terms_of(node_class: Held, key: str) -> list[Any]:
    """The terms of a selector, each a mapping or `UNKNOWN`; none where the whole is not known yet."""
    return [one if one is UNKNOWN else mapping_of(one) for one in known_list(node_class.spec.get(key))]


def selected_subnets(stack: Stack, node_class: Held) -> list[Member]:
    """The stack's subnets in which nodes of a class may start, as far as it is certain."""
    terms = [one for one in terms_of(node_class, "subnetSelectorTerms") if one is not UNKNOWN]
    ids = {*texts_in([term.get("id") for term in terms])}
    urns = [one.urn for text in ids for one in stack.named.get(text, ()) if one.properties.get("id") == text]
    urns += [urn for listed in node_class.member.sources.values() for urn in listed]
    by_tag = [term for term in terms if (tags := known_map(term.get("tags"))) and UNKNOWN not in tags.values()]
    near = stack.once(_by_tags, SUBNETS)
    found = {place: one for urn in urns for place, one in near.of(None, urn)}
    found.update((place, one) for place, one in _having(near, None, by_tag) if meets(by_tag, [candidate(stack, one)]))
    return [found[place] for place in sorted(found)]


def candidate(stack: Stack, member: Member, extra: Mapping[str, str] | None = None) -> Candidate:
    """A resource with its tags: its own, its provider's default ones, those that resources of their own set; and
    `extra` ones."""
    own = [_told(member.properties.get(key)) for key in ("tags", "tagsAll")]
    defaults = _told(from_json(known_map(from_json(member.provider_properties().get("defaultTags"))).get("tags")))
    tags = {**(extra or {}), **(defaults or {})}
    for one in own:
        tags.update(one or {})
    for tag in stack.once(_set_apart).get(member.urn, ()):
        tags[str(tag.get("key"))] = tag.get("value")
    # What only `up` fills in, `tagsAll`, holds no more than what is said of it here.
    return Candidate(tags, all_told=own[0] is not None and defaults is not None, name=member.properties.get("name"))


def tags_of_others(stack: Stack) -> Iterator[Candidate]:
    """What resources of their own put on things that the stack did not make."""
    for tag in stack.of_type(_TAG):
        if not _carriers(stack, tag):
            yield Candidate({str(tag.properties.get("key")): tag.properties.get("value")})


def meets(terms: Iterable[Mapping[str, Any]], candidates: Iterable[Candidate]) -> bool | None:
    """Whether one of the terms selects one of the candidates; None where that cannot be told yet."""
    told = [_met(term, one) for one in candidates for term in terms]
    return True if True in told else None if None in told else False


def in_question(
    stack: Stack, kinds: tuple[str, ...], cluster: Member, terms: Iterable[Mapping[str, Any]]
) -> list[Member]:
    """The stack's resources of these types, less those of another region than a cluster's, and those of which it is
    told that no term selects them."""
    near, region = stack.once(_by_tags, kinds), region_of(cluster)
    found = {**dict(near.of(region)), **dict(_having(near, region, terms))}
    return [found[place] for place in sorted(found)]


def _having(
    near: Near[tuple[int, Member]], region: str | None, terms: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[int, Member]]:
    """What says that it carries one of the tags of each term; all of a region for a term without any."""
    for term in terms:
        tags = known_map(term.get("tags")).items()
        having = [near.of(region, (key, None if _is_open(value) else str(value))) for key, value in tags]
        yield from min(having, key=len) if having else near.of(region, ())


def _is_open(wanted: Any) -> bool:
    """Whether several values may be the one that a term wants."""
    return wanted is UNKNOWN or not {"*", "?"}.isdisjoint(str(wanted))


def _by_tags(stack: Stack, kinds: tuple[str, ...]) -> Near[tuple[int, Member]]:
    """Resources with their places: each by its URN, by (), by each tag of which it is told and by its key; by None too
    where not all are told."""

    def keys(one: Member) -> Iterator[Any]:
        yield from (one.urn, ())
        carried = candidate(stack, one)
        if not carried.all_told or UNKNOWN in carried.tags.values():
            yield None
        for key, value in carried.tags.items():
            yield from ((key, None), (key, str(value)))

    every = enumerate(stack.of_type(*kinds))
    return Near((key, region_of(one), (place, one)) for place, one in every for key in keys(one))


def _met(term: Mapping[str, Any], one: Candidate) -> bool | None:
    wanted, name = term.get("tags"), term.get("name")
    told = [_has(one.tags, one.all_told, key, value) for key, value in known_map(wanted).items()]
    if name is not None:
        told.append(None if UNKNOWN in (name, one.name) else fits(str(name), str(one.name)))
    if False in told:
        return False
    return None if None in told or wanted is UNKNOWN else bool(told)


def _has(tags: Mapping[str, Any], all_told: bool, key: str, wanted: Any) -> bool | None:
    if key not in tags:
        return False if all_told else None
    if wanted == "*":
        return True
    return None if UNKNOWN in (wanted, tags[key]) else fits(str(wanted), str(tags[key]))


def _told(tags: Any) -> dict[str, Any] | None:
    """Tags as a mapping; None where they are not known. Those of a native resource are left a list where one is not."""
    return None if tags is UNKNOWN or (tags and isinstance(tags, list)) else mapping_of(tags)


def _set_apart(stack: Stack) -> dict[str, list[Mapping[str, Any]]]:
    """The properties of tags that are resources of their own, by what they are set on."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for tag in stack.of_type(_TAG):
        for urn in _carriers(stack, tag):
            found.setdefault(urn, []).append(tag.properties)
    return found


def _carriers(stack: Stack, tag: Member) -> set[str]:
    """The URNs of the stack's resources that a tag is set on, by where the id comes from or by the id itself."""
    named = [one.urn for text in texts_in(tag.properties.get("resourceId")) for one in stack.named.get(text, ())]
    return {*named, *(urn for urn in tag.sources.get("resourceId", ()) if urn in stack.members)}
