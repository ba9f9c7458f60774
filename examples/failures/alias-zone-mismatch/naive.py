"""The team put an NLB before its API, and pointed the API's name at it with an alias.

The alias wants the hosted zone of the balancer: they took the id for Seoul from a list. It is the one of ALBs.
"""

import raw

network = raw.Network()
nlb = raw.aws.lb.LoadBalancer(
    "api",
    name="api",
    load_balancer_type="network",
    internal=True,
    subnets=[subnet.id for subnet in network.subnets],
    opts=raw.here,
)
zone = raw.aws.route53.Zone("zone", name="api.example.com", opts=raw.here)
raw.aws.route53.Record(
    "api",
    zone_id=zone.zone_id,
    name="api.example.com",
    type="A",
    aliases=[{"name": nlb.dns_name, "zone_id": "ZWKZPGTI48KDX", "evaluate_target_health": True}],
    opts=raw.here,
)
