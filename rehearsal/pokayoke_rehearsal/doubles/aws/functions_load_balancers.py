"""Functions about load balancers."""

from __future__ import annotations

from typing import Any

from pokayoke_rehearsal.doubles.aws.load_balancers import shown
from pokayoke_rehearsal.doubles.aws.resource import tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs, ProviderError
from pokayoke_rehearsal.world.dns import balancers
from pokayoke_rehearsal.world.shapes import mapped


def get_load_balancer(site: Site, args: Inputs) -> Inputs:
    """The one balancer with an ARN, a name or tags."""
    elb = site.client("elbv2")
    asked: dict[str, Any] = {"LoadBalancerArns": [args["arn"]]} if "arn" in args else {}
    asked |= {"Names": [args["name"]]} if "name" in args else {}
    wanted = mapped(args, "tags")
    fitting: list[Inputs] = []
    for balancer in elb.describe_load_balancers(**asked)["LoadBalancers"]:
        described = elb.describe_tags(ResourceArns=[balancer["LoadBalancerArn"]])["TagDescriptions"]
        tags = tag_map(described[0]["Tags"])
        if wanted.items() <= tags.items():
            fitting.append(shown(balancer) | {"tags": tags})
    if len(fitting) != 1:
        raise ProviderError(f"Search returned {len(fitting)} results, please revise so only one is returned")
    return fitting[0] | {"id": fitting[0]["arn"], "region": site.region}


def get_hosted_zone_id(site: Site, args: Inputs) -> Inputs:
    """The hosted zone in which a region's balancers of a type have their names."""
    kind: str = args.get("loadBalancerType", "application")
    found = balancers.hosted_zone(site.region, kind)
    if found is None:
        raise ProviderError(f"unsupported AWS Region: {site.region}")
    return {"id": found, "loadBalancerType": kind, "region": site.region}


def get_classic_hosted_zone_id(site: Site, args: Inputs) -> Inputs:  # noqa: ARG001
    """The same for classic balancers, whose names lie with those of application balancers."""
    return {"id": get_hosted_zone_id(site, {})["id"], "region": site.region}
