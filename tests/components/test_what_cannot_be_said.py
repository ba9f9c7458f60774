"""No argument of any constructor, and no field of any of their configs, could say what the documented failures were."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import grimp
import pytest

import pokayoke_eks.dns.values as of_external_dns
import pokayoke_eks.istio.values as of_istio
import pokayoke_eks.karpenter.values as of_karpenter
import pokayoke_eks.load_balancer.values as of_load_balancer
from pokayoke_eks import (
    IdentityConfig,
    Karpenter,
    KarpenterConfig,
    NodePools,
    NodePoolsConfig,
    PoolConfig,
    WorkloadIdentity,
    helm,
)
from pokayoke_eks.helm import Chart, release, release_with_identity


def words(of: Callable[..., object]) -> set[str]:
    return set(inspect.signature(of).parameters) - {"self"}


def test_no_part_takes_credentials_or_a_registry_s_settings() -> None:
    """`public-registry-credentials`"""
    taken = words(Karpenter.__init__) | words(NodePools.__init__) | words(release) | words(release_with_identity)
    assert not [word for word in taken if re.search("user|pass|token|credential|login|registry", word)]
    assert set(Chart.__dataclass_fields__) == {"repository", "name", "version"}


def test_no_part_takes_a_namespace_or_a_service_account_beside_its_identity() -> None:
    """`pod-identity-namespace-mismatch`"""
    assert words(release_with_identity) == {
        "name",
        "chart",
        "identity",
        "values",
        "outputs",
        "after",
        "parent",
    }
    assert words(WorkloadIdentity.__init__) == {"name", "config", "cluster", "policies", "beside", "opts"}
    assert IdentityConfig.model_fields.keys() == {"namespace", "service_account", "pod_security"}


def test_no_part_takes_a_role_a_profile_an_id_or_user_data() -> None:
    """`duplicate-node-role`, `leftover-node-role`, `node-role-policies-missing`, `security-group-selector`,
    `stale-vpc-id`, `user-data-invalid`"""
    assert words(Karpenter.__init__) == {"name", "config", "cluster", "opts"}
    assert words(NodePools.__init__) == {"name", "config", "karpenter", "opts"}
    said = {word for config in _configs() for name in config.model_fields for word in name.split("_")}
    assert not said & {"role", "profile", "subnet", "subnets", "security", "vpc", "user", "data", "ami", "image", "id"}


def test_every_model_of_values_refuses_what_it_does_not_know_and_never_changes() -> None:
    """`untyped-helm-values`"""
    modules = (helm, of_external_dns, of_istio, of_karpenter, of_load_balancer)
    models = {one for module in modules for _, one in inspect.getmembers(module, inspect.isclass)}
    models = {one for one in models if issubclass(one, helm.Values)}
    assert len(models) > 20
    for model in models:
        assert (model.model_config.get("extra"), model.model_config.get("frozen")) == ("forbid", True)


def _configs() -> list[Any]:
    return [KarpenterConfig, NodePoolsConfig, PoolConfig]


LAYERS = ("network", "cluster", "identity", "helm", "karpenter", "node_pools")
"""Each is built on those before it."""


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    """Which module of the library imports which, as the sources say."""
    return grimp.build_graph("pokayoke_eks", cache_dir=None)


@pytest.mark.parametrize("layer", LAYERS)
def test_no_layer_knows_what_is_built_on_it(layer: str, imports: grimp.ImportGraph) -> None:
    """`dependency-cycle`"""
    home = f"pokayoke_eks.{layer}"
    reached = imports.find_upstream_modules(home, as_package=True) | {home}
    known = {one.split(".")[1] for one in reached if "." in one}
    assert not known & set(LAYERS[LAYERS.index(layer) + 1 :])
