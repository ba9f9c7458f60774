"""What a user decides of an identity."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from ..config.errors import Refused
from ..config.examined import Config
from ..config.fields import text
from ..rules.finding import Finding, shown

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


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


Label = Annotated[str, BeforeValidator(_label)]


class IdentityConfig(Config):
    """Whose identity it is: the pods of one service account in one namespace."""

    namespace: Label = Field(description="The namespace; kube-system is there already.", examples=["shop"])
    service_account: Label = Field(description="The service account of the pods.", examples=["orders"])
