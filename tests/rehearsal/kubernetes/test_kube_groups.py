"""Manifests that come in groups: what is read, what is refused, and Pulumi's own function for YAML."""

from __future__ import annotations

from pathlib import Path

import pytest
from kube_provider import Provider, config_map, widget

from pokayoke_rehearsal.doubles.base import ProviderError
from pokayoke_rehearsal.doubles.kubernetes.manifests import Manifests
from pokayoke_rehearsal.doubles.kubernetes.provider.groups import manifests_in, objects_of

SETTINGS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: blue}
"""


def test_documents_and_lists_are_taken_apart() -> None:
    listed = "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}]"
    found = manifests_in(f"{SETTINGS}---\n---\n{listed}")
    assert [obj["metadata"]["name"] for obj in found] == ["settings", "a"]


def test_inline_objects_stand_beside_texts() -> None:
    found = objects_of({"yaml": SETTINGS, "objs": [widget()]}, Manifests())
    assert [obj["kind"] for obj in found] == ["ConfigMap", "Widget"]


def test_a_file_is_read_by_its_absolute_path(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_text(SETTINGS)
    assert objects_of({"files": [str(tmp_path / "settings.yaml")]}, Manifests()) == manifests_in(SETTINGS)


def test_a_known_address_stands_for_its_objects() -> None:
    known = Manifests()
    known.add("https://example.com/known.yaml", lambda _: [config_map()])
    assert objects_of({"file": "https://example.com/known.yaml"}, known) == [config_map()]


@pytest.mark.parametrize("source", ["https://example.com/unknown.yaml", "relative.yaml", "/no/such/file.yaml"])
def test_what_is_not_known_is_refused_by_name(source: str) -> None:
    with pytest.raises(ProviderError, match="the rehearsal does not know the manifest"):
        objects_of({"file": source}, Manifests())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a: [", "decoding YAML"),
        ("metadata: {name: a}", "require a kind and apiVersion"),
        ("apiVersion: v1\nkind: ConfigMap", r"require a .metadata.name"),
        ("- a\n- b", "require a kind and apiVersion"),
    ],
)
def test_what_is_no_object_is_refused(content: str, told: str) -> None:
    with pytest.raises(ProviderError, match=told):
        manifests_in(content)


def test_pulumis_function_for_yaml_gives_namespaced_objects_their_namespace(provider: Provider) -> None:
    token = "kubernetes:yaml:decode"
    assert provider.double.knows_function(token)
    namespace = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: team}"
    args = {"text": SETTINGS + namespace, "defaultNamespace": "team"}
    answer = provider.run(lambda: provider.double.invoke_function(token, args, False))
    assert [obj["metadata"].get("namespace") for obj in answer["result"]] == ["team", None]


def test_rendering_functions_are_not_known(provider: Provider) -> None:
    assert not provider.double.knows_function("kubernetes:helm:template")
    assert not provider.double.knows_function("kubernetes:kustomize:directory")
