"""The hosted zones in which AWS keeps the names of load balancers, by region: an alias must name the right one.

Source: AWS General Reference, "Elastic Load Balancing endpoints and quotas", as terraform-provider-aws has it
(internal/service/elbv2/hosted_zone_id_data_source.go); regions that this provider's copy lacked are left out.
"""

from __future__ import annotations

import re
from typing import Any

from pokayoke_rehearsal.world.model import ACCOUNT

_ZONES = {
    "af-south-1": ("Z268VQBMOI5EKX", "Z203XCE67M25HM"),
    "ap-east-1": ("Z3DQVH9N71FHZ0", "Z12Y7K3UBGUAD1"),
    "ap-northeast-1": ("Z14GRHDCWA56QT", "Z31USIVHYNEOWT"),
    "ap-northeast-2": ("ZWKZPGTI48KDX", "ZIBE1TIR4HY56"),
    "ap-northeast-3": ("Z5LXEXXYW11ES", "Z1GWIQ4HH19I5X"),
    "ap-south-1": ("ZP97RAFLXTNZK", "ZVDDRBQ08TROA"),
    "ap-south-2": ("Z0173938T07WNTVAEPZN", "Z0711778386UTO08407HT"),
    "ap-southeast-1": ("Z1LMS91P8CMLE5", "ZKVM4W9LS7TM"),
    "ap-southeast-2": ("Z1GM3OXH4ZPM65", "ZCT6FZBF4DROD"),
    "ap-southeast-3": ("Z08888821HLRG5A9ZRTER", "Z01971771FYVNCOVWJU1G"),
    "ca-central-1": ("ZQSVJUPU6J1EY", "Z2EPGBW3API2WT"),
    "cn-north-1": ("Z1GDH35T77C1KE", "Z3QFB96KMJ7ED6"),
    "cn-northwest-1": ("ZM7IZAIOVVDZF", "ZQEIKTCZ8352D"),
    "eu-central-1": ("Z215JYRZR1TBD5", "Z3F0SRJ5LGBH90"),
    "eu-central-2": ("Z06391101F2ZOEP8P5EB3", "Z02239872DOALSIDCX66S"),
    "eu-north-1": ("Z23TAZ6LKFMNIO", "Z1UDT6IFJ4EJM"),
    "eu-south-1": ("Z3ULH7SSC9OV64", "Z23146JA1KNAFP"),
    "eu-south-2": ("Z0956581394HF5D5LXGAP", "Z1011216NVTVYADP1SSV"),
    "eu-west-1": ("Z32O12XQLNTSW2", "Z2IFOLAFXWLO4F"),
    "eu-west-2": ("ZHURV8PSTC4K8", "ZD4D7Y8KGAS4G"),
    "eu-west-3": ("Z3Q77PNBQS71R4", "Z1CMS0P5QUZ6D5"),
    "me-central-1": ("Z08230872XQRWHG2XF6I", "Z00282643NTTLPANJJG2P"),
    "me-south-1": ("ZS929ML54UICD", "Z3QSRYVP46NYYV"),
    "sa-east-1": ("Z2P70J7HTTTPLU", "ZTK26PT1VY4CU"),
    "us-east-1": ("Z35SXDOTRQ7X7K", "Z26RNL4JYFTOTI"),
    "us-east-2": ("Z3AADJGX6KTTL2", "ZLMOA37VPKANP"),
    "us-gov-east-1": ("Z166TLBEWOO7G0", "Z1ZSMQQ6Q24QQ8"),
    "us-gov-west-1": ("Z33AYJ8TM3BH4J", "ZMG1MZ2THAWF1"),
    "us-west-1": ("Z368ELLRRE2KJ0", "Z24FKFUX50B4VW"),
    "us-west-2": ("Z1H1FL5HABSF5", "Z18D5FSROUN65G"),
}

_NETWORK = re.compile(r"\.elb\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?$")
_APPLICATION = re.compile(r"\.(?P<region>[a-z0-9-]+)\.elb\.amazonaws\.com(\.cn)?$")


def hosted_zone(region: str, kind: str) -> str | None:
    """The zone of a region's balancers of a kind: `network`, or `application`, which goes for classic ones too."""
    found = _ZONES.get(region)
    return None if found is None else found[kind == "network"]


def dns_name(region: str, kind: str, name: str, number: str) -> str:
    """A balancer's name in DNS: network balancers have `elb` before the region, all others after it."""
    return (
        f"{name}-{number}.elb.{region}.amazonaws.com"
        if kind == "network"
        else f"{name}-{number}.{region}.elb.amazonaws.com"
    )


def zone_of(target: str) -> str | None:
    """The zone in which the name of a balancer lies; None when the name is no balancer's or its region is unknown."""
    name = target.rstrip(".").lower()
    if found := _NETWORK.search(name):
        return hosted_zone(found["region"], "network")
    if found := _APPLICATION.search(name):
        return hosted_zone(found["region"], "application")
    return None


def is_gone(target: str) -> bool:
    """Whether a name is a balancer's and no balancer of the account has it."""
    from moto.elb.models import elb_backends  # pyright: ignore[reportMissingTypeStubs]
    from moto.elbv2.models import elbv2_backends  # pyright: ignore[reportMissingTypeStubs]

    classic: Any = elb_backends[ACCOUNT]
    later: Any = elbv2_backends[ACCOUNT]
    backends = [*classic.values(), *later.values()]
    names = {balancer.dns_name.lower() for backend in backends for balancer in backend.load_balancers.values()}
    return zone_of(target) is not None and target.rstrip(".").lower() not in names
