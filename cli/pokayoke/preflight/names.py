"""What is in the way: leftovers of an earlier cluster under our names; and what must be there: service-linked roles."""

from collections.abc import Iterator
from typing import Any

from pokayoke.accounts import UNANSWERED, code_of
from pokayoke.sweep.search import places_of, search
from pokayoke_eks.rules import names

from .verdict import Asking, Outcome, Verdict, fine, refused, warning

_SPOT = "AWSServiceRoleForEC2Spot"
_BALANCERS = "AWSServiceRoleForElasticLoadBalancing"
"""Names as the EC2 and Elastic Load Balancing user guides give them."""


def leftovers(asking: Asking) -> Iterator[Verdict]:
    """Nothing carries the cluster's tag while there is no cluster."""
    for place in places_of(asking.platform, asking.clients):
        if asking.cluster(place.region):
            continue
        found = search([place])
        for one in found.failures:
            yield Verdict(Outcome.UNASKED, f"{one.region}: {one.what}: {one.error}")
        for one in found.leftovers:
            yield warning(
                f"{one.region}: an earlier cluster left the {one.kind} {one.id}",
                "Look at `pokayoke sweep`.",
                "leftover-node-role",
            )


def roles(asking: Asking) -> Iterator[Verdict]:
    """No role of ours is there already while there is no cluster."""
    client = asking.clients("iam", asking.first_region)
    for region in asking.platform.regions:
        if asking.cluster(region):
            continue
        ours = [one.name for one in names.limited_names(asking.platform.name, region) if one.what == "IAM role"]
        taken = [one for one in ours if _role(client, one)]
        if taken:
            yield refused(
                f"{region}: roles of these names are there already: {', '.join(taken)}",
                "Delete them if nothing uses them, or choose another name.",
                "leftover-node-role",
            )
        else:
            yield fine(f"{region}: the roles' names are free")


def service_linked_roles(asking: Asking) -> Iterator[Verdict]:
    """EC2 Spot's and Elastic Load Balancing's own roles: what first needs one in an account cannot always make it."""
    client = asking.clients("iam", asking.first_region)
    if any("spot" in pool.capacity for pool in asking.platform.pools) and not _role(client, _SPOT):
        yield refused(
            f"the account has no {_SPOT}, and Karpenter may not make it",
            "Run `aws iam create-service-linked-role --aws-service-name spot.amazonaws.com`.",
            "controller-permission-missing",
        )
    if not _role(client, _BALANCERS):
        yield warning(
            f"the account has no {_BALANCERS}",
            "The first load balancer makes it, where its maker may (the controller's policy lets it).",
            "lbc-iam-incomplete",
        )
    else:
        yield fine("service-linked roles are there")


def _role(client: Any, name: str) -> bool:
    try:
        client.get_role(RoleName=name)
    except UNANSWERED as error:
        if code_of(error) == "NoSuchEntity":
            return False
        raise
    return True
