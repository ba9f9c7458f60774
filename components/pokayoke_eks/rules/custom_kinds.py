"""Which groups of custom kinds come with what.

Sources: the CRDs in kubernetes-sigs/aws-load-balancer-controller v3.5.0 (`helm/.../crds`), aws/karpenter-provider-aws
v1.14.1 (charts karpenter, karpenter-crd), kubernetes-sigs/gateway-api v1.6.1 (`config/crd`), istio/istio 1.30.3 (chart
base), kubernetes-sigs/external-dns (chart); the READMEs of the other projects' charts. EKS user guide for what comes
with a cluster: the VPC CNI's kinds, those of security groups for pods, EKS Auto Mode's.
"""

import re
from collections.abc import Mapping

BUILT_IN = re.compile(r"core|apps|batch|autoscaling|policy|extensions|meta|(?:[a-z.-]+\.)?k8s\.io")
"""Groups of the API server itself, and those of Kubernetes' own projects, which are told apart below."""
_CUSTOM_UNDER_K8S_IO = (
    *("gateway.networking.k8s.io", "snapshot.storage.k8s.io", "externaldns.k8s.io", "secrets-store.csi.x-k8s.io"),
    *("autoscaling.k8s.io", "jobset.x-k8s.io", "kueue.x-k8s.io", "nfd.k8s-sigs.io"),
)
WITH_THE_CLUSTER = (
    "crd.k8s.amazonaws.com",
    "vpcresources.k8s.aws",
    "networking.k8s.aws",
    "cninode.vpcresources.k8s.aws",
)
WITH_AUTO_MODE = ("karpenter.sh", "eks.amazonaws.com")

OF_CHARTS: Mapping[str, tuple[str, ...]] = {
    "karpenter": ("karpenter.sh", "karpenter.k8s.aws"),
    "karpenter-crd": ("karpenter.sh", "karpenter.k8s.aws"),
    "aws-load-balancer-controller": ("elbv2.k8s.aws", "gateway.k8s.aws", "aga.k8s.aws"),
    "istio/base": (
        *("networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io"),
        "install.istio.io",
    ),
    "external-dns": ("externaldns.k8s.io",),
    "kube-prometheus-stack": ("monitoring.coreos.com",),
    "prometheus-operator-crds": ("monitoring.coreos.com",),
    "cert-manager": ("cert-manager.io", "acme.cert-manager.io"),
    "external-secrets": ("external-secrets.io", "generators.external-secrets.io"),
    "argo-cd": ("argoproj.io",),
    **dict.fromkeys(
        ("istio/istiod", "istio/cni", "istio/ztunnel", "istio/gateway", "ingress-nginx", "metrics-server"), ()
    ),
}
"""The groups that a chart's CRDs are of; of charts that are not here nothing is known."""
CRDS_BY_VALUE: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "cert-manager": (("crds", "enabled"), ("installCRDs",)),
}
"""Charts that install none unless one of these values is true."""
OF_ADDONS: Mapping[str, tuple[str, ...]] = {
    "snapshot-controller": ("snapshot.storage.k8s.io",),
    "cert-manager": ("cert-manager.io", "acme.cert-manager.io"),
    "external-dns": ("externaldns.k8s.io",),
}
ADDONS_WITHOUT = (
    *("vpc-cni", "coredns", "kube-proxy", "eks-pod-identity-agent", "aws-ebs-csi-driver", "aws-efs-csi-driver"),
    *("metrics-server", "kube-state-metrics", "prometheus-node-exporter", "eks-node-monitoring-agent"),
    "aws-mountpoint-s3-csi-driver",
)
"""Add-ons that bring no kinds; of all others it is not known."""
OF_MANIFESTS: Mapping[str, tuple[str, ...]] = {
    "kubernetes-sigs/gateway-api/": ("gateway.networking.k8s.io",),
    "aws-load-balancer-controller/crds/gateway-crds.yaml": ("gateway.k8s.aws",),
    "aws-load-balancer-controller/crds/crds.yaml": ("elbv2.k8s.aws", "aga.k8s.aws"),
}
"""What stands in the address of a manifest, and the groups in it."""


def is_custom(group: str) -> bool:
    """Whether kinds of this group are there only with their CRDs."""
    return group in _CUSTOM_UNDER_K8S_IO or BUILT_IN.fullmatch(group) is None


def of_manifest(address: str) -> tuple[str, ...] | None:
    """The groups whose CRDs a manifest holds; None for one of which nothing is known."""
    for part, groups in OF_MANIFESTS.items():
        if part in address:
            return groups
    return None
