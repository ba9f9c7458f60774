"""The policies `stale-dns-record` and `alias-zone-mismatch`: records that point at load balancers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules import balancer_zones
from pokayoke_eks.rules.balancer_zones import Kind, balancer_of
from pokayoke_eks.rules.finding import Finding

from .eks import label
from .inventory import known_map
from .objects import key_of_type
from .policy import Rule
from .raw import UNKNOWN, known_list
from .references import is_given, region_of
from .stack import Member, Stack

STALE = "stale-dns-record"
RECORD = "aws:route53/record:Record"
_NATIVE = "aws-native:route53:RecordSet"
_NATIVE_GROUP = "aws-native:route53:RecordSetGroup"
_BALANCERS = {f"aws:{module}/loadBalancer:LoadBalancer" for module in ("lb", "alb", "elb")}
_MAKERS = {"core/Service", "networking.k8s.io/Ingress", "extensions/Ingress", "gateway.networking.k8s.io/Gateway"}
_POINTING = ("A", "AAAA", "CNAME")


@dataclass(frozen=True, slots=True)
class Target:
    """What a record points at: the property, a host name (or `UNKNOWN`), and for an alias its hosted zone's id."""

    member: Member
    key: str
    """The property that the name comes from, whose sources tell where from."""
    path: str
    host: Any
    zone: Any = None
    zone_key: str = "zoneId"
    is_alias: bool = False


def records_follow_their_balancer(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No record made by hand points at a balancer that a controller in a cluster makes, renews and removes."""
    names = _names_of_controllers(stack)
    for target in _targets(stack):
        found = _controllers_balancer(stack, target, names)
        if found:
            finding = Finding(
                f"{target.path} points at {found}: it stays as it is when the controller replaces or removes that",
                "Let ExternalDNS own the record: hostnames: [NAME] in the Gateway's HTTPRoute, or host: NAME in an "
                "Ingress.",
                STALE,
            )
            yield target.member.urn, finding


def alias_zones_fit(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """An alias carries the hosted zone of its balancer's kind and region."""
    for target in _targets(stack):
        if not target.is_alias or not isinstance(target.zone, str):
            continue
        for kind, region in _kinds(stack, target):
            finding = balancer_zones.wrong_zone(kind, region, target.zone)
            if finding:
                path = f"{target.path.rpartition('.')[0]}.{target.zone_key}"
                yield target.member.urn, finding.at(f"{path}: ")


STALE_RECORD = Rule(STALE, stack=(records_follow_their_balancer,))
ALIAS_ZONE = Rule(balancer_zones.SLUG, stack=(alias_zones_fit,))


def _targets(stack: Stack) -> Iterator[Target]:
    for member in stack.of_type(RECORD):
        said = member.properties
        if said.get("type") not in _POINTING:
            continue
        for place, alias in _placed("aliases", said.get("aliases")):
            one = known_map(alias)
            yield Target(member, "aliases", f"{place}.name", one.get("name"), one.get("zoneId"), is_alias=True)
        if said.get("type") == "CNAME":
            for place, value in _placed("records", said.get("records")):
                yield Target(member, "records", place, value)
    for member in stack.of_type(_NATIVE):
        yield from _native(member, member.properties, "")
    for member in stack.of_type(_NATIVE_GROUP):
        for index, one in enumerate(known_list(member.properties.get("recordSets"))):
            yield from _native(member, known_map(one), f"recordSets[{index}].")


def _native(member: Member, said: Any, place: str) -> Iterator[Target]:
    if said.get("type") not in _POINTING:
        return
    key = "recordSets" if place else "aliasTarget"
    alias = said.get("aliasTarget")
    if is_given(alias):
        one = known_map(alias)
        yield Target(
            member,
            key,
            f"{place}aliasTarget.dnsName",
            one.get("dnsName"),
            one.get("hostedZoneId"),
            "hostedZoneId",
            is_alias=True,
        )
    if said.get("type") == "CNAME":
        key = "recordSets" if place else "resourceRecords"
        for path, value in _placed(f"{place}resourceRecords", said.get("resourceRecords")):
            yield Target(member, key, path, value)


def _placed(path: str, values: Any) -> Iterator[tuple[str, Any]]:
    """The entries of a list with their places; of one that is not known, itself."""
    if values is UNKNOWN:
        yield path, UNKNOWN
    for index, value in enumerate(known_list(values)):
        yield f"{path}[{index}]", value


def _controllers_balancer(stack: Stack, target: Target, names: set[str]) -> str | None:
    """What balancer of a controller's making a record points at, in words."""
    balancer = balancer_of(target.host) if isinstance(target.host, str) else None
    if balancer is not None:
        made = balancer.of_a_controller or balancer.name in names
        return f"a load balancer of a controller's making in {balancer.region}" if made else None
    for urn in target.member.sources.get(target.key, ()):
        source = stack.members.get(urn)
        if source is not None and key_of_type(source.type) in _MAKERS:
            return f"the load balancer of '{label(urn)}', which a controller makes"
    return None


def _names_of_controllers(stack: Stack) -> set[str]:
    """The names that objects of the stack give to the balancers which their controller makes."""
    names: set[str] = set()
    for member in stack.of_package("kubernetes"):
        for holder in (
            known_map(member.properties.get("metadata")),
            known_map(known_map(member.properties.get("spec")).get("infrastructure")),
        ):
            for key, value in known_map(holder.get("annotations")).items():
                if key.endswith("/aws-load-balancer-name") or key == "alb.ingress.kubernetes.io/load-balancer-name":
                    names.add(str(value))
        if member.type.endswith(":LoadBalancerConfiguration"):
            names.add(str(known_map(member.properties.get("spec")).get("loadBalancerName")))
    return names


def _kinds(stack: Stack, target: Target) -> Iterator[tuple[Kind, str]]:
    """Kind and region of the balancer that an alias is to."""
    if isinstance(target.host, str):
        balancer = balancer_of(target.host)
        if balancer is not None:
            yield balancer.kind, balancer.region
        return
    sources = [stack.members[urn] for urn in target.member.sources.get(target.key, ()) if urn in stack.members]
    balancers = [one for one in sources if one.type in _BALANCERS]
    for one in balancers if len(balancers) == 1 else ():
        kind, region = one.properties.get("loadBalancerType"), region_of(one)
        if region is not None and kind in (None, "application", "network"):
            yield Kind.NETWORK if kind == "network" else Kind.OTHER, region
