"""The world beside the double: what is left over, the way in over HTTP, clusters by their endpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import boto3
import pytest
from aws_cloud import REGION, WORKER_POLICIES, Cloud, cluster, network, node_group, role
from botocore.exceptions import ClientError

from pokayoke_rehearsal.world.model import Leftover, Node


class Recorder:
    """Cluster stores that write down what they are told."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []

    def created(self, region: str, name: str, version: str, endpoint: str) -> None:
        self.told.append(("created", name, version, endpoint))

    def upgraded(self, region: str, name: str, version: str) -> None:
        self.told.append(("upgraded", name, version))

    def deleted(self, region: str, name: str) -> None:
        self.told.append(("deleted", name))

    def nodes_joined(self, region: str, name: str, nodes: Sequence[Node]) -> None:
        self.told.append(("joined", name, [(node.node_group, node.instance_type, node.zone) for node in nodes]))

    def nodes_left(self, region: str, name: str, names: Sequence[str]) -> None:
        self.told.append(("left", name, len(names)))

    def addon_installed(self, region: str, name: str, addon: str, version: str, configuration: str = "") -> None:
        self.told.append(("installed", addon, version))

    def addon_removed(self, region: str, name: str, addon: str) -> None:
        self.told.append(("removed", addon))

    def addon_problem(self, region: str, name: str, addon: str) -> str:
        return ""

    def leftovers(self) -> list[Leftover]:
        return [Leftover("eks", "ConfigMap", "default/x", REGION)]


@pytest.fixture
def http(cloud: Cloud) -> boto3.session.Session:
    return boto3.session.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name=REGION)


def test_a_new_world_leaves_nothing_over_in_any_region(cloud: Cloud) -> None:
    for region in (REGION, "ap-northeast-1", "us-east-1"):
        assert cloud.client("ec2", region).describe_vpcs()["Vpcs"]
    assert cloud.client("iam").list_roles()["Roles"] == []
    assert cloud.world.leftovers() == ([], [])


def test_what_was_planted_anywhere_is_left_over(cloud: Cloud) -> None:
    vpc = cloud.client("ec2", "ap-northeast-1").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "sts:AssumeRole"}]}
    cloud.client("iam").create_role(RoleName="planted", AssumeRolePolicyDocument=json.dumps(trust))
    cloud.client("logs").create_log_group(logGroupName="/planted")
    cloud.client("sqs").create_queue(QueueName="planted")
    cloud.client("events").put_rule(Name="planted", EventPattern='{"source": ["aws.ec2"]}')
    cloud.client("ssm").put_parameter(Name="/planted", Value="1", Type="String")
    key = cloud.client("kms").create_key()["KeyMetadata"]["KeyId"]
    left, pending = cloud.world.leftovers()
    found = {(one.service, one.kind, one.note or one.id, one.region) for one in left}
    assert found >= {
        ("iam", "role", "planted", ""),
        ("logs", "log group", "/planted", REGION),
        ("sqs", "queue", "planted", REGION),
        ("events", "rule", "planted", REGION),
        ("ssm", "parameter", "/planted", REGION),
    }
    assert ("ec2", "VPC", vpc, "ap-northeast-1") in {(one.service, one.kind, one.id, one.region) for one in left}
    assert key in {one.id for one in left}
    assert pending == []
    cloud.client("kms").schedule_key_deletion(KeyId=key)
    assert [one.id for one in cloud.world.leftovers()[1]] == [key]
    cloud.client("ec2", "ap-northeast-1").delete_vpc(VpcId=vpc)
    cloud.client("iam").delete_role(RoleName="planted")
    cloud.client("logs").delete_log_group(logGroupName="/planted")
    cloud.client("sqs").delete_queue(QueueUrl=cloud.client("sqs").get_queue_url(QueueName="planted")["QueueUrl"])
    cloud.client("events").delete_rule(Name="planted")
    cloud.client("ssm").delete_parameter(Name="/planted")
    assert cloud.world.leftovers()[0] == []


def test_another_process_sees_the_same_world_over_http(clean: Cloud, http: boto3.session.Session) -> None:
    name = cluster(clean, "shared", network(clean))
    pods = role(clean, "pods", "pods.eks.amazonaws.com")
    kind = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    asked = {"clusterName": name, "namespace": "default", "serviceAccount": "app", "roleArn": pods}
    made = clean.create(kind, "association", **asked)
    eks = http.client("eks", endpoint_url=clean.world.aws_endpoint)
    found = eks.list_pod_identity_associations(clusterName=name, namespace="default", serviceAccount="app")
    assert [one["associationId"] for one in found["associations"]] == [made.id]
    assert eks.describe_cluster(name=name)["cluster"]["endpoint"] == clean.resources[name].outputs["endpoint"]
    with pytest.raises(ClientError) as caught:
        eks.create_pod_identity_association(clusterName=name, namespace="default", serviceAccount="app", roleArn=pods)
    assert caught.value.response["Error"]["Code"] == "ResourceInUseException"


def test_what_another_process_makes_is_left_over(cloud: Cloud, http: boto3.session.Session) -> None:
    sqs = http.client("sqs", endpoint_url=cloud.world.aws_endpoint)
    url = sqs.create_queue(QueueName="from-outside")["QueueUrl"]
    assert [one.note for one in cloud.world.leftovers()[0]] == ["from-outside"]
    sqs.delete_queue(QueueUrl=url)
    assert cloud.world.leftovers()[0] == []


def test_the_cluster_stores_hear_of_clusters_nodes_and_add_ons(clean: Cloud) -> None:
    stores = Recorder()
    before, clean.world.clusters = clean.world.clusters, stores
    try:
        subnets = network(clean)
        name = cluster(clean, "watched", subnets, version="1.35")
        worker = role(clean, "worker", "ec2.amazonaws.com", *WORKER_POLICIES)
        node_group(clean, "nodes", name, worker, subnets)
        asked = {"clusterName": name, "addonName": "metrics-server"}
        clean.create("aws:eks/addon:Addon", "metrics", **asked)
        clean.update(name, **(clean.resources[name].inputs | {"version": "1.36"}))
        left = clean.world.leftovers()[0]
        clean.delete("metrics")
        clean.delete("nodes")
        endpoint = clean.resources[name].outputs["endpoint"]
        clean.delete(name)
    finally:
        clean.world.clusters = before
    assert stores.told == [
        ("created", "watched", "1.35", endpoint),
        ("installed", "vpc-cni", "v1.22.4-eksbuild.3"),
        ("installed", "kube-proxy", "v1.35.3-eksbuild.29"),
        ("installed", "coredns", "v1.13.2-eksbuild.31"),
        ("joined", "watched", [("nodes", "t4g.medium", f"{REGION}a"), ("nodes", "t4g.medium", f"{REGION}b")]),
        ("installed", "metrics-server", "v0.9.0-eksbuild.11"),
        ("upgraded", "watched", "1.36"),
        ("removed", "metrics-server"),
        ("left", "watched", 2),
        ("deleted", "watched"),
    ]
    assert Leftover("eks", "ConfigMap", "default/x", REGION) in left


def test_a_node_group_that_grows_and_shrinks_starts_and_ends_machines(clean: Cloud) -> None:
    subnets = network(clean)
    name = cluster(clean, "elastic", subnets)
    worker = role(clean, "worker", "ec2.amazonaws.com", *WORKER_POLICIES)
    node_group(clean, "nodes", name, worker, subnets)
    inputs = clean.resources["nodes"].inputs

    def running() -> int:
        filters = [{"Name": "instance-state-name", "Values": ["running"]}]
        reservations = clean.client("ec2").describe_instances(Filters=filters)["Reservations"]
        return sum(len(reservation["Instances"]) for reservation in reservations)

    assert running() == 2
    clean.update("nodes", **(inputs | {"scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 3}}))
    assert running() == 3
    clean.update("nodes", **(inputs | {"scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 1}}))
    assert running() == 1


def test_machines_of_an_auto_scaling_group_with_the_clusters_tag_become_its_nodes(clean: Cloud) -> None:
    subnets = network(clean)
    name = cluster(clean, "own-nodes", subnets)
    clean.create("aws:ec2/launchTemplate:LaunchTemplate", "template", instanceType="t3.medium", imageId="ami-12c6146b")
    tags = [{"key": f"kubernetes.io/cluster/{name}", "value": "owned", "propagateAtLaunch": True}]
    template = {"id": clean.resources["template"].id, "version": "1"}
    clean.create(
        "aws:autoscaling/group:Group",
        "workers",
        minSize=1,
        maxSize=2,
        desiredCapacity=2,
        launchTemplate=template,
        vpcZoneIdentifiers=subnets,
        tags=tags,
    )
    asked = {"clusterName": name, "addonName": "coredns", "resolveConflictsOnCreate": "OVERWRITE"}
    assert clean.create("aws:eks/addon:Addon", "coredns", **asked).id == f"{name}:coredns"
