"""The team wanted HTTPS for its API, with TLS ended at the NLB: port 443 is listed for it, and a TLS policy chosen.

The certificate itself was in the values of another environment.
"""

import raw
import raw_lb

cluster = raw.Cluster(raw.Network())
controller = raw_lb.Controller(cluster)
pods = raw_lb.pods(cluster, name="web")
raw_lb.service(
    cluster,
    controller.release,
    pods,
    name="web",
    selector={"app": "web"},
    ports=(80, 443),
    annotations={
        "scheme": "internet-facing",
        "nlb-target-type": "ip",
        "ssl-ports": "443",
        "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
    },
)
