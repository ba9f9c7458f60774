"""How an EC2NodeClass finds subnets, security groups, images, reservations. Source: Karpenter v1.14.1,
`karpenter.k8s.aws_ec2nodeclasses.yaml`.

The upstream rule that an id excludes tags holds only when every term of a list breaks it (`!self.all(...)`): kept so
here, since these models say what the server accepts.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from .cel import Rule, at, every, has, some
from .constraints import Pattern, found
from .part import Part

Tags = Annotated[dict[str, str], Field(max_length=20)]
"""Tags that what is sought must carry, all of them; `*` stands for any value."""


class SubnetTerm(Part):
    """Subnets by id, or by tags."""

    id: Annotated[str, Pattern(r"subnet-[0-9a-z]+")] | None = None
    tags: Tags | None = None


class SecurityGroupTerm(Part):
    """Security groups by id, by name, or by tags."""

    id: Annotated[str, Pattern(r"sg-[0-9a-z]+")] | None = None
    name: str | None = None
    tags: Tags | None = None


class AmiTerm(Part):
    """Images by alias (`bottlerocket@v1.65.0`), by id, by SSM parameter, or by name, owner and tags."""

    alias: Annotated[str, Field(max_length=30)] | None = None
    id: Annotated[str, Pattern(r"ami-[0-9a-z]+")] | None = None
    name: str | None = None
    owner: str | None = None
    ssm_parameter: str | None = None
    tags: Tags | None = None


class CapacityReservationTerm(Part):
    """Capacity reservations by id, or by owner, kind of match and tags."""

    id: Annotated[str, Pattern(r"^cr-[0-9a-z]+$")] | None = None
    instance_match_criteria: Literal["open", "targeted"] | None = None
    owner_id: Annotated[str, Pattern(r"^[0-9]{12}$")] | None = None
    tags: Tags | None = None


class PlacementGroupSelector(Part):
    """A placement group by id or by name."""

    id: Annotated[str, Pattern(r"^pg-[0-9a-z]+$")] | None = None
    name: Annotated[str, Field(min_length=1)] | None = None


_AMI_FAMILIES = ("al2", "al2023", "bottlerocket", "windows2019", "windows2022", "windows2025")
_WINDOWS = ("windows2019", "windows2022", "windows2025")


def _given(*names: str) -> Callable[[Any], bool]:
    return lambda terms: every(terms, lambda term: has(term, *names))


def _not_all(name: str, *others: str) -> Callable[[Any], bool]:
    return lambda terms: not every(terms, lambda term: has(term, name) and has(term, *others))


def _none(name: str, *others: str) -> Callable[[Any], bool]:
    return lambda terms: not some(terms, lambda term: has(term, name) and has(term, *others))


def _only_alias(terms: list[dict[str, Any]]) -> bool:
    return not (some(terms, lambda term: has(term, "alias")) and len(terms) != 1)


def _windows_is_latest(alias: str) -> bool:
    parts = alias.split("@")
    return parts[0] not in _WINDOWS or at(parts, 1) == "latest"


def _tags_are_filled(tags: dict[str, str]) -> bool:
    return every(tags, lambda key: key != "" and tags[key] != "")


def _tag_rules(terms: str) -> Rule:
    return Rule(f"{terms}[].tags", "empty tag keys or values aren't supported", _tags_are_filled)


_AMI = "spec.amiSelectorTerms"
_AMI_RULES = (
    Rule(
        _AMI,
        "expected at least one, got none, ['tags', 'id', 'name', 'alias', 'ssmParameter']",
        _given("tags", "id", "name", "alias", "ssmParameter"),
    ),
    Rule(
        _AMI,
        "'id' is mutually exclusive, cannot be set with a combination of other fields in amiSelectorTerms",
        _none("id", "alias", "tags", "name", "owner"),
    ),
    Rule(
        _AMI,
        "'alias' is mutually exclusive, cannot be set with a combination of other fields in amiSelectorTerms",
        _none("alias", "id", "tags", "name", "owner"),
    ),
    Rule(
        _AMI,
        "'alias' is mutually exclusive, cannot be set with a combination of other amiSelectorTerms",
        _only_alias,
    ),
    Rule(
        f"{_AMI}[].alias",
        "'alias' is improperly formatted, must match the format 'family@version'",
        lambda alias: found("^[a-zA-Z0-9]+@.+$", alias),
    ),
    Rule(
        f"{_AMI}[].alias",
        "family is not supported, must be one of the following: 'al2', 'al2023', 'bottlerocket', 'windows2019',"
        " 'windows2022', 'windows2025'",
        lambda alias: alias.split("@")[0] in _AMI_FAMILIES,
    ),
    Rule(f"{_AMI}[].alias", "windows families may only specify version 'latest'", _windows_is_latest),
    _tag_rules(_AMI),
)

_RESERVATION = "spec.capacityReservationSelectorTerms"
_RESERVATION_RULES = (
    Rule(
        _RESERVATION,
        "expected at least one, got none, ['tags', 'id', 'instanceMatchCriteria']",
        _given("tags", "id", "instanceMatchCriteria"),
    ),
    Rule(
        _RESERVATION,
        "'id' is mutually exclusive, cannot be set along with other fields in a capacity reservation selector term",
        _not_all("id", "tags", "ownerID", "instanceMatchCriteria"),
    ),
    _tag_rules(_RESERVATION),
)

_GROUP = "spec.securityGroupSelectorTerms"
_GROUP_RULES = (
    Rule(_GROUP, "securityGroupSelectorTerms cannot be empty", lambda terms: len(terms) != 0),
    Rule(_GROUP, "expected at least one, got none, ['tags', 'id', 'name']", _given("tags", "id", "name")),
    Rule(
        _GROUP,
        "'id' is mutually exclusive, cannot be set with a combination of other fields in a security group selector"
        " term",
        _not_all("id", "tags", "name"),
    ),
    Rule(
        _GROUP,
        "'name' is mutually exclusive, cannot be set with a combination of other fields in a security group selector"
        " term",
        _not_all("name", "tags", "id"),
    ),
    _tag_rules(_GROUP),
)

_SUBNET = "spec.subnetSelectorTerms"
_SUBNET_RULES = (
    Rule(_SUBNET, "subnetSelectorTerms cannot be empty", lambda terms: len(terms) != 0),
    Rule(_SUBNET, "expected at least one, got none, ['tags', 'id']", _given("tags", "id")),
    Rule(
        _SUBNET,
        "'id' is mutually exclusive, cannot be set with a combination of other fields in a subnet selector term",
        _not_all("id", "tags"),
    ),
    _tag_rules(_SUBNET),
)

_PLACEMENT = "spec.placementGroupSelector"
_PLACEMENT_RULES = (
    Rule(_PLACEMENT, "expected at least one, got none, ['name', 'id']", lambda group: has(group, "name", "id")),
    Rule(
        _PLACEMENT,
        "'name' and 'id' are mutually exclusive",
        lambda group: not (has(group, "name") and has(group, "id")),
    ),
)

SELECTOR_RULES: Sequence[Rule] = (
    *_AMI_RULES,
    *_RESERVATION_RULES,
    *_PLACEMENT_RULES,
    *_GROUP_RULES,
    *_SUBNET_RULES,
)
"""Every rule on what an EC2NodeClass selects."""
