"""The CEL rules on the filters of an HTTPRoute. Source: Gateway API v1.6.1, standard channel."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..cel import Rule, has, some
from .references import backend_rules

Filters = list[dict[str, Any]]

_FIELDS = {
    "CORS": "cors",
    "RequestHeaderModifier": "requestHeaderModifier",
    "ResponseHeaderModifier": "responseHeaderModifier",
    "RequestMirror": "requestMirror",
    "RequestRedirect": "requestRedirect",
    "URLRewrite": "urlRewrite",
    "ExtensionRef": "extensionRef",
}
_ONCE = ("CORS", "RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite")


def filter_rules(filters: str) -> Sequence[Rule]:
    """The rules on filters at a path: those of a rule, or of one backend."""
    one = f"{filters}[]"
    return (
        Rule(
            filters,
            "May specify either httpRouteFilterRequestRedirect or httpRouteFilterRequestRewrite, but not both",
            lambda listed: not (_is_there(listed, "RequestRedirect") and _is_there(listed, "URLRewrite")),
        ),
        *(Rule(filters, f"{kind} filter cannot be repeated", _at_most_one(kind)) for kind in _ONCE),
        *(rule for kind, field in _FIELDS.items() for rule in _field_rules(one, kind, field)),
        *(
            Rule(
                f"{one}.cors.{field}",
                f"{field[0].upper()}{field[1:]} cannot contain '*' alongside other {others}",
                lambda listed: not ("*" in listed and len(listed) > 1),
            )
            for field, others in (("allowHeaders", "methods"), ("allowMethods", "methods"), ("allowOrigins", "origins"))
        ),
        Rule(
            f"{one}.requestMirror",
            "Only one of percent or fraction may be specified in HTTPRequestMirrorFilter",
            lambda mirror: not (has(mirror, "percent") and has(mirror, "fraction")),
        ),
        *backend_rules(f"{one}.requestMirror.backendRef"),
        Rule(
            f"{one}.requestMirror.fraction",
            "numerator must be less than or equal to denominator",
            lambda fraction: fraction["numerator"] <= fraction["denominator"],
        ),
        *_modifier_rules(f"{one}.requestRedirect.path"),
        *_modifier_rules(f"{one}.urlRewrite.path"),
    )


def replaces_prefix(one: Mapping[str, Any], field: str) -> bool:
    """Whether a filter, in this field of it, replaces the prefix that the match found."""
    path = one.get(field, {}).get("path", {})
    return path.get("type") == "ReplacePrefixMatch" and has(path, "replacePrefixMatch")


def _is_there(filters: Filters, kind: str) -> bool:
    return some(filters, lambda one: one["type"] == kind)


def _at_most_one(kind: str) -> Callable[[Filters], bool]:
    return lambda filters: len([one for one in filters if one["type"] == kind]) <= 1


def _field_rules(path: str, kind: str, field: str) -> Sequence[Rule]:
    return (
        Rule(
            path,
            f"filter.{field} must be nil if the filter.type is not {kind}",
            lambda one: not (has(one, field) and one["type"] != kind),
        ),
        Rule(
            path,
            f"filter.{field} must be specified for {kind} filter.type",
            lambda one: not (not has(one, field) and one["type"] == kind),
        ),
    )


def _modifier_rules(path: str) -> Sequence[Rule]:
    return tuple(
        rule
        for kind, field in (("ReplaceFullPath", "replaceFullPath"), ("ReplacePrefixMatch", "replacePrefixMatch"))
        for rule in (
            Rule(
                path,
                f"{field} must be specified when type is set to '{kind}'",
                lambda path, kind=kind, field=field: path["type"] != kind or has(path, field),
            ),
            Rule(
                path,
                f"type must be '{kind}' when {field} is set",
                lambda path, kind=kind, field=field: not has(path, field) or path["type"] == kind,
            ),
        )
    )
