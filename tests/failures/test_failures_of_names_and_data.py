"""Naive mistakes with names, certificates and databases, and the logged errors seen."""

from __future__ import annotations

import pytest

from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Stage

# Two DSQL clusters in two regions, of which the second's side of the peering waits for the first's.
PEERS = """
import pulumi, pulumi_aws as aws

WITNESS = "ap-northeast-3"

def there(provider, *depends):
    return pulumi.ResourceOptions(provider=provider, depends_on=list(depends))

def cluster(name, provider, *depends, **said):
    across = {"witness_region": WITNESS}
    return aws.dsql.Cluster(name, multi_region_properties=across, opts=there(provider, *depends), **said)

def peering(name, provider, one, other, *depends):
    said = {"identifier": one.identifier, "clusters": [other.arn], "witness_region": WITNESS}
    return aws.dsql.ClusterPeering(name, opts=there(provider, *depends), **said)

korea, japan = aws.Provider("seoul", region="ap-northeast-2"), aws.Provider("tokyo", region="ap-northeast-1")
seoul = cluster("seoul", korea)
tokyo = cluster("tokyo", japan)
first = peering("seoul", korea, seoul, tokyo)
second = peering("tokyo", japan, tokyo, seoul, first)
"""


def test_peerings_that_wait_for_each_other_leave_the_clusters_unpeered(stage: Stage) -> None:
    played = stage.play(PEERS, [Act.UP])
    assert "to become 'ACTIVE' (last state: 'PENDING_SETUP'" in played.told
    assert "does not name it as its own peer" in played.told


CERTIFICATE = """
import raw
aws = raw.aws
{parent}
zone = aws.route53.Zone("dev", name="dev.example.com", opts=raw.here)
asked = {{"domain_name": "dev.example.com", "validation_method": "DNS"}}
certificate = aws.acm.Certificate("dev", **asked, opts=raw.here)
proof = certificate.domain_validation_options[0]
said = {{"name": proof.resource_record_name, "records": [proof.resource_record_value], "type": "CNAME", "ttl": 60}}
record = aws.route53.Record("proof", zone_id=zone.zone_id, **said, opts=raw.here)
issued = {{"certificate_arn": certificate.arn, "validation_record_fqdns": [record.fqdn]}}
aws.acm.CertificateValidation("dev", **issued, opts=raw.here)
"""
PARENT = 'parent = aws.route53.get_zone(name="example.com", opts=raw.pulumi.InvokeOptions(provider=raw.provider))'
GAPS = {
    "": "no zone above it is known that names its name servers",
    PARENT: "(example.com) has no NS record dev.example.com with its name servers",
}


@pytest.mark.parametrize("parent", GAPS, ids=["no parent", "parent without delegation"])
def test_a_certificate_in_a_zone_that_nobody_delegates_is_never_issued(stage: Stage, parent: str) -> None:
    played = stage.play(CERTIFICATE.format(parent=parent), [Act.UP])
    assert "to become 'ISSUED' (last state: 'PENDING_VALIDATION'" in played.told
    assert GAPS[parent] in played.told


ADOPTED = f'import raw\naws = raw.aws\n{PARENT}\nwhere = {{"zone_id": parent.zone_id, "opts": raw.here}}'
BALANCER = "k8s-default-web-0123456789-0123456789abcdef.elb.ap-northeast-2.amazonaws.com"


def test_a_record_by_hand_outlives_the_balancer_that_its_controller_deletes(stage: Stage) -> None:
    """`stale-dns-record`: nobody who knows of the record hears of the balancer; the next `up` finds nothing to do."""
    record = f'name="www.example.com", type="CNAME", ttl=60, records=["{BALANCER}"]'
    program = f'{ADOPTED}\naws.route53.Record("www", {record}, **where)'

    def controller_makes(inside: Inside) -> None:
        ec2 = inside.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
        tags = [{"Key": "elbv2.k8s.aws/cluster", "Value": "demo"}]
        said = {"Type": "network", "Scheme": "internal", "Subnets": [subnet], "Tags": tags}
        inside.client("elbv2").create_load_balancer(Name="k8s-default-web", **said)

    def controller_deletes(inside: Inside) -> list[str]:
        """Deletes the balancer; answers where names in DNS lead."""
        for balancer in inside.client("elbv2").describe_load_balancers()["LoadBalancers"]:
            inside.client("elbv2").delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
        route53 = inside.client("route53")
        zone = route53.list_hosted_zones()["HostedZones"][0]["Id"]
        records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        return [value["Value"] for one in records if one["Type"] == "CNAME" for value in one["ResourceRecords"]]

    played = stage.play(program, [Act.UP, Act.UP], before=controller_makes, look=controller_deletes)
    assert played.last.ok
    assert played.seen[-1] == [BALANCER]
    told = [one.note for one in played.left if one.kind == "record"]
    assert told == [f"leads to {BALANCER}, a load balancer that is gone"]


def test_a_certificate_is_pending_when_it_is_made_also_where_its_record_stands_already(stage: Stage) -> None:
    """Else which of two regions comes first would show in the state."""
    program = CERTIFICATE.format(parent=PARENT).replace("dev.example.com", "example.com")
    program = program.replace('zone = aws.route53.Zone("dev", name="example.com", opts=raw.here)', "zone = parent")
    again = (
        'later = aws.acm.Certificate("later", **asked, opts=raw.after(record))\nraw.pulumi.export("s", later.status)'
    )

    def issued(inside: Inside) -> list[str]:
        acm = inside.client("acm")
        arns = [one["CertificateArn"] for one in acm.list_certificates()["CertificateSummaryList"]]
        return [acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"] for arn in arns]

    played = stage.play(f"{program}\n{again}", [Act.UP], look=issued)
    assert played.last.ok, played.told
    assert played.last.outputs["s"] == "PENDING_VALIDATION"
    assert played.seen == [["ISSUED", "ISSUED"]]
