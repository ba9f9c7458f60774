"""Latencies of what is in a cluster, and of waiting for AWS, by type token, chart and what is waited for.

T3: github.com/sirzzang/sirzzang.github.io (_posts, 2026-04). G: github.com/ignvb/devsu-devops-assessment (2023-08).
F1: github.com/fernandomullerjr/eks-via-terraform-github-actions (2023). K: samples in github.com/aws/
karpenter-provider-aws (nodeclaims.md, 2024), W: github.com/aws-samples/sample-multi-tenancy-openclaw-on-eks (2026-03).
"""

from __future__ import annotations

from collections.abc import Mapping

from pokayoke_rehearsal.forecast.latency import Latency, guess

RELEASE = "kubernetes:helm.sh/v3:Release"
WAITING = "pulumi-python:dynamic/pokayoke:Waiting"

_CHARTS = "other charts with wait: 24 s to 56 s (n 3); uninstalling 1 to 3 s (n 3)"
_BALANCER = "an NLB is active after 2m37s (2m22s to 2m41s; n 3) and registers targets in 90 to 180 s (n 1, 2021)"

KUBERNETES: Mapping[str, Latency] = {
    "kubernetes": Latency(1, 1, "custom resources: 1 s (n 5; github.com/fernandomullerjr, 2023)"),
    RELEASE: guess(48, 3, _CHARTS),
    f"{RELEASE}#karpenter": Latency(49, 3, "T3, F1: install 49 s (25 s, 1m13s); uninstall as other charts"),
    f"{RELEASE}#karpenter-crd": guess(5, 3, "definitions only"),
    f"{RELEASE}#base": guess(5, 3, "definitions only"),
    f"{RELEASE}#aws-load-balancer-controller": Latency(
        63, 3, "T3, G: install 1m03s (24 s, 1m42s); uninstall as other charts"
    ),
    f"{RELEASE}#external-dns": Latency(35, 3, "T2: as EKS add-on 35 s (n 1)", assumed=True),
    "kubernetes:apps/v1:Deployment": Latency(
        58,
        5,
        "K, W: a node of Karpenter's is Ready after 38 s (34 to 58; n 4), 10 s of batching before; the rest is assumed",
        assumed=True,
    ),
    "kubernetes:karpenter.sh/v1:NodePool": guess(
        5, 120, "'seconds to some minutes' until EC2 has terminated (kubernetes-sigs/karpenter#2467, 2025-08)"
    ),
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": guess(10, 5),
    "kubernetes:gateway.networking.k8s.io/v1:Gateway": Latency(292, 44, f"{_BALANCER}; deleted in 44 s (n 2)"),
    "kubernetes:gateway.networking.k8s.io/v1:GatewayClass": guess(5, 1),
    "kubernetes:networking.k8s.io/v1:Ingress": Latency(
        172, 4, "an ALB is active after 2m52s (2m06s to 3m25s; n 8), deleted in 4 s (2 to 5; n 3)"
    ),
}

AWAITED: Mapping[str, Latency] = {
    "association-visible": Latency(
        15, 0, "'several seconds' (EKS API reference); 15 s in eksctl-io/eksctl#7709", assumed=True
    ),
    "addon-active": guess(25, 0, "as the agent's add-on"),
    "instance": guess(0, 60, "'seconds to some minutes' until EC2 has terminated (karpenter#2467)"),
    "network-interface": guess(0, 60),
    "load-balancer": Latency(0, 44, "an NLB is deleted in 44 s (40 to 47; n 2)"),
    "records-gone": Latency(0, 60, "ExternalDNS looks every minute (its docs/flags.md, 2026-08)"),
}
"""By the kind of a condition, or by what must be gone."""
