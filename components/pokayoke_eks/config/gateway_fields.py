"""The types of the fields that gateways add to the config."""

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from ..rules import domains
from ..rules.finding import Finding, shown
from ..rules.load_balancers import SCHEMES, VARIANTS, unknown_variant
from ..rules.tls_policies import TLS_POLICIES, unfit_policy
from .errors import Refused, checked
from .fields import text
from .plain import kind_of

_ADDRESS = re.compile(r"[a-z]+://", re.ASCII)
_LABEL = re.compile(r"[a-z](?:[a-z0-9-]{0,48}[a-z0-9])?", re.ASCII)
_PATH = re.compile(r"/[A-Za-z0-9/._~-]*", re.ASCII)


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


def _host(value: object) -> str:
    host = text(value, "shop.dev.example.com")
    checked(domains.bad_host(host))
    return host


def _variant(value: object) -> str:
    variant = text(value, VARIANTS[0])
    checked(unknown_variant(variant))
    return variant


def _scheme(value: object) -> str:
    scheme = text(value, SCHEMES[0])
    if scheme not in SCHEMES:
        raise Refused(Finding(f"there is no scheme {shown(scheme)}", f"Write {' or '.join(SCHEMES)}."))
    return scheme


def _tls_policy(value: object) -> str:
    policy = text(value, next(iter(TLS_POLICIES)))
    checked(unfit_policy(policy))
    return policy


def _label(value: object) -> str:
    label = text(value, "shop")
    if not _LABEL.fullmatch(label):
        raise Refused(
            Finding(
                f"{shown(label)} cannot name a gateway, a namespace or a Service",
                "Use at most 50 small letters, digits and hyphens; begin with a letter, do not end with a hyphen.",
            )
        )
    return label


def _port(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 65535:
        raise Refused(Finding(f"{kind_of(value)} is no port", "Write a number from 1 to 65535."))
    return value


def _path(value: object) -> str:
    path = text(value, "/")
    if not _PATH.fullmatch(path) or "//" in path or "/../" in f"{path}/":
        raise Refused(Finding(f"{shown(path)} is no path", "Write e.g. / or /orders."))
    return path


Manifest = Annotated[str, BeforeValidator(_manifest), WithJsonSchema({"type": "string", "pattern": r"\.ya?ml$"})]
Host = Annotated[str, BeforeValidator(_host), WithJsonSchema({"type": "string"})]
Variant = Annotated[str, BeforeValidator(_variant), WithJsonSchema({"type": "string", "enum": list(VARIANTS)})]
Scheme = Annotated[str, BeforeValidator(_scheme), WithJsonSchema({"type": "string", "enum": list(SCHEMES)})]
TlsPolicy = Annotated[str, BeforeValidator(_tls_policy), WithJsonSchema({"type": "string", "enum": list(TLS_POLICIES)})]
ObjectName = Annotated[str, BeforeValidator(_label), WithJsonSchema({"type": "string", "maxLength": 50})]
Port = Annotated[int, BeforeValidator(_port), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 65535})]
Path = Annotated[str, BeforeValidator(_path), WithJsonSchema({"type": "string", "pattern": "^/"})]
