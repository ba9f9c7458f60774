"""The program: one typed config in, both environments as they are checked in."""

import logging
from pathlib import Path
from typing import Any

import pulumi
import pytest
from environments import run
from registrations import Registered, Registration
from zones import CERTIFICATE, RECORD


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_an_environment_is_at_most_25_lines(repository: Path, stack: str) -> None:
    assert len((repository / f"Pulumi.{stack}.yaml").read_text().splitlines()) <= 25


def test_dev_is_one_region_and_unprotected(dev: Registered) -> None:
    assert [one.inputs["region"] for one in dev.of_type("pulumi:providers:aws")] == ["ap-northeast-2"]
    assert not [one.urn for one in dev if one.protect]


def test_prod_is_two_regions_and_protected_to_the_last_leaf(prod: Registered) -> None:
    regions = {one.inputs["region"] for one in prod.of_type("pulumi:providers:aws")}
    assert regions == {"ap-northeast-2", "ap-northeast-1"}
    assert not [one.urn for one in prod if not one.protect]


def test_every_region_has_the_pools_of_its_environment_and_a_karpenter_of_its_own(
    prod: Registered, platforms: dict[str, Any]
) -> None:
    names = {pool["name"] for pool in platforms["prod"]["pools"]}
    for region in platforms["prod"]["regions"]:
        pools = [one for one in prod.of_type("kubernetes:karpenter.sh/v1:NodePool") if region in one.name]
        assert {one.inputs["metadata"]["name"] for one in pools} == names
        (release,) = [
            one for one in prod.of_type("kubernetes:helm.sh/v3:Release", name="karpenter") if region in one.name
        ]
        assert release.inputs["values"]["controller"]["env"] == [{"name": "AWS_REGION", "value": region}]


def test_no_region_waits_for_another_but_for_the_record_that_validates_both_certificates(prod: Registered) -> None:
    regions = {"ap-northeast-2", "ap-northeast-1"}
    for one in prod:
        if one.type.startswith("aws:dsql/"):
            continue
        mine = {region for region in regions if region in one.name}
        reached = {
            other.type
            for other in prod
            if any(region in other.name for region in regions - mine) and mine and prod.goes_before(one, other)
        }
        # The second region's certificate is issued by the record that the first one asked for.
        assert reached <= {CERTIFICATE, "pulumi:providers:aws", "pokayoke-eks:index:Certificate"}, one.name


def test_no_cluster_of_a_database_waits_for_its_peer(prod: Registered) -> None:
    clusters = prod.of_type("aws:dsql/cluster:Cluster")
    peerings = prod.of_type("aws:dsql/clusterPeering:ClusterPeering")
    assert (len(clusters), len(peerings)) == (2, 2)
    for kind in (clusters, peerings):
        assert not [one.name for one in kind for other in kind if one is not other and prod.goes_before(one, other)]


def test_everything_is_made_by_the_provider_of_its_region(prod: Registered) -> None:
    for one in prod:
        if one.type.startswith("aws:") and one.type != "aws:eks/cluster:Cluster" and "ap-northeast" in one.name:
            region = "ap-northeast-2" if "ap-northeast-2" in one.name else "ap-northeast-1"
            assert one.provider.rpartition("::")[0].endswith(f"::demo-prod-{region}"), one.name


GLOBAL = ("aws:iam/", "aws:route53/", "aws:s3/bucket:")
"""Types whose names are one space for all regions, or for the whole world."""
NAMES = ("name", "bucket", "namePrefix", "bucketPrefix", "repositoryName")
PARTS = ("rolePolicy:", "rolePolicyAttachment:")
"""Named within what they are part of."""


def physical(made: Registered) -> list[tuple[str, ...]]:
    return [
        (one.type, "" if one.type.startswith(GLOBAL) else region(one), str(one.inputs[key]))
        for one in made
        for key in NAMES
        if key in one.inputs and one.type.startswith("aws:") and not any(part in one.type for part in PARTS)
    ]


def region(one: Registration) -> str:
    return "ap-northeast-1" if "ap-northeast-1" in one.name else "ap-northeast-2"


def test_dev_and_prod_and_prod_s_regions_share_no_name_of_an_account(dev: Registered, prod: Registered) -> None:
    taken = [name for made in (dev, prod) for name in physical(made)]
    assert len(taken) == len(set(taken))
    kinds = {kind for kind, _, _ in taken}
    assert {RECORD, "aws:iam/role:Role", "aws:s3/bucket:Bucket", "aws:ecr/repository:Repository"} <= kinds


def test_every_region_answers_for_the_same_hosts_as_the_nearest(prod: Registered) -> None:
    routes = prod.of_type("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute")
    shared = [one.inputs["metadata"]["annotations"] for one in routes if "annotations" in one.inputs["metadata"]]
    prefix = "external-dns.kubernetes.io/"
    regions = {one[f"{prefix}aws-region"] for one in shared}
    assert regions == {"ap-northeast-2", "ap-northeast-1"}
    assert len({one[f"{prefix}set-identifier"] for one in shared}) == 2


def test_an_environment_s_ranges_meet_no_other_s(platforms: dict[str, Any]) -> None:
    ranges = [region["cidr"] for platform in platforms.values() for region in platform["regions"].values()]
    assert len(ranges) == len(set(ranges)) == 3


def test_every_error_of_the_config_comes_at_once_and_nothing_is_registered(
    repository: Path, platforms: dict[str, Any]
) -> None:
    wrong = {**platforms["dev"], "admins": [], "kubernetes": "1.31", "pools": [{"name": "general"}]}
    with pytest.raises(pulumi.RunError) as refused:
        run(repository, wrong)
    lines = str(refused.value).splitlines()
    assert [line.partition(":")[0] for line in sorted(lines)] == [
        "admins",
        "kubernetes",
        "pools[0].instances",
        "pools[0].limits",
    ]
    assert any("[extended-support]" in line for line in lines)


@pytest.mark.parametrize("written", [None, "demo", "[", "3"])
def test_a_config_that_is_no_config_is_an_error_not_a_traceback(repository: Path, written: object) -> None:
    with pytest.raises(pulumi.RunError):
        run(repository, written)


def test_what_will_be_wrong_soon_is_said(
    repository: Path, platforms: dict[str, Any], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pokayoke_eks import config

    load = config.load
    monkeypatch.setattr(config, "load", lambda raw, today: load(raw, today=today.replace(year=2027, month=7, day=1)))
    with caplog.at_level(logging.WARNING):
        run(repository, platforms["dev"])
    assert "2027-08-02" in caplog.text
