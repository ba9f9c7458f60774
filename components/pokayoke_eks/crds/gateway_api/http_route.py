"""HTTPRoute, gateway.networking.k8s.io/v1. Source: Gateway API v1.6.1, standard channel."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from ..cel import Rule, duration, has, only_one
from ..constraints import Pattern
from ..part import Part
from ..resource import Resource
from .http_filter_rules import filter_rules, replaces_prefix
from .http_filters import HTTPRouteFilter
from .http_matches import HTTPPathMatch, HTTPRouteMatch, path_rules
from .names import Hostname, SectionName
from .references import BackendReference, ParentReferences, backend_rules, parent_rules

Filters = Annotated[tuple[HTTPRouteFilter, ...], Field(max_length=16)]
Timeout = Annotated[str, Pattern(r"^([0-9]{1,5}(h|m|s|ms)){1,4}$")]

_EVERYTHING = HTTPRouteMatch(path=HTTPPathMatch(type="PathPrefix", value="/"))


class HTTPBackendReference(BackendReference):
    """A backend, with what is done to the requests that it gets."""

    filters: Filters | None = None


class HTTPRouteTimeouts(Part):
    """How long a request may take in all, and at the backend; `0s` is for ever."""

    request: Timeout | None = None
    backend_request: Timeout | None = None


class HTTPRouteRule(Part):
    """What happens to the requests that any of `matches` takes."""

    name: SectionName | None = None
    matches: Annotated[tuple[HTTPRouteMatch, ...], Field(max_length=64)] = (_EVERYTHING,)
    filters: Filters | None = None
    backend_refs: Annotated[tuple[HTTPBackendReference, ...], Field(max_length=16)] | None = None
    timeouts: HTTPRouteTimeouts | None = None


class HTTPRouteSpec(Part):
    """Requests to these host names; without any, to those of the listeners."""

    parent_refs: ParentReferences | None = None
    hostnames: Annotated[tuple[Hostname, ...], Field(max_length=16)] | None = None
    rules: Annotated[tuple[HTTPRouteRule, ...], Field(min_length=1, max_length=16)] = (
        HTTPRouteRule(matches=(_EVERYTHING,)),
    )


def _few_matches(rules: list[dict[str, Any]]) -> bool:
    return sum(len(rule["matches"]) for rule in rules) <= 128


def _redirects_send_nowhere_else(rule: Mapping[str, Any]) -> bool:
    return not rule.get("backendRefs") or not any(has(one, "requestRedirect") for one in rule.get("filters", ()))


def _replaces_one_prefix(field: str, *, within_backends: bool) -> Callable[[Mapping[str, Any]], bool]:
    def replaces(holder: Mapping[str, Any]) -> bool:
        return has(holder, "filters") and only_one(holder["filters"], lambda one: replaces_prefix(one, field))

    def keeps(rule: Mapping[str, Any]) -> bool:
        if within_backends:
            concerned = has(rule, "backendRefs") and only_one(rule["backendRefs"], replaces)
        else:
            concerned = replaces(rule)
        matches = rule["matches"]
        return not concerned or (len(matches) == 1 and matches[0].get("path", {}).get("type") == "PathPrefix")

    return keeps


def _backend_is_no_slower(timeouts: Mapping[str, Any]) -> bool:
    if not has(timeouts, "request") or not has(timeouts, "backendRequest"):
        return True
    whole = duration(timeouts["request"])
    return whole == 0 or duration(timeouts["backendRequest"]) <= whole


_RULES = "spec.rules"


class HTTPRoute(Resource):
    """HTTP requests by host name, path, header, ...: where they go and what is done to them."""

    plural = "httproutes"
    namespaced = True
    rules = (
        *parent_rules("spec.parentRefs"),
        Rule(
            _RULES,
            "While 16 rules and 64 matches per rule are allowed, the total number of matches across all rules in a"
            " route must be less than 128",
            _few_matches,
        ),
        Rule(
            f"{_RULES}[]",
            "RequestRedirect filter must not be used together with backendRefs",
            _redirects_send_nowhere_else,
        ),
        *(
            Rule(
                f"{_RULES}[]",
                f"{said} {kind} filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified",
                _replaces_one_prefix(field, within_backends=said.startswith("Within")),
            )
            for said, kind, field in (
                ("When using", "RequestRedirect", "requestRedirect"),
                ("When using", "URLRewrite", "urlRewrite"),
                ("Within backendRefs, when using", "RequestRedirect", "requestRedirect"),
                ("Within backendRefs, When using", "URLRewrite", "urlRewrite"),
            )
        ),
        *backend_rules(f"{_RULES}[].backendRefs[]"),
        *filter_rules(f"{_RULES}[].backendRefs[].filters"),
        *filter_rules(f"{_RULES}[].filters"),
        *path_rules(f"{_RULES}[].matches[].path"),
        Rule(
            f"{_RULES}[].timeouts",
            "backendRequest timeout cannot be longer than request timeout",
            _backend_is_no_slower,
        ),
    )

    api_version: Literal["gateway.networking.k8s.io/v1"] = "gateway.networking.k8s.io/v1"
    kind: Literal["HTTPRoute"] = "HTTPRoute"
    spec: HTTPRouteSpec
