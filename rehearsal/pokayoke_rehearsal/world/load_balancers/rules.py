"""What ELB makes with a balancer and takes away with it, and what it refuses.

Codes and texts as AWS gives them: kasmtech/terraform#5 (two zones), robertdebock/terraform-aws-vault#5 (one subnet a
zone), kubernetes-sigs/aws-load-balancer-controller#3173 (names), hashicorp/terraform-provider-aws#11334 (certificate
not found), medplum/medplum#5804 (certificate not issued), hashicorp/terraform#26407 (listeners),
rebuy-de/aws-nuke#1240 (deletion protection), gruntwork-io/cloud-nuke's README (interfaces).
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from moto.acm.models import acm_backends
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import ELBv2Backend

from pokayoke_rehearsal.world.dns.balancers import hosted_zone
from pokayoke_rehearsal.world.load_balancers import interfaces, names
from pokayoke_rehearsal.world.load_balancers.interfaces import Holder
from pokayoke_rehearsal.world.rules.guard import guard

_SECURE = ("HTTPS", "TLS")


def install() -> None:
    """Puts the rules in place."""
    # AWS answers with codes that its own model of the service does not list, which moto remarks on each time.
    warnings.filterwarnings("ignore", message=".*UnsupportedCertificate does not match an error shape")
    guard(ELBv2Backend, "create_load_balancer", before=_balancer_is_fit, after=_bring_to_life)
    guard(ELBv2Backend, "delete_load_balancer", before=_is_not_protected, after=_take_down)
    guard(ELBv2Backend, "set_security_groups", after=_regroup)
    guard(ELBv2Backend, "set_subnets", after=_move)
    guard(ELBv2Backend, "create_listener", before=_listener_is_fit)
    guard(ELBv2Backend, "modify_listener", before=_certificates_are_issued)
    guard(EC2Backend, "delete_network_interface", before=_interface_is_free)


def _balancer_is_fit(elb: Any, asked: dict[str, Any]) -> None:
    name, kind = asked["name"], asked["loadbalancer_type"] or names.APPLICATION
    if any(one.name == name for one in elb.load_balancers.values()):
        told = f"A load balancer with the same name '{name}' exists, but with different settings"
        raise ELBClientError("DuplicateLoadBalancerName", told)
    given = [*asked["subnet_ids"], *(one["SubnetId"] for one in asked["subnet_mappings"] or [])]
    subnets = [elb.ec2_backend.get_subnet(subnet) for subnet in given]
    zones = {subnet.availability_zone for subnet in subnets}
    if len(zones) < len(subnets):
        told = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise ELBClientError("InvalidConfigurationRequest", told)
    if kind == names.APPLICATION and len(zones) < 2:
        told = "At least two subnets in two different Availability Zones must be specified"
        raise ELBClientError("ValidationError", told)
    for group in asked["security_groups"] or []:
        if elb.ec2_backend.get_security_group_from_id(group) is None:
            raise ELBClientError("InvalidSecurityGroup", f"One or more security groups are invalid: '{group}'")


def _bring_to_life(elb: Any, asked: dict[str, Any]) -> None:
    balancer = next(one for one in elb.load_balancers.values() if one.name == asked["name"])
    kind, region = balancer.type, elb.region_name
    # What is not said is an application balancer that faces the internet (ELB API reference, CreateLoadBalancer).
    balancer.scheme = balancer.scheme or "internet-facing"
    old, balancer.arn = balancer.arn, names.arn(balancer.arn, kind)
    if balancer.arn != old:
        elb.load_balancers[balancer.arn] = elb.load_balancers.pop(old)
        elb.tagging_service.copy_tags(old, balancer.arn)
        elb.tagging_service.delete_all_tags_for_resource(old)
    balancer.dns_name = names.host(balancer.name, balancer.arn, kind, balancer.scheme, region)
    balancer.canonical_hosted_zone_id = hosted_zone(region, kind) or balancer.canonical_hosted_zone_id
    if kind == names.APPLICATION and not balancer.security_groups:
        balancer.security_groups = [elb.ec2_backend.get_default_security_group(balancer.vpc_id).id]
    given = {one["SubnetId"]: one.get("AllocationId", "") for one in asked["subnet_mappings"] or []}
    _place(elb, balancer, given)


def _is_not_protected(elb: Any, asked: dict[str, Any]) -> None:
    balancer = elb.load_balancers.get(asked["arn"])
    if balancer is not None and balancer.attrs.get("deletion_protection.enabled") == "true":
        told = f"Load balancer '{balancer.arn}' cannot be deleted because deletion protection is enabled"
        raise ELBClientError("OperationNotPermitted", told)


def _take_down(elb: Any, asked: dict[str, Any]) -> None:
    interfaces.clear(elb.ec2_backend, interfaces.describes(asked["arn"]))


def _regroup(elb: Any, asked: dict[str, Any]) -> None:
    groups = elb.load_balancers[asked["arn"]].security_groups
    interfaces.regroup(elb.ec2_backend, interfaces.describes(asked["arn"]), groups)


def _move(elb: Any, asked: dict[str, Any]) -> None:
    _place(elb, elb.load_balancers[asked["arn"]], {})


def _place(elb: Any, balancer: Any, given: Mapping[str, str]) -> None:
    subnets = [subnet.id for subnet in balancer.subnets]
    public = balancer.scheme == "internet-facing"
    described = interfaces.describes(balancer.arn)
    holder = Holder(described, subnets, balancer.security_groups, balancer.type, public, given)
    interfaces.place(elb.ec2_backend, holder)


def _listener_is_fit(elb: Any, asked: dict[str, Any]) -> None:
    if asked["protocol"] in _SECURE and not asked["certificate"]:
        told = f"A certificate must be specified for {asked['protocol']} listeners"
        raise ELBClientError("ValidationError", told)
    balancer = elb.load_balancers.get(asked["load_balancer_arn"])
    if balancer is not None and any(str(one.port) == str(asked["port"]) for one in balancer.listeners.values()):
        told = f"A listener already exists on this port for this load balancer '{balancer.arn}'"
        raise ELBClientError("DuplicateListener", told)
    _is_issued(elb, asked["certificate"])


def _certificates_are_issued(elb: Any, asked: dict[str, Any]) -> None:
    for one in asked.get("certificates") or []:
        _is_issued(elb, one["CertificateArn"] if isinstance(one, dict) else one)


def _is_issued(elb: Any, certificate: str | None) -> None:
    if not certificate or ":acm:" not in certificate:
        return
    known = acm_backends[elb.account_id][elb.region_name]._certificates  # pyright: ignore[reportPrivateUsage]
    found = known.get(certificate)
    if found is None:
        raise ELBClientError("CertificateNotFound", f"Certificate '{certificate}' not found")
    if found.status != "ISSUED":
        told = "must have a fully-qualified domain name, a supported signature, and a supported key size."
        raise ELBClientError("UnsupportedCertificate", f"The certificate '{certificate}' {told}")


def _interface_is_free(ec2: Any, asked: dict[str, Any]) -> None:
    found = ec2.enis.get(asked["eni_id"])
    if found is not None and found.requester_managed:
        raise EC2ClientError("InvalidParameterValue", "Network interface is currently in use.")
