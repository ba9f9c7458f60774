"""What stays costs: list prices in us-east-1, US dollars an hour. Other regions differ; traffic is not counted.

gp3 $0.08 a GiB and month: ChiefGyk3D/Clouds-Against-Humanity wiki, read from AWS's price-list files on 2026-10-16.
Everything else: `pokayoke_eks.instances`.
"""

from pokayoke_eks.instances import instance_type

HOURS_A_MONTH = 730
_VOLUMES = {"gp3": 0.08 / HOURS_A_MONTH}


def volume(kind: str, gib: int) -> float | None:
    """A volume of this type and size; None for types of which no price is known here."""
    price = _VOLUMES.get(kind)
    return None if price is None else price * gib


def instance(name: str) -> float | None:
    """An instance on demand; None for a type that is not known here."""
    known = instance_type(name)
    return known.usd_per_hour if known else None
