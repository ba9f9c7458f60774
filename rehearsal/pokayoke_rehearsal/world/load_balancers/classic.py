"""Classic balancers hold their network as the newer ones do."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends
from moto.elb.models import ELBBackend

from pokayoke_rehearsal.world.load_balancers import interfaces, names
from pokayoke_rehearsal.world.load_balancers.interfaces import Holder
from pokayoke_rehearsal.world.rules.guard import guard


def install() -> None:
    """Puts the rules in place."""
    guard(ELBBackend, "create_load_balancer", after=_bring_to_life)
    guard(ELBBackend, "delete_load_balancer", after=_take_down)


def _bring_to_life(elb: Any, asked: dict[str, Any]) -> None:
    made = elb.load_balancers[asked["name"]]
    public = made.scheme != "internal"
    # The number at its end is AWS's own: always the same here for a name.
    made.dns_name = names.host(made.name, made.name, names.CLASSIC, made.scheme, elb.region_name)
    holder = Holder(_describes(made.name), made.subnets, made.security_groups, names.CLASSIC, public)
    interfaces.place(_ec2(elb), holder)


def _take_down(elb: Any, asked: dict[str, Any]) -> None:
    interfaces.clear(_ec2(elb), _describes(asked["load_balancer_name"]))


def _describes(name: str) -> str:
    return f"ELB {name}"


def _ec2(elb: Any) -> Any:
    return ec2_backends[elb.account_id][elb.region_name]
