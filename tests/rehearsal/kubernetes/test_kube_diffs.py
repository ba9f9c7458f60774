"""Diffs of objects: what changes in place, what replaces, what is no change."""

from __future__ import annotations

import pytest
from kube_provider import (
    CONFIG_MAP,
    DEPLOYMENT,
    SECRET,
    SERVICE,
    Provider,
    config_map,
    deployment,
    unnamed,
)

from pokayoke_rehearsal.doubles.base import UNKNOWN, Inputs, Secret
from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster

RBAC = "rbac.authorization.k8s.io"


def test_what_the_server_adds_is_no_change(nodes: Cluster, provider: Provider) -> None:
    made = provider.create(DEPLOYMENT, "web", deployment())
    assert made.outputs["spec"]["strategy"]["type"] == "RollingUpdate"
    assert not provider.diff(made, deployment()).changed


def test_what_changed_outside_of_the_inputs_is_no_change_and_inside_it_is(provider: Provider) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    made.outputs["data"]["colour"] = "green"
    made.outputs["data"]["size"] = "9"
    assert provider.diff(made, config_map()).updated == {"data.colour"}


@pytest.mark.parametrize(
    ("token", "before", "after", "replacing"),
    [
        (CONFIG_MAP, config_map(), config_map(data={"colour": "red"}), {"data.colour"}),
        (CONFIG_MAP, config_map(), config_map(labels={"a": "b"}), set()),
        (CONFIG_MAP, config_map(), config_map("other"), {"metadata.name"}),
        (CONFIG_MAP, config_map(), config_map(namespace="kube-public"), {"metadata.namespace"}),
        (
            "kubernetes:storage.k8s.io/v1:StorageClass",
            {"metadata": {"name": "fast"}, "provisioner": "ebs.csi.aws.com", "parameters": {"type": "gp3"}},
            {"metadata": {"name": "fast"}, "provisioner": "ebs.csi.aws.com", "parameters": {"type": "io2"}},
            {"parameters.type"},
        ),
        (
            "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
            {"metadata": {"name": "b"}, "roleRef": {"kind": "ClusterRole", "name": "view", "apiGroup": RBAC}},
            {"metadata": {"name": "b"}, "roleRef": {"kind": "ClusterRole", "name": "edit", "apiGroup": RBAC}},
            {"roleRef.name"},
        ),
        (
            SERVICE,
            {"metadata": {"name": "s"}, "spec": {"ports": [{"port": 80}], "type": "ClusterIP"}},
            {"metadata": {"name": "s"}, "spec": {"ports": [{"port": 81}], "type": "ClusterIP"}},
            set(),
        ),
    ],
)
def test_only_what_cannot_change_in_place_replaces(
    provider: Provider, token: str, before: Inputs, after: Inputs, replacing: set[str]
) -> None:
    found = provider.diff(provider.create(token, "it", before), after)
    assert found.changed
    assert found.replacing == replacing


def test_another_selector_replaces_a_deployment(nodes: Cluster, provider: Provider) -> None:
    made = provider.create(DEPLOYMENT, "web", deployment())
    changed = deployment(labels={"app": "other"})
    changed["spec"]["selector"] = {"matchLabels": {"app": "other"}}
    assert "spec.selector.matchLabels.app" in provider.diff(made, changed).replacing


def test_mutable_config_maps_change_in_place_unless_they_are_immutable(
    double: KubernetesDouble, cluster: Cluster
) -> None:
    provider = Provider(double, enableConfigMapMutable="true", enableSecretMutable="true")
    made = provider.create(CONFIG_MAP, "c", config_map())
    assert provider.diff(made, config_map(data={"colour": "red"})).replacing == set()
    fixed = {**config_map(data={"colour": "red"}), "immutable": True}
    assert provider.diff(made, fixed).replacing == {"data.colour"}
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"key": "old"}}
    kept = provider.create(SECRET, "s", secret)
    assert provider.diff(kept, {**secret, "stringData": {"key": "new"}}).replacing == set()


def test_the_old_object_goes_first_when_the_new_one_needs_its_name(provider: Provider) -> None:
    named = provider.create(CONFIG_MAP, "c", config_map())
    assert provider.diff(named, config_map(data={"colour": "red"})).delete_before_replace
    assert not provider.diff(named, config_map("other")).delete_before_replace
    unnamed_one = provider.create(CONFIG_MAP, "auto", unnamed())
    assert not provider.diff(unnamed_one, unnamed({"colour": "red"})).delete_before_replace


def test_an_unknown_value_is_a_change_where_it_stands(provider: Provider) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    assert provider.diff(made, config_map(data={"colour": UNKNOWN})).updated == {"data.colour"}  # type: ignore[dict-item]


def test_secret_text_is_compared_as_the_server_keeps_it(provider: Provider) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"key": "value"}}
    made = provider.create(SECRET, "s", secret)
    assert made.inputs["data"] == {"key": "dmFsdWU="}
    assert not provider.diff(made, secret).changed
    assert provider.diff(made, {**secret, "stringData": {"key": "other"}}).replacing == {"data.key"}


def test_the_data_of_a_secret_is_marked_secret_whatever_the_inputs_were(provider: Provider) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"key": "value"}}
    assert isinstance(provider.preview(SECRET, "s", secret)["data"], Secret)
