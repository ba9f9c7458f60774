"""The types of the fields that gateways add to the config."""

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from ..rules import domains
from ..rules.finding import shown
from ..rules.load_balancers import SCHEMES, VARIANTS, unknown_variant
from ..rules.tls_policies import TLS_POLICIES, unfit_policy
from .errors import refusal
from .fields import formed, judged, text

_ADDRESS = re.compile(r"[a-z]+://", re.ASCII)
_OBJECT_NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,48}[a-z0-9])?", re.ASCII)
_PATH = re.compile(r"/[A-Za-z0-9/._~-]*", re.ASCII)


def _manifest(value: object) -> str:
    path = text(value, "manifests/standard-install.yaml")
    if _ADDRESS.match(path):
        raise refusal(
            f"{shown(path)} is an address, not a file",
            "Leave it out: upstream's address is known. Or write the path of a file beside the program.",
        )
    if not path.endswith((".yaml", ".yml")):
        raise refusal(f"{shown(path)} is no YAML file", "Write a path that ends in .yaml.")
    return path


def _scheme(value: object) -> str:
    scheme = text(value, SCHEMES[0])
    if scheme not in SCHEMES:
        raise refusal(f"there is no scheme {shown(scheme)}", f"Write {' or '.join(SCHEMES)}.")
    return scheme


def _path(value: object) -> str:
    path = text(value, "/")
    if not _PATH.fullmatch(path) or "//" in path or "/../" in f"{path}/":
        raise refusal(f"{shown(path)} is no path", "Write e.g. / or /orders.")
    return path


Manifest = Annotated[str, BeforeValidator(_manifest), WithJsonSchema({"type": "string", "pattern": r"\.ya?ml$"})]
Host = Annotated[str, judged("shop.dev.example.com", domains.bad_host), WithJsonSchema({"type": "string"})]
Variant = Annotated[
    str, judged(VARIANTS[0], unknown_variant), WithJsonSchema({"type": "string", "enum": list(VARIANTS)})
]
Scheme = Annotated[str, BeforeValidator(_scheme), WithJsonSchema({"type": "string", "enum": list(SCHEMES)})]
TlsPolicy = Annotated[
    str, judged(next(iter(TLS_POLICIES)), unfit_policy), WithJsonSchema({"type": "string", "enum": list(TLS_POLICIES)})
]
ObjectName = Annotated[
    str,
    formed(
        "shop",
        _OBJECT_NAME,
        "cannot name a gateway, a namespace or a Service",
        "Use at most 50 small letters, digits and hyphens; begin with a letter, do not end with a hyphen.",
    ),
    WithJsonSchema({"type": "string", "maxLength": 50}),
]
Path = Annotated[str, BeforeValidator(_path), WithJsonSchema({"type": "string", "pattern": "^/"})]
