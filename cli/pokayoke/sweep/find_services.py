"""What the load balancer controller, EKS's logging and Karpenter's IAM side left behind."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from collections.abc import Iterator, Sequence
from typing import Any

from pokayoke_eks.instances.prices import LOAD_BALANCER
from pokayoke_eks.tags import MANAGED_BY

from .leftover import Kind, Leftover, Place
from .ownership import belongs, tags_of

_TAGS_A_CALL = 20
"""How many ARNs elasticloadbalancing:DescribeTags takes (its API reference)."""


def load_balancers(place: Place) -> Iterator[Leftover]:
    """Network and application load balancers."""
    found = [one for page in place.pages("elbv2", "describe_load_balancers") for one in page["LoadBalancers"]]
    mine = _mine(place, [one["LoadBalancerArn"] for one in found])
    for one in (one for one in found if one["LoadBalancerArn"] in mine):
        detail = ", ".join([one["Type"], one.get("Scheme", "no scheme"), one["LoadBalancerName"]])
        yield Leftover(Kind.LOAD_BALANCER, one["LoadBalancerArn"], place.region, detail, LOAD_BALANCER)


def classic_load_balancers(place: Place) -> Iterator[Leftover]:
    """Classic load balancers, which Kubernetes' in-tree provider makes."""
    client = place.client("elb")
    found = [
        one["LoadBalancerName"]
        for page in place.pages("elb", "describe_load_balancers")
        for one in page["LoadBalancerDescriptions"]
    ]
    for start in range(0, len(found), _TAGS_A_CALL):
        described = client.describe_tags(LoadBalancerNames=found[start : start + _TAGS_A_CALL])["TagDescriptions"]
        for one in described:
            if belongs(tags_of(one), place.cluster):
                name = one["LoadBalancerName"]
                yield Leftover(Kind.LOAD_BALANCER, name, place.region, "classic", LOAD_BALANCER, {"classic": True})


def target_groups(place: Place) -> Iterator[Leftover]:
    """Target groups."""
    found = [one for page in place.pages("elbv2", "describe_target_groups") for one in page["TargetGroups"]]
    mine = _mine(place, [one["TargetGroupArn"] for one in found])
    for one in (one for one in found if one["TargetGroupArn"] in mine):
        yield Leftover(Kind.TARGET_GROUP, one["TargetGroupArn"], place.region, one["TargetGroupName"])


def log_groups(place: Place) -> Iterator[Leftover]:
    """The control plane's log group, which EKS makes again when it writes once more after its removal
    (terraform-aws-modules/terraform-aws-eks#2446), and those of Container Insights."""
    for prefix in (f"/aws/eks/{place.cluster}/", f"/aws/containerinsights/{place.cluster}/"):
        for page in place.pages("logs", "describe_log_groups", logGroupNamePrefix=prefix):
            for one in page["logGroups"]:
                if MANAGED_BY not in _log_tags(place, one):
                    yield Leftover(
                        Kind.LOG_GROUP, one["logGroupName"], place.region, f"{one.get('storedBytes', 0)} bytes"
                    )


def instance_profiles(place: Place) -> Iterator[Leftover]:
    """Instance profiles of Karpenter's making. IAM is global: each says in a tag or in its path of which region it
    is."""
    client = place.client("iam")
    for page in place.pages("iam", "list_instance_profiles"):
        for one in page["InstanceProfiles"]:
            if place.cluster not in f"{one['Path']}{one['InstanceProfileName']}":
                continue
            tags = tags_of(
                client.get_instance_profile(InstanceProfileName=one["InstanceProfileName"])["InstanceProfile"]
            )
            region = tags.get("topology.kubernetes.io/region", place.region)
            if region == place.region and belongs(tags, place.cluster):
                yield Leftover(Kind.INSTANCE_PROFILE, one["InstanceProfileName"], place.region, one["Path"])


def _mine(place: Place, arns: Sequence[str]) -> set[str]:
    client = place.client("elbv2")
    described: list[Any] = []
    for start in range(0, len(arns), _TAGS_A_CALL):
        described += client.describe_tags(ResourceArns=list(arns[start : start + _TAGS_A_CALL]))["TagDescriptions"]
    return {one["ResourceArn"] for one in described if belongs(tags_of(one), place.cluster)}


def _log_tags(place: Place, group: Any) -> Any:
    arn = str(group["arn"]).removesuffix(":*")
    return place.client("logs").list_tags_for_resource(resourceArn=arn)["tags"]
