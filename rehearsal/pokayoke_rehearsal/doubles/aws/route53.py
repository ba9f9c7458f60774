"""Hosted zones and records of Route 53."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Resource, pascal_keys, tag_list, tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import UNKNOWN, Inputs, Plain
from pokayoke_rehearsal.world.shapes import listed, mapped

ROUTINGS = {
    "cidrRoutingPolicy": "CidrRoutingConfig",
    "failoverRoutingPolicies": "Failover",
    "geolocationRoutingPolicies": "GeoLocation",
    "geoproximityRoutingPolicy": "GeoProximityLocation",
    "latencyRoutingPolicies": "Region",
    "multivalueAnswerRoutingPolicy": "MultiValueAnswer",
    "weightedRoutingPolicies": "Weight",
}
# Of these the API takes the one value, the program gives an object in a list.
SINGLE = {"failoverRoutingPolicies": "type", "latencyRoutingPolicies": "region", "weightedRoutingPolicies": "weight"}
PLACES = {"continent": "ContinentCode", "country": "CountryCode", "subdivision": "SubdivisionCode"}


class Zone(Resource):
    pulumi_type = "aws:route53/zone:Zone"
    service: ClassVar[str] = "route53"
    noun = "Route53 Hosted Zone"
    operation = "CreateHostedZone"
    regional = False
    tagged = True
    autoname = Autoname(longest=1024)
    replace = ("delegationSetId",)
    computed = ("arn", "comment", "nameServers", "primaryNameServer", "zoneId")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        found: dict[str, Any] = {"Name": inputs.get("name", "")}
        found["CallerReference"] = "terraform-" + secrets.token_hex(13)
        found["HostedZoneConfig"] = {"Comment": inputs.get("comment", "Managed by Pulumi")}
        if "delegationSetId" in inputs:
            found["DelegationSetId"] = inputs["delegationSetId"]
        for vpc in listed(inputs, "vpcs")[:1]:
            found["HostedZoneConfig"]["PrivateZone"] = True
            found["VPC"] = {"VPCId": vpc["vpcId"]} | ({"VPCRegion": vpc["vpcRegion"]} if "vpcRegion" in vpc else {})
        return found

    def create(self, site: Site, inputs: Inputs) -> str:
        zone_id = _clean(site.client("route53").create_hosted_zone(**self.parameters(inputs))["HostedZone"]["Id"])
        if inputs.get("tags"):
            self.retag(site, zone_id, {}, (), inputs["tags"])
        for vpc in listed(inputs, "vpcs")[1:]:
            there = {"VPCId": vpc["vpcId"], "VPCRegion": vpc.get("vpcRegion", site.region)}
            site.client("route53").associate_vpc_with_hosted_zone(HostedZoneId=zone_id, VPC=there)
        return zone_id

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        route53 = site.client("route53")
        found = route53.get_hosted_zone(Id=resource_id)
        servers = sorted(listed(mapped(found, "DelegationSet"), "NameServers"))
        tags = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=resource_id)["ResourceTagSet"]
        return {
            "arn": f"arn:{site.partition}:route53:::hostedzone/{resource_id}",
            "comment": found["HostedZone"]["Config"].get("Comment", ""),
            "name": found["HostedZone"]["Name"].rstrip("."),
            "nameServers": servers,
            "primaryNameServer": servers[0] if servers else "",
            "tags": tag_map(tags["Tags"]),
            "zoneId": resource_id,
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        if "comment" in changed:
            comment = news.get("comment", "Managed by Pulumi")
            site.client("route53").update_hosted_zone_comment(Id=resource_id, Comment=comment)

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        change: dict[str, Any] = {"AddTags": tag_list(tags)} if tags else {}
        change |= {"RemoveTagKeys": list(gone)} if gone else {}
        site.client("route53").change_tags_for_resource(ResourceType="hostedzone", ResourceId=resource_id, **change)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        route53 = site.client("route53")
        if state.get("forceDestroy"):
            apex = route53.get_hosted_zone(Id=resource_id)["HostedZone"]["Name"]
            for record in route53.list_resource_record_sets(HostedZoneId=resource_id)["ResourceRecordSets"]:
                if record["Name"] != apex or record["Type"] not in ("NS", "SOA"):
                    _change(site, resource_id, ("DELETE", record))
        route53.delete_hosted_zone(Id=resource_id)


class Record(Resource):
    pulumi_type = "aws:route53/record:Record"
    service: ClassVar[str] = "route53"
    noun = "Route53 Record"
    operation = "ChangeResourceRecordSets"
    regional = False
    required = ("name", "type", "zoneId")
    replace = ("name", "zoneId")
    computed = ("allowOverwrite", "fqdn")

    def refusals(self, inputs: Inputs) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if ("aliases" in inputs) == ("records" in inputs):
            found.append(("aliases", "exactly one of `aliases,records` must be specified"))
        if "aliases" in inputs and "ttl" in inputs:
            found.append(("ttl", '"ttl": conflicts with aliases'))
        policies = [key for key in ROUTINGS if key in inputs]
        if policies and "setIdentifier" not in inputs:
            found.append((policies[0], f"all of `{policies[0]},setIdentifier` must be specified"))
        if len(policies) > 1:
            found.append((policies[0], f'"{policies[0]}": conflicts with {policies[1]}'))
        return found

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        change = {"Action": "CREATE", "ResourceRecordSet": _record_set(inputs, inputs.get("name", ""))}
        return {"HostedZoneId": inputs.get("zoneId", ""), "ChangeBatch": {"Changes": [change]}}

    def create(self, site: Site, inputs: Inputs) -> str:
        self._put(site, inputs, "UPSERT" if inputs.get("allowOverwrite") else "CREATE")
        parts = [inputs["zoneId"], inputs["name"].lower(), inputs["type"], inputs.get("setIdentifier")]
        return "_".join(part for part in parts if part)

    def same(self, key: str, stated: Plain, found: Plain, inputs: Inputs) -> bool:
        """A name with and without its last dot is one."""
        return key == "name" and str(stated).rstrip(".") == str(found).rstrip(".")

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        zone_id, name, kind, identifier = _address(resource_id, known)
        found = _find(site, zone_id, name, kind, identifier)
        if found is None:
            return None
        outputs: Inputs = {
            "allowOverwrite": known.get("allowOverwrite", False),
            "fqdn": _expanded(site, zone_id, name),
            "name": name.rstrip(".").lower(),
            "type": kind,
            "zoneId": zone_id,
        }
        if identifier:
            outputs["setIdentifier"] = identifier
        if "AliasTarget" in found:
            alias = found["AliasTarget"]
            healthy = bool(alias.get("EvaluateTargetHealth"))
            target = {"name": alias["DNSName"].rstrip(".").lower(), "zoneId": alias["HostedZoneId"]}
            return outputs | {"aliases": [{**target, "evaluateTargetHealth": healthy}]}
        values = [one["Value"] for one in found.get("ResourceRecords", [])]
        shown = [value.strip('"') if kind == "TXT" else value for value in values]
        return outputs | {"records": shown, "ttl": found["TTL"]}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        if not {"type", "setIdentifier"} & set(changed):
            self._put(site, news, "UPSERT")
            return
        zone_id, name, kind, identifier = _address(resource_id, olds)
        old = _find(site, zone_id, name, kind, identifier)
        record = _record_set(news, _expanded(site, zone_id, news["name"]))
        action = "UPSERT" if news.get("allowOverwrite") else "CREATE"
        _change(site, zone_id, *([("DELETE", old)] if old else []), (action, record))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        zone_id, name, kind, identifier = _address(resource_id, state)
        found = _find(site, zone_id, name, kind, identifier)
        if found is not None:
            _change(site, zone_id, ("DELETE", found))

    def _put(self, site: Site, inputs: Inputs, action: str) -> None:
        zone_id = _clean(inputs["zoneId"])
        _change(site, zone_id, (action, _record_set(inputs, _expanded(site, zone_id, inputs["name"]))))


def _change(site: Site, zone_id: str, *changes: tuple[str, dict[str, Any]]) -> None:
    batch = [{"Action": action, "ResourceRecordSet": record} for action, record in changes]
    site.client("route53").change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": batch})


def _find(site: Site, zone_id: str, name: str, kind: str, identifier: str) -> dict[str, Any] | None:
    full = _expanded(site, zone_id, name) + "."
    start = {"StartRecordName": full, "StartRecordType": kind}
    answer = site.client("route53").list_resource_record_sets(HostedZoneId=zone_id, **start)
    for record in answer["ResourceRecordSets"]:
        if (record["Name"].lower(), record["Type"], record.get("SetIdentifier", "")) == (full, kind, identifier):
            return record
    return None


def _expanded(site: Site, zone_id: str, name: str) -> str:
    """The full name: the zone's is appended where it is missing."""
    zone = site.client("route53").get_hosted_zone(Id=zone_id)["HostedZone"]["Name"].rstrip(".")
    bare = name.rstrip(".").lower()
    return bare if bare.endswith(zone) else f"{bare}.{zone}" if bare else zone


def _record_set(inputs: Inputs, name: Any) -> dict[str, Any]:
    record: dict[str, Any] = {"Name": name, "Type": inputs.get("type", "")}
    if "records" in inputs:
        quoted = inputs.get("type") in ("TXT", "SPF")
        values: Any = inputs["records"]
        if isinstance(values, list):
            values = [{"Value": f'"{value}"' if quoted and isinstance(value, str) else value} for value in values]  # pyright: ignore[reportUnknownVariableType]
        record["ResourceRecords"] = values
    for key, parameter in (("ttl", "TTL"), ("setIdentifier", "SetIdentifier"), ("healthCheckId", "HealthCheckId")):
        if key in inputs:
            record[parameter] = inputs[key]
    if "aliases" in inputs:
        record["AliasTarget"] = _alias(inputs["aliases"])
    for key, parameter in ROUTINGS.items():
        if key in inputs:
            record[parameter] = _routing(key, inputs[key])
    return record


def _alias(said: Any) -> Any:
    if said is UNKNOWN or said[0] is UNKNOWN:
        return UNKNOWN
    alias: Inputs = said[0]
    healthy = alias.get("evaluateTargetHealth", False)
    return {"DNSName": alias["name"], "HostedZoneId": alias["zoneId"], "EvaluateTargetHealth": healthy}


def _routing(key: str, said: Any) -> Any:
    one: Any = said
    if isinstance(one, list):
        one = said[0]
    if one is UNKNOWN:
        return one
    if key in SINGLE:
        return one[SINGLE[key]]
    if key == "geolocationRoutingPolicies":
        return {PLACES[name]: value for name, value in one.items()}
    return pascal_keys(one)


def _address(resource_id: str, known: Inputs) -> tuple[str, str, str, str]:
    """Zone, name, type and set identifier; from the id alone (`Z123_www.example.com_A_seoul`) in an import."""
    if "zoneId" in known:
        return _clean(known["zoneId"]), known["name"], known["type"], known.get("setIdentifier") or ""
    found = re.fullmatch(r"([^_]+)_(.*?)_([A-Z]+)(?:_(.*))?", resource_id)
    return (found[1], found[2], found[3], found[4] or "") if found else (resource_id, "", "", "")


def _clean(zone_id: str) -> str:
    return zone_id.removeprefix("/hostedzone/")
