"""Node groups and add-ons: what EKS refuses, and what never becomes well, with its own codes and texts."""

from __future__ import annotations

import asyncio
import json
from contextlib import nullcontext
from typing import Any

import pytest
from aws_cloud import WORKER_POLICIES, Cloud, Resource, cluster, node_group, refused, role, urn

from pokayoke_rehearsal.doubles.base import Call, PartialError

ADDON = "aws:eks/addon:Addon"
CNI, AGENT = "AmazonEKS_CNI_Policy", ("eks-pod-identity-agent",)


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
    with pytest.raises(PartialError, match="NodeCreationFailure: Unhealthy nodes in the kubernetes cluster"):
        node_group(clean, "nodes", demo, without_cni(clean), subnets)


@pytest.mark.parametrize(
    ("policy", "actions", "addons", "ready"),
    [
        pytest.param(CNI, ["sts:AssumeRole", "sts:TagSession"], AGENT, True, id="whole"),
        pytest.param(CNI, ["sts:AssumeRole", "sts:TagSession"], (), False, id="without-the-agent"),
        pytest.param(CNI, ["sts:AssumeRole"], AGENT, False, id="not-to-be-assumed"),
        pytest.param(
            WORKER_POLICIES[0], ["sts:AssumeRole", "sts:TagSession"], AGENT, False, id="without-the-cni-policy"
        ),
    ],
)
def test_the_cni_may_have_the_policy_on_a_role_of_its_own(
    clean: Cloud,
    demo: str,
    subnets: list[str],
    policy: str,
    actions: list[str],
    addons: tuple[str, ...],
    *,
    ready: bool,
) -> None:
    bare, own = without_cni(clean), role(clean, "own", "pods.eks.amazonaws.com", policy)
    trusted = {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": actions}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
    clean.client("iam").update_assume_role_policy(RoleName="own", PolicyDocument=document)
    for addon in addons:
        clean.create(ADDON, addon, clusterName=demo, addonName=addon)
    plugin(clean, demo, podIdentityAssociations=[{"serviceAccount": "aws-node", "roleArn": own}])
    with nullcontext() if ready else pytest.raises(PartialError, match="Unhealthy nodes in the kubernetes cluster"):
        node_group(clean, "nodes", demo, bare, subnets)


def test_the_cni_may_have_a_role_by_its_service_account(clean: Cloud, demo: str, subnets: list[str]) -> None:
    plugin(clean, demo, serviceAccountRoleArn=role(clean, "own", "sts.amazonaws.com", CNI))
    node_group(clean, "nodes", demo, without_cni(clean), subnets)


def without_cni(clean: Cloud) -> str:
    return role(clean, "without-cni", "ec2.amazonaws.com", *(one for one in WORKER_POLICIES if one != CNI))


def plugin(clean: Cloud, cluster_name: str, **said: Any) -> None:
    over = {"resolveConflictsOnCreate": "OVERWRITE", **said}
    clean.create(ADDON, "vpc-cni", clusterName=cluster_name, addonName="vpc-cni", **over)


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


def test_an_add_on_waits_for_the_node_group_that_is_made_beside_it(
    clean: Cloud, demo: str, worker: str, subnets: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clean.world.waits, "patience", 5.0)
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
        clean.world.waits.happened()
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
