"""What AWS refuses and moto lets pass, put before (or after) the calls of moto's backends."""


def install() -> None:
    """Puts all rules in place, once in a process."""
    from pokayoke_rehearsal.world import dsql, load_balancers
    from pokayoke_rehearsal.world.dns import certificates
    from pokayoke_rehearsal.world.rules import autoscaling, backup, ec2, ecr, iam, logs, route53, s3

    autoscaling.install()
    backup.install()
    certificates.install()
    dsql.install()
    ec2.install()
    ecr.install()
    load_balancers.install()
    iam.install()
    logs.install()
    route53.install()
    s3.install()
