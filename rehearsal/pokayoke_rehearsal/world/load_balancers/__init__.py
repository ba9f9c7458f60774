"""Load balancers in the account: what they hold in a network, and what AWS refuses of them.

moto keeps balancers as entries of a table. Here each has an interface in every one of its subnets, which keeps the
subnet, the security groups and, while it has a public address, the internet gateway from going.
"""

from pokayoke_rehearsal.world.load_balancers import classic, rules


def install() -> None:
    """Puts all of it in place, once in a process."""
    rules.install()
    classic.install()
