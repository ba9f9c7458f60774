"""What a user decides of an identity."""

import re
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from ..config.errors import Refused
from ..config.examined import Config
from ..config.fields import text
from ..config.plain import kind_of
from ..rules.finding import Finding, shown

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


class PodSecurity(StrEnum):
    """The Pod Security Standard that the API server holds a namespace's pods to (Kubernetes, "Pod Security
    Standards")."""

    RESTRICTED = "restricted"
    BASELINE = "baseline"
    PRIVILEGED = "privileged"


def _label(value: object) -> str:
    name = text(value, "shop")
    if not _LABEL.fullmatch(name):
        raise Refused(
            Finding(
                f"{shown(name)} cannot name a namespace or a service account",
                "Use at most 63 small letters, digits and hyphens, with a letter or digit at both ends.",
            )
        )
    return name


def _level(value: object) -> PodSecurity:
    if isinstance(value, str) and value in tuple(PodSecurity):
        return PodSecurity(value)
    raise Refused(Finding(f"{kind_of(value)} is no level of pod security", f"Write one of {', '.join(PodSecurity)}."))


Label = Annotated[str, BeforeValidator(_label)]
AnyLevel = Annotated[PodSecurity, BeforeValidator(_level)]


class IdentityConfig(Config):
    """Whose identity it is: the pods of one service account in one namespace."""

    namespace: Label = Field(description="The namespace; kube-system is there already.", examples=["shop"])
    service_account: Label = Field(description="The service account of the pods.", examples=["orders"])
    pod_security: AnyLevel = Field(
        default=PodSecurity.BASELINE,
        description="What pods may ask of their node, where the namespace is made with this identity: restricted, "
        "baseline or, for agents of nodes, privileged.",
        examples=["restricted"],
    )
