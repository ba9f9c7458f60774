"""What a user decides of an identity."""

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from ..config.errors import refusal
from ..config.examined import Config
from ..config.fields import LabelName
from ..config.plain import kind_of


class PodSecurity(StrEnum):
    """The Pod Security Standard that the API server holds a namespace's pods to (Kubernetes, "Pod Security
    Standards")."""

    RESTRICTED = "restricted"
    BASELINE = "baseline"
    PRIVILEGED = "privileged"


def _level(value: object) -> PodSecurity:
    if isinstance(value, str) and value in tuple(PodSecurity):
        return PodSecurity(value)
    raise refusal(f"{kind_of(value)} is no level of pod security", f"Write one of {', '.join(PodSecurity)}.")


AnyLevel = Annotated[PodSecurity, BeforeValidator(_level)]


class IdentityConfig(Config):
    """Whose identity it is: the pods of one service account in one namespace."""

    namespace: LabelName = Field(description="The namespace; kube-system is there already.", examples=["shop"])
    service_account: LabelName = Field(description="The service account of the pods.", examples=["orders"])
    pod_security: AnyLevel = Field(
        default=PodSecurity.BASELINE,
        description="What pods may ask of their node, where the namespace is made with this identity: restricted, "
        "baseline or, for agents of nodes, privileged.",
        examples=["restricted"],
    )
