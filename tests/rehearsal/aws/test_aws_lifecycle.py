"""Every type that the double knows is made, read, changed, found unchanged and deleted, and nothing of it stays."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cloud import REGION, Cloud
from aws_everything import ALLOW_ALL, EXPIRY, OSAKA, PULL, everything

from pokayoke_rehearsal.doubles.aws.types import TYPES
from pokayoke_rehearsal.doubles.base import UNKNOWN


@pytest.fixture(scope="module")
def full(cloud: Cloud) -> Cloud:
    """The world with one resource at least of every type."""
    everything(cloud)
    return cloud


def test_every_type_is_made(full: Cloud) -> None:
    made = {resource.urn.split("::")[2] for resource in full.resources.values()}
    assert made == {kind.pulumi_type for kind in TYPES.values()}


def test_every_resource_has_an_id_and_nothing_unknown(full: Cloud) -> None:
    for name, resource in full.resources.items():
        assert resource.id, name
        assert UNKNOWN not in resource.outputs.values(), name


def test_every_computed_output_is_known_after_up_or_does_not_apply(full: Cloud) -> None:
    optional = {"clusterId", "configurationValues", "nodeRepairConfig", "inlinePolicies", "hostedZoneId"}
    optional |= {"instanceId", "instanceOwnerId", "privateDns", "ptrRecord"}
    for name, resource in full.resources.items():
        kind = TYPES[resource.urn.split("::")[2]]
        missing = set(kind.computed) - set(resource.outputs) - optional
        assert not missing, name


def test_every_resource_is_found_again_as_it_was_made(full: Cloud) -> None:
    for name, resource in full.resources.items():
        found = full.read(name)
        assert found is not None, name
        assert found.get("arn") == resource.outputs.get("arn"), name


def test_every_resource_is_unchanged_by_a_second_up(full: Cloud) -> None:
    for name, resource in full.resources.items():
        assert not full.diff(name, **resource.inputs).changed, name


def test_a_preview_of_every_type_knows_its_inputs_and_nothing_computed(full: Cloud) -> None:
    for name, resource in list(full.resources.items()):
        kind = TYPES[resource.urn.split("::")[2]]
        outputs = full.preview(kind.pulumi_type, name, **resource.inputs)
        for key in kind.computed:
            if key not in resource.inputs:
                assert outputs[key] is UNKNOWN, (name, key)
        assert resource.inputs.keys() <= outputs.keys()


def test_tags_of_every_tagged_type_change_in_place(full: Cloud) -> None:
    for name, resource in list(full.resources.items()):
        if not TYPES[resource.urn.split("::")[2]].tagged:
            continue
        inputs = {key: value for key, value in resource.inputs.items() if key != "tags"}
        changed = full.diff(name, **inputs, tags={"team": "a", "stage": "dev"})
        assert changed.changed, name
        assert not changed.replacing, name
        assert full.update(name, **inputs, tags={"team": "a", "stage": "dev"}).outputs["tagsAll"]["team"] == "a"
        assert full.update(name, **inputs, tags={"team": "b"}).outputs["tagsAll"] == {"team": "b"}, name
        tags = (full.read(name) or {}).get("tags", {"team": "b"})
        assert (tags.get("team"), tags.get("stage")) == ("b", None), name


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("group", {"ingress": [{"fromPort": 80, "toPort": 80, "protocol": "tcp", "cidrBlocks": ["10.0.0.0/8"]}]}),
        ("rule-in", {"description": "from the office"}),
        ("template", {"instanceType": "t4g.large"}),
        ("policy", {"policy": ALLOW_ALL.replace("GetObject", "PutObject")}),
        ("key", {"description": "for secrets", "enableKeyRotation": False}),
        ("log-group", {"retentionInDays": 30}),
        ("parameter", {"value": "other"}),
        ("queue", {"visibilityTimeoutSeconds": 60}),
        ("rule", {"description": "more"}),
        ("nodes", {"labels": {"role": "system"}, "scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 1}}),
        ("repository", {"imageTagMutability": "IMMUTABLE"}),
        ("repository-policy", {"policy": PULL.replace("GetDownloadUrlForLayer", "BatchGetImage")}),
        ("replication", {"replicationConfiguration": {"rules": [{"destinations": [OSAKA]}]}}),
        ("scanning", {"scanType": "BASIC", "rules": []}),
        ("ownership", {"rule": {"objectOwnership": "BucketOwnerPreferred"}}),
        ("expiry", {"rules": [{**EXPIRY, "status": "Disabled"}]}),
        ("bucket-policy", {"policy": ALLOW_ALL.replace("GetObject", "PutObject")}),
        ("balancer", {"enableDeletionProtection": False, "idleTimeout": 30}),
        ("targets", {"deregistrationDelay": 30, "healthCheck": {"path": "/ready", "protocol": "HTTP"}}),
        ("listener", {"port": 81}),
        ("zone", {"comment": "of the platform"}),
        ("www", {"records": ["203.0.113.2"]}),
        ("www", {"type": "TXT", "records": ["none"]}),
        ("latency", {"setIdentifier": "korea"}),
        ("database", {"deletionProtectionEnabled": False}),
        ("vault", {"forceDestroy": True}),
        ("plan", {"rules": [{"ruleName": "weekly", "targetVaultName": "demo-dsql", "schedule": "cron(0 5 ? * 1 *)"}]}),
        ("lab", {"upgradePolicy": {"supportType": "STANDARD"}}),
    ],
)
def test_what_can_change_in_place_does(full: Cloud, name: str, change: dict[str, Any]) -> None:
    inputs = full.resources[name].inputs | change
    found = full.diff(name, **inputs)
    assert found.changed
    assert not found.replacing
    before = full.resources[name].inputs
    full.update(name, **inputs)
    assert not full.diff(name, **inputs).changed
    full.update(name, **before)


def test_a_route_can_turn_to_another_gateway(full: Cloud) -> None:
    before = full.resources["net-nat-out"].inputs
    here = {key: before[key] for key in ("routeTableId", "destinationCidrBlock")}
    after = here | {"gatewayId": full.resources["net-igw"].id}
    assert not full.diff("net-nat-out", **after).replacing
    full.update("net-nat-out", **after)
    routes = full.invoke("aws:ec2/getRouteTable:getRouteTable", routeTableId=here["routeTableId"])["routes"]
    assert {route["gatewayId"] for route in routes} >= {after["gatewayId"]}
    full.update("net-nat-out", **before)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("net-vpc", {"cidrBlock": "10.1.0.0/16"}),
        ("net-a", {"availabilityZone": f"{REGION}b"}),
        ("net-nat", {"subnetId": "subnet-1"}),
        ("nodes", {"instanceTypes": ["m7g.large"]}),
        ("lab", {"roleArn": "arn:aws:iam::123456789012:role/other"}),
        ("queue", {"name": "other"}),
        ("queue", {"region": "ap-northeast-1"}),
        ("association", {"namespace": "other"}),
        ("balancer", {"internal": False}),
        ("targets", {"port": 8081}),
        ("zone", {"name": "other.example.com"}),
        ("www", {"name": "web"}),
        ("certificate", {"subjectAlternativeNames": []}),
        ("database", {"multiRegionProperties": {"witnessRegion": "ap-northeast-3"}}),
        ("vault", {"name": "other"}),
        ("plan", {"name": "other"}),
        ("selection", {"resources": ["*"]}),
    ],
)
def test_what_cannot_change_in_place_replaces(full: Cloud, name: str, change: dict[str, Any]) -> None:
    found = full.diff(name, **(full.resources[name].inputs | change))
    assert {path.split("[")[0] for path in found.replacing} == set(change)


def test_destroy_leaves_nothing_but_a_key_that_waits_for_its_deletion(full: Cloud) -> None:
    key = full.resources["key"].id
    _delete_peer(full)
    for name in reversed(list(full.resources)):
        full.delete(name)
    left, pending = full.world.leftovers()
    assert left == []
    assert [(found.service, found.kind, found.id, found.region) for found in pending] == [("kms", "key", key, REGION)]


def _delete_peer(cloud: Cloud) -> None:
    peer = cloud.resources["peering"].inputs["clusters"][0].rpartition("/")[2]
    cloud.client("dsql", "ap-northeast-1").delete_cluster(identifier=peer)
