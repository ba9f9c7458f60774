"""Objects as Pulumi resources: names, diffs, replacements, apply, awaits, deletes."""

from __future__ import annotations

import pytest
from kube_provider import (
    CONFIG_MAP,
    CONFIG_MAP_KIND,
    DEFINITION,
    DEPLOYMENT,
    ENDPOINT,
    NAME,
    REGION,
    WIDGET,
    WIDGET_KIND,
    Provider,
    config_map,
    definition,
    deployment,
    unnamed,
    widget,
)

from pokayoke_rehearsal.doubles.base import UNKNOWN, Inputs, PartialError, ProviderError
from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, metadata
from pokayoke_rehearsal.doubles.kubernetes.stores import Stores

# Names


def test_an_unnamed_object_is_named_after_its_resource_and_marked(provider: Provider) -> None:
    checked = provider.check(CONFIG_MAP, "settings", unnamed())
    assert checked["metadata"]["annotations"] == {"pulumi.com/autonamed": "true"}
    name, _, suffix = checked["metadata"]["name"].rpartition("-")
    assert name == "settings"
    assert len(suffix) == 8


def test_a_given_name_stays_over_updates_and_follows_the_seed(provider: Provider) -> None:
    made = provider.create(CONFIG_MAP, "settings", unnamed())
    again = provider.check(CONFIG_MAP, "settings", unnamed({"colour": "red"}), made.inputs, seed=b"another")
    assert again["metadata"]["name"] == made.inputs["metadata"]["name"]
    assert provider.check(CONFIG_MAP, "settings", unnamed()) == provider.check(CONFIG_MAP, "settings", unnamed())
    assert provider.check(CONFIG_MAP, "settings", unnamed(), seed=b"another") != made.inputs


def test_a_stated_or_unknown_name_is_left_alone(provider: Provider) -> None:
    assert provider.check(CONFIG_MAP, "c", config_map())["metadata"]["name"] == "settings"
    assert provider.check(CONFIG_MAP, "c", config_map(UNKNOWN))["metadata"]["name"] is UNKNOWN  # type: ignore[arg-type]


def test_generated_names_need_client_side_apply(double: KubernetesDouble, provider: Provider) -> None:
    generated = {**unnamed(), "metadata": {"generateName": "settings-"}}
    with pytest.raises(ProviderError, match="generateName` field is not supported in Server-Side Apply mode"):
        provider.check(CONFIG_MAP, "c", generated)
    client_side = Provider(double, enableServerSideApply="false")
    assert client_side.create(CONFIG_MAP, "c", generated).resource_id.startswith("default/settings-")


def test_client_side_apply_labels_what_pulumi_manages(double: KubernetesDouble, cluster: Cluster) -> None:
    client_side = Provider(double, enableServerSideApply=False)
    made = client_side.create(CONFIG_MAP, "c", config_map())
    assert metadata(made.outputs)["labels"] == {"app.kubernetes.io/managed-by": "pulumi"}
    assert not client_side.diff(made, config_map()).changed
    assert client_side.update(made, config_map(labels={"team": "edge"}))["metadata"]["labels"]["team"] == "edge"


# Create, preview


def test_outputs_tell_what_the_server_stored(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    assert made.resource_id == "default/settings"
    assert made.outputs["metadata"]["uid"] == cluster.get(CONFIG_MAP_KIND, "settings", "default")["metadata"]["uid"]
    assert made.outputs["__fieldManager"].startswith("pulumi-kubernetes-")
    assert made.outputs["__initialApiVersion"] == "v1"


def test_a_preview_tells_what_is_known_and_changes_nothing(cluster: Cluster, provider: Provider) -> None:
    told = provider.preview(CONFIG_MAP, "c", config_map())
    assert told["metadata"]["name"] == "settings"
    assert told["metadata"]["uid"] is UNKNOWN
    assert cluster.find(CONFIG_MAP_KIND, "settings", "default") is None


def test_a_preview_refuses_what_the_server_would_refuse(provider: Provider) -> None:
    with pytest.raises(ProviderError, match="`selector` does not match template `labels`"):
        provider.preview(DEPLOYMENT, "web", deployment(labels={"app": "other"}))


@pytest.mark.parametrize(
    "inputs",
    [config_map(namespace="not-yet"), config_map(data={"colour": UNKNOWN})],  # type: ignore[dict-item]
)
def test_a_preview_lets_pass_what_may_yet_come(provider: Provider, inputs: Inputs) -> None:
    assert provider.preview(CONFIG_MAP, "c", inputs)["data"]


def test_a_preview_of_a_kind_that_is_not_there_yet_says_what_the_inputs_say(provider: Provider) -> None:
    assert provider.preview(WIDGET, "w", widget())["spec"] == {"size": 3}


def test_a_custom_resource_before_its_definition_fails_in_the_logged_words(provider: Provider) -> None:
    token = "kubernetes:monitoring.coreos.com/v1:ServiceMonitor"
    with pytest.raises(ProviderError) as refused:
        provider.create(token, "m", {"metadata": {"name": "m"}, "spec": {}})
    assert str(refused.value).endswith(
        "with kind monitoring.coreos.com/v1/ServiceMonitor failed because the Kubernetes API server reported that the "
        "apiVersion for this resource does not exist. Verify that any required CRDs have been created: no matches for "
        'kind "ServiceMonitor" in version "monitoring.coreos.com/v1"'
    )


def test_an_object_that_exists_already_is_not_taken_over_unless_told(
    double: KubernetesDouble, provider: Provider
) -> None:
    provider.create(CONFIG_MAP, "c", config_map())
    with pytest.raises(ProviderError, match='configmaps "settings" already exists\n\nThe resource already exists'):
        provider.create(CONFIG_MAP, "again", config_map())
    upserting = Provider(double, upsertExistingObjects="true")
    upserting.config["enablePatchForce"] = "true"
    assert upserting.create(CONFIG_MAP, "again", config_map(data={"colour": "red"})).outputs["data"]["colour"] == "red"


def test_underscored_keywords_of_a_definition_reach_the_server_dashed(cluster: Cluster, provider: Provider) -> None:
    open_ended = definition(extra={"type": "object", "x_kubernetes_preserve_unknown_fields": True})
    made = provider.create(DEFINITION, "d", open_ended)
    schema = made.outputs["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    assert schema["properties"]["extra"]["x_kubernetes_preserve_unknown_fields"] is True
    assert not provider.diff(made, open_ended).changed
    provider.create(WIDGET, "w", widget(spec={"size": 1, "extra": {"anything": 1}}))
    assert cluster.get(WIDGET_KIND, "w")["spec"]["extra"] == {"anything": 1}


def test_lists_are_refused_as_the_provider_refuses_them(provider: Provider) -> None:
    with pytest.raises(ProviderError, match="list resources exist for compatibility"):
        provider.check("kubernetes:core/v1:ConfigMapList", "l", {"items": []})


# Update


def test_an_update_applies_under_a_manager_of_its_own(cluster: Cluster, provider: Provider) -> None:
    mutable = Provider(provider.double, enableConfigMapMutable="true")
    made = mutable.create(CONFIG_MAP, "c", config_map())
    outputs = mutable.update(made, config_map(data={"size": "9"}))
    assert outputs["data"] == {"size": "9"}
    assert outputs["metadata"]["uid"] == cluster.get(CONFIG_MAP_KIND, "settings", "default")["metadata"]["uid"]


def test_an_update_over_another_managers_field_is_a_conflict_that_can_be_forced(
    cluster: Cluster, provider: Provider
) -> None:
    provider.create(DEFINITION, "d", definition())
    made = provider.create(WIDGET, "w", widget())
    cluster.apply(widget(spec={"size": 5, "colour": "red"}), "kubectl-edit", force=True)
    with pytest.raises(PartialError) as refused:
        provider.update(made, widget(spec={"size": 4}))
    assert "server-side apply field conflict detected" in str(refused.value)
    assert 'Apply failed with 1 conflict: conflict with "kubectl-edit": .spec.size' in str(refused.value)
    forced = widget(spec={"size": 4}, annotations={"pulumi.com/patchForce": "true"})
    assert provider.update(made, forced)["spec"]["size"] == 4
    assert cluster.get(WIDGET_KIND, "w")["spec"]["colour"] == "red"


def test_a_preview_of_an_update_changes_nothing(cluster: Cluster, provider: Provider) -> None:
    provider.create(DEFINITION, "d", definition())
    made = provider.create(WIDGET, "w", widget())
    assert provider.update(made, widget(spec={"size": 4}), preview=True)["spec"]["size"] == 4
    assert cluster.get(WIDGET_KIND, "w")["spec"]["size"] == 3


def test_a_definition_is_replaced_whole_without_losing_its_objects(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(DEFINITION, "d", definition())
    provider.create(WIDGET, "w", widget())
    provider.update(made, definition(weight={"type": "integer"}))
    assert cluster.apply(widget(spec={"size": 3, "weight": 7}), "me")["spec"]["weight"] == 7


def test_a_patch_manages_some_fields_and_gives_them_back(nodes: Cluster, provider: Provider) -> None:
    token = "kubernetes:apps/v1:DeploymentPatch"
    where = {"name": "coredns", "namespace": "kube-system"}
    inputs = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {**where, "annotations": {"team": "edge"}}}
    kind = Kind("apps", "v1", "Deployment")
    patch = provider.create(token, "dns", inputs)
    assert metadata(nodes.get(kind, "coredns", "kube-system"))["annotations"]["team"] == "edge"
    provider.delete(patch)
    assert "team" not in metadata(nodes.get(kind, "coredns", "kube-system"))["annotations"]
    with pytest.raises(ProviderError, match=r"patch resources require the `.metadata.name` field to be set"):
        provider.check(token, "dns", {"metadata": {}})


# What is known


@pytest.mark.parametrize(
    ("token", "known"),
    [
        (CONFIG_MAP, True),
        ("kubernetes:apps/v1:DeploymentPatch", True),
        ("kubernetes:karpenter.sh/v1:NodePool", True),
        ("kubernetes:policy/v1beta1:PodSecurityPolicy", True),
        ("kubernetes:helm.sh/v3:Release", True),
        ("kubernetes:yaml/v2:ConfigGroup", True),
        ("kubernetes:helm.sh/v4:Chart", False),
        ("kubernetes:kustomize/v2:Directory", False),
        ("kubernetes:apps/v1:deployment", False),
        ("aws:s3/bucket:Bucket", False),
        ("kubernetes:index:Thing", False),
    ],
)
def test_every_kind_of_object_is_known_and_nothing_else(double: KubernetesDouble, token: str, known: bool) -> None:
    assert double.knows_type(token) is known


def test_every_type_of_the_sdk_that_stands_for_a_kind_is_known(double: KubernetesDouble) -> None:
    import re
    from pathlib import Path

    import pulumi_kubernetes

    root = Path(pulumi_kubernetes.__file__).parent
    tokens = {
        token
        for file in root.rglob("*.py")
        for token in re.findall(r"__\(\s*'(kubernetes:[^']+/v[^']+:[A-Z]\w+)'", file.read_text(encoding="utf-8"))
    }
    assert len(tokens) > 300
    rendering = {"kubernetes:helm.sh/v4:Chart", "kubernetes:kustomize/v2:Directory"}
    assert {token for token in tokens if not double.knows_type(token)} <= rendering


def test_the_endpoint_names_the_cluster(stores: Stores) -> None:
    assert stores.at(ENDPOINT.upper() + "/") is stores.server(REGION, NAME)
