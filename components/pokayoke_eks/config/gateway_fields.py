"""The types of the fields that gateways add to the config."""

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from ..rules.finding import Finding, shown
from .errors import Refused
from .fields import text

_ADDRESS = re.compile(r"[a-z]+://", re.ASCII)


def _manifest(value: object) -> str:
    path = text(value, "manifests/standard-install.yaml")
    if _ADDRESS.match(path):
        raise Refused(
            Finding(
                f"{shown(path)} is an address, not a file",
                "Leave it out: upstream's address is known. Or write the path of a file beside the program.",
            )
        )
    if not path.endswith((".yaml", ".yml")):
        raise Refused(Finding(f"{shown(path)} is no YAML file", "Write a path that ends in .yaml."))
    return path


Manifest = Annotated[str, BeforeValidator(_manifest), WithJsonSchema({"type": "string", "pattern": r"\.ya?ml$"})]
