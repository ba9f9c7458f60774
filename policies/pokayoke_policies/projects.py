"""The policy `gitops-project-whitelist`: Argo CD's projects let applications use what the platform offers them.

Judged is the Gateway API: where the stack brings it, applications have routes.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from pokayoke_eks.rules.finding import Finding

from .eks import may_be_same
from .inventory import Held, known_map, objects_of
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_at, over
from .stack import Stack

SLUG = "gitops-project-whitelist"
_GROUP, _ROUTE = "gateway.networking.k8s.io", "HTTPRoute"
_KINDS = ("Gateway", "GatewayClass", _ROUTE, "GRPCRoute")
_ALLOWED, _DENIED = "namespaceResourceWhitelist", "namespaceResourceBlacklist"
_DEFINITION = "apiextensions.k8s.io/CustomResourceDefinition"


def projects_let_routes_in(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No project of a cluster with the Gateway API keeps HTTPRoutes out."""
    brought = [*objects_of(stack, *(f"{_GROUP}/{kind}" for kind in _KINDS)), *_defined(stack)]

    def judged(project: Held) -> Iterator[tuple[str, Finding]]:
        if any(may_be_same(one.cluster, project.cluster) for one in brought) and (finding := _refusal(project)):
            yield project.member.urn, finding

    yield from over(objects_of(stack, "argoproj.io/AppProject"), judged)


RULE = Rule(SLUG, stack=(projects_let_routes_in,))


def _defined(stack: Stack) -> list[Held]:
    return [one for one in objects_of(stack, _DEFINITION) if one.spec.get("group") == _GROUP]


def _refusal(project: Held) -> Finding | None:
    if _names_routes(project, _DENIED):
        return _finding(project, _DENIED, "keeps them out")
    if list_at(project.content, "spec", _ALLOWED) and not _names_routes(project, _ALLOWED):
        return _finding(project, _ALLOWED, "does not name them")
    return None


def _names_routes(project: Held, field: str) -> bool:
    """Whether an entry is of HTTPRoutes; both halves of one may be patterns."""
    entries = list_at(project.content, "spec", field)
    said = [known_map(one) for one in entries]
    if any(_is_match(_GROUP, one.get("group")) and _is_match(_ROUTE, one.get("kind")) for one in said):
        return True
    if UNKNOWN in entries or any(UNKNOWN in one.values() for one in said):
        raise NotKnownError(("spec", field))
    return False


def _is_match(name: str, pattern: Any) -> bool:
    return isinstance(pattern, str) and fnmatchcase(name, pattern)


def _finding(project: Held, field: str, how: str) -> Finding:
    return Finding(
        f"{project.place}spec.{field}: the stack brings the Gateway API, applications have routes, and this project "
        f"{how}: Argo CD syncs none of them",
        f"Name them in namespaceResourceWhitelist: {{group: {_GROUP}, kind: {_ROUTE}}}.",
        SLUG,
    )
