"""What somebody takes out of a cluster with `kubectl delete`, when a creation was interrupted and its name is taken."""

import pytest
from kube_provider import CONFIG_MAP, NAMESPACE, Provider, kubeconfig

from pokayoke_rehearsal.doubles.base import ProviderError
from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster

URN = "urn:pulumi:dev::test::pulumi:providers:kubernetes::it"


def test_an_object_that_was_removed_by_hand_can_be_made_again_and_one_that_is_missing_is_passed_over(
    provider: Provider, double: KubernetesDouble, cluster: Cluster
) -> None:
    known = {"urn": URN, "type": "pulumi:providers:kubernetes", "inputs": {"kubeconfig": kubeconfig()}}
    taken, kept = ({"metadata": {"name": name, "namespace": "default"}} for name in ("taken", "kept"))
    for inputs in (taken, kept):
        provider.create(CONFIG_MAP, "one", inputs)
    with pytest.raises(ProviderError, match="already exists"):
        provider.create(CONFIG_MAP, "one", taken)

    interrupted = [
        {"urn": "urn:1", "type": CONFIG_MAP, "inputs": taken, "provider": f"{URN}::id"},
        {"urn": "urn:2", "type": NAMESPACE, "inputs": {"metadata": {"name": "nowhere"}}, "provider": f"{URN}::id"},
        {"urn": "urn:3", "type": CONFIG_MAP, "inputs": kept, "provider": "urn:of:another::id"},
    ]
    double.remove_by_hand([known, *interrupted])
    provider.create(CONFIG_MAP, "one", taken)
    with pytest.raises(ProviderError, match="already exists"):
        provider.create(CONFIG_MAP, "one", kept)
