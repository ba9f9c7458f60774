"""What EKS refuses, with its own codes and texts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import pytest
from aws_cloud import WORKER_POLICIES, Cloud, Resource, cluster, network, node_group, role, urn

from pokayoke_rehearsal.doubles.base import ACTIVITY, Call, CheckError, PartialError, ProviderError

ADDON = "aws:eks/addon:Addon"
ENTRY = "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"


@pytest.fixture(scope="module")
def subnets(cloud: Cloud) -> list[str]:
    return network(cloud)


@pytest.fixture(scope="module")
def worker(cloud: Cloud) -> str:
    return role(cloud, "worker", "ec2.amazonaws.com", *WORKER_POLICIES)


@pytest.fixture
def demo(clean: Cloud, subnets: list[str]) -> Iterator[str]:
    return cluster(clean, "demo", subnets)


def refused(text: str) -> pytest.RaisesExc[ProviderError]:
    return pytest.raises(ProviderError, match=re.escape(text))


def test_a_node_group_of_an_architecture_that_its_ami_type_cannot_boot(
    clean: Cloud, demo: str, worker: str, subnets: list[str]
) -> None:
    # The text that was logged for ami-architecture-mismatch.
    text = (
        "InvalidParameterException: [t4g.medium] is not a valid instance type for requested amiType BOTTLEROCKET_x86_64"
    )
    with refused(text):
        node_group(clean, "nodes", demo, worker, subnets, amiType="BOTTLEROCKET_x86_64")


def test_an_instance_type_that_does_not_exist(clean: Cloud, demo: str, worker: str, subnets: list[str]) -> None:
    with refused("The following supplied instance types do not exist: [t9g.huge]"):
        node_group(clean, "nodes", demo, worker, subnets, instanceTypes=["t9g.huge"])


def test_a_bottlerocket_release_without_its_build(clean: Cloud, demo: str, worker: str, subnets: list[str]) -> None:
    with refused("InvalidParameterException: Requested release version 1.65.0 is not valid"):
        node_group(clean, "nodes", demo, worker, subnets, releaseVersion="1.65.0")


def test_more_nodes_at_least_than_wanted(clean: Cloud, demo: str, worker: str, subnets: list[str]) -> None:
    with refused("Minimum capacity 3 can't be greater than desired size 2"):
        node_group(clean, "nodes", demo, worker, subnets, scalingConfig={"minSize": 3, "desiredSize": 2, "maxSize": 3})


def test_a_node_role_that_machines_cannot_assume(clean: Cloud, demo: str, subnets: list[str]) -> None:
    pods = role(clean, "pods", "pods.eks.amazonaws.com")
    with refused("Following required service principals [ec2.amazonaws.com] were not found in the trust relationships"):
        node_group(clean, "nodes", demo, pods, subnets)


def test_nodes_without_a_way_out_never_join(clean: Cloud, demo: str, worker: str, subnets: list[str]) -> None:
    vpc = clean.resources["net-vpc"].id
    place = {"vpcId": vpc, "cidrBlock": "10.0.50.0/24", "availabilityZone": "ap-northeast-2a"}
    isolated = clean.create("aws:ec2/subnet:Subnet", "isolated", **place).id
    with pytest.raises(PartialError, match="NodeCreationFailure: Instances failed to join the kubernetes cluster"):
        node_group(clean, "nodes", demo, worker, [isolated])


def test_nodes_in_a_public_subnet_that_gives_no_addresses(clean: Cloud, demo: str, worker: str) -> None:
    vpc, public = clean.resources["net-vpc"].id, clean.resources["net-public"].id
    place = {"vpcId": vpc, "cidrBlock": "10.0.51.0/24", "availabilityZone": "ap-northeast-2a"}
    bare = clean.create("aws:ec2/subnet:Subnet", "bare", **place).id
    clean.create(
        "aws:ec2/routeTableAssociation:RouteTableAssociation", "bare-table", routeTableId=public, subnetId=bare
    )
    with pytest.raises(PartialError, match="does not automatically assign public IP addresses"):
        node_group(clean, "nodes", demo, worker, [bare])


def test_nodes_whose_role_lacks_the_worker_policy_never_join(clean: Cloud, demo: str, subnets: list[str]) -> None:
    bare = role(clean, "bare", "ec2.amazonaws.com")
    with pytest.raises(PartialError, match="NodeCreationFailure: Instances failed to join the kubernetes cluster"):
        node_group(clean, "nodes", demo, bare, subnets)


def test_nodes_whose_role_lacks_the_cni_policy_stay_unhealthy(clean: Cloud, demo: str, subnets: list[str]) -> None:
    policies = [policy for policy in WORKER_POLICIES if "CNI" not in policy]
    without = role(clean, "without-cni", "ec2.amazonaws.com", *policies)
    with pytest.raises(PartialError, match="NodeCreationFailure: Unhealthy nodes in the kubernetes cluster"):
        node_group(clean, "nodes", demo, without, subnets)


def test_nodes_of_a_cluster_without_cni_stay_unhealthy_until_it_comes(
    clean: Cloud, worker: str, subnets: list[str]
) -> None:
    name = cluster(clean, "bare", subnets, bootstrapSelfManagedAddons=False)
    with pytest.raises(PartialError, match="Unhealthy nodes in the kubernetes cluster"):
        node_group(clean, "nodes", name, worker, subnets)
    clean.create(ADDON, "vpc-cni", clusterName=name, addonName="vpc-cni")
    assert clean.read("nodes")["status"] == "ACTIVE"


def test_nodes_behind_nat_cannot_reach_an_endpoint_that_is_public_for_others_only(
    clean: Cloud, worker: str, subnets: list[str]
) -> None:
    access = {"endpointPrivateAccess": False, "publicAccessCidrs": ["203.0.113.0/24"]}
    name = cluster(clean, "walled", subnets, vpcConfig=access)
    with pytest.raises(PartialError, match="Instances failed to join the kubernetes cluster"):
        node_group(clean, "nodes", name, worker, subnets)


def test_an_add_on_over_a_self_managed_one_without_overwrite(clean: Cloud, demo: str) -> None:
    with pytest.raises(PartialError, match="ConfigurationConflict: Conflicts found when trying to apply") as caught:
        clean.create(ADDON, "kube-proxy", clusterName=demo, addonName="kube-proxy")
    assert "'CREATE_FAILED'" in str(caught.value)


def test_an_add_on_over_a_self_managed_one_with_overwrite(clean: Cloud, demo: str) -> None:
    made = clean.create(
        ADDON, "kube-proxy", clusterName=demo, addonName="kube-proxy", resolveConflictsOnCreate="OVERWRITE"
    )
    assert made.outputs["addonVersion"] == "v1.36.0-eksbuild.25"


@pytest.mark.parametrize("addon", ["coredns", "metrics-server", "aws-ebs-csi-driver"])
def test_an_add_on_with_a_deployment_needs_a_node(clean: Cloud, demo: str, addon: str) -> None:
    with pytest.raises(PartialError, match=r"'DEGRADED'.*doesn't have the desired number of replicas"):
        clean.create(ADDON, addon, clusterName=demo, addonName=addon, resolveConflictsOnCreate="OVERWRITE")


def test_an_add_on_becomes_well_on_the_node_it_waited_for(
    clean: Cloud, demo: str, worker: str, subnets: list[str]
) -> None:
    asked = {"clusterName": demo, "addonName": "coredns", "resolveConflictsOnCreate": "OVERWRITE"}
    with pytest.raises(PartialError):
        clean.create(ADDON, "coredns", **asked)
    node_group(clean, "nodes", demo, worker, subnets)
    assert clean.update("coredns", **asked).outputs["addonVersion"] == "v1.14.3-eksbuild.23"


def test_a_taint_that_the_add_on_does_not_tolerate_keeps_it_waiting(
    clean: Cloud, demo: str, worker: str, subnets: list[str]
) -> None:
    taint = {"key": "team", "value": "a", "effect": "NO_SCHEDULE"}
    node_group(clean, "nodes", demo, worker, subnets, taints=[taint])
    asked = {"clusterName": demo, "addonName": "coredns", "resolveConflictsOnCreate": "OVERWRITE"}
    with pytest.raises(PartialError, match="DEGRADED"):
        clean.create(ADDON, "coredns", **asked)
    tolerations = '{"tolerations": [{"key": "team", "operator": "Exists"}]}'
    clean.update("coredns", **asked, configurationValues=tolerations)


def test_an_add_on_that_does_not_exist(clean: Cloud, demo: str) -> None:
    with refused("InvalidParameterException: Addon vpc-cnj specified is not supported"):
        clean.create(ADDON, "vpc-cnj", clusterName=demo, addonName="vpc-cnj")


def test_a_second_access_entry_for_a_principal(clean: Cloud, demo: str) -> None:
    asked = {"clusterName": demo, "principalArn": "arn:aws:iam::123456789012:role/admin"}
    clean.create(ENTRY, "first", **asked)
    with refused("ResourceInUseException: The specified access entry resource is already in use on this cluster."):
        clean.create(ENTRY, "second", **asked)


def test_an_access_entry_for_the_creator_who_has_one_already(clean: Cloud, demo: str) -> None:
    creator = "arn:aws:iam::123456789012:role/platform"
    with refused("ResourceInUseException: The specified access entry resource is already in use on this cluster."):
        clean.create(ENTRY, "creator", clusterName=demo, principalArn=creator)


def test_an_access_entry_for_the_creator_whose_implicit_one_is_off(clean: Cloud, subnets: list[str]) -> None:
    mode = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}
    name = cluster(clean, "lean", subnets, accessConfig=mode)
    creator = "arn:aws:iam::123456789012:role/platform"
    assert clean.create(ENTRY, "creator", clusterName=name, principalArn=creator).outputs["type"] == "STANDARD"


def test_an_access_entry_for_the_role_of_a_managed_node_group(
    clean: Cloud, demo: str, worker: str, subnets: list[str]
) -> None:
    node_group(clean, "nodes", demo, worker, subnets)
    with refused("ResourceInUseException"):
        clean.create(ENTRY, "worker-entry", clusterName=demo, principalArn=worker, type="EC2_LINUX")


def test_an_access_entry_for_the_role_of_a_fargate_profile(clean: Cloud, demo: str, subnets: list[str]) -> None:
    pods = role(clean, "fargate", "eks-fargate-pods.amazonaws.com")
    profile = {"podExecutionRoleArn": pods, "subnetIds": subnets, "selectors": [{"namespace": "default"}]}
    clean.create("aws:eks/fargateProfile:FargateProfile", "serverless", clusterName=demo, **profile)
    with refused("ResourceInUseException"):
        clean.create(ENTRY, "fargate-entry", clusterName=demo, principalArn=pods, type="FARGATE_LINUX")


def test_the_entry_of_a_node_group_goes_with_the_last_group_of_its_role(
    clean: Cloud, demo: str, worker: str, subnets: list[str]
) -> None:
    for name in ("one", "two"):
        node_group(clean, name, demo, worker, subnets)
    eks = clean.client("eks")
    clean.delete("one")
    assert worker in eks.list_access_entries(clusterName=demo)["accessEntries"]
    clean.delete("two")
    assert worker not in eks.list_access_entries(clusterName=demo)["accessEntries"]


def test_access_policies_on_an_entry_for_nodes(clean: Cloud, demo: str, worker: str) -> None:
    clean.create(ENTRY, "nodes-entry", clusterName=demo, principalArn=worker, type="EC2_LINUX")
    with refused("InvalidRequestException"):
        clean.create(
            "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
            "nodes-admin",
            clusterName=demo,
            principalArn=worker,
            policyArn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope={"type": "cluster"},
        )


def test_an_access_policy_for_a_principal_without_entry(clean: Cloud, demo: str) -> None:
    with refused("ResourceNotFoundException: The specified principalArn could not be found."):
        clean.create(
            "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
            "nobody",
            clusterName=demo,
            principalArn="arn:aws:iam::123456789012:role/nobody",
            policyArn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
            accessScope={"type": "cluster"},
        )


def test_an_access_entry_while_access_is_by_config_map(clean: Cloud, subnets: list[str]) -> None:
    name = cluster(clean, "old", subnets, accessConfig={"authenticationMode": "CONFIG_MAP"})
    with refused("The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP]"):
        clean.create(ENTRY, "admin", clusterName=name, principalArn="arn:aws:iam::123456789012:role/admin")


def test_a_group_of_kubernetes_own_in_an_access_entry(clean: Cloud, demo: str) -> None:
    with refused("The kubernetes group name system:masters is invalid, it cannot start with system:"):
        clean.create(
            ENTRY,
            "admin",
            clusterName=demo,
            principalArn="arn:aws:iam::123456789012:role/admin",
            kubernetesGroups=["system:masters"],
        )


def test_a_second_pod_identity_association_for_a_service_account(clean: Cloud, demo: str) -> None:
    pods = role(clean, "pods", "pods.eks.amazonaws.com")
    asked = {"clusterName": demo, "namespace": "kube-system", "serviceAccount": "karpenter", "roleArn": pods}
    first = clean.create(ASSOCIATION, "first", **asked)
    with refused(f"ResourceInUseException: Association already exists: {first.id}"):
        clean.create(ASSOCIATION, "second", **asked)


def test_a_pod_identity_association_with_a_role_that_does_not_exist(clean: Cloud, demo: str) -> None:
    missing = "arn:aws:iam::123456789012:role/missing"
    with refused("InvalidParameterException: Role provided in the request does not exist."):
        clean.create(ASSOCIATION, "lost", clusterName=demo, namespace="default", serviceAccount="app", roleArn=missing)


def test_an_unknown_kubernetes_version(clean: Cloud, subnets: list[str]) -> None:
    with refused("InvalidParameterException: unsupported Kubernetes version 1.99"):
        cluster(clean, "future", subnets, version="1.99")


def test_a_cluster_in_one_zone_only(clean: Cloud, subnets: list[str]) -> None:
    with refused("InvalidParameterException: Subnets specified must be in at least two different AZs"):
        cluster(clean, "narrow", subnets[:1])


def test_a_cluster_that_nobody_can_reach(clean: Cloud, subnets: list[str]) -> None:
    access = {"endpointPrivateAccess": False, "endpointPublicAccess": False}
    with refused("Private and public endpoint access cannot be false"):
        cluster(clean, "sealed", subnets, vpcConfig=access)


def test_a_cluster_role_that_eks_cannot_assume(clean: Cloud, worker: str, subnets: list[str]) -> None:
    with refused("could not be assumed because it does not exist or the trusted entity is not correct"):
        clean.create("aws:eks/cluster:Cluster", "wrong", name="wrong", roleArn=worker, vpcConfig={"subnetIds": subnets})


def test_a_second_cluster_of_a_name(clean: Cloud, demo: str, subnets: list[str]) -> None:
    arn = clean.resources["demo-role"].outputs["arn"]
    with refused("ResourceInUseException: Cluster already exists with name: demo"):
        clean.create("aws:eks/cluster:Cluster", "again", name=demo, roleArn=arn, vpcConfig={"subnetIds": subnets})


def test_an_upgrade_over_two_minor_versions(clean: Cloud, subnets: list[str]) -> None:
    name = cluster(clean, "late", subnets, version="1.34")
    inputs = clean.resources[name].inputs
    with refused("Unsupported Kubernetes minor version update from 1.34 to 1.36"):
        clean.update(name, **(inputs | {"version": "1.36"}))
    assert clean.update(name, **(inputs | {"version": "1.35"})).outputs["version"] == "1.35"


def test_a_downgrade_replaces_the_cluster(clean: Cloud, demo: str) -> None:
    found = clean.diff(demo, **(clean.resources[demo].inputs | {"version": "1.35"}))
    assert found.replacing == {"version"}


def test_a_return_to_access_by_config_map(clean: Cloud, demo: str) -> None:
    inputs = clean.resources[demo].inputs | {"accessConfig": {"authenticationMode": "CONFIG_MAP"}}
    with refused("Unsupported authentication mode update from API to CONFIG_MAP"):
        clean.update(demo, **inputs)


def test_deleting_a_protected_cluster(clean: Cloud, subnets: list[str]) -> None:
    name = cluster(clean, "prod", subnets, deletionProtection=True)
    resource = clean.resources[name]
    with refused("InvalidRequestException: Cluster prod has deletion protection enabled."):
        clean.delete(name)
    assert clean.resources[name] is resource
    clean.update(name, **(resource.inputs | {"deletionProtection": False}))


def test_deleting_a_cluster_that_has_node_groups(clean: Cloud, demo: str, worker: str, subnets: list[str]) -> None:
    node_group(clean, "nodes", demo, worker, subnets)
    with refused("ResourceInUseException: Cluster has nodegroups attached"):
        clean.delete(demo)


def test_a_support_type_that_does_not_exist_is_refused_before_anything_is_made(
    clean: Cloud, subnets: list[str]
) -> None:
    with pytest.raises(CheckError, match=re.escape("Member must satisfy enum value set: [STANDARD, EXTENDED]")):
        cluster(clean, "odd", subnets, upgradePolicy={"supportType": "FOREVER"})


def test_support_is_extended_unless_said_otherwise(clean: Cloud, demo: str) -> None:
    assert clean.resources[demo].outputs["upgradePolicy"] == {"supportType": "EXTENDED"}


def test_an_add_on_waits_for_the_node_group_that_is_made_beside_it(
    clean: Cloud, demo: str, worker: str, subnets: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clean.world, "patience", 5.0)
    asked = {"clusterName": demo, "addonName": "coredns", "resolveConflictsOnCreate": "OVERWRITE"}
    inputs = clean.check(ADDON, "coredns", **asked)

    async def both() -> str:
        waiting = asyncio.create_task(clean.double.create_resource(Call(urn(ADDON, "coredns")), inputs))
        await asyncio.sleep(0)
        made = node_group_asked(demo, worker, subnets)
        kind = "aws:eks/nodeGroup:NodeGroup"
        group = await clean.double.create_resource(Call(urn(kind, "beside")), made)
        clean.resources["beside"] = Resource(urn(kind, "beside"), group.resource_id, made, group.outputs)
        assert not waiting.done()
        ACTIVITY.tick()
        return (await waiting).resource_id

    assert clean.run(both()) == f"{demo}:coredns"


def node_group_asked(demo: str, worker: str, subnets: list[str]) -> dict[str, Any]:
    return {
        "clusterName": demo,
        "nodeGroupName": "beside",
        "nodeRoleArn": worker,
        "subnetIds": subnets,
        "amiType": "BOTTLEROCKET_ARM_64",
        "instanceTypes": ["t4g.medium"],
        "scalingConfig": {"minSize": 1, "maxSize": 1, "desiredSize": 1},
    }
