"""The policy `gitops-project-whitelist`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import TWO_CLUSTERS, obj, within
from judging import refused

SLUG = "gitops-project-whitelist"
GROUP = "gateway.networking.k8s.io"
ROUTE = obj("route", "HTTPRoute", api=f"{GROUP}/v1", spec={"parentRefs": []})
ALLOWED, DENIED = "namespaceResourceWhitelist", "namespaceResourceBlacklist"
DEPLOYMENTS = {"group": "apps", "kind": "Deployment"}
HTTP_ROUTES = {"group": GROUP, "kind": "HTTPRoute"}


def project(**spec: Any) -> Resource:
    return obj("project", "AppProject", api="argoproj.io/v1alpha1", spec=spec)


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({}, ""),
        ({ALLOWED: []}, ""),
        ({ALLOWED: [{"group": "*", "kind": "*"}]}, ""),
        ({ALLOWED: [DEPLOYMENTS, {"group": GROUP, "kind": "*"}]}, ""),
        ({ALLOWED: [UNKNOWN, HTTP_ROUTES]}, ""),
        ({ALLOWED: [DEPLOYMENTS]}, f"{ALLOWED}: the stack brings"),
        ({ALLOWED: [{"group": GROUP, "kind": "Gateway"}]}, "this project does not name them: Argo CD syncs none"),
        ({ALLOWED: [{"group": GROUP}, {"kind": "HTTPRoute"}]}, "this project does not name them: "),
        ({DENIED: [{"group": GROUP, "kind": "*"}]}, f"{DENIED}: the stack brings"),
        ({DENIED: [UNKNOWN, HTTP_ROUTES]}, "this project keeps them out: Argo CD syncs none"),
        ({DENIED: [{"group": "", "kind": "Secret"}]}, ""),
    ],
    ids=str,
)
def test_a_project_lets_routes_in_where_the_platform_has_them(spec: Any, told: str, pack: Pack) -> None:
    found = pack.of_stack(ROUTE, project(**spec))
    assert set(found) == ({SLUG} if told else set())
    for name, message in found.get(SLUG, ()):
        assert name == "project"
        assert message.startswith("spec.namespaceResource")
        assert told in message
    assert pack.of_stack(project(**spec)) == {}


def test_the_definition_of_the_kinds_shows_it_too() -> None:
    def crd(group: str = GROUP, api: str = "apiextensions.k8s.io/v1") -> Resource:
        return obj("crd", "CustomResourceDefinition", api=api, spec={"group": group})

    made = project(**{ALLOWED: [DEPLOYMENTS]})
    assert SLUG in refused(crd(), made)
    assert SLUG not in refused(crd("example.com"), made)
    assert SLUG not in refused(crd(api="example.com/v1"), made)
    assert SLUG not in refused(crd(), obj("project", "AppProject", api="example.com/v1", spec=made.properties["spec"]))


@pytest.mark.parametrize(("where", "is_refused"), [("one", True), ("two", False)])
def test_what_another_cluster_offers_no_project_has_to_let_in(where: str, is_refused: bool) -> None:
    made = project(**{ALLOWED: [DEPLOYMENTS]})
    found = refused(*TWO_CLUSTERS, *within("one", ROUTE), *within(where, made))
    assert found.get(SLUG) == ({"project"} if is_refused else None)


@pytest.mark.parametrize("field", [ALLOWED, DENIED])
@pytest.mark.parametrize("entries", [UNKNOWN, [UNKNOWN], [{"group": UNKNOWN, "kind": "*"}]], ids=str)
def test_entries_that_are_not_known_yet_are_said_to_be_unknown(field: str, entries: Any, pack: Pack) -> None:
    assert set(pack.of_stack(ROUTE, project(**{field: entries}))) == {"unknown"}
