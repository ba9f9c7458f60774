"""What AWS says of versions, read only. boto3's clients have no types."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from typing import Any

from pokayoke.accounts import UNANSWERED, Clients, ambient
from pokayoke.failing import CommandError


class AwsVersions:
    """The versions that one region offers, asked with the caller's own credentials."""

    def __init__(self, region: str, clients: Clients = ambient) -> None:
        self._region = region
        self._eks, self._ssm = clients("eks", region), clients("ssm", region)

    def addons(self, name: str, kubernetes: str) -> list[str]:
        """The versions of an EKS add-on for ARM64 nodes of this Kubernetes minor (eks:DescribeAddonVersions)."""
        versions: list[str] = []
        try:
            pages = self._eks.get_paginator("describe_addon_versions").paginate(
                addonName=name, kubernetesVersion=kubernetes
            )
            for page in pages:
                for addon in page["addons"]:
                    versions += [one["addonVersion"] for one in addon["addonVersions"] if _fits(one, kubernetes)]
        except UNANSWERED as error:
            raise _unanswered("eks:DescribeAddonVersions", self._region, error) from error
        return versions

    def bottlerocket(self, kubernetes: str) -> str:
        """The newest ARM64 release for this Kubernetes minor, with its build id (ssm:GetParameter; the parameter is
        public and AWS's own)."""
        parameter = f"/aws/service/bottlerocket/aws-k8s-{kubernetes}/arm64/latest/image_version"
        try:
            return str(self._ssm.get_parameter(Name=parameter)["Parameter"]["Value"])
        except self._ssm.exceptions.ParameterNotFound as error:
            raise CommandError(f"{self._region} has no Bottlerocket image for Kubernetes {kubernetes} yet") from error
        except UNANSWERED as error:
            raise _unanswered("ssm:GetParameter", self._region, error) from error


def _fits(version: Any, kubernetes: str) -> bool:
    return "arm64" in version.get("architecture", ["arm64"]) and any(
        one.get("clusterVersion") == kubernetes for one in version.get("compatibilities", [])
    )


def _unanswered(action: str, region: str, error: Exception) -> CommandError:
    return CommandError(f"{action} in {region} was not answered: {error} (it needs credentials that may read this)")
