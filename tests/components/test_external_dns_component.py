"""Records follow the routes, in one zone, under one owner a cluster, and are gone before what removes them is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from configs import CLUSTER, NAMED, NETWORK, REGION, here
from moto import mock_aws
from registrations import Registered, record
from zones import COMPUTED, LOOKUPS, RECORD

from pokayoke_eks import (
    Cluster,
    ClusterConfig,
    Dns,
    DnsConfig,
    ExternalDns,
    ExternalDnsConfig,
    GatewayApi,
    GatewayApiConfig,
    Network,
    NetworkConfig,
)
from pokayoke_eks.config import ConfigErrors
from pokayoke_eks.dns.values import values as values_of
from pokayoke_eks.handles import Placement
from pokayoke_eks.iam.external_dns import records_policy
from pokayoke_eks.rules.combinations import COMBINATIONS
from pokayoke_eks.rules.external_dns import SOURCES_OF_VARIANT
from pokayoke_eks.waiting import records_gone
from pokayoke_eks.waiting_poll import StillWaitingError, poll

RELEASE, CONFIG_FILE = "kubernetes:helm.sh/v3:Release", "kubernetes:yaml/v2:ConfigFile"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"


def edge(*, annotations: list[Any] | None = None, **said: Any) -> Registered:
    """What a cluster with ExternalDNS registers; `annotations` gets those of its routes."""
    shared = {**NAMED, "lifecycle": "disposable"}
    config = ExternalDnsConfig.model_validate({**shared, **said})

    def program() -> None:
        region = here()
        network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), region)
        cluster = Cluster("demo", ClusterConfig.model_validate({**shared, **CLUSTER}), network=network, opts=region)
        kinds = {**shared, "kubernetes": CLUSTER["kubernetes"]}
        gateway_api = GatewayApi("demo", GatewayApiConfig.model_validate(kinds), cluster=cluster)
        zone = {"name": "demo", "lifecycle": "disposable", "domain": "dev.example.com", "parent_zone": "example.com"}
        dns = Dns("demo", DnsConfig.model_validate(zone), opts=region)
        made = ExternalDns("demo", config, cluster=cluster, dns=dns, gateway_api=gateway_api)
        if annotations is not None:
            annotations.append(made.route_annotations)

    return record(program, lookups=LOOKUPS, computed=COMPUTED)


@pytest.fixture(scope="module")
def annotations() -> list[Any]:
    """What the routes of a cluster of its own carry."""
    return []


@pytest.fixture(scope="module")
def made(annotations: list[Any]) -> Registered:
    return edge(annotations=annotations)


def values(made: Registered) -> Any:
    return made.one(RELEASE, name="external-dns").inputs["values"]


def test_its_pods_are_restricted_and_reach_the_apis_of_aws_alone(made: Registered) -> None:
    """Beside what every pod needs: `network-policy-blocks-api-server`."""
    home = made.one("kubernetes:core/v1:Namespace").inputs["metadata"]
    assert home == {"name": "external-dns", "labels": {"pod-security.kubernetes.io/enforce": "restricted"}}
    policies = made.of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    assert {one.inputs["metadata"]["namespace"] for one in policies} == {"external-dns"}
    (allowed,) = (one for one in policies if one.inputs["metadata"]["name"] == "allowed")
    assert allowed.inputs["spec"]["ingress"] == []
    assert allowed.inputs["spec"]["egress"] == [
        {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 443, "protocol": "TCP"}]}
    ]
    release = made.one(RELEASE, name="external-dns")
    assert all(made.goes_before(release, policy) for policy in policies)


def test_it_deletes_what_it_made_and_knows_what_that_is(made: Registered) -> None:
    """`stale-dns-record`"""
    told = values(made)
    assert (told["policy"], told["registry"], told["txtOwnerId"]) == ("sync", "txt", "demo-apne2")


def test_it_writes_to_the_platform_s_zone_alone(made: Registered) -> None:
    zone = "Z-dev.example.com-made"
    assert values(made)["domainFilters"] == ["dev.example.com"]
    assert values(made)["extraArgs"]["zone-id-filter"] == zone
    (policy,) = [one for one in made.of_type("aws:iam/policy:Policy") if one.name.endswith("-Records")]
    written = json.loads(policy.inputs["policy"])["Statement"]
    named = {resource for one in written for resource in one["Resource"] if one["Sid"] != "FindZone"}
    assert named == {f"arn:aws:route53:::hostedzone/{zone}"}


def test_it_can_touch_neither_the_delegation_nor_mail(made: Registered) -> None:
    changes = records_policy("zone", values(made)["managedRecordTypes"])["Statement"][0]
    allowed = changes["Condition"]["ForAllValues:StringEquals"]["route53:ChangeResourceRecordSetsRecordTypes"]
    assert set(allowed) == {"A", "AAAA", "CNAME", "TXT"}


def test_the_note_on_the_zone_s_own_domain_is_in_the_zone(made: Registered) -> None:
    """ExternalDNS puts the prefix before the first label: `dev.example.com` would get `a-dev.example.com`."""
    prefix = values(made)["txtPrefix"]
    assert prefix.endswith(".")
    assert "%{record_type}" in prefix
    assert values(made)["extraArgs"]["txt-wildcard-replacement"]


def test_it_runs_as_its_own_identity_on_the_system_nodes(made: Registered) -> None:
    release = made.one(RELEASE, name="external-dns")
    (association,) = made.of_type(ASSOCIATION, namespace="external-dns")
    assert release.inputs["namespace"] == "external-dns"
    assert values(made)["serviceAccount"] == {"create": False, "name": association.inputs["serviceAccount"]}
    assert values(made)["resources"]["requests"] == values(made)["resources"]["limits"]
    assert values(made)["nodeSelector"]
    assert made.goes_before(release, association)


def test_it_starts_once_the_kinds_and_the_zone_are_there(made: Registered) -> None:
    release = made.one(RELEASE, name="external-dns")
    for needed in (*made.of_type(CONFIG_FILE), made.one(RECORD, type="NS")):
        assert made.goes_before(release, needed)


def test_on_destroy_its_records_are_gone_while_it_still_runs(made: Registered) -> None:
    """`stale-dns-record`"""
    (wait,) = [one for one in made if one.name == "demo-records-gone"]
    assert made.goes_before(wait, made.one(RELEASE, name="external-dns"))
    assert wait.inputs["beforeGone"] == [
        {"kind": "records-gone", "zone": "Z-dev.example.com-made", "owner": "demo-apne2"}
    ]


def test_no_record_points_at_a_balancer_but_those_that_it_makes(made: Registered) -> None:
    """`stale-dns-record`, `alias-zone-mismatch`"""
    for one in made.of_type(RECORD):
        assert one.inputs["type"] == "NS"
        assert "aliases" not in one.inputs


@pytest.mark.parametrize("variant", SOURCES_OF_VARIANT)
def test_it_follows_the_routes_of_each_variant(variant: str) -> None:
    sources = SOURCES_OF_VARIANT[variant]
    config = ExternalDnsConfig.model_validate({**NAMED, "lifecycle": "disposable", "sources": list(sources)})
    assert values_of(config, "example.com", Placement({})).sources == sources


def test_regions_that_share_hosts_differ_by_identifier_and_are_chosen_by_latency(
    made: Registered, annotations: list[Any]
) -> None:
    shared: list[Any] = []
    edge(latency_routing=True, annotations=shared)
    assert annotations == [{}]
    assert shared == [
        {
            "external-dns.kubernetes.io/set-identifier": "demo-apne2",
            "external-dns.kubernetes.io/aws-region": REGION,
        }
    ]


def test_another_cluster_s_config_is_refused() -> None:
    with pytest.raises(ValueError, match="its config is of other"):
        edge(name="other")


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"version": "1.21.1"}, r"version: .*would delete records \[stale-dns-record\]. Take 1.22.0"),
        ({"sources": ["gateway-tcproute"]}, r"sources\[0\]: ExternalDNS reads TCPRoute as v1alpha2"),
        ({"sources": ["route"]}, r"sources\[0\]: there is no source 'route'"),
        ({"sources": []}, "sources: no record could follow anything"),
        ({"sources": ["service", "service"]}, "sources: a source is named twice"),
    ],
)
def test_what_would_follow_nothing_is_refused(said: dict[str, Any], refusal: str) -> None:
    with pytest.raises(ConfigErrors, match=refusal):
        ExternalDnsConfig.model_validate({**NAMED, "lifecycle": "disposable", **said})


def test_every_tested_version_is_one_that_reads_our_routes() -> None:
    for row in COMBINATIONS:
        ExternalDnsConfig.model_validate({**NAMED, "lifecycle": "disposable", "version": row.external_dns})


@pytest.mark.upstream
def test_its_permissions_are_upstream_s(shared: Path) -> None:
    """Action by action; narrower resources and one condition, which the module gives its reasons for."""
    upstream = json.loads((shared / "data" / "iam" / "external-dns" / "policy-minimal.json").read_text())
    ours = records_policy("arn:aws:route53:::hostedzone/Z1", ("A",))

    def actions(document: Any) -> list[str]:
        return sorted(action for one in document["Statement"] for action in one["Action"])

    assert actions(ours) == actions(upstream)
    everywhere = [one["Action"] for one in upstream["Statement"] if one["Resource"] == ["*"]]
    assert [one["Action"] for one in ours["Statement"] if one["Resource"] == ["*"]] == everywhere


@pytest.mark.upstream
def test_the_chart_knows_every_value(shared: Path, made: Registered) -> None:
    known = yaml.safe_load((shared / "data" / "charts" / "external-dns" / "values.yaml").read_text())
    assert values(made).keys() <= known.keys()


# The wait


@pytest.fixture(scope="module")
def zone() -> Iterator[str]:
    """A zone with records of another owner, of somebody's hand and of nobody."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "testing")
        environment.delenv("AWS_ENDPOINT_URL", raising=False)
        made = boto3.client("route53", region_name=REGION).create_hosted_zone(
            Name="dev.example.com", CallerReference="1"
        )
        zone = made["HostedZone"]["Id"].removeprefix("/hostedzone/")
        others = "heritage=external-dns,external-dns/owner=demo-apne1,external-dns/resource=httproute/a/b"
        texts = (others, "external-dns/owner=demo-apne2", "v=spf1 -all")
        change(zone, "CREATE", {f"a{n:03}.dev.example.com": texts[n % 3] for n in range(350)})
        yield zone


def change(zone: str, action: str, texts: dict[str, str]) -> None:
    changes = [
        {
            "Action": action,
            "ResourceRecordSet": {
                "Name": name,
                "Type": "TXT",
                "TTL": 300,
                "ResourceRecords": [{"Value": f'"{text}"'}],
            },
        }
        for name, text in texts.items()
    ]
    route53: Any = boto3.client("route53", region_name=REGION)
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})


def left(zone: str) -> str:
    """What a wait of no time says is left; empty when nothing is."""
    try:
        poll([records_gone(zone, owner="demo-apne2")], region=REGION, minutes=0)
    except StillWaitingError as still:
        return str(still)
    return ""


def test_a_record_of_this_owner_holds_the_wait_and_no_other(zone: str) -> None:
    """On whichever page of the zone's records it stands."""
    assert left(zone) == ""
    note = "heritage=external-dns,external-dns/owner=demo-apne2,external-dns/resource=httproute/shop/shop"
    mine = {"external-dns-a.z.dev.example.com": note}
    change(zone, "CREATE", mine)
    assert left(zone).endswith("still: record external-dns-a.z.dev.example.com. of demo-apne2")
    change(zone, "DELETE", mine)
    assert left(zone) == ""


def test_a_zone_that_is_gone_holds_nobody(zone: str) -> None:
    assert left("ZGONE") == ""
