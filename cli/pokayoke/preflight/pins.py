"""Everything that the config pins, or that follows from it, is to be had in the region."""

from collections.abc import Iterator

from pokayoke.pins_aws import AwsVersions
from pokayoke_eks.rules.releases import ADDONS

from .verdict import Asking, Verdict, fine, refused, warning


def zones(asking: Asking, region: str) -> Iterator[Verdict]:
    """The account sees the zones: the same letters are not given to every account."""
    found = asking.clients("ec2", region).describe_availability_zones()["AvailabilityZones"]
    seen = {str(one["ZoneName"]) for one in found if one.get("State") == "available"}
    missing = sorted(set(asking.platform.network(region).zone_names) - seen)
    if missing:
        yield refused(
            f"this account has no zone {', '.join(missing)}", f"Choose from {', '.join(sorted(seen))} in `zones`."
        )
    else:
        yield fine("the zones are there")


def kubernetes(asking: Asking, region: str) -> Iterator[Verdict]:
    """EKS offers the Kubernetes version in standard support today."""
    version = asking.platform.kubernetes
    offered = asking.clients("eks", region).describe_cluster_versions(clusterVersions=[version])["clusterVersions"]
    status = next((one.get("versionStatus") or one.get("status") for one in offered), "UNKNOWN")
    if str(status).upper() == "STANDARD_SUPPORT":
        yield fine(f"Kubernetes {version} is in standard support")
    else:
        yield refused(
            f"EKS says {status} of Kubernetes {version}", "Choose a version in standard support.", "extended-support"
        )


def addons(asking: Asking, region: str) -> Iterator[Verdict]:
    """The add-on versions that are pinned exist for this Kubernetes."""
    platform = asking.platform
    offered = AwsVersions(region, asking.clients)
    for name in ADDONS:
        pinned = getattr(platform.addons, name.replace("-", "_"))
        versions = offered.addons(name, platform.kubernetes)
        if pinned and pinned not in versions:
            yield refused(f"EKS offers no {name} {pinned} for Kubernetes {platform.kubernetes}", "Run `pokayoke pins`.")
        elif not versions:
            yield refused(f"EKS offers no {name} for Kubernetes {platform.kubernetes}", "Choose another version.")
        else:
            yield fine(f"{name} {pinned or 'in its default version'}")


def bottlerocket(asking: Asking, region: str) -> Iterator[Verdict]:
    """The release of the nodes' image is there for this Kubernetes."""
    platform = asking.platform
    parameter = f"/aws/service/bottlerocket/aws-k8s-{platform.kubernetes}/arm64/{platform.bottlerocket}/image_id"
    client = asking.clients("ssm", region)
    try:
        client.get_parameter(Name=parameter)
    except client.exceptions.ParameterNotFound:
        yield refused(
            f"no Bottlerocket {platform.bottlerocket} for Kubernetes {platform.kubernetes}", "Run `pokayoke pins`."
        )
    else:
        yield fine(f"Bottlerocket {platform.bottlerocket}")


def instance_types(asking: Asking, region: str) -> Iterator[Verdict]:
    """Every pool's instance types can be had in one of the zones, the system nodes' type in two of them."""
    platform = asking.platform
    zones = set(platform.network(region).zone_names)
    system = platform.cluster(region).system_instance_type
    wanted = sorted({system, *(one for pool in platform.pools for one in pool.instance_types)})
    offered: dict[str, set[str]] = {}
    pages = asking.clients("ec2", region).get_paginator("describe_instance_type_offerings")
    named = [{"Name": "instance-type", "Values": wanted}]
    for page in pages.paginate(LocationType="availability-zone", Filters=named):
        for one in page["InstanceTypeOfferings"]:
            offered.setdefault(one["InstanceType"], set()).add(one["Location"])
    if len(offered.get(system, set()) & zones) < 2:
        yield refused(f"{system} is offered in fewer than two of the zones", "State another `system_instance`.")
    for pool in platform.pools:
        none = [one for one in pool.instance_types if not offered.get(one, set()) & zones]
        if len(none) == len(pool.instance_types):
            yield refused(f"pool {pool.name}: none of its types is offered in the zones", "Name others.")
        elif none:
            yield warning(f"pool {pool.name}: {', '.join(none)} not offered in the zones", "Name others beside them.")
        else:
            yield fine(f"pool {pool.name}: all its types are offered")
