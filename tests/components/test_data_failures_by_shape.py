"""The documented failures that zones, certificates, databases, images and states hold by their shape: whatever the
configs legally say, the mistake is not in what gets registered."""

import itertools
from collections.abc import Iterator
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from invariants import by_slug
from registrations import Registered, Registration, record
from zones import COMPUTED, LOOKUPS, RECORD, ZONE

from pokayoke_eks import (
    Dns,
    DnsConfig,
    DsqlConfig,
    MultiRegionDsql,
    Registry,
    RegistryConfig,
    StateBackend,
    StateBackendConfig,
)
from pokayoke_eks.catalogue import FAILURES, Level

CLUSTER, PEERING = "aws:dsql/cluster:Cluster", "aws:dsql/clusterPeering:ClusterPeering"
REPOSITORY, BUCKET = "aws:ecr/repository:Repository", "aws:s3/bucket:Bucket"
REGIONS = ("ap-northeast-2", "ap-northeast-1")
WHERE: list[dict[str, Any]] = [
    {"parent_zone": "example.com", "regions": REGIONS[:1], "clients": ["203.0.113.0/24"], "hosts": ["{domain}"]},
    {"regions": REGIONS, "witness": "ap-northeast-3", "hosts": ["{domain}", "*.{domain}"]},
    {
        "parent_zone": "example.com",
        "regions": REGIONS[::-1],
        "witness": "eu-west-1",
        "region_set": [*REGIONS, "eu-west-1"],
        "hosts": ["*.{domain}", "a.{domain}"],
    },
]
LIVED: list[dict[str, Any]] = [
    {"lifecycle": "disposable"},
    {"lifecycle": "retained"},
    {"lifecycle": "retained", "allow_destroy": True},
]
ACCOUNT = {"aws:index/getCallerIdentity:getCallerIdentity": lambda _: {"accountId": "123456789012"}}


def environment(name: str, said: dict[str, Any]) -> Registered:
    """Zone, certificates, database, images and states of one environment."""
    shared = {"name": name, **{key: said[key] for key in ("lifecycle", "allow_destroy") if key in said}}
    database = {key: said[key] for key in ("regions", "witness", "region_set", "clients") if key in said}
    zone = {"domain": f"{name}.example.com", "parent_zone": said.get("parent_zone")}
    word = None if said["lifecycle"] == "retained" and not said.get("allow_destroy") else name

    def program() -> None:
        providers = {one: aws.Provider(one, region=one) for one in said["regions"]}
        here = pulumi.ResourceOptions(provider=providers[said["regions"][0]])
        dns = Dns(name, DnsConfig.model_validate(shared | zone), opts=here)
        MultiRegionDsql(name, DsqlConfig.model_validate(shared | database), providers=providers)
        for one, provider in providers.items():
            dns.certificate(one, [host.format(domain=dns.domain) for host in said["hosts"]], provider=provider)
            images = {"region": one, "repositories": ["web"]}
            opts = pulumi.ResourceOptions(provider=provider)
            Registry(one, RegistryConfig.model_validate(shared | images), opts=opts)
        state = {"name": name, "region": said["regions"][0], "environments": ["dev"], "empty_and_remove": word}
        StateBackend(name, StateBackendConfig.model_validate(state), opts=here)

    return record(program, lookups={**LOOKUPS, **ACCOUNT}, computed=COMPUTED)


@pytest.fixture(scope="module")
def legal() -> list[tuple[dict[str, Any], Registered]]:
    """What users say, and what comes of it."""
    said = [{**lived, **where} for lived, where in itertools.product(LIVED, WHERE)]
    return [(one, environment("demo", one)) for one in said]


def protected(said: dict[str, Any]) -> bool:
    return said["lifecycle"] == "retained" and not said.get("allow_destroy")


def stale_dns_record(said: dict[str, Any], made: Registered) -> None:
    """No record of a host is written: what is written delegates the zone, or validates a certificate."""
    for one in made.of_type(RECORD):
        delegates = one.inputs["type"] == "NS" and one.inputs["name"] == "demo.example.com"
        validates = one.inputs["type"] == "CNAME" and one.inputs["records"][0].endswith(".acm-validations.aws.")
        assert delegates or validates


def alias_zone_mismatch(said: dict[str, Any], made: Registered) -> None:
    assert not [one for one in made.of_type(RECORD) if "aliases" in one.inputs]


def dsql_delete_deadlock(said: dict[str, Any], made: Registered) -> None:
    for kind in (CLUSTER, PEERING):
        for one, other in itertools.permutations(made.of_type(kind), 2):
            assert not made.goes_before(one, other)
            assert one.replacement_trigger == other.replacement_trigger
            assert one.protect == other.protect
    states = [
        (one.depends_on, one.parent, one.inputs["deletionProtectionEnabled"], one.inputs["forceDestroy"])
        for one in made.of_type(CLUSTER)
    ]
    assert len(set(states)) == 1


def registry_not_empty(said: dict[str, Any], made: Registered) -> None:
    assert {one.inputs["forceDelete"] for one in made.of_type(REPOSITORY)} == {not protected(said)}


def state_bucket_not_empty(said: dict[str, Any], made: Registered) -> None:
    """And no other thing here holds what would keep it."""
    assert made.one(BUCKET).inputs["forceDestroy"] is not protected(said)
    assert {one.inputs["forceDestroy"] for one in made.of_type(ZONE)} <= {not protected(said)}


def environment_isolation(said: dict[str, Any], made: Registered) -> None:
    """Another environment, of the same words otherwise, has no name in common with it."""
    assert set(named(made)).isdisjoint(named(environment("other", said)))


def named(made: Registered) -> Iterator[tuple[str, str, str]]:
    """Kind, scope and name of each thing that AWS knows by the name that we give it."""
    for one in made:
        for key in {"name", "bucket", "domainName"} & one.inputs.keys():
            if one.custom and isinstance(one.inputs[key], str) and not _part(one):
                yield one.type, one.provider.split("::")[-2], one.inputs[key]


def _part(one: Registration) -> bool:
    """A part of a bucket, which is named by the bucket's id."""
    return one.type.startswith("aws:s3/") and one.type != BUCKET


INVARIANTS = by_slug(
    alias_zone_mismatch,
    dsql_delete_deadlock,
    environment_isolation,
    registry_not_empty,
    stale_dns_record,
    state_bucket_not_empty,
)


@pytest.mark.parametrize("slug", INVARIANTS)
def test_no_legal_config_of_data_can_write_it(legal: list[tuple[dict[str, Any], Registered]], slug: str) -> None:
    for said, made in legal:
        INVARIANTS[slug](said, made)


@pytest.mark.parametrize("slug", INVARIANTS)
def test_it_is_documented_as_held_by_shape_or_design(slug: str) -> None:
    assert {Level.SHAPE, Level.DESIGN} & set(FAILURES[slug].held)


def test_environments_are_told_apart_by_names_that_there_are(legal: list[tuple[dict[str, Any], Registered]]) -> None:
    assert {kind for kind, _, _ in named(legal[0][1])} >= {ZONE, RECORD, REPOSITORY, BUCKET, "aws:kms/alias:Alias"}


def test_what_users_say_here_covers_every_field_that_decides() -> None:
    fields = DnsConfig.model_fields.keys() | DsqlConfig.model_fields.keys()
    assert fields - {"name", "tags", "domain"} <= {key for one in (*WHERE, *LIVED) for key in one}
