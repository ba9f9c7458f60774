"""Which requests a rule of an HTTPRoute takes. Source: Gateway API v1.6.1, standard channel."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from ..cel import Rule
from ..constraints import MapOfItems, Pattern, found
from ..part import Part

HeaderName = Annotated[str, Field(min_length=1, max_length=256), Pattern(r"^[A-Za-z0-9!#$%&'*+\-.^_\x60|~]+$")]
"""The name of a header or of a query parameter."""

HTTPMethod = Literal["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]


class HTTPPathMatch(Part):
    """The path of the request: all of it, its first segments, or a pattern of the implementation's dialect."""

    type: Literal["Exact", "PathPrefix", "RegularExpression"] = "PathPrefix"
    value: Annotated[str, Field(max_length=1024)] = "/"


class HTTPHeaderMatch(Part):
    """A header of the request."""

    type: Literal["Exact", "RegularExpression"] = "Exact"
    name: HeaderName
    value: Annotated[str, Field(min_length=1, max_length=4096)]


class HTTPQueryParamMatch(Part):
    """A query parameter of the request."""

    type: Literal["Exact", "RegularExpression"] = "Exact"
    name: HeaderName
    value: Annotated[str, Field(min_length=1, max_length=1024)]


class HTTPRouteMatch(Part):
    """A request that has all of these."""

    path: HTTPPathMatch = HTTPPathMatch(type="PathPrefix", value="/")
    headers: Annotated[tuple[HTTPHeaderMatch, ...], Field(max_length=16), MapOfItems("name")] | None = None
    query_params: Annotated[tuple[HTTPQueryParamMatch, ...], Field(max_length=16), MapOfItems("name")] | None = None
    method: HTTPMethod | None = None


_CHARACTERS = r"^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$"
_LITERAL = ("Exact", "PathPrefix")


def _literal(keeps: Callable[[str], bool]) -> Callable[[Mapping[str, Any]], bool]:
    return lambda path: path["type"] not in _LITERAL or keeps(path["value"])


def path_rules(path: str) -> Sequence[Rule]:
    """The rules on the path of a match."""
    literal = "when type one of ['Exact', 'PathPrefix']"
    return (
        Rule(
            path,
            f"value must be an absolute path and start with '/' {literal}",
            _literal(lambda value: value.startswith("/")),
        ),
        *(
            Rule(path, f"must not contain '{part}' {literal}", _literal(lambda value, part=part: part not in value))
            for part in ("//", "/./", "/../", "%2f", "%2F", "#")
        ),
        *(
            Rule(path, f"must not end with '{end}' {literal}", _literal(lambda value, end=end: not value.endswith(end)))
            for end in ("/..", "/.")
        ),
        Rule(
            path,
            "type must be one of ['Exact', 'PathPrefix', 'RegularExpression']",
            lambda match: match["type"] in (*_LITERAL, "RegularExpression"),
        ),
        Rule(
            path,
            f"must only contain valid characters (matching {_CHARACTERS}) for types ['Exact', 'PathPrefix']",
            _literal(lambda value: found(_CHARACTERS, value)),
        ),
    )
