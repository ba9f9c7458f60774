"""Latencies of what happens in a cluster once it lives: nodes that come, balancers, records.

Balancers and records: the logs of `pokayoke_rehearsal.forecast.aws` and `.kubernetes`.
"""

from __future__ import annotations

from pokayoke_rehearsal.forecast.latency import Latency, guess

BATCHING = Latency(10, 0, "Karpenter waits up to 10 s for more pods: its default batchMaxDuration")
NODE = Latency(
    38,
    0,
    "a node of Karpenter's is Ready 38 s after its launch: 34 to 58 s in 4 samples, none of Bottlerocket "
    "(aws/karpenter-provider-aws, nodeclaims.md, 2024; aws-samples/sample-multi-tenancy-openclaw-on-eks, 2026-03)",
)
GIVEN_UP = Latency(900, 0, "Karpenter gives up a machine that has not joined after 15 minutes")
STARTED = guess(10, 0, "10 s to pull an image and start its container")
NETWORK_BALANCER = Latency(157, 0, "an NLB is active after 2m37s: 2m22s to 2m41s in 3 logs")
APPLICATION_BALANCER = Latency(172, 0, "an ALB is active after 2m52s: 2m06s to 3m25s in 8 logs")
TARGETS = Latency(
    135, 0, "targets are registered in 90 to 180 s (kubernetes-sigs/aws-load-balancer-controller#1834, 2021-02)"
)
LOOKED_FOR_RECORDS = Latency(60, 0, "ExternalDNS looks every minute: its default interval (docs/flags.md, 2026-08)")
CERTIFICATE = Latency(
    7.5, 0, "ACM issues 7.5 s after the request: 4 to 8 s in 4 logs, and 0 to 1 s once its record is there"
)
RECORD = Latency(36, 0, "Route 53 is INSYNC after 36 s: 29 s to 1m08s in 11 logs")
