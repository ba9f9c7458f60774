"""The double in its world: EKS opens, fills and closes its API servers, and says who may enter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from kube_provider import CONFIG_MAP, NAME, REGION, Provider, config_map, kubeconfig

from pokayoke_rehearsal.doubles.base import ProviderError
from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind
from pokayoke_rehearsal.doubles.kubernetes.stores import Server
from pokayoke_rehearsal.world.model import World
from pokayoke_rehearsal.world.moto_aws import MotoAws

ADMINISTRATOR = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
VIEWER = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"
SOMEBODY = "arn:aws:iam::123456789012:role/somebody"


@dataclass
class Account:
    """An account in which clusters can be made."""

    world: World
    double: KubernetesDouble
    role: str
    subnets: list[str]

    @property
    def eks(self) -> Any:
        return self.world.client("eks", REGION)

    def open(self, **access: Any) -> Server:
        """Makes the cluster; nobody administrates it unless `access` says so."""
        config = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False, **access}
        network = {"subnetIds": self.subnets}
        self.eks.create_cluster(name=NAME, roleArn=self.role, resourcesVpcConfig=network, accessConfig=config)
        found = self.double.stores.server(REGION, NAME)
        assert found is not None
        return found

    def admit(self, policy: str, scope: str = "cluster", principal: str = SOMEBODY) -> None:
        self.eks.create_access_entry(clusterName=NAME, principalArn=principal, type="STANDARD")
        where = {"type": scope, **({"namespaces": ["default"]} if scope == "namespace" else {})}
        self.eks.associate_access_policy(clusterName=NAME, principalArn=principal, policyArn=policy, accessScope=where)

    def provider(self, server: Server, role: str = "") -> Provider:
        return Provider(self.double, kubeconfig=kubeconfig(server.endpoint, role=role))


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    world = World()
    world.waits.patience = 0.0
    double = KubernetesDouble(world)
    world.start(lambda started: MotoAws(started))
    ec2, iam = world.client("ec2", REGION), world.client("iam", REGION)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for index, zone in enumerate("ab")
    ]
    statement = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = iam.create_role(RoleName="cluster", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    yield Account(world, double, role, [made["Subnet"]["SubnetId"] for made in subnets])
    world.stop()


@pytest.fixture
def eks(account: Account) -> Iterator[Account]:
    """The account without a cluster, before and after."""
    yield account
    if NAME in account.eks.list_clusters()["clusters"]:
        account.eks.delete_cluster(name=NAME)


def test_a_cluster_comes_with_its_endpoint_and_the_self_managed_add_ons(eks: Account) -> None:
    server = eks.open()
    assert server.endpoint == eks.eks.describe_cluster(name=NAME)["cluster"]["endpoint"]
    workloads = {
        obj["metadata"]["name"] for kind in ("DaemonSet", "Deployment") for obj in server.cluster.list("apps", kind)
    }
    assert workloads == {"aws-node", "kube-proxy", "coredns"}
    assert eks.double.stores.leftovers() == []


def test_nobody_enters_before_an_administrator_is_admitted(eks: Account) -> None:
    provider = eks.provider(eks.open())
    with pytest.raises(ProviderError, match="the server has asked for the client to provide credentials"):
        provider.create(CONFIG_MAP, "c", config_map())
    eks.admit(ADMINISTRATOR)
    assert provider.create(CONFIG_MAP, "c", config_map()).resource_id == "default/settings"


@pytest.mark.parametrize(("policy", "scope"), [(VIEWER, "cluster"), (ADMINISTRATOR, "namespace")])
def test_who_is_no_administrator_of_the_whole_cluster_does_not_enter(eks: Account, policy: str, scope: str) -> None:
    provider = eks.provider(eks.open())
    eks.admit(policy, scope)
    with pytest.raises(ProviderError, match="unreachable"):
        provider.create(CONFIG_MAP, "c", config_map())


def test_a_role_that_is_assumed_needs_an_entry_of_its_own(eks: Account) -> None:
    server = eks.open()
    eks.admit(ADMINISTRATOR)
    with pytest.raises(ProviderError, match="unreachable"):
        eks.provider(server, role="arn:aws:iam::123456789012:role/another").create(CONFIG_MAP, "c", config_map())
    assert eks.provider(server, role=SOMEBODY).create(CONFIG_MAP, "c", config_map()).resource_id


@pytest.mark.parametrize(
    "access",
    [{"bootstrapClusterCreatorAdminPermissions": True}, {"authenticationMode": "CONFIG_MAP"}],
)
def test_whoever_made_the_cluster_may_enter_where_eks_says_so(eks: Account, access: dict[str, Any]) -> None:
    assert eks.provider(eks.open(**access)).create(CONFIG_MAP, "c", config_map()).resource_id


def test_what_is_left_in_a_cluster_is_told_and_goes_with_it(eks: Account) -> None:
    provider = eks.provider(eks.open(bootstrapClusterCreatorAdminPermissions=True))
    made = provider.create(CONFIG_MAP, "c", config_map())
    left, _ = eks.world.leftovers()
    assert [
        (item.service, item.kind, item.id) for item in left if item.service == "eks" and item.kind == "ConfigMap"
    ] == [("eks", "ConfigMap", "default/settings")]
    eks.eks.delete_cluster(name=NAME)
    assert eks.double.stores.leftovers() == []
    with pytest.raises(ProviderError, match="no such host"):
        provider.create(CONFIG_MAP, "c", config_map())
    with pytest.raises(ProviderError, match="PULUMI_K8S_DELETE_UNREACHABLE"):
        provider.delete(made)


def test_an_upgrade_changes_what_is_served(eks: Account) -> None:
    network = {"subnetIds": eks.subnets}
    eks.eks.create_cluster(name=NAME, roleArn=eks.role, resourcesVpcConfig=network, version="1.35")
    server = eks.double.stores.server(REGION, NAME)
    assert server is not None
    newer = Kind("admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicy")
    before = server.cluster.discovery.serves(newer)
    eks.eks.update_cluster_version(name=NAME, version="1.36")
    assert server.cluster.version == "1.36"
    assert (before, server.cluster.discovery.serves(newer)) == (False, True)
