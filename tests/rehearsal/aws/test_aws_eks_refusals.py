"""What EKS refuses of clusters and of access to them, with its own codes and texts."""

from __future__ import annotations

import re

import pytest
from aws_cloud import Cloud, cluster, node_group, refused, role

from pokayoke_rehearsal.doubles.base import CheckError

ENTRY = "aws:eks/accessEntry:AccessEntry"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"


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
