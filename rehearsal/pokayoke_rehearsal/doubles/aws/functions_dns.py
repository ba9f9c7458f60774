"""Functions about hosted zones."""

from __future__ import annotations

from typing import Any

from pokayoke_rehearsal.doubles.aws.resource import tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs, ProviderError
from pokayoke_rehearsal.world.shapes import listed, mapped


def get_zone(site: Site, args: Inputs) -> Inputs:
    """A zone by id, or by name, tags and network.

    A public zone that a program asks for by its name alone, and that the account does not have, is presumed to be
    there: what somebody adopts exists in the real account, and the rehearsal cannot know of it.
    """
    route53 = site.client("route53")
    if "zoneId" in args:
        found = route53.get_hosted_zone(Id=args["zoneId"])["HostedZone"]
    else:
        fitting = _fitting(site, args)
        by_more = any(args.get(key) for key in ("privateZone", "tags", "vpcId"))
        if not fitting and "name" in args and not by_more:
            _presume(site, args["name"])
            fitting = _fitting(site, args)
        if len(fitting) != 1:
            several = "multiple {0}s matched; use additional constraints to reduce matches to a single {0}"
            said = several if fitting else "no matching {0} found"
            raise ProviderError(said.format("Route 53 Hosted Zone"))
        found = fitting[0]
    zone_id: str = found["Id"].rpartition("/")[2]
    servers: list[str] = listed(mapped(route53.get_hosted_zone(Id=zone_id), "DelegationSet"), "NameServers")
    return {
        "arn": f"arn:{site.partition}:route53:::hostedzone/{zone_id}",
        "callerReference": found["CallerReference"],
        "comment": found["Config"].get("Comment", ""),
        "enableAcceleratedRecovery": False,
        "id": zone_id,
        "linkedServiceDescription": "",
        "linkedServicePrincipal": "",
        "name": found["Name"].rstrip("."),
        "nameServers": servers,
        "primaryNameServer": servers[0] if servers else "",
        "privateZone": bool(found["Config"].get("PrivateZone")),
        "resourceRecordSetCount": found["ResourceRecordSetCount"],
        "tags": _tags(route53, zone_id),
        "vpcId": args.get("vpcId", ""),
        "zoneId": zone_id,
    }


def _fitting(site: Site, args: Inputs) -> list[dict[str, Any]]:
    route53 = site.client("route53")
    private = bool(args.get("privateZone", "vpcId" in args))
    fitting: list[dict[str, Any]] = []
    for zone in route53.list_hosted_zones()["HostedZones"]:
        if "name" in args and zone["Name"].rstrip(".").lower() != args["name"].rstrip(".").lower():
            continue
        if bool(zone["Config"].get("PrivateZone")) != private:
            continue
        if "vpcId" in args:
            inside = [vpc["VPCId"] for vpc in route53.get_hosted_zone(Id=zone["Id"]).get("VPCs", [])]
            if args["vpcId"] not in inside:
                continue
        if mapped(args, "tags").items() <= _tags(route53, zone["Id"].rpartition("/")[2]).items():
            fitting.append(zone)
    return fitting


def _tags(route53: Any, zone_id: str) -> dict[str, str]:
    answer = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id)
    return tag_map(answer["ResourceTagSet"]["Tags"])


def _presume(site: Site, name: str) -> None:
    from moto.route53.models import route53_backends  # pyright: ignore[reportMissingTypeStubs]

    from pokayoke_rehearsal.world.dns import zones

    backends: Any = route53_backends
    zones.presume(backends[site.account][site.partition], name)
