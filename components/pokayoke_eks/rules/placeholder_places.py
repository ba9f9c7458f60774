"""Where in Kubernetes objects a text is the thing itself, and where somebody else fills it in."""

TEMPLATED_ANNOTATIONS = (
    r"^(?:vault\.hashicorp\.com/|ad\.datadoghq\.com/|notifications\.argoproj\.io/|kubectl\.kubernetes\.io/last-applied"
    r"|nginx\.ingress\.kubernetes\.io/.*-snippet$)"
)
"""Annotations whose readers fill them in, or that repeat another text; as RE2 and Python read it alike."""

LITERAL_GROUPS = (
    *("", "apps", "batch", "autoscaling", "policy"),
    *(f"{group}.k8s.io" for group in ("networking", "storage", "rbac.authorization", "scheduling", "discovery")),
    *("karpenter.sh", "karpenter.k8s.aws", "elbv2.k8s.aws", "gateway.k8s.aws", "gateway.networking.k8s.io"),
)
"""API groups whose objects are looked through. Of other custom kinds only the metadata is known to be literal."""
