"""The types of the config's fields: each takes what YAML gives, or refuses it in a platform engineer's words."""

import re
from collections.abc import Callable
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from ..rules import arns, kubernetes_versions, regions, releases
from ..rules.finding import Finding, shown
from ..rules.text import literal_id, unresolved_placeholder
from .errors import checked, refusal
from .plain import kind_of

_NAME = re.compile(r"[a-z](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{12}", re.ASCII)
_LABEL_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+){0,3}", re.ASCII)
_VERSION = re.compile(r"v?\d{1,4}\.\d{1,4}\.\d{1,4}", re.ASCII)


class Lifecycle(StrEnum):
    """How an environment lives: torn down at will, or kept and protected."""

    DISPOSABLE = "disposable"
    RETAINED = "retained"


def text(value: object, example: str) -> str:
    """Text without placeholders and without ids of one network; raises `Refused` for anything else."""
    if not isinstance(value, str) or not value.strip():
        raise refusal(f"{kind_of(value)} stands where text belongs", f"Write e.g. {example}.")
    for finding in (unresolved_placeholder(value), literal_id(value)):
        checked(finding)
    return value


def number(value: object, least: int, most: int, what: str, example: int) -> int:
    """A whole number that `what` may be; raises `Refused` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise refusal(f"{kind_of(value)} stands where a number belongs", f"Write e.g. {example}, without quotes.")
    if not least <= value <= most:
        raise refusal(f"{value} is no {what}", f"Write a number from {least} to {most}.")
    return value


def judged(example: str, rule: Callable[[str], Finding | None]) -> BeforeValidator:
    """Takes text that a rule finds nothing wrong with."""

    def read(value: object) -> str:
        written = text(value, example)
        checked(rule(written))
        return written

    return BeforeValidator(read)


def formed(example: str, form: re.Pattern[str], what: str, how: str) -> BeforeValidator:
    """Takes text of a form; of anything else it is said what it is not, and how to write it."""

    def objection(written: str) -> Finding | None:
        return None if form.fullmatch(written) else Finding(f"{shown(written)} {what}", how)

    return judged(example, objection)


def _account(value: object) -> str:
    if isinstance(value, int):
        raise refusal("YAML reads the account as a number, which loses zeros", 'Put it in quotes, e.g. "123456789012".')
    account = text(value, '"123456789012"')
    if not _ACCOUNT.fullmatch(account):
        raise refusal(f"{shown(account)} is no AWS account", "Write its twelve digits, in quotes.")
    return account


def _kubernetes(value: object) -> str:
    if isinstance(value, float):
        raise refusal(
            f"{value} is a number to YAML, which writes 1.30 as 1.3", 'Put the version in quotes, e.g. "1.36".'
        )
    version = text(value, '"1.36"')
    if not kubernetes_versions.is_well_formed(version):
        parts = version.lstrip("v").split(".")
        minor = ".".join(parts[:2])
        hint = f' Write "{minor}".' if kubernetes_versions.is_well_formed(minor) else ' E.g. "1.36".'
        raise refusal(
            f"{shown(version)} is no Kubernetes version as EKS names them", f"EKS takes the minor only.{hint}"
        )
    return version


def _zone(value: object) -> str:
    zone = text(value, "a")
    if re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d[a-z]", zone):
        raise refusal(f"{shown(zone)} is a zone's whole name", f"Write its letter only: {zone[-1]}.")
    if not re.fullmatch(r"[a-g]", zone):
        raise refusal(f"{shown(zone)} is no zone's letter", "Write small letters, e.g. [a, b, c].")
    return zone


def _cidr(value: object) -> IPv4Network:
    if isinstance(value, IPv4Network):
        return value
    written = text(value, "10.0.0.0/16")
    try:
        network = IPv4Network(written, strict=False)
    except (AddressValueError, NetmaskValueError, ValueError):
        if written.count(":") > 1:
            raise refusal(f"{shown(written)} is an IPv6 range", "Only IPv4 ranges are taken here.") from None
        raise refusal(
            f"{shown(written)} is no IPv4 range", "Write an address and a prefix, e.g. 10.0.0.0/16."
        ) from None
    if "/" not in written:
        raise refusal(f"{shown(written)} has no prefix", f"Write {written}/32 for the one address, or the range's.")
    if written != str(network):
        raise refusal(f"{shown(written)} is not how the range is written", f"Write {network}.")
    return network


def _port(value: object) -> int:
    return number(value, 1, 65_535, "port", 8_080)


def _service(value: object) -> str:
    service = text(value, "ecr.api")
    if service.startswith("com.amazonaws."):
        raise refusal(f"{shown(service)} is an endpoint's whole name", "Write what follows the region, e.g. ecr.api.")
    if not _SERVICE.fullmatch(service):
        raise refusal(f"{shown(service)} is no service's short name", "Write e.g. ecr.api.")
    return service


def _lifecycle(value: object) -> Lifecycle:
    if isinstance(value, str) and value in tuple(Lifecycle):
        return Lifecycle(value)
    raise refusal(f"{kind_of(value)} is no lifecycle", "Write disposable (torn down at will) or retained (kept).")


def _switch(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise refusal(f"{kind_of(value)} is neither true nor false", "Write true or false, without quotes.")


def _tag_value(value: object) -> str:
    if not isinstance(value, str):
        raise refusal(f"{kind_of(value)} stands where text belongs", "Put the tag's value in quotes.")
    return value if not value else text(value, "platform")


def _reason(value: object) -> str:
    return text(value, '"a demo cluster, gone by Friday"')


def _instance_type(value: object) -> str:
    return text(value, "t4g.medium")


def _string(pattern: str | None = None) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **({"pattern": pattern} if pattern else {})})


_RANGE = r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$"

ClusterName = Annotated[
    str,
    formed(
        "demo-dev",
        _NAME,
        "cannot name a cluster and all that is named after it",
        "Use small letters, digits and hyphens; begin with a letter and do not end with a hyphen.",
    ),
    _string(r"^[a-z]([a-z0-9-]*[a-z0-9])?$"),
]
KubernetesVersion = Annotated[str, BeforeValidator(_kubernetes), _string(r"^1\.\d+$")]
BottlerocketRelease = Annotated[
    str, judged("1.65.0-0be31b34", releases.bad_bottlerocket_release), _string(r"^\d+\.\d+\.\d+-[0-9a-f]{8}$")
]
RegionName = Annotated[
    str,
    judged("ap-northeast-2", regions.unknown_region),
    WithJsonSchema({"type": "string", "enum": list(regions.REGIONS)}),
]
Zone = Annotated[str, BeforeValidator(_zone), _string("^[a-g]$")]
Cidr = Annotated[IPv4Network, BeforeValidator(_cidr), _string(_RANGE)]
AccountId = Annotated[str, BeforeValidator(_account), _string(r"^\d{12}$")]
RoleArn = Annotated[
    str,
    judged("arn:aws:iam::123456789012:role/platform", arns.not_a_role),
    _string(r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$"),
]
AddonVersion = Annotated[
    str, judged("v1.2.3-eksbuild.1", releases.bad_addon_version), _string(r"^v\d+\.\d+\.\d+-eksbuild\.\d+$")
]
Version = Annotated[
    str,
    formed("1.2.3", _VERSION, "is no version", "Write all three numbers, e.g. 1.2.3."),
    _string(r"^v?\d+\.\d+\.\d+$"),
]
LabelName = Annotated[
    str,
    formed(
        "shop",
        _LABEL_NAME,
        "cannot name a namespace or a service account",
        "Use at most 63 small letters, digits and hyphens, with a letter or digit at both ends.",
    ),
    WithJsonSchema({"type": "string", "maxLength": 63}),
]
"""What Kubernetes calls an RFC 1123 label: the name of a namespace, and of most things in one."""
Port = Annotated[int, BeforeValidator(_port), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 65535})]
Service = Annotated[str, BeforeValidator(_service), _string()]
AnyLifecycle = Annotated[Lifecycle, BeforeValidator(_lifecycle)]
Switch = Annotated[bool, BeforeValidator(_switch)]
TagValue = Annotated[str, BeforeValidator(_tag_value), _string()]
Reason = Annotated[str, BeforeValidator(_reason), _string()]
InstanceType = Annotated[str, BeforeValidator(_instance_type), _string(r"^[a-z][a-z0-9-]*\.[a-z0-9-]+$")]
