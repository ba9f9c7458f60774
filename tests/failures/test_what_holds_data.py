"""Zones, databases, images and states in the rehearsal: they refuse while they are protected, go whole once they are
not, and never wait for each other."""

from typing import Any

import pytest

from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Played, Stage

HEAD = """
import pulumi, pulumi_aws as aws
from pokayoke_eks import Dns, DnsConfig, DsqlConfig, MultiRegionDsql, Registry, RegistryConfig
from pokayoke_eks import StateBackend, StateBackendConfig

REGIONS = ("ap-northeast-2", "ap-northeast-1")
"""
EVERYTHING = (
    HEAD
    + """
lived = {{"name": "demo", "lifecycle": "retained", "allow_destroy": {lifted}}}
providers = {{one: aws.Provider(one, region=one) for one in REGIONS}}
opts = {{one: pulumi.ResourceOptions(provider=made) for one, made in providers.items()}}
here = opts[REGIONS[0]]
zone = {{"domain": "dev.example.com", "parent_zone": "example.com"}}
dns = Dns("demo", DnsConfig.model_validate(lived | zone), opts=here)
for one, provider in providers.items():
    dns.certificate(one, ["dev.example.com", "*.dev.example.com"], provider=provider)
database = {{"regions": REGIONS, "witness": "ap-northeast-3"}}
MultiRegionDsql("demo", DsqlConfig.model_validate(lived | database), providers=providers)
images = {{"repositories": ["web"], "replication": "account-wide"}}
first, *others = [
    Registry(one, RegistryConfig.model_validate(lived | images | {{"region": one}}), opts=opts[one]) for one in REGIONS
]
first.replicate("copies", to=others)
state = {{"name": "demo", "region": REGIONS[0], "environments": ["dev"], "empty_and_remove": {word}}}
StateBackend("demo", StateBackendConfig.model_validate(state), opts=here)
"""
)
KEPT = EVERYTHING.format(lifted=False, word=None)
LIFTED = EVERYTHING.format(lifted=True, word='"demo"')
PEERED = (
    HEAD
    + """
config = {{"name": "demo", "lifecycle": "disposable", "regions": {regions}, "witness": {witness}}}
providers = {{one: aws.Provider(one, region=one) for one in config["regions"]}}
MultiRegionDsql("demo", DsqlConfig.model_validate(config), providers=providers)
"""
)
PAIR = PEERED.format(regions=["eu-west-1", "eu-west-2"], witness='"eu-west-3"')
MANIFEST = '{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "layers": []}'
CLUSTER, PEERING = "aws:dsql/cluster:Cluster", "aws:dsql/clusterPeering:ClusterPeering"


def use(inside: Inside) -> None:
    """What people do with them once they are there: push an image, write a state, add a record by hand."""
    ecr, s3, route53 = (inside.client(one) for one in ("ecr", "s3", "route53"))
    if not (buckets := s3.list_buckets()["Buckets"]) or ecr.list_images(repositoryName="demo/web")["imageIds"]:
        return
    ecr.put_image(repositoryName="demo/web", imageManifest=MANIFEST, imageTag="1")
    bucket = buckets[0]["Name"]
    for text in (b"a", b"b"):
        s3.put_object(Bucket=bucket, Key="dev/.pulumi/stacks/demo.json", Body=text)
    (zone,) = [one["Id"] for one in route53.list_hosted_zones()["HostedZones"] if one["Name"] == "dev.example.com."]
    record: Any = {"Name": "old.dev.example.com", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"x"'}]}
    change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)


@pytest.fixture(scope="module")
def retained(stage: Stage) -> Played:
    return stage.play(KEPT, (Act.UP, Act.UP, Act.DESTROY, LIFTED, Act.UP, Act.DESTROY), look=use)


def test_what_is_retained_comes_up_whole_and_stays_as_it_is(retained: Played) -> None:
    first, second, *_ = retained.results
    assert first.ok, retained.told
    assert set(second.changes) == {"same"}


def test_a_destroy_of_it_removes_nothing(retained: Played) -> None:
    refused = retained.results[2]
    assert not refused.ok
    assert "delete" not in refused.changes


def test_lifting_the_protection_changes_that_and_nothing_else(retained: Played) -> None:
    lifted = retained.results[3]
    assert lifted.ok, retained.told
    assert set(lifted.changes) <= {"same", "update"}


def test_then_all_of_it_goes_with_images_states_and_records_and_both_peers_at_once(retained: Played) -> None:
    """`registry-not-empty`, `state-bucket-not-empty`, `dsql-delete-deadlock`"""
    assert retained.last.ok, retained.told
    assert retained.left == []


CHANGES = {
    "another-peer": PEERED.format(regions=["eu-west-1", "eu-central-1"], witness='"eu-west-3"'),
    "another-witness": PEERED.format(regions=["eu-west-1", "eu-central-1"], witness='"eu-west-2"'),
    "one-region": PEERED.format(regions=["eu-west-1"], witness=None),
    "a-pair-again": PAIR,
    "nothing": PAIR,
}


@pytest.fixture(scope="module")
def changed(stage: Stage) -> Played:
    steps = [step for then in CHANGES.values() for step in (then, Act.UP)]
    return stage.play(PAIR, (Act.UP, *steps, Act.DESTROY))


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_a_pair_replaces_both_sides_and_ends(changed: Played, change: str) -> None:
    """`dsql-delete-deadlock`: a side that stayed would hold its old peer in PENDING_DELETE for ever."""
    result = changed.results[1 + list(CHANGES).index(change)]
    assert result.ok, changed.told
    assert (set(result.changes) == {"same"}) == (change == "nothing")


def test_a_pair_that_changed_often_goes_as_one_that_never_did(changed: Played) -> None:
    assert changed.last.ok, changed.told
    assert changed.left == []
