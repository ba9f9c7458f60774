"""A Helm release's life: checked, installed, upgraded, failed, repaired, uninstalled."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest
from kube_provider import (
    CONFIG_MAP,
    CONFIG_MAP_KIND,
    DEPLOYMENT,
    RELEASE,
    WIDGET_KIND,
    Provider,
    Resource,
    config_map,
    definition,
    deployment,
    widget,
)

from pokayoke_rehearsal.doubles.base import UNKNOWN, CheckError, Inputs, PartialError, ProviderError
from pokayoke_rehearsal.doubles.kubernetes.charts import Chart, Installation, Rendered, ValuesError
from pokayoke_rehearsal.doubles.kubernetes.helm import Helm
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object, metadata

PUBLIC = "oci://public.ecr.aws/karpenter/karpenter-crd"
DEFINITION = Kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition")


def release(*resources: Object, **more: Any) -> Inputs:
    """A release of the generic chart: its values are the objects that it brings."""
    return {
        "chart": "raw",
        "version": "2.0.0",
        "repositoryOpts": {"repo": "https://bedag.github.io/helm-charts"},
        "name": "app",
        "namespace": "default",
        "values": {"resources": list(resources)},
        **more,
    }


# Check


def test_an_unnamed_release_is_named_after_its_resource_and_keeps_its_name(provider: Provider) -> None:
    inputs = release(name=None)
    checked = provider.check(RELEASE, "app", inputs)
    assert re.fullmatch("app-[0-9a-f]{8}", checked["name"])
    assert provider.check(RELEASE, "app", inputs, checked)["name"] == checked["name"]


def test_defaults_are_those_of_the_provider(provider: Provider) -> None:
    checked = provider.check(RELEASE, "app", release(namespace=None))
    assert (checked["namespace"], checked["timeout"]) == ("default", 300)
    assert "timeout" not in provider.check(RELEASE, "app", release(skipAwait=True))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"chart": "oci://public.ecr.aws/nobody/nothing", "repositoryOpts": None},
            'chart: the rehearsal does not know the chart "oci://public.ecr.aws/nobody/nothing"; it knows: ',
        ),
        ({"chart": "cooked"}, '"cooked" of https://bedag.github.io/helm-charts'),
        ({"version": None}, "version: the rehearsal cannot know which version is the newest: state one"),
        ({"version": ">=2.0"}, 'version: ">=2.0" is no version: the rehearsal does not resolve ranges'),
        (
            {"chart": "oci://public.ecr.aws/x/y", "repositoryOpts": {"repo": "https://x.example.com"}},
            "an OCI chart is named by `chart` alone",
        ),
        (
            {"chart": PUBLIC, "version": "1.14.1", "repositoryOpts": {"username": "AWS", "password": "of yesterday"}},
            "status code 403: denied: Your authorization token has expired. Reauthenticate and try again.; check the c",
        ),
        ({"values": {"resources": "none"}}, "values: values don't meet the specifications of the schema"),
    ],
)
def test_what_helm_cannot_load_is_refused_in_check(provider: Provider, changes: Inputs, told: str) -> None:
    with pytest.raises(CheckError, match=re.escape(told)):
        provider.check(RELEASE, "app", release(**changes))


def test_a_public_registry_takes_passwords_of_today_and_asks_nobody_for_one(provider: Provider) -> None:
    """`public-registry-credentials`"""
    password = provider.double.world.public_registry.password()
    for options in (None, {"username": "AWS", "password": password}):
        asked = release(chart=PUBLIC, version="1.14.1", repositoryOpts=options, values=None)
        assert provider.check(RELEASE, "app", asked)["chart"] == PUBLIC


def test_unknown_values_put_the_chart_off_until_they_are_known(provider: Provider) -> None:
    assert provider.check(RELEASE, "app", release(values={"resources": UNKNOWN}))["name"] == "app"


def test_values_lie_over_value_files(provider: Provider) -> None:
    files = [pulumi.StringAsset("resources: [{a: 1}]\nextra: {low: 1}"), pulumi.StringAsset("extra: {high: 2}")]
    checked = provider.check(RELEASE, "app", release(values={"resources": []}, valueYamlFiles=files))
    assert checked["values"] == {"resources": [], "extra": {"low": 1, "high": 2}}
    made = provider.create(RELEASE, "app", release(values={"resources": []}, valueYamlFiles=files))
    assert not provider.diff(made, release(values={"resources": []}, valueYamlFiles=files)).changed


def test_a_chart_is_known_once_somebody_says_what_it_brings(provider: Provider) -> None:
    def render(installation: Installation) -> Rendered:
        if installation.values.get("colour") == "green":
            raise ValuesError("colour: must be one of: red, blue")
        return Rendered([config_map(f"{installation.name}-{installation.version}")], app_version="9")

    provider.double.charts.add(Chart("oci://registry.example.com/charts", "mine", render))
    mine: dict[str, Any] = {"chart": "oci://registry.example.com/charts/mine", "repositoryOpts": None}
    made = provider.create(RELEASE, "app", release(**mine, values={}))
    assert made.outputs["status"]["appVersion"] == "9"
    assert made.outputs["resourceNames"] == {"ConfigMap/v1": ["default/app-2.0.0"]}
    with pytest.raises(CheckError, match="colour: must be one of"):
        provider.check(RELEASE, "app", release(**mine, values={"colour": "green"}))


# Diff


@pytest.mark.parametrize(
    ("changes", "replacing"),
    [
        ({"name": "other"}, {"name"}),
        ({"namespace": "kube-public"}, {"namespace"}),
        ({"version": "2.0.1"}, set()),
        ({"values": {"resources": []}}, set()),
    ],
)
def test_only_name_and_namespace_replace_a_release(provider: Provider, changes: Inputs, replacing: set[str]) -> None:
    made = provider.create(RELEASE, "app", release(config_map()))
    found = provider.diff(made, release(**{"values": {"resources": [config_map()]}, **changes}))
    assert found.changed
    assert found.replacing == replacing
    assert not found.delete_before_replace


def test_an_unchanged_release_has_no_diff(provider: Provider) -> None:
    made = provider.create(RELEASE, "app", release(config_map()))
    assert not provider.diff(made, release(config_map())).changed


# Install


def test_an_installation_brings_its_objects_marked_as_helms(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(RELEASE, "app", release(config_map()))
    assert made.resource_id == "default/app"
    assert made.outputs["status"]["status"] == "deployed"
    assert made.outputs["status"]["revision"] == 1
    brought = cluster.get(CONFIG_MAP_KIND, "settings", "default")
    assert metadata(brought)["labels"]["app.kubernetes.io/managed-by"] == "Helm"
    assert metadata(brought)["annotations"]["meta.helm.sh/release-name"] == "app"
    assert cluster.find(Kind("", "v1", "Secret"), "sh.helm.release.v1.app.v1", "default") is not None


def test_a_preview_installs_nothing(cluster: Cluster, provider: Provider) -> None:
    assert provider.preview(RELEASE, "app", release(config_map()))["status"] is UNKNOWN
    assert cluster.find(CONFIG_MAP_KIND, "settings", "default") is None


def test_a_release_needs_its_namespace_or_makes_it(cluster: Cluster, provider: Provider) -> None:
    with pytest.raises(ProviderError, match='create: failed to create: namespaces "team" not found'):
        provider.create(RELEASE, "app", release(namespace="team"))
    provider.create(RELEASE, "app", release(namespace="team", createNamespace=True))
    assert cluster.find(Kind("", "v1", "Namespace"), "team") is not None


def test_a_name_that_is_in_use_is_refused(provider: Provider) -> None:
    provider.create(RELEASE, "app", release())
    with pytest.raises(ProviderError, match="cannot re-use a name that is still in use"):
        provider.create(RELEASE, "again", release())


def test_an_object_of_somebody_else_is_not_taken_over(provider: Provider) -> None:
    provider.create(CONFIG_MAP, "c", config_map())
    with pytest.raises(ProviderError) as refused:
        provider.create(RELEASE, "app", release(config_map()))
    assert str(refused.value).startswith(
        'Unable to continue with install: ConfigMap "settings" in namespace "default" exists and cannot be imported '
        "into the current release: invalid ownership metadata; label validation error: missing key "
        '"app.kubernetes.io/managed-by"'
    )


def test_a_custom_resource_without_its_definition_stops_the_installation(cluster: Cluster, provider: Provider) -> None:
    with pytest.raises(
        ProviderError, match=r'no matches for kind "Widget" in version "example.com/v1"\nensure CRDs are'
    ):
        provider.create(RELEASE, "app", release(config_map(), widget()))
    assert cluster.find(CONFIG_MAP_KIND, "settings", "default") is None


def test_definitions_of_a_chart_are_installed_once_and_stay(cluster: Cluster, provider: Provider) -> None:
    def render(installation: Installation) -> Rendered:
        return Rendered([widget()], definitions=[definition()])

    provider.double.charts.add(Chart("https://charts.example.com", "widgets", render))
    widgets: dict[str, Any] = {"chart": "widgets", "repositoryOpts": {"repo": "https://charts.example.com/"}}
    made = provider.create(RELEASE, "app", release(**widgets))
    assert cluster.get(WIDGET_KIND, "w")["spec"]["size"] == 3
    provider.delete(made)
    assert cluster.find(WIDGET_KIND, "w") is None
    assert cluster.find(DEFINITION, "widgets.example.com") is not None
    cluster.delete(DEFINITION, "widgets.example.com")
    with pytest.raises(ProviderError, match="ensure CRDs are installed first"):
        provider.create(RELEASE, "skipped", release(**widgets, skipCrds=True))


def test_a_release_that_does_not_become_ready_stays_as_failed_and_is_repaired_by_an_upgrade(
    nodes: Cluster, provider: Provider
) -> None:
    with pytest.raises(PartialError) as failed:
        provider.create(RELEASE, "app", release(deployment(nodeSelector={"pool": "gpu"})))
    assert failed.value.outputs["status"]["status"] == "failed"
    assert (
        "failed to become available within allocated timeout. Error: Helm Release default/app: context deadline"
        in (failed.value.reasons[0])
    )
    assert "didn't match Pod's node affinity/selector" in failed.value.reasons[-1]
    inputs = provider.check(RELEASE, "app", release())
    kept = Resource(RELEASE, "app", inputs, failed.value.resource_id, failed.value.outputs)
    assert provider.update(kept, release(deployment()))["status"]["status"] == "deployed"


def test_an_atomic_release_leaves_nothing_when_it_fails(nodes: Cluster, provider: Provider) -> None:
    with pytest.raises(ProviderError, match="failed, and has been uninstalled due to atomic being set"):
        provider.create(RELEASE, "app", release(deployment(nodeSelector={"pool": "gpu"}), atomic=True))
    assert nodes.foreign() == []


def test_a_release_that_is_not_awaited_is_deployed_at_once(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(RELEASE, "app", release(deployment(), skipAwait=True))
    assert made.outputs["status"]["status"] == "deployed"


def test_a_refused_object_leaves_a_failed_release(cluster: Cluster, provider: Provider) -> None:
    with pytest.raises(PartialError, match=r"failed to create resource: .*`selector` does not match template"):
        provider.create(RELEASE, "app", release(config_map(), deployment(labels={"app": "other"})))
    stored = Helm(cluster).find("app", "default")
    assert stored is not None
    assert stored.status == "failed"


# Upgrade and uninstall


def test_an_upgrade_changes_adds_and_removes(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(RELEASE, "app", release(config_map("one"), config_map("two")))
    outputs = provider.update(made, release(config_map("two", {"colour": "red"}), config_map("three"), version="2.0.1"))
    assert (outputs["status"]["revision"], outputs["status"]["version"]) == (2, "2.0.1")
    assert cluster.find(CONFIG_MAP_KIND, "one", "default") is None
    assert cluster.get(CONFIG_MAP_KIND, "two", "default")["data"] == {"colour": "red"}
    assert cluster.find(CONFIG_MAP_KIND, "three", "default") is not None


def test_a_failed_atomic_upgrade_is_rolled_back(nodes: Cluster, provider: Provider) -> None:
    made = provider.create(RELEASE, "app", release(deployment(), atomic=True))
    with pytest.raises(PartialError):
        provider.update(made, release(deployment(nodeSelector={"pool": "gpu"}), config_map(), atomic=True))
    live = nodes.get(Kind("apps", "v1", "Deployment"), "web", "default")
    assert "nodeSelector" not in live["spec"]["template"]["spec"]
    assert nodes.find(CONFIG_MAP_KIND, "settings", "default") is None


def test_an_uninstalled_release_leaves_nothing(nodes: Cluster, provider: Provider) -> None:
    made = provider.create(RELEASE, "app", release(deployment(), config_map()))
    provider.delete(made)
    assert nodes.foreign() == []
    assert provider.read(made) is None


def test_an_object_that_is_to_be_kept_stays(cluster: Cluster, provider: Provider) -> None:
    kept = config_map(annotations={"helm.sh/resource-policy": "keep"})
    made = provider.create(RELEASE, "app", release(kept, skipAwait=True))
    provider.delete(made)
    assert cluster.find(CONFIG_MAP_KIND, "settings", "default") is not None


def test_an_uninstallation_that_a_finalizer_holds_names_it_and_can_be_tried_again(
    cluster: Cluster, provider: Provider
) -> None:
    made = provider.create(RELEASE, "app", release(config_map(finalizers=["example.com/hold"])))
    with pytest.raises(ProviderError, match=r"ConfigMap settings .*example\.com/hold"):
        provider.delete(made)
    held = cluster.get(CONFIG_MAP_KIND, "settings", "default")
    cluster.edit(held, lambda obj: metadata(obj).update(finalizers=[]))
    provider.delete(made)
    assert cluster.foreign() == []


def test_a_release_that_is_gone_already_cannot_be_uninstalled(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(RELEASE, "app", release())
    provider.delete(made)
    with pytest.raises(ProviderError, match="uninstall: Release not loaded: app: release: not found"):
        provider.delete(made)


def test_things_are_installed_in_helms_order(cluster: Cluster, provider: Provider) -> None:
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "robot"}}
    provider.create(RELEASE, "app", release(deployment(), account, config_map(), skipAwait=True))
    stored = Helm(cluster).find("app", "default")
    assert stored is not None
    assert [obj["kind"] for obj in stored.objects] == ["ServiceAccount", "ConfigMap", "Deployment"]


def test_a_deployment_of_a_release_is_no_business_of_pulumis(nodes: Cluster, provider: Provider) -> None:
    provider.create(RELEASE, "app", release(deployment()))
    with pytest.raises(ProviderError, match="already exists"):
        provider.create(DEPLOYMENT, "web", deployment())
