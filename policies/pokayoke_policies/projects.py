"""The policy `gitops-project-whitelist`: Argo CD's projects let applications use what the platform offers them.

Judged is the Gateway API: where the stack brings it, applications have routes.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from pokayoke_eks.rules.finding import Finding

from .eks import may_be_same
from .inventory import Held, objects_of
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_of, mapping_of, over
from .stack import Stack

SLUG = "gitops-project-whitelist"
_GROUP, _ROUTE = "gateway.networking.k8s.io", "HTTPRoute"
_KINDS = ("Gateway", "GatewayClass", _ROUTE, "GRPCRoute")
_DEFINITION = "apiextensions.k8s.io/CustomResourceDefinition"


def projects_let_routes_in(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No project of a cluster with the Gateway API keeps HTTPRoutes out."""
    brought = [*objects_of(stack, *(f"{_GROUP}/{kind}" for kind in _KINDS)), *_defined(stack)]

    def judged(project: Held) -> Iterator[tuple[str, Finding]]:
        if any(may_be_same(one.cluster, project.cluster) for one in brought) and (finding := _refusal(project)):
            yield project.member.urn, finding

    yield from over(objects_of(stack, "argoproj.io/AppProject") if brought else (), judged)


RULE = Rule(SLUG, stack=(projects_let_routes_in,))


def _defined(stack: Stack) -> list[Held]:
    return [one for one in objects_of(stack, _DEFINITION) if one.spec.get("group") == _GROUP]


def _refusal(project: Held) -> Finding | None:
    allowed, denied = (project.spec.get(f"namespaceResource{key}") for key in ("Whitelist", "Blacklist"))
    if _matches(denied, "namespaceResourceBlacklist"):
        return _finding(project, "namespaceResourceBlacklist", "keeps them out")
    listed = list_of(allowed, "namespaceResourceWhitelist")
    if listed and not _matches(allowed, "namespaceResourceWhitelist"):
        return _finding(project, "namespaceResourceWhitelist", "does not name them")
    return None


def _matches(value: Any, path: str) -> bool:
    """Whether an entry is of HTTPRoutes; both halves of one may be patterns."""
    for raw in list_of(value, path):
        one = mapping_of(raw, path)
        group, kind = one.get("group", ""), one.get("kind", "")
        if UNKNOWN in (group, kind):
            raise NotKnownError((path,))
        if fnmatchcase(_GROUP, str(group)) and fnmatchcase(_ROUTE, str(kind)):
            return True
    return False


def _finding(project: Held, field: str, how: str) -> Finding:
    return Finding(
        f"{project.place}spec.{field}: the stack brings the Gateway API, applications have routes, and this project "
        f"{how}: Argo CD syncs none of them",
        f"Name them in namespaceResourceWhitelist: {{group: {_GROUP}, kind: {_ROUTE}}}.",
        SLUG,
    )
