"""`aws.iam.get_policy_document`: a policy as JSON text from statements, without asking AWS anything."""

from __future__ import annotations

import json
import zlib
from typing import Any, cast
from urllib.parse import unquote

from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import UNKNOWN, Inputs, has_unknown
from pokayoke_rehearsal.world.shapes import listed

Statement = dict[str, Any]


def get_policy_document(site: Site, args: Inputs) -> Inputs:  # noqa: ARG001
    """Sources first, then the statements, then overrides; a statement replaces an earlier one of its Sid."""
    if has_unknown(args):
        return {**args, "id": UNKNOWN, "json": UNKNOWN, "minifiedJson": UNKNOWN}
    document: dict[str, Any] = {"Version": args.get("version", "2012-10-17")}
    if "policyId" in args:
        document["Id"] = args["policyId"]
    sources = [args.get("sourceJson"), *listed(args, "sourcePolicyDocuments")]
    overrides = [args.get("overrideJson"), *listed(args, "overridePolicyDocuments")]
    merged: list[Statement] = []
    for statement in [*_read(sources), *(_statement(one) for one in listed(args, "statements")), *_read(overrides)]:
        sid = statement.get("Sid")
        same = next((index for index, one in enumerate(merged) if sid and one.get("Sid") == sid), None)
        if same is None:
            merged.append(statement)
        else:
            merged[same] = statement
    document["Statement"] = merged
    minified = json.dumps(document, separators=(",", ":"))
    text = json.dumps(document, indent=2)
    return {**args, "id": str(zlib.crc32(text.encode())), "json": text, "minifiedJson": minified}


def text_of(document: Any) -> str:
    """A policy document as text, whichever of its forms boto3 answered."""
    return unquote(document) if isinstance(document, str) else json.dumps(document, separators=(",", ":"))


def _read(texts: list[str | None]) -> list[Statement]:
    found: list[Statement] = []
    for text in texts:
        if text:
            statements = json.loads(text).get("Statement", [])
            found += cast("list[Statement]", statements if isinstance(statements, list) else [statements])
    return found


def _statement(one: Inputs) -> Statement:
    statement: Statement = {"Sid": one["sid"]} if one.get("sid") else {}
    statement["Effect"] = one.get("effect", "Allow")
    for key, name in (
        ("actions", "Action"),
        ("notActions", "NotAction"),
        ("resources", "Resource"),
        ("notResources", "NotResource"),
    ):
        if one.get(key):
            statement[name] = _short(one[key])
    for key, name in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if one.get(key):
            statement[name] = _principals(one[key])
    conditions: dict[str, dict[str, Any]] = {}
    for condition in listed(one, "conditions"):
        conditions.setdefault(condition["test"], {})[condition["variable"]] = _short(condition["values"])
    if conditions:
        statement["Condition"] = conditions
    return statement


def _principals(principals: list[Inputs]) -> Any:
    found: dict[str, list[str]] = {}
    for principal in principals:
        if principal["type"] == "*" and principal["identifiers"] == ["*"]:
            return "*"
        found.setdefault(principal["type"], []).extend(principal["identifiers"])
    return {kind: _short(names) for kind, names in found.items()}


def _short(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else sorted(values)
