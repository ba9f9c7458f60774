"""What is wrong with a network and a cluster of somebody else's, judged on plain data."""

from dataclasses import replace
from datetime import date
from ipaddress import IPv4Network
from typing import Any

import pytest

from pokayoke_eks.config.errors import ConfigErrors
from pokayoke_eks.config.existing import ExistingClusterConfig, ExistingNetworkConfig
from pokayoke_eks.existing import cluster_findings, network_findings
from pokayoke_eks.existing.cluster_lookup import SeenCluster, SeenNodeGroup
from pokayoke_eks.existing.network_lookup import SeenNetwork, SeenSubnet, SeenVpc

REGION, VPC, NAT = "ap-northeast-2", "vpc-0123456789abcdef0", "nat-0123456789abcdef0"
ELB, INTERNAL = "kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"


def subnet(index: int, zone: str, way_out: str, role: str, free: int = 250) -> SeenSubnet:
    cidr = IPv4Network(f"10.64.{index}.0/24")
    return SeenSubnet(f"subnet-{index:017x}", f"{REGION}{zone}", cidr, free, way_out, {role: "1"})


PRIVATE = (subnet(1, "a", NAT, INTERNAL), subnet(2, "c", NAT, INTERNAL))
PUBLIC = (subnet(3, "a", "igw-1", ELB), subnet(4, "c", "igw-1", ELB))
NETWORK = SeenNetwork([VPC], SeenVpc(VPC, dns=True), PUBLIC, PRIVATE, frozenset({NAT}))


def network(seen: SeenNetwork, **said: Any) -> list[tuple[str, str, str]]:
    config = ExistingNetworkConfig.model_validate({"region": REGION, "vpc": VPC, **said})
    found = network_findings.findings(config, seen)
    return [(place, finding.slug, finding.problem) for place, finding in found]


def private(**changes: Any) -> SeenNetwork:
    return replace(NETWORK, private=(replace(PRIVATE[0], **changes), PRIVATE[1]))


def public(**changes: Any) -> SeenNetwork:
    return replace(NETWORK, public=(replace(PUBLIC[0], **changes), PUBLIC[1]))


def test_a_network_with_all_that_a_cluster_needs_is_taken() -> None:
    assert network(NETWORK) == []


def test_a_network_without_public_subnets_is_taken_when_it_says_so() -> None:
    inner = replace(NETWORK, public=())
    assert network(inner, internal=True) == []
    assert [(place, slug) for place, slug, _ in network(inner)] == [("public_subnets", "subnet-tags-missing")]


def test_another_way_out_than_nat_is_one() -> None:
    """A company's transit gateway, a firewall's interface."""
    for way in ("tgw-0123456789abcdef0", "eni-0123456789abcdef0"):
        assert network(private(way_out=way)) == []


@pytest.mark.parametrize(
    ("seen", "slug", "words"),
    [
        (replace(NETWORK, vpc=None, vpcs=[]), "stale-vpc-id", f"no VPC {VPC} in {REGION}"),
        (replace(NETWORK, vpc=SeenVpc(VPC, dns=False)), "control-plane-ports-blocked", "no DNS"),
        (private(way_out=""), "no-egress", "no way out"),
        (private(way_out="igw-1"), "no-egress", "is a public subnet"),
        (private(way_out="nat-gone"), "no-egress", "nat-gone, which is not available"),
        (private(free=39), "subnet-ip-exhaustion", "39 free addresses, and 40 are needed"),
        (private(tags={}), "subnet-tags-missing", INTERNAL),
        (private(zone=f"{REGION}c"), "config", "are all in ap-northeast-2c"),
        (public(way_out=NAT), "config", "not routed to an internet gateway"),
        (public(free=7), "subnet-ip-exhaustion", "7 free addresses, and 8 are needed"),
        (public(tags={}), "subnet-tags-missing", ELB),
        (public(zone=f"{REGION}b"), "config", "sends nothing to a zone in which it is not"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_what_would_fail_later_is_refused(seen: SeenNetwork, slug: str, words: str) -> None:
    assert any(slug == found and words in problem for _, found, problem in network(seen))


def test_a_stated_subnet_that_is_not_there_is_refused() -> None:
    gone = "subnet-0123456789abcdef9"
    found = network(NETWORK, private_subnets=[gone, *(one.id for one in PRIVATE)])
    assert found == [("private_subnets", "stale-vpc-id", f"the VPC has no subnet {gone}")]


def test_several_vpcs_with_the_same_tags_are_named() -> None:
    seen = SeenNetwork(["vpc-2", "vpc-1"])
    config = ExistingNetworkConfig.model_validate({"region": REGION, "vpc_tags": {"Name": "company"}})
    ((place, finding),) = network_findings.findings(config, seen)
    assert (place, finding.problem) == ("vpc_tags", "vpc-1, vpc-2 all have these tags")


def test_the_config_says_once_which_vpc_is_meant() -> None:
    for said in ({}, {"vpc": VPC, "vpc_tags": {"Name": "company"}}):
        with pytest.raises(ConfigErrors, match="State either vpc, its id, or vpc_tags"):
            ExistingNetworkConfig.model_validate({"region": REGION, **said})
    with pytest.raises(ConfigErrors, match="'company' is no id of a vpc"):
        ExistingNetworkConfig.model_validate({"region": REGION, "vpc": "company"})


CLUSTER = SeenCluster(
    arn=f"arn:aws:eks:{REGION}:123456789012:cluster/theirs",
    endpoint="https://example.eks.amazonaws.com",
    certificate_authority="Y2VydGlmaWNhdGU=",
    status="ACTIVE",
    kubernetes="1.36",
    authentication_mode="API_AND_CONFIG_MAP",
    support_type="STANDARD",
    ip_family="ipv4",
    service_cidr="172.20.0.0/16",
    vpc=VPC,
    ranges=[one.cidr for one in PRIVATE],
    private_access=True,
    public_ranges=[],
    security_group="sg-0123456789abcdef0",
    security_group_tags={"kubernetes.io/cluster/theirs": "owned"},
    without_agent="",
    network_policies=True,
    node_groups=["base"],
    node_group=SeenNodeGroup("ACTIVE", 2, ()),
)
CONFIG = ExistingClusterConfig.model_validate(
    {"name": "theirs", "region": REGION, "lifecycle": "disposable", "node_group": "base"}
)
TODAY = date(2026, 11, 22)


def cluster(**changes: Any) -> list[tuple[str, str, str]]:
    found = cluster_findings.findings(CONFIG, replace(CLUSTER, **changes), VPC)
    return [(place, finding.slug, finding.problem) for place, finding in found]


def test_a_cluster_with_all_that_the_platform_needs_is_taken() -> None:
    assert cluster() == []
    assert cluster(authentication_mode="API", private_access=False, public_ranges=[IPv4Network("0.0.0.0/0")]) == []


@pytest.mark.parametrize(
    ("changes", "place", "slug", "words"),
    [
        ({"status": "CREATING"}, "name", "config", "CREATING"),
        ({"vpc": "vpc-1"}, "name", "stale-vpc-id", f"the cluster is in vpc-1, the network is {VPC}"),
        ({"authentication_mode": "CONFIG_MAP"}, "name", "config", "no node of a pool could join"),
        ({"ip_family": "ipv6"}, "name", "config", "IPv6"),
        ({"without_agent": "No addon found"}, "name", "in-tree-load-balancer", "no pod gets credentials"),
        ({"security_group_tags": {}}, "name", "security-group-selector", "kubernetes.io/cluster/theirs"),
        (
            {"private_access": False, "public_ranges": [IPv4Network("203.0.113.0/24")]},
            "name",
            "control-plane-ports-blocked",
            "nodes behind NAT could not join",
        ),
        ({"node_group": None}, "node_group", "config", "there is no node group base"),
        ({"node_group": SeenNodeGroup("DEGRADED", 2, ())}, "node_group", "config", "DEGRADED"),
        ({"node_group": SeenNodeGroup("ACTIVE", 1, ())}, "node_group", "config", "has 1 nodes"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_would_fail_on_the_cluster_is_refused(changes: dict[str, Any], place: str, slug: str, words: str) -> None:
    ((found, with_slug, problem),) = cluster(**changes)
    assert (found, with_slug) == (place, slug)
    assert words in problem


def test_no_cluster_is_all_that_is_said_of_none() -> None:
    ((place, finding),) = cluster_findings.findings(CONFIG, None, VPC)
    assert (place, finding.problem) == ("name", f"there is no cluster theirs in {REGION}")


def test_what_works_today_and_will_not_always_is_warned_of() -> None:
    def warned(**changes: Any) -> str:
        return "\n".join(cluster_findings.warnings(replace(CLUSTER, **changes), TODAY))

    assert warned() == ""
    assert "[extended-support]" in warned(support_type="EXTENDED")
    assert "left standard support" in warned(kubernetes="1.33")
    assert "leaves standard support on 2026-12-02" in warned(kubernetes="1.34")
    assert "NetworkPolicies change nothing" in warned(network_policies=False)
    assert warned(network_policies=None) == ""
