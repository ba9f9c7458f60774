"""CEL as an API server's admission policies have it, by Google's own engine, which is loaded with the first of them.

Variables, types and libraries: kubernetes/kubernetes, staging/src/k8s.io/apiserver, pkg/admission/plugin/cel/compile.go
and pkg/cel/environment/base.go. Of Kubernetes' own libraries `find` (Regex) and `cidr`, `containsCIDR` are here; an
expression with another of their functions does not compile.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cel_expr_python import cel

_VARIABLES = ("object", "oldObject", "request", "namespaceObject", "params", "variables")
_NO_KEY = re.compile(r'NOT_FOUND: Key not found in map : "(.*)"')


class CompileError(Exception):
    """The text is no CEL expression, or of another type than it must be."""


class EvaluationError(Exception):
    """An expression met something that CEL has no value for."""


def judge(expression: str, data: Mapping[str, Any]) -> Any:
    """What an expression makes of these variables, as plain Python; raises CompileError and EvaluationError."""
    result = _compiled(expression).eval(data=dict(data))
    if str(result.type()) == "ERROR":
        raise EvaluationError(_worded(str(result.value())))
    return result.plain_value()


def complaint(expression: str, *types: str) -> str | None:
    """Why an API server does not take an expression that must be of one of these types, named as CEL names them."""
    try:
        compiled = _compiled(expression)
    except CompileError as error:
        return f"compilation failed: {error}"
    found = compiled.return_type().name().lower()
    if not types or found in types:
        return None
    wanted = types[0] if len(types) == 1 else f"one of [{' '.join(types)}]"
    return f"must evaluate to {wanted} but got {found}"


@cache
def _compiled(expression: str) -> cel.Expression:
    try:
        return _environment().compile(expression)
    except RuntimeError as error:
        said = str(error).removeprefix("INVALID_ARGUMENT: ").removesuffix(" [INVALID_ARGUMENT]")
        raise CompileError(said) from None


@cache
def _environment() -> cel.Env:
    from cel_expr_python import cel
    from cel_expr_python.ext import ext_optional, ext_strings

    text, truth = cel.Type.STRING, cel.Type.BOOL
    overloads = {
        "find": cel.Overload("string_find_string", text, [text, text], is_member=True, impl=_find),
        # A range is its text here: the engine takes no types of ours.
        "cidr": cel.Overload("string_to_cidr", text, [text], impl=_cidr),
        "containsCIDR": cel.Overload("cidr_contains_cidr_string", truth, [text, text], is_member=True, impl=_contains),
    }
    return cel.NewEnv(
        variables=dict.fromkeys(_VARIABLES, cel.Type.DYN),
        extensions=[ext_strings.ExtStrings(), ext_optional.ExtOptional()],
        functions=[cel.FunctionDecl(name, [overload]) for name, overload in overloads.items()],
    )


def _find(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    return found.group() if found else ""


def _cidr(text: str) -> str:
    ip_network(text, strict=False)
    return text


def _contains(outer: str, inner: str) -> bool:
    one, other = ip_network(outer, strict=False), ip_network(inner, strict=False)
    return one.version == other.version and other.subnet_of(one)  # type: ignore[arg-type]


def _worded(said: str) -> str:
    found = _NO_KEY.match(said)
    return f"no such key: {found[1]}" if found else said.partition(": ")[2] or said
