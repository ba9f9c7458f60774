"""Objects as Pulumi resources: names, diffs, replacements, apply, awaits, deletes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from kube_provider import (
    CONFIG_MAP,
    DEFINITION,
    DEPLOYMENT,
    ENDPOINT,
    NAME,
    NAMESPACE,
    REGION,
    SECRET,
    SERVICE,
    WIDGET,
    Provider,
    config_map,
    definition,
    deployment,
    node,
    widget,
)

from pokayoke_rehearsal.doubles.base import UNKNOWN, Inputs, PartialError, ProviderError, Secret
from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, metadata
from pokayoke_rehearsal.doubles.kubernetes.stores import Stores

CONFIG_MAP_KIND = Kind("", "v1", "ConfigMap")
WIDGET_KIND = Kind("example.com", "v1", "Widget")
RBAC = "rbac.authorization.k8s.io"


def unnamed(data: dict[str, str] | None = None) -> Inputs:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {}, "data": data or {"colour": "blue"}}


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


# Diffs


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


# Awaits


def test_a_deployment_without_a_node_is_kept_and_says_what_is_missing(cluster: Cluster, provider: Provider) -> None:
    with pytest.raises(PartialError) as failed:
        provider.create(DEPLOYMENT, "web", deployment())
    assert failed.value.resource_id == "default/web"
    assert failed.value.outputs["metadata"]["name"] == "web"
    assert "'web' timed out waiting to be Ready" in failed.value.reasons[0]
    assert failed.value.reasons[1] == "Minimum number of live Pods was not attained"
    assert failed.value.reasons[2].endswith("no nodes available to schedule pods")
    assert cluster.find(Kind("apps", "v1", "Deployment"), "web", "default") is not None


def test_an_update_that_does_not_become_ready_is_kept_with_its_reasons(nodes: Cluster, provider: Provider) -> None:
    made = provider.create(DEPLOYMENT, "web", deployment())
    with pytest.raises(PartialError) as failed:
        provider.update(made, deployment(nodeSelector={"pool": "gpu"}))
    assert "failed to fully initialize or become live" in failed.value.reasons[0]
    assert "didn't match Pod's node affinity/selector" in failed.value.reasons[-1]


def test_skipping_the_await_takes_what_is_there(provider: Provider) -> None:
    skipping = deployment()
    skipping["metadata"]["annotations"] = {"pulumi.com/skipAwait": "true"}
    assert provider.create(DEPLOYMENT, "web", skipping).resource_id == "default/web"


def test_a_load_balancer_that_nobody_makes_stays_pending(nodes: Cluster, provider: Provider) -> None:
    service = {"metadata": {"name": "s"}, "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}
    with pytest.raises(PartialError, match="Service was not allocated an IP address; does your cloud provider support"):
        provider.create(SERVICE, "s", service)


def waiting_for(what: Any) -> Inputs:
    stated = what if isinstance(what, str) else json.dumps(what)
    return widget(annotations={"pulumi.com/waitFor": stated})


@pytest.mark.parametrize(
    ("what", "status", "missing"),
    [
        ("condition=Ready", {"conditions": [{"type": "Ready", "status": "True"}]}, None),
        (
            "condition=Ready",
            {"conditions": [{"type": "Ready", "status": "False", "message": "no subnets"}]},
            "Resource has condition Ready=False (want True): no subnets",
        ),
        ("condition=Ready", {}, "Has no .status.conditions"),
        ("condition=Stalled=False", {"conditions": [{"type": "Stalled", "status": "False"}]}, None),
        ("jsonpath={.status.phase}=Running", {"phase": "Running"}, None),
        ("jsonpath={.status.phase}=Up", {"phase": "Down"}, 'Waiting for {.status.phase}=Up (found "Down")'),
        ("jsonpath={.status.addresses[0].value}", {"addresses": [{"value": "a"}]}, None),
        ("jsonpath={.status.addresses[0].value}", {"addresses": []}, "{.status.addresses[0].value} selected nothing"),
        ('jsonpath={.status.list[?(@.type=="A")].ok}=true', {"list": [{"type": "A", "ok": True}]}, None),
        (["condition=Ready", "jsonpath={.status.phase}=Up"], {"phase": "Up"}, "Has no .status.conditions"),
    ],
)
def test_what_the_annotation_asks_for_is_awaited(
    cluster: Cluster, provider: Provider, what: Any, status: Inputs, missing: str | None
) -> None:
    class Reporter:
        @property
        def watches(self) -> frozenset[tuple[str, str]]:
            return frozenset({("example.com", "Widget")})

        def react(self, cluster: Cluster, event: Any) -> None:
            cluster.set_status(event.object, status)

    provider.create(DEFINITION, "d", definition())
    cluster.add_controller(Reporter())
    if missing is None:
        assert provider.create(WIDGET, "w", waiting_for(what)).outputs["status"] == status
        return
    with pytest.raises(PartialError) as failed:
        provider.create(WIDGET, "w", waiting_for(what))
    assert "timed out waiting for the condition" in failed.value.reasons[0]
    assert failed.value.reasons[1] == missing


@pytest.mark.parametrize(
    "what", ["Ready", "jsonpath=.status", "jsonpath={.status}=", "jsonpath='{.status}'", "jsonpath={status!}", []]
)
def test_an_annotation_that_cannot_be_read_is_an_error(provider: Provider, what: Any) -> None:
    provider.create(DEFINITION, "d", definition())
    with pytest.raises(PartialError):
        provider.create(WIDGET, "w", waiting_for(what))


def test_what_comes_while_it_is_waited_for_ends_the_wait(stores: Stores, provider: Provider) -> None:
    import asyncio

    provider.double.world.patience = 5.0
    checked = provider.check(DEPLOYMENT, "web", deployment())

    async def both() -> Any:
        from kube_provider import Resource

        asked = Resource(DEPLOYMENT, "web", checked).call()
        creating = asyncio.ensure_future(provider.double.create_resource(asked, checked))
        await asyncio.sleep(0)
        assert not creating.done()
        stores.nodes_joined(REGION, NAME, [node()])
        return await creating

    assert provider.run(both).outputs["status"]["readyReplicas"] == 1


# Read and delete


def test_a_read_tells_the_object_as_it_is(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    cluster.apply({**config_map(data={"colour": "red", "size": "9"}, namespace="default")}, "hand", force=True)
    found = provider.read(made)
    assert found is not None
    assert found[0]["data"] == {"colour": "red"}
    assert found[1]["data"] == {"colour": "red", "size": "9"}


def test_a_read_without_a_state_imports_what_is_there(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    made.inputs, made.outputs = {}, {}
    found = provider.read(made)
    assert found is not None
    assert found[0] == config_map(namespace="default")


def test_what_is_gone_reads_as_gone_and_deletes_as_done(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    cluster.delete(CONFIG_MAP_KIND, "settings", "default")
    assert provider.read(made) is None
    provider.delete(made)


def test_an_object_whose_definition_is_gone_counts_as_deleted(provider: Provider) -> None:
    defined = provider.create(DEFINITION, "d", definition())
    made = provider.create(WIDGET, "w", widget())
    provider.delete(defined)
    assert provider.read(made) is None
    provider.delete(made)


def test_a_delete_that_a_finalizer_holds_names_it(provider: Provider) -> None:
    provider.create(DEFINITION, "d", definition())
    made = provider.create(WIDGET, "w", widget(finalizers=["example.com/hold"]))
    with pytest.raises(ProviderError, match=r"finalizers might be preventing deletion \(example.com/hold\)"):
        provider.delete(made)


def test_a_namespace_that_something_in_it_holds_names_it(provider: Provider) -> None:
    team = provider.create(NAMESPACE, "team", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team"}})
    provider.create(CONFIG_MAP, "c", config_map(namespace="team", finalizers=["example.com/hold"]))
    with pytest.raises(ProviderError, match=r"held by ConfigMap team/settings \(example.com/hold\)"):
        provider.delete(team)


def test_a_definition_that_its_objects_hold_names_them(provider: Provider) -> None:
    defined = provider.create(DEFINITION, "d", definition())
    provider.create(WIDGET, "w", widget(finalizers=["example.com/hold"]))
    with pytest.raises(ProviderError, match=r"held by Widget w \(example.com/hold\)"):
        provider.delete(defined)


def test_orphans_stay_when_told_to(nodes: Cluster, provider: Provider) -> None:
    orphaning = deployment()
    orphaning["metadata"]["annotations"] = {"pulumi.com/deletionPropagationPolicy": "orphan"}
    provider.delete(provider.create(DEPLOYMENT, "web", orphaning))
    assert len(nodes.list("", "Pod", "default")) == 1


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
