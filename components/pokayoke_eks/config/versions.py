"""Versions of what runs in a cluster."""

from typing import Any

from pydantic import Field

from .examined import Config
from .fields import AddonVersion, Version


def _addon(name: str, what: str) -> Any:
    return Field(
        default=None,
        validation_alias=name,
        description=f"{what} EKS's default for the Kubernetes version unless stated.",
        examples=["v1.2.3-eksbuild.1"],
    )


def _version(what: str, example: str) -> Any:
    return Field(default=None, description=f"{what} The tested combination's unless stated.", examples=[example])


class AddonVersions(Config):
    """Versions of EKS add-ons, under the add-ons' names; what is left out takes EKS's default at creation."""

    vpc_cni: AddonVersion | None = _addon("vpc-cni", "Pod networking (aws-node).")
    kube_proxy: AddonVersion | None = _addon("kube-proxy", "Services' addresses; of the cluster's minor version.")
    coredns: AddonVersion | None = _addon("coredns", "DNS in the cluster.")
    eks_pod_identity_agent: AddonVersion | None = _addon("eks-pod-identity-agent", "Hands credentials to pods.")
    aws_ebs_csi_driver: AddonVersion | None = _addon("aws-ebs-csi-driver", "Volumes.")
    metrics_server: AddonVersion | None = _addon("metrics-server", "What pods and nodes use, for autoscaling.")


class Versions(Config):
    """Versions of charts and of Gateway API that differ from the tested combination."""

    karpenter: Version | None = _version("Karpenter's two charts.", "1.14.1")
    load_balancer_controller: Version | None = _version("The chart of the AWS Load Balancer Controller.", "3.5.0")
    gateway_api: Version | None = _version("The release of Gateway API's CRDs.", "v1.6.1")
    external_dns: Version | None = _version("The chart of ExternalDNS.", "1.22.0")

    @property
    def stated(self) -> dict[str, str]:
        """The versions that are stated, by part."""
        return {part: version for part, version in self.__dict__.items() if version is not None}
