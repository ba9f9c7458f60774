"""The policy `gitops-project-whitelist`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import obj

SLUG = "gitops-project-whitelist"
GROUP = "gateway.networking.k8s.io"
ROUTE = obj("route", "HTTPRoute", api=f"{GROUP}/v1", spec={"parentRefs": []})
DEPLOYMENTS = {"group": "apps", "kind": "Deployment"}


def project(**spec: Any) -> Resource:
    return obj("project", "AppProject", api="argoproj.io/v1alpha1", spec=spec)


@pytest.mark.parametrize(
    ("spec", "refused"),
    [
        ({}, False),
        ({"namespaceResourceWhitelist": []}, False),
        ({"namespaceResourceWhitelist": [{"group": "*", "kind": "*"}]}, False),
        ({"namespaceResourceWhitelist": [DEPLOYMENTS, {"group": GROUP, "kind": "*"}]}, False),
        ({"namespaceResourceWhitelist": [{"group": GROUP, "kind": "HTTPRoute"}]}, False),
        ({"namespaceResourceWhitelist": [DEPLOYMENTS]}, True),
        ({"namespaceResourceWhitelist": [{"group": GROUP, "kind": "Gateway"}]}, True),
        ({"namespaceResourceBlacklist": [{"group": GROUP, "kind": "*"}]}, True),
        ({"namespaceResourceBlacklist": [{"group": "", "kind": "Secret"}]}, False),
    ],
    ids=str,
)
def test_a_project_lets_routes_in_where_the_platform_has_them(spec: Any, refused: bool, pack: Pack) -> None:
    found = pack.of_stack(ROUTE, project(**spec))
    assert set(found) == ({SLUG} if refused else set())
    for name, message in found.get(SLUG, ()):
        assert name == "project"
        assert message.startswith("spec.namespaceResource")
    assert pack.of_stack(project(**spec)) == {}


def test_the_definition_of_the_kinds_shows_it_too(pack: Pack) -> None:
    crd = obj("crd", "CustomResourceDefinition", api="apiextensions.k8s.io/v1", spec={"group": GROUP})
    made = project(namespaceResourceWhitelist=[DEPLOYMENTS])
    assert SLUG in pack.of_stack(crd, made)
    other = obj("crd", "CustomResourceDefinition", api="apiextensions.k8s.io/v1", spec={"group": "example.com"})
    assert SLUG not in pack.of_stack(other, made)


def test_entries_that_are_not_known_yet_are_said_to_be_unknown(pack: Pack) -> None:
    for whitelist in (UNKNOWN, [{"group": UNKNOWN, "kind": "*"}]):
        assert set(pack.of_stack(ROUTE, project(namespaceResourceWhitelist=whitelist))) == {"unknown"}
