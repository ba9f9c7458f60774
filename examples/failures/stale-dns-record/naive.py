"""The team wrote a CNAME record for its web Service, to the name that the NLB had when the program ran.

Since then the controller has made the NLB anew, under another name: the record knows nothing of it.
"""

import raw
import raw_lb

cluster = raw.Cluster(raw.Network())
controller = raw_lb.Controller(cluster)
pods = raw_lb.pods(cluster, name="web")
public = {"scheme": "internet-facing", "nlb-target-type": "ip"}
web = raw_lb.service(cluster, controller.release, pods, name="web", selector={"app": "web"}, annotations=public)
parent = raw.aws.route53.get_zone(name="example.com", opts=raw.pulumi.InvokeOptions(provider=raw.provider))
raw.aws.route53.Record(
    "web",
    zone_id=parent.zone_id,
    name="web.example.com",
    type="CNAME",
    ttl=300,
    records=[web.status.load_balancer.ingress[0].hostname],
    opts=raw.here,
)
