"""Peered clusters need each other for nothing that the engine does one after the other."""

import itertools
import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registrations import Registered, Registration, record

from pokayoke_eks import DatabaseRole, DsqlConfig, MultiRegionDsql, Network, NetworkConfig
from pokayoke_eks.config import ConfigErrors
from pokayoke_eks.rules.dsql_regions import REGION_SETS
from pokayoke_eks.rules.regions import REGIONS

CLUSTER, PEERING = "aws:dsql/cluster:Cluster", "aws:dsql/clusterPeering:ClusterPeering"
POLICY, ADDRESS = "aws:dsql/clusterPolicy:ClusterPolicy", "aws:ec2/eip:Eip"
USER = "aws:ssm/parameter:Parameter"
VAULT, PLAN, SELECTION = "aws:backup/vault:Vault", "aws:backup/plan:Plan", "aws:backup/selection:Selection"
SEOUL, TOKYO, OSAKA = "ap-northeast-2", "ap-northeast-1", "ap-northeast-3"
ONE: dict[str, Any] = {"name": "demo", "lifecycle": "disposable", "regions": [SEOUL]}
TWO: dict[str, Any] = {**ONE, "regions": [SEOUL, TOKYO], "witness": OSAKA}
COMPUTED = {
    CLUSTER: lambda _: {"identifier": "abc"},
    VAULT: lambda _: {"arn": "arn:aws:backup:vault"},
    PEERING: lambda _: {},
    ADDRESS: lambda _: {"publicIp": "198.51.100.7"},
}


def dsql(said: dict[str, Any], *networks: str) -> Registered:
    """What it registers beside networks in these regions, and a user of each thing that it offers."""
    config = DsqlConfig.model_validate(said)

    def program() -> None:
        providers = {region: aws.Provider(region, region=region) for region in config.regions}
        made = MultiRegionDsql(
            "demo", config, providers=providers, networks=[network(region, providers[region]) for region in networks]
        )
        for region, endpoint in made.endpoints.items():
            aws.ssm.Parameter(f"endpoint-{region}", type="String", description=endpoint)
        for role in DatabaseRole:
            policy = made.access_policy(role).apply(json.dumps)
            aws.ssm.Parameter(f"policy-{role.name}", type="String", description=policy)
        aws.ssm.Parameter("told", type="String", opts=pulumi.ResourceOptions(depends_on=made.ready))

    return record(program, computed=COMPUTED)


def network(region: str, provider: aws.Provider) -> Network:
    said = {"name": "demo", "lifecycle": "disposable", "region": region, "cidr": "10.0.0.0/16", "zones": ["a", "c"]}
    return Network(region, NetworkConfig.model_validate(said), pulumi.ResourceOptions(provider=provider))


def pairs(made: Registered, kind: str) -> list[tuple[Registration, Registration]]:
    return list(itertools.permutations(made.of_type(kind), 2))


def offered(made: Registered) -> dict[str, str]:
    """What its users got."""
    return {one.name: one.inputs.get("description", "") for one in made.of_type(USER)}


@pytest.fixture(scope="module")
def two() -> Registered:
    return dsql(TWO)


@pytest.mark.parametrize("kind", [CLUSTER, PEERING])
def test_no_path_leads_from_one_side_to_the_other(two: Registered, kind: str) -> None:
    """`dsql-delete-deadlock`"""
    assert len(pairs(two, kind)) == 2
    for one, other in pairs(two, kind):
        assert not two.goes_before(one, other)


def test_both_clusters_need_the_same_and_so_are_deleted_in_one_round(two: Registered) -> None:
    """`dsql-delete-deadlock`"""
    one, other = two.of_type(CLUSTER)
    assert one.depends_on == other.depends_on
    providers = {made.urn for made in two.of_type("pulumi:providers:aws")}
    assert len(providers) == 2
    assert providers <= one.depends_on
    assert one.parent == other.parent


def test_no_cluster_names_its_peer(two: Registered) -> None:
    for one in two.of_type(CLUSTER):
        assert one.inputs["multiRegionProperties"] == {"witnessRegion": OSAKA}
        assert not set().union(*one.by_property.values())


def test_each_peering_names_both_clusters(two: Registered) -> None:
    clusters = {one.urn for one in two.of_type(CLUSTER)}
    for one in two.of_type(PEERING):
        (own,), (other,) = one.by_property["identifier"], one.by_property["clusters"]
        assert {own, other} == clusters
        assert one.provider == next(made.provider for made in two.of_type(CLUSTER) if made.urn == own)


def test_each_side_is_made_by_its_own_region_s_provider(two: Registered) -> None:
    for kind in (CLUSTER, PEERING):
        assert {one.provider.split("::")[-2] for one in two.of_type(kind)} == {SEOUL, TOKYO}


def test_whatever_the_database_offers_waits_for_both_peerings(two: Registered) -> None:
    assert len(two.of_type(USER)) == 5
    for user, peering in itertools.product(two.of_type(USER), two.of_type(PEERING)):
        assert two.goes_before(user, peering)


def test_endpoints_are_where_the_service_answers(two: Registered) -> None:
    told = offered(two)
    assert told[f"endpoint-{SEOUL}"] == f"abc.dsql.{SEOUL}.on.aws"
    assert told[f"endpoint-{TOKYO}"] == f"abc.dsql.{TOKYO}.on.aws"


@pytest.mark.parametrize("role", DatabaseRole)
def test_a_workload_may_connect_in_both_regions_as_the_stated_role_only(two: Registered, role: DatabaseRole) -> None:
    (statement,) = json.loads(offered(two)[f"policy-{role.name}"])["Statement"]
    assert statement["Action"] == [role.value]
    assert len(set(statement["Resource"])) == 2


@pytest.mark.parametrize(
    ("lifecycle", "allow_destroy", "protected"),
    [("disposable", False, False), ("retained", False, True), ("retained", True, False)],
)
def test_both_sides_are_protected_or_neither(lifecycle: str, allow_destroy: bool, protected: bool) -> None:
    """`dsql-delete-deadlock`"""
    made = dsql({**TWO, "lifecycle": lifecycle, "allow_destroy": allow_destroy})
    for one in made.of_type(CLUSTER):
        assert one.inputs["deletionProtectionEnabled"] is protected
        assert one.inputs["forceDestroy"] is not protected
    assert {one.protect for kind in (CLUSTER, PEERING) for one in made.of_type(kind)} == {protected}


def triggers(said: dict[str, Any]) -> set[Any]:
    made = dsql(said)
    return {one.replacement_trigger for kind in (CLUSTER, PEERING) for one in made.of_type(kind)}


def test_what_changes_the_pair_replaces_all_of_it() -> None:
    """A new peer leaves the other side's own inputs as they were, and yet that side must go with it."""
    pair = {"regions": ["eu-west-1", "eu-west-2"], "witness": "eu-west-3"}
    changed = ({}, {"regions": ["eu-west-1", "eu-central-1"]}, {"witness": "eu-central-1"})
    seen = [triggers({**TWO, **pair, **one}) for one in changed]
    assert [len(one) for one in seen] == [1, 1, 1]
    assert len(set.union(*seen, triggers(ONE))) == 4


def test_what_leaves_the_pair_as_it_is_replaces_nothing() -> None:
    assert triggers(TWO) == triggers({**TWO, "regions": [TOKYO, SEOUL], "tags": {"a": "b"}, "lifecycle": "retained"})


def test_a_peering_follows_its_cluster_by_being_made_anew(two: Registered) -> None:
    for one in two.of_type(PEERING):
        assert set(one.replace_on_changes) == one.inputs.keys()


def test_no_cluster_is_deleted_before_its_replacement_is_there(two: Registered) -> None:
    assert {one.delete_before_replace for one in two.of_type(CLUSTER)} == {False}


def test_one_region_is_one_cluster() -> None:
    made = dsql(ONE)
    assert "multiRegionProperties" not in made.one(CLUSTER).inputs
    assert not made.of_type(PEERING)
    assert all(made.goes_before(user, made.one(CLUSTER)) for user in made.of_type(USER))


KEPT = {"lifecycle": "retained"}


@pytest.fixture(scope="module")
def kept() -> Registered:
    return dsql({**TWO, **KEPT})


def test_one_region_is_backed_up_every_day_and_copied_into_the_other(kept: Registered) -> None:
    vaults = {one.provider.split("::")[-2]: one for one in kept.of_type(VAULT)}
    assert vaults.keys() == {SEOUL, TOKYO}
    plan = kept.one(PLAN)
    assert plan.provider == vaults[SEOUL].provider
    (rule,) = plan.inputs["rules"]
    assert (rule["schedule"], rule["lifecycle"]) == ("cron(0 5 ? * * *)", {"deleteAfter": 35})
    assert rule["targetVaultName"] == vaults[SEOUL].inputs["name"]
    assert rule["copyActions"] == [{"destinationVaultArn": "arn:aws:backup:vault", "lifecycle": {"deleteAfter": 35}}]
    assert plan.by_property["rules"] == {one.urn for one in vaults.values()}


def test_it_is_backed_up_by_its_own_arn_once_both_are_active_and_by_a_role_that_may(kept: Registered) -> None:
    selection, role = kept.one(SELECTION), kept.one("aws:iam/role:Role")
    seoul = next(one for one in kept.of_type(CLUSTER) if SEOUL in one.provider)
    assert seoul.urn in selection.by_property["resources"]
    assert json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]["Principal"] == {
        "Service": "backup.amazonaws.com"
    }
    attached = kept.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    assert attached.inputs["policyArn"].endswith(":policy/service-role/AWSBackupServiceRolePolicyForBackup")
    for needed in (attached, kept.one(PLAN), *kept.of_type(PEERING)):
        assert kept.goes_before(selection, needed)


@pytest.mark.parametrize(("allowed", "goes"), [(False, False), (True, True)], ids=["protected", "to-be-destroyed"])
def test_backups_go_with_their_vault_once_the_protection_is_lifted(allowed: bool, goes: bool) -> None:
    made = dsql({**ONE, **KEPT, "allow_destroy": allowed})
    vault = made.one(VAULT)
    assert (vault.inputs["forceDestroy"], vault.protect) == (goes, not goes)
    assert made.one(PLAN).inputs["rules"][0]["copyActions"] == []


def test_both_clusters_that_are_backed_up_are_deleted_in_one_round(kept: Registered) -> None:
    """`dsql-delete-deadlock`"""
    one, other = kept.of_type(CLUSTER)
    assert one.depends_on == other.depends_on
    assert not any(kept.goes_before(cluster, made) for cluster in (one, other) for made in kept.of_type(VAULT))


def test_a_disposable_environment_is_not_backed_up(two: Registered) -> None:
    assert not any(one.type.startswith("aws:backup/") for one in two)


def test_a_region_without_a_provider_is_refused_by_name() -> None:
    config = DsqlConfig.model_validate(TWO)
    with pytest.raises(ValueError, match=f"no provider for {TOKYO}"):
        record(lambda: MultiRegionDsql("demo", config, providers={SEOUL: aws.Provider("seoul", region=SEOUL)}))


# The config


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"regions": []}, "regions: it names no region"),
        ({"regions": [SEOUL, SEOUL]}, "regions: a region is named twice"),
        ({"regions": [SEOUL, TOKYO, OSAKA]}, "regions: these are 3 regions, Aurora DSQL peers 2"),
        ({"witness": None}, "witness: .* State e.g. `witness: ap-northeast-3`"),
        ({"witness": TOKYO}, "witness: ap-northeast-1 is a peer"),
        ({"regions": [SEOUL]}, "witness: one region has no peer"),
        ({"witness": "us-east-1"}, "regions: .* are not of one set of regions"),
        ({"regions": [SEOUL, "sa-east-1"]}, "regions: nothing is known of Aurora DSQL in sa-east-1"),
        ({"regions": [SEOUL, "eu-west-1"]}, "regions: .* are not of one set"),
        ({"region_set": [SEOUL, TOKYO]}, "regions: nothing is known of Aurora DSQL in ap-northeast-3"),
        ({"witness": "moon"}, "witness: there is no region 'moon'"),
    ],
)
def test_regions_that_cannot_be_peered_are_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigErrors, match=said) as refused:
        DsqlConfig.model_validate({**TWO, **fields})
    assert len(refused.value.errors) == 1


def test_regions_that_aws_added_since_are_stated() -> None:
    more = {"regions": [SEOUL, "ap-south-1"], "region_set": [SEOUL, "ap-south-1", OSAKA]}
    assert DsqlConfig.model_validate({**TWO, **more}).witness == OSAKA


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(sorted(REGIONS)), max_size=4), st.none() | st.sampled_from(sorted(REGIONS)))
def test_what_passes_is_one_cluster_or_two_peers_with_a_witness_of_one_set(
    regions: list[str], witness: str | None
) -> None:
    try:
        config = DsqlConfig.model_validate({**ONE, "regions": regions, "witness": witness})
    except ConfigErrors:
        return
    together = {*config.regions, *([config.witness] if config.witness else [])}
    assert len(together) == (3 if len(config.regions) == 2 else 1)
    assert any(together <= set(each) for each in REGION_SETS)


@pytest.fixture(scope="module")
def closed() -> Registered:
    return dsql({**TWO, "clients": ["203.0.113.0/24"]}, SEOUL, TOKYO)


def test_nobody_connects_from_elsewhere_than_the_platform_s_networks_and_the_stated_ranges(closed: Registered) -> None:
    assert {one.provider.split("::")[-2] for one in closed.of_type(POLICY)} == {SEOUL, TOKYO}
    for one in closed.of_type(POLICY):
        (statement,) = json.loads(one.inputs["policy"])["Statement"]
        assert (statement["Effect"], statement["Principal"], statement["Resource"]) == ("Deny", {"AWS": "*"}, "*")
        assert statement["Condition"] == {
            "NotIpAddress": {"aws:SourceIp": ["198.51.100.7/32", "198.51.100.7/32", "203.0.113.0/24"]},
            "StringNotEquals": {"aws:SourceVpc": [f"{SEOUL}-vpc-id", f"{TOKYO}-vpc-id"]},
        }


def test_whoever_runs_the_program_administrates_the_database_from_anywhere(closed: Registered) -> None:
    for one in closed.of_type(POLICY):
        (statement,) = json.loads(one.inputs["policy"])["Statement"]
        assert statement["Action"] == ["dsql:DbConnect", "dsql:DbConnectAdmin"]


def test_a_database_that_is_closed_is_peered_before_and_deleted_in_one_round(closed: Registered) -> None:
    """`dsql-delete-deadlock`"""
    one, other = closed.of_type(CLUSTER)
    assert one.depends_on == other.depends_on
    for policy, peering in itertools.product(closed.of_type(POLICY), closed.of_type(PEERING)):
        assert closed.goes_before(policy, peering)


@pytest.mark.parametrize(
    ("said", "networks"),
    [
        pytest.param(ONE, (), id="without-a-network-to-let-in"),
        pytest.param({**ONE, "clients": ["0.0.0.0/0"]}, (SEOUL,), id="for-the-whole-internet"),
    ],
)
def test_a_database_is_closed_to_nobody(said: dict[str, Any], networks: tuple[str, ...]) -> None:
    assert dsql(said, *networks).of_type(POLICY) == []
