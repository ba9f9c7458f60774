"""Load balancers in the account: what they hold in a network, and what AWS refuses of them.

moto keeps balancers as entries of a table. Here each has an interface in every one of its subnets, which keeps the
subnet, the security groups and, while it has a public address, the internet gateway from going.
"""


def install() -> None:
    """Puts all of it in place, once in a process."""
    # They load moto, which the doubles that look at balancers must not do while they are imported.
    from pokayoke_rehearsal.world.load_balancers import classic, rules

    rules.install()
    classic.install()
