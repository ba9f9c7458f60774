"""The provider's own configuration: which cluster it means, what replaces it, and what it does without one."""

from __future__ import annotations

import pytest
from kube_provider import CONFIG_MAP, DEFINITION, ENDPOINT, NAME, REGION, Provider, config_map, definition, kubeconfig

from pokayoke_rehearsal.doubles.base import UNKNOWN, CheckError, Inputs, ProviderError
from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.provider import settings
from pokayoke_rehearsal.doubles.kubernetes.provider.kubeconfig import Caller, KubeconfigError, read
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores
from pokayoke_rehearsal.world.model import World

OTHER = "https://other.example.com"


@pytest.mark.parametrize(
    ("olds", "news", "replacing"),
    [
        ({"kubeconfig": kubeconfig()}, {"kubeconfig": kubeconfig(OTHER)}, {"kubeconfig"}),
        ({"kubeconfig": kubeconfig()}, {"kubeconfig": kubeconfig(role="r")}, set()),
        ({"kubeconfig": kubeconfig()}, {"kubeconfig": UNKNOWN}, {"kubeconfig"}),
        (
            {"kubeconfig": kubeconfig(), "clusterIdentifier": "a"},
            {"kubeconfig": UNKNOWN, "clusterIdentifier": "a"},
            set(),
        ),
        (
            {"kubeconfig": kubeconfig(), "clusterIdentifier": "a"},
            {"kubeconfig": kubeconfig(OTHER), "clusterIdentifier": "a"},
            set(),
        ),
        (
            {"kubeconfig": kubeconfig(), "clusterIdentifier": "a"},
            {"kubeconfig": kubeconfig(), "clusterIdentifier": "b"},
            {"clusterIdentifier"},
        ),
        (
            {"kubeconfig": kubeconfig(), "clusterIdentifier": "a"},
            {"kubeconfig": UNKNOWN, "clusterIdentifier": UNKNOWN},
            {"clusterIdentifier", "kubeconfig"},
        ),
        ({"kubeconfig": kubeconfig()}, {"kubeconfig": kubeconfig(), "clusterIdentifier": "a"}, set()),
        ({"kubeconfig": kubeconfig()}, {"kubeconfig": kubeconfig(), "namespace": "team"}, set()),
    ],
)
def test_the_provider_is_replaced_only_when_it_means_another_cluster(
    olds: Inputs, news: Inputs, replacing: set[str]
) -> None:
    assert settings.diff(olds, news).replacing == replacing


def test_an_unchanged_configuration_changes_nothing() -> None:
    assert not settings.diff({"kubeconfig": kubeconfig()}, {"kubeconfig": kubeconfig()}).changed


def test_rendering_to_files_is_refused_by_name() -> None:
    with pytest.raises(CheckError, match="renderYamlToDirectory"):
        settings.check({"renderYamlToDirectory": "out"})


def test_a_kubeconfig_may_be_yaml_and_says_who_asks() -> None:
    text = """
    current-context: here
    clusters: [{name: c, cluster: {server: https://c.example.com}}]
    contexts: [{name: here, context: {cluster: c, user: u, namespace: team}}]
    users: [{name: u, user: {exec: {args: [eks, get-token, --role-arn, the-role],
                                    env: [{name: AWS_PROFILE, value: the-profile}]}}}]
    """
    found = read(text)
    assert (found.server, found.namespace) == ("https://c.example.com", "team")
    assert found.caller == Caller("the-role", "the-profile")


@pytest.mark.parametrize("text", ["", "no kubeconfig", "[1, 2]", "{: :", '{"current-context": "x"}', "a: b\n"])
def test_what_is_no_kubeconfig_is_said_to_be_none(text: str) -> None:
    with pytest.raises(KubeconfigError):
        read(text)


def test_objects_without_a_namespace_go_where_the_configuration_says(
    double: KubernetesDouble, cluster: Cluster
) -> None:
    stated = Provider(double, namespace="kube-public").check(CONFIG_MAP, "c", config_map())
    by_context = Provider(double, kubeconfig=kubeconfig(namespace="kube-system")).check(CONFIG_MAP, "c", config_map())
    assert (stated["metadata"]["namespace"], by_context["metadata"]["namespace"]) == ("kube-public", "kube-system")


def test_a_cluster_scoped_kind_gets_no_namespace_even_before_its_definition_is_applied(provider: Provider) -> None:
    provider.check(DEFINITION, "d", definition(scope="Cluster"))
    checked = provider.check("kubernetes:example.com/v1:Widget", "w", {"metadata": {"name": "w"}, "spec": {"size": 1}})
    assert "namespace" not in checked["metadata"]


def test_without_a_cluster_everything_says_that_it_is_unreachable(
    stores: Stores, double: KubernetesDouble, provider: Provider
) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    stores.deleted(REGION, NAME)
    told = "unable to load schema information from the API server: .* no such host"
    with pytest.raises(ProviderError, match=f"configured Kubernetes cluster is unreachable: {told}"):
        provider.create(CONFIG_MAP, "other", config_map("other"))
    with pytest.raises(ProviderError, match="PULUMI_K8S_DELETE_UNREACHABLE"):
        provider.delete(made)
    with pytest.raises(ProviderError, match="failed to read resource state due to unreachable cluster"):
        provider.read(made)


def test_told_to_forget_unreachable_objects_the_provider_does(
    stores: Stores, double: KubernetesDouble, provider: Provider
) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    stores.deleted(REGION, NAME)
    forgetting = Provider(double, deleteUnreachable="true")
    assert forgetting.read(made) is None
    forgetting.delete(made)


def test_told_to_skip_unreachable_objects_the_provider_keeps_what_it_knows(
    stores: Stores, double: KubernetesDouble, provider: Provider
) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    stores.deleted(REGION, NAME)
    skipping = Provider(double, skipUpdateUnreachable=True)
    assert skipping.read(made) == (made.inputs, made.outputs)
    assert skipping.check(CONFIG_MAP, "c", config_map(data={"a": "b"}), made.inputs) == made.inputs


def test_a_preview_without_a_cluster_says_what_the_inputs_say(double: KubernetesDouble) -> None:
    nowhere = Provider(double, kubeconfig=kubeconfig(OTHER))
    assert nowhere.preview(CONFIG_MAP, "c", config_map())["data"] == {"colour": "blue"}


def test_a_provider_without_a_kubeconfig_says_so(double: KubernetesDouble) -> None:
    with pytest.raises(ProviderError, match="no configuration has been provided"):
        Provider(double, kubeconfig=None).create(CONFIG_MAP, "c", config_map())


def test_a_caller_who_is_not_admitted_is_unauthorized(world: World) -> None:
    def only_the_role(server: Server, caller: Caller) -> bool:
        return server.name == NAME and caller.role == "the-role"

    double = KubernetesDouble(world, admits=only_the_role)
    double.stores.created(REGION, NAME, "1.36", ENDPOINT)
    with pytest.raises(ProviderError, match="the server has asked for the client to provide credentials"):
        Provider(double).create(CONFIG_MAP, "c", config_map())
    assert Provider(double, kubeconfig=kubeconfig(role="the-role")).create(CONFIG_MAP, "c", config_map()).resource_id
