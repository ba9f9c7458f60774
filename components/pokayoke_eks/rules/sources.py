"""Where the charts and manifests that the platform installs come from: all public, none asks for a login.

Addresses as each project gives them: karpenter.sh (getting started), kubernetes-sigs/aws-load-balancer-controller
(`docs/deploy/installation.md`), kubernetes-sigs/external-dns (chart's README), istio.io (the blog on the new address of
the charts), kubernetes-sigs/gateway-api (release assets).
"""

KARPENTER = "public.ecr.aws/karpenter"
ISTIO = "ghcr.io/istio/release/charts"
LOAD_BALANCER_CONTROLLER = "https://aws.github.io/eks-charts"
EXTERNAL_DNS = "https://kubernetes-sigs.github.io/external-dns/"

_CONTROLLER = "https://raw.githubusercontent.com/kubernetes-sigs/aws-load-balancer-controller"


def gateway_api(version: str) -> str:
    """The standard channel of a release (`v1.6.1`) of kubernetes-sigs/gateway-api."""
    return f"https://github.com/kubernetes-sigs/gateway-api/releases/download/{version}/standard-install.yaml"


def controller_gateway_kinds(version: str) -> str:
    """The `gateway.k8s.aws` kinds of a version (`3.5.0`) of the load balancer controller."""
    return f"{_controller_chart(version)}/crds/gateway-crds.yaml"


def controller_kinds(version: str) -> str:
    """The `elbv2.k8s.aws` kinds, and whatever else its chart's own manifest defines, of a version of the controller."""
    return f"{_controller_chart(version)}/crds/crds.yaml"


def _controller_chart(version: str) -> str:
    return f"{_CONTROLLER}/v{version}/helm/aws-load-balancer-controller"
