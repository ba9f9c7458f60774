"""What somebody else made has the same handles as what is ours, and either stands on the other."""

import runpy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from registrations import record
from their_account import LOOKUPS, SUBNETS, VPC

from pokayoke_eks import (
    Cluster,
    ExistingCluster,
    ExistingClusterConfig,
    ExistingNetwork,
    ExistingNetworkConfig,
    GatewayConfig,
    IdentityConfig,
    Network,
    PublicGateway,
    WorkloadIdentity,
)
from pokayoke_eks.handles import ClusterHandle, NetworkHandle

SNIPPETS = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "generator" / "snippets.py"))["SNIPPETS"]


def test_a_cluster_of_ours_stands_on_a_network_of_theirs(tmp_path: Path) -> None:
    namespace: dict[str, Any] = {"shared": {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable"}}

    def program() -> None:
        for name in ("ExistingNetwork", "Cluster", "Karpenter", "NodePools"):
            (tmp_path / f"{name}.py").write_text(SNIPPETS[name])
            namespace.update(runpy.run_path(str(tmp_path / f"{name}.py"), init_globals=namespace))

    made = record(program, lookups=LOOKUPS)
    private = [f"{name}-internal-elb" for name in SUBNETS]
    assert made.one("eks:index:Cluster").inputs["privateSubnetIds"] == private
    assert made.one("eks:index:Cluster").inputs["vpcId"] == VPC
    assert made.one("aws:eks/nodeGroup:NodeGroup").inputs["subnetIds"] == private
    (nodes,) = made.of_type("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass")
    assert nodes.inputs["spec"]["subnetSelectorTerms"] == [{"id": subnet} for subnet in private]


@pytest.mark.parametrize(
    ("said", "protected"),
    [({"lifecycle": "retained"}, True), ({"lifecycle": "retained", "allow_destroy": True}, False)],
    ids=["retained", "allow-destroy"],
)
def test_what_a_retained_stack_puts_on_a_cluster_of_theirs_is_protected(said: dict[str, Any], protected: bool) -> None:
    def program() -> None:
        stated = {"region": "ap-northeast-2", "vpc": VPC}
        network = ExistingNetwork("theirs", ExistingNetworkConfig.model_validate(stated))
        config = {"name": "theirs", "region": "ap-northeast-2", "node_group": "base", **said}
        cluster = ExistingCluster("theirs", ExistingClusterConfig.model_validate(config), network=network)
        identity = IdentityConfig(namespace="shop", service_account="orders")
        WorkloadIdentity("orders", identity, cluster=cluster, policies={})

    made = [one for one in record(program, lookups=LOOKUPS) if one.custom]
    assert made
    assert {one.protect for one in made} == {protected}


def test_what_somebody_else_made_has_the_same_handles() -> None:
    for handle, ours, theirs in (
        (NetworkHandle, Network, ExistingNetwork),
        (ClusterHandle, Cluster, ExistingCluster),
    ):
        asked = {name for name in vars(handle) if not name.startswith("_")}
        assert asked
        for cls in (ours, theirs):
            assert asked <= {*cls.__annotations__, *vars(cls)}, cls


def test_a_network_without_public_subnets_has_no_gateway_to_the_internet() -> None:
    """As one of somebody else's may be: its balancer would stand nowhere."""
    said = {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable", "hosts": ["a.example.com"]}
    config = GatewayConfig.model_validate({**said, "variant": "nlb"})
    cluster = SimpleNamespace(config=config, network=SimpleNamespace(public_subnet_ids=()))
    controller: Any = SimpleNamespace(cluster=cluster)
    certificate: Any = SimpleNamespace(hosts=config.hosts)
    with pytest.raises(ValueError, match="the network has no public subnets"):
        PublicGateway("demo", config, controller=controller, certificate=certificate)
