"""Load balancers of ELBv2 with their listeners and target groups."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Resource, pascal_keys, pick, tag_list, tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Difference, Inputs
from pokayoke_rehearsal.world.shapes import listed, mapped

BALANCER_ATTRIBUTES = {
    "clientKeepAlive": "client_keep_alive.seconds",
    "desyncMitigationMode": "routing.http.desync_mitigation_mode",
    "dnsRecordClientRoutingPolicy": "dns_record.client_routing_policy",
    "dropInvalidHeaderFields": "routing.http.drop_invalid_header_fields.enabled",
    "enableCrossZoneLoadBalancing": "load_balancing.cross_zone.enabled",
    "enableDeletionProtection": "deletion_protection.enabled",
    "enableHttp2": "routing.http2.enabled",
    "idleTimeout": "idle_timeout.timeout_seconds",
    "preserveHostHeader": "routing.http.preserve_host_header.enabled",
}
GROUP_ATTRIBUTES = {
    "connectionTermination": "deregistration_delay.connection_termination.enabled",
    "deregistrationDelay": "deregistration_delay.timeout_seconds",
    "loadBalancingAlgorithmType": "load_balancing.algorithm.type",
    "preserveClientIp": "preserve_client_ip.enabled",
    "proxyProtocolV2": "proxy_protocol_v2.enabled",
    "slowStart": "slow_start.duration_seconds",
}
HEALTH = {
    "enabled": "HealthCheckEnabled",
    "healthyThreshold": "HealthyThresholdCount",
    "interval": "HealthCheckIntervalSeconds",
    "path": "HealthCheckPath",
    "port": "HealthCheckPort",
    "protocol": "HealthCheckProtocol",
    "timeout": "HealthCheckTimeoutSeconds",
    "unhealthyThreshold": "UnhealthyThresholdCount",
}


class _Balancing(Resource):
    """What is tagged by its ARN, which is also its id."""

    service: ClassVar[str] = "elbv2"
    tagged = True

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        if gone:
            site.client("elbv2").remove_tags(ResourceArns=[resource_id], TagKeys=list(gone))
        if tags:
            site.client("elbv2").add_tags(ResourceArns=[resource_id], Tags=tag_list(tags))

    def _tags(self, site: Site, resource_id: str) -> dict[str, str]:
        found = site.client("elbv2").describe_tags(ResourceArns=[resource_id])["TagDescriptions"]
        return tag_map(found[0]["Tags"]) if found else {}


class LoadBalancer(_Balancing):
    pulumi_type = "aws:lb/loadBalancer:LoadBalancer"
    aliases = ("aws:alb/loadBalancer:LoadBalancer",)
    noun = "ELBv2 Load Balancer"
    operation = "CreateLoadBalancer"
    autoname = Autoname(longest=32)
    replace = ("customerOwnedIpv4Pool", "internal", "loadBalancerType")
    computed = (
        "arn",
        "arnSuffix",
        "dnsName",
        "internal",
        "ipAddressType",
        "securityGroups",
        "subnets",
        "vpcId",
        "zoneId",
    )

    def refusals(self, inputs: Inputs) -> list[tuple[str, str]]:
        if ("subnets" in inputs) == ("subnetMappings" in inputs):
            return [("subnets", "exactly one of `subnetMappings,subnets` must be specified")]
        return []

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        found = pick(inputs, "name", "ipAddressType", "subnets", "securityGroups", loadBalancerType="Type")
        if inputs.get("internal"):
            found["Scheme"] = "internal"
        if "subnetMappings" in inputs:
            renamed = {"privateIpv4Address": "PrivateIPv4Address", "ipv6Address": "IPv6Address"}
            found["SubnetMappings"] = [
                pick(one, "subnetId", "allocationId", **renamed) for one in inputs["subnetMappings"]
            ]
        return found

    def create(self, site: Site, inputs: Inputs) -> str:
        tags = {"Tags": tag_list(inputs["tags"])} if inputs.get("tags") else {}
        made = site.client("elbv2").create_load_balancer(**self.parameters(inputs), **tags)
        arn: str = made["LoadBalancers"][0]["LoadBalancerArn"]
        self._set_attributes(site, arn, inputs, inputs)
        return arn

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        elb = site.client("elbv2")
        found = elb.describe_load_balancers(LoadBalancerArns=[resource_id])["LoadBalancers"][0]
        return shown(found) | {"tags": self._tags(site, resource_id)}

    def also_replacing(self, old_inputs: Inputs, news: Inputs, found: Difference) -> Collection[str]:
        """A network balancer that was made without security groups never gets one, and the other way round."""
        network = old_inputs.get("loadBalancerType") == "network"
        turned = bool(old_inputs.get("securityGroups")) != bool(news.get("securityGroups"))
        return [path for path in found.changed if path.startswith("securityGroups")] if network and turned else []

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        elb = site.client("elbv2")
        self._set_attributes(site, resource_id, {key: news.get(key) for key in changed}, news)
        if "securityGroups" in changed:
            elb.set_security_groups(LoadBalancerArn=resource_id, SecurityGroups=listed(news, "securityGroups"))
        if {"subnetMappings", "subnets"} & set(changed):
            asked = self.parameters(news)
            places = {key: asked[key] for key in ("Subnets", "SubnetMappings") if key in asked}
            elb.set_subnets(LoadBalancerArn=resource_id, **places)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("elbv2").delete_load_balancer(LoadBalancerArn=resource_id)

    def _set_attributes(self, site: Site, arn: str, changed: Inputs, inputs: Inputs) -> None:
        attributes = _attributes(BALANCER_ATTRIBUTES, changed)
        if "accessLogs" in changed:
            logs = mapped(inputs, "accessLogs")
            said = {"enabled": False, **logs}
            attributes += [{"Key": f"access_logs.s3.{key}", "Value": _text(value)} for key, value in said.items()]
        if attributes:
            site.client("elbv2").modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=attributes)


class TargetGroup(_Balancing):
    pulumi_type = "aws:lb/targetGroup:TargetGroup"
    aliases = ("aws:alb/targetGroup:TargetGroup",)
    noun = "ELBv2 Target Group"
    operation = "CreateTargetGroup"
    autoname = Autoname(longest=32)
    replace = ("ipAddressType", "port", "protocol", "protocolVersion", "targetType", "vpcId")
    delete_again_after = ("ResourceInUse",)
    computed = ("arn", "arnSuffix", "healthCheck", "loadBalancerArns")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        same = ("name", "port", "protocol", "protocolVersion", "vpcId", "targetType", "ipAddressType")
        return pick(inputs, *same) | _health(inputs)

    def create(self, site: Site, inputs: Inputs) -> str:
        tags = {"Tags": tag_list(inputs["tags"])} if inputs.get("tags") else {}
        made = site.client("elbv2").create_target_group(**self.parameters(inputs), **tags)
        arn: str = made["TargetGroups"][0]["TargetGroupArn"]
        self._set_attributes(site, arn, inputs)
        return arn

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        found = site.client("elbv2").describe_target_groups(TargetGroupArns=[resource_id])["TargetGroups"][0]
        check = {key: found[parameter] for key, parameter in HEALTH.items() if parameter in found}
        return {
            "arn": resource_id,
            "arnSuffix": resource_id.rpartition(":")[2],
            "healthCheck": check | ({"matcher": found["Matcher"]["HttpCode"]} if "Matcher" in found else {}),
            "loadBalancerArns": found.get("LoadBalancerArns", []),
            "name": found["TargetGroupName"],
            "tags": self._tags(site, resource_id),
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        if "healthCheck" in changed and (check := _health(news)):
            site.client("elbv2").modify_target_group(TargetGroupArn=resource_id, **check)
        self._set_attributes(site, resource_id, {key: news[key] for key in changed if key in news})

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("elbv2").delete_target_group(TargetGroupArn=resource_id)

    def _set_attributes(self, site: Site, arn: str, inputs: Inputs) -> None:
        attributes = _attributes(GROUP_ATTRIBUTES, inputs)
        if sticky := mapped(inputs, "stickiness"):
            attributes.append({"Key": "stickiness.enabled", "Value": _text(sticky.get("enabled", True))})
            attributes.append({"Key": "stickiness.type", "Value": sticky["type"]})
        if attributes:
            site.client("elbv2").modify_target_group_attributes(TargetGroupArn=arn, Attributes=attributes)


class Listener(_Balancing):
    pulumi_type = "aws:lb/listener:Listener"
    aliases = ("aws:alb/listener:Listener",)
    noun = "ELBv2 Listener"
    operation = "CreateListener"
    required = ("defaultActions", "loadBalancerArn")
    replace = ("loadBalancerArn",)
    computed = ("arn", "protocol", "sslPolicy")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        found = pick(inputs, "loadBalancerArn", "port", "protocol", "sslPolicy")
        found["DefaultActions"] = [_action(action) for action in listed(inputs, "defaultActions")]
        if "certificateArn" in inputs:
            found["Certificates"] = [{"CertificateArn": inputs["certificateArn"]}]
        if "alpnPolicy" in inputs:
            found["AlpnPolicy"] = [inputs["alpnPolicy"]]
        return found

    def create(self, site: Site, inputs: Inputs) -> str:
        tags = {"Tags": tag_list(inputs["tags"])} if inputs.get("tags") else {}
        return site.client("elbv2").create_listener(**self.parameters(inputs), **tags)["Listeners"][0]["ListenerArn"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        found = site.client("elbv2").describe_listeners(ListenerArns=[resource_id])["Listeners"][0]
        return {
            "arn": resource_id,
            "loadBalancerArn": found["LoadBalancerArn"],
            "port": found["Port"],
            "protocol": found["Protocol"],
            "sslPolicy": found.get("SslPolicy", ""),
            "tags": self._tags(site, resource_id),
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        wanted = {key: value for key, value in self.parameters(news).items() if key != "LoadBalancerArn"}
        site.client("elbv2").modify_listener(ListenerArn=resource_id, **wanted)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("elbv2").delete_listener(ListenerArn=resource_id)


def shown(balancer: dict[str, Any]) -> Inputs:
    """A balancer as the provider shows it."""
    arn: str = balancer["LoadBalancerArn"]
    return {
        "arn": arn,
        "arnSuffix": arn.partition(":loadbalancer/")[2],
        "dnsName": balancer["DNSName"],
        "internal": balancer["Scheme"] == "internal",
        "ipAddressType": balancer.get("IpAddressType", "ipv4"),
        "loadBalancerType": balancer["Type"],
        "name": balancer["LoadBalancerName"],
        "securityGroups": balancer.get("SecurityGroups", []),
        "subnets": [zone["SubnetId"] for zone in balancer["AvailabilityZones"]],
        "vpcId": balancer["VpcId"],
        "zoneId": balancer["CanonicalHostedZoneId"],
    }


def _health(inputs: Inputs) -> dict[str, Any]:
    check = mapped(inputs, "healthCheck")
    found = pick(check, **HEALTH)
    return found | ({"Matcher": {"HttpCode": check["matcher"]}} if "matcher" in check else {})


def _action(said: Inputs) -> dict[str, Any]:
    action: dict[str, Any] = pick(said, "type", "order", "targetGroupArn")
    if "forward" in said:
        groups = [pick(group, "weight", arn="TargetGroupArn") for group in listed(said["forward"], "targetGroups")]
        action["ForwardConfig"] = {"TargetGroups": groups}
    for key, parameter in (("redirect", "RedirectConfig"), ("fixedResponse", "FixedResponseConfig")):
        if key in said:
            action[parameter] = pascal_keys(said[key])
    return action


def _attributes(names: dict[str, str], inputs: Inputs) -> list[dict[str, str]]:
    return [{"Key": names[key], "Value": _text(inputs[key])} for key in names if inputs.get(key) is not None]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
