"""The policy `stale-vpc-id`: an id of a network in a manifest or in a chart's values is of this stack's own network.

Judged is a stack that makes the network itself: then an id that nothing in it carries is another network's.
"""

from collections.abc import Iterator
from typing import Any, cast

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.text import LITERAL_ID, ids_in

from .inventory import cluster_of_provider, speaks_by_values
from .objects import CHART, RELEASE, key_of_type
from .policy import Rule
from .references import referred, texts_in
from .routes import SUBNET, VPC
from .stack import Member, Stack

_SECRETS = ("core/Secret", "core/SecretPatch")
_NOT_LOOKED_AT = {"status", "binaryData", "stringData", "managedFields"}


def ids_are_of_this_stack(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every id of a VPC, subnet or security group in the cluster is one that the stack's own resources carry."""
    if not any(True for _ in stack.of_type(VPC)):
        return
    own = {
        found for member in stack.of_package("aws") for text in texts_in(member.properties) for found in ids_in(text)
    }
    for member in stack.of_package("kubernetes"):
        cluster = cluster_of_provider(stack, member)
        # A cluster that is not told may be in a network of the stack.
        is_own = cluster is None or stack.once(_is_in_own_network, cluster)
        for path, found in _ids(stack, member) if is_own else ():
            if found not in own:
                finding = Finding(
                    f"{path}: the id {found.partition('-')[0]}-... in it is of no network that this stack makes",
                    "Take the id from the network's own output (vpc.id), so that it follows when that is made anew.",
                    LITERAL_ID,
                )
                yield member.urn, finding


RULE = Rule(LITERAL_ID, stack=(ids_are_of_this_stack,))


def _is_in_own_network(stack: Stack, urn: str) -> bool:
    """Whether a cluster stands in a network of the stack."""
    cluster = stack.members[urn]
    return bool(
        referred(stack, cluster, "vpcConfig", SUBNET, VPC)
        or stack.inside(cluster.sources.get("vpcConfig", ()), SUBNET)
        or stack.inside((one.urn for one in stack.around(urn)), SUBNET)
    )


def _ids(stack: Stack, member: Member) -> Iterator[tuple[str, str]]:
    if member.type in (RELEASE, CHART):
        if speaks_by_values(stack, member):
            yield from _walk(member.properties.get("values"), "values")
    elif key_of_type(member.type) not in _SECRETS:
        yield from _walk(dict(member.properties))


def _walk(value: Any, *path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield from ((".".join(path), found) for found in ids_in(value))
    elif isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            if key not in _NOT_LOOKED_AT:
                yield from _walk(inner, *path, key)
    elif isinstance(value, list):
        *above, last = path
        for index, inner in enumerate(cast("list[Any]", value)):
            yield from _walk(inner, *above, f"{last}[{index}]")
