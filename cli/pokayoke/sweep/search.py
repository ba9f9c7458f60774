"""Looks everywhere; a call that fails is told, and the others go on."""

from collections.abc import Sequence

from pokayoke.accounts import UNANSWERED, Clients
from pokayoke_eks.config import PlatformConfig

from . import find_compute, find_records, find_services
from .leftover import Failure, Finder, Found, Kind, Leftover, Place

_FINDERS: dict[str, Finder] = {
    "DNS records": find_records.records,
    "load balancers": find_services.load_balancers,
    "classic load balancers": find_services.classic_load_balancers,
    "target groups": find_services.target_groups,
    "instances": find_compute.instances,
    "threat-detection endpoints": find_compute.endpoints,
    "network interfaces": find_compute.network_interfaces,
    "elastic IPs": find_compute.addresses,
    "volumes": find_compute.volumes,
    "launch templates": find_compute.launch_templates,
    "instance profiles": find_services.instance_profiles,
    "security groups": find_compute.security_groups,
    "log groups": find_services.log_groups,
}


def places_of(platform: PlatformConfig, clients: Clients) -> list[Place]:
    """Where a platform's clusters leave something: each of its regions."""
    domain = platform.edge.domain if platform.edge else None
    return [Place(platform.name, region, clients, domain) for region in platform.regions]


def search(places: Sequence[Place]) -> Found:
    """Everything left behind of the clusters at these places."""
    leftovers: list[Leftover] = []
    failures: list[Failure] = []
    for place in places:
        for what, find in _FINDERS.items():
            try:
                leftovers += find(place)
            except UNANSWERED as error:
                failures.append(Failure(what, place.region, str(error)))
    order = list(Kind)
    leftovers.sort(key=lambda one: (order.index(one.kind), one.region, one.id))
    return Found(leftovers, failures)
