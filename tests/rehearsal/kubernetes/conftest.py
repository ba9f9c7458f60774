"""A world with one cluster, and a Pulumi provider over it whose waits end as soon as nothing more happens."""

from __future__ import annotations

import pytest
from kube_provider import ENDPOINT, NAME, REGION, Provider, node

from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores
from pokayoke_rehearsal.world.model import World


@pytest.fixture
def world() -> World:
    made = World()
    made.waits.patience = 0.0
    return made


@pytest.fixture
def double(world: World) -> KubernetesDouble:
    """The double; everybody may enter its clusters."""
    return KubernetesDouble(world, admits=lambda *_: True)


@pytest.fixture
def stores(double: KubernetesDouble) -> Stores:
    """The stores, with one cluster as EKS makes it, without nodes."""
    double.stores.created(REGION, NAME, "1.36", ENDPOINT)
    for addon in ("vpc-cni", "kube-proxy", "coredns"):
        double.stores.addon_installed(REGION, NAME, addon, "v1")
    return double.stores


@pytest.fixture
def server(stores: Stores) -> Server:
    found = stores.at(ENDPOINT)
    assert found is not None
    return found


@pytest.fixture
def cluster(server: Server) -> Cluster:
    return server.cluster


@pytest.fixture
def nodes(stores: Stores, cluster: Cluster) -> Cluster:
    """The cluster with two system nodes."""
    stores.nodes_joined(REGION, NAME, [node("ip-10-0-0-1"), node("ip-10-0-0-2")])
    return cluster


@pytest.fixture
def provider(double: KubernetesDouble, cluster: Cluster) -> Provider:
    return Provider(double)
