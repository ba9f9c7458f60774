"""Quotas of the account and of the network: whether what the config asks for fits.

Codes of quotas: elastic IPs L-0263D0A3 (EC2) and VPCs a region L-F678F1CE (VPC), as in the gist
cardil/a032b5021ae31bcd616c834fd1e39e82; vCPUs of standard families on demand L-1216C47A ("Running On-Demand Standard")
and spot L-34B43A08 ("All Standard (A, C, D, H, I, M, R, T, Z) Spot"), as public scripts ask for them.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil
from typing import Any

from pokayoke.accounts import networks_of
from pokayoke_eks.instances import instance_type

from .verdict import Asking, Verdict, fine, refused, warning

_ADDRESSES = ("ec2", "L-0263D0A3")
_NETWORKS = ("vpc", "L-F678F1CE")
_ON_DEMAND = ("ec2", "L-1216C47A")
_SPOT = ("ec2", "L-34B43A08")
_STANDARD = frozenset("acdhimrtz")
"""Families that these two quotas count, by their first letter (All Standard: A, C, D, H, I, M, R, T, Z)."""
_FEWEST_FREE = 32
"""A subnet with fewer free addresses than two prefixes of 16 starts no node with prefix delegation."""


def networks(asking: Asking, region: str) -> Iterator[Verdict]:
    """Room for one more VPC, unless the platform's is there already."""
    ec2 = asking.clients("ec2", region)
    mine, every = networks_of(asking.clients, asking.platform.name, region), ec2.describe_vpcs()["Vpcs"]
    limit = _quota(asking, region, _NETWORKS)
    if mine or len(every) < limit:
        yield fine(f"VPCs: {len(every)} of {limit:g}")
    else:
        yield refused(f"all {limit:g} VPCs of the region are taken", "Remove one, or ask for a higher quota.")


def addresses(asking: Asking, region: str) -> Iterator[Verdict]:
    """Room for the NAT gateways' elastic IPs."""
    taken = len(asking.clients("ec2", region).describe_addresses()["Addresses"])
    needed = (
        0
        if networks_of(asking.clients, asking.platform.name, region)
        else len(asking.platform.network(region).nat_zones)
    )
    limit = _quota(asking, region, _ADDRESSES)
    if taken + needed <= limit:
        yield fine(f"elastic IPs: {taken} taken, {needed} more, of {limit:g}")
    else:
        yield refused(
            f"{needed} elastic IPs are needed, {taken} of {limit:g} are taken",
            "Release some, or ask for a higher quota (Service Quotas, EC2, L-0263D0A3).",
        )


def processors(asking: Asking, region: str) -> Iterator[Verdict]:
    """vCPUs for the system nodes and for what the pools may grow to."""
    platform = asking.platform
    system = instance_type(platform.cluster(region).system_instance_type)
    on_demand = Fraction(2 * (system.vcpus if system else 0))
    spot = Fraction(0)
    for pool in platform.pools:
        if not any(one[0] in _STANDARD for one in pool.instance_types):
            continue
        if "spot" in pool.capacity:
            spot += pool.limits.amounts[0]
        if "on-demand" in pool.capacity:
            on_demand += pool.limits.amounts[0]
    for what, needed, code in (("on demand", on_demand, _ON_DEMAND), ("spot", spot, _SPOT)):
        limit = _quota(asking, region, code)
        if needed <= limit:
            yield fine(f"vCPUs {what}: up to {ceil(needed)} of {limit:g}")
        else:
            yield warning(
                f"nodes may grow to {ceil(needed)} vCPUs {what}, the quota is {limit:g}",
                f"Ask for a higher quota (Service Quotas, EC2, {code[1]}), or lower the pools' limits.",
            )


def free_addresses(asking: Asking, region: str) -> Iterator[Verdict]:
    """Free addresses of the private subnets, where the network is there already."""
    vpcs = networks_of(asking.clients, asking.platform.name, region)
    if not vpcs:
        return
    private = {str(one) for one in asking.platform.network(region).private_subnets}
    inside = [{"Name": "vpc-id", "Values": sorted(vpcs)}]
    for one in asking.clients("ec2", region).describe_subnets(Filters=inside)["Subnets"]:
        if one["CidrBlock"] in private:
            free = int(one["AvailableIpAddressCount"])
            text = f"subnet {one['SubnetId']} has {free} free addresses"
            if free < _FEWEST_FREE:
                yield refused(text, "Remove nodes or pods: a subnet of a platform cannot grow.", "subnet-ip-exhaustion")
            else:
                yield fine(text)


def _quota(asking: Asking, region: str, quota: tuple[str, str]) -> float:
    service, code = quota
    client: Any = asking.clients("service-quotas", region)
    return float(client.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"]["Value"])
