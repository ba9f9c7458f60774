"""The machine images that an EC2NodeClass selects (aws/karpenter-provider-aws, pkg/providers/amifamily, v1.14)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import ARCHITECTURE_LABEL
from pokayoke_rehearsal.doubles.kubernetes.karpenter.running import Acting, unauthorized
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, fields, items, text
from pokayoke_rehearsal.world.eks import images as eks_images

ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}
"""Kubernetes' words and EC2's."""

_EKS = "/aws/service/eks/optimized-ami"
_LAST_AL2 = 32
"""The newest minor version of Kubernetes with Amazon Linux 2 images (EKS user guide, AL2 end of support)."""


class DeniedError(Exception):
    """The controller may not look for images."""


@dataclass(frozen=True)
class Image:
    id: str
    name: str
    architecture: str
    """`amd64` or `arm64`."""

    def written(self) -> Object:
        """As it stands in the class' status."""
        requirement = {"key": ARCHITECTURE_LABEL, "operator": "In", "values": [self.architecture]}
        return {"id": self.id, "name": self.name, "requirements": [requirement]}


def find(acting: Acting, spec: Mapping[str, Any], kubernetes: str) -> list[Image]:
    """The images of a class for a version of Kubernetes; raises DeniedError."""
    return [
        image for item in items(spec.get("amiSelectorTerms")) for image in _of_term(acting, fields(item), kubernetes)
    ]


def _of_term(acting: Acting, term: Mapping[str, Any], kubernetes: str) -> Iterator[Image]:
    alias = text(term.get("alias"))
    parameters = [text(term.get("ssmParameter"))] if term.get("ssmParameter") else []
    if alias:
        parameters = list(_parameters(alias, kubernetes))
    for parameter in parameters:
        arn = acting.account.arn("ssm", f"parameter/{parameter.lstrip('/')}", account=not parameter.startswith("/aws/"))
        if not acting.caller.may("ssm:GetParameter", arn):
            told = f"User: {acting.caller.role.arn} is not authorized to perform: ssm:GetParameter on resource: {arn}"
            raise DeniedError(f'getting ssm parameter "{parameter}", AccessDeniedException: {told}')
    if not acting.caller.may("ec2:DescribeImages"):
        raise DeniedError(f"describing images, {unauthorized('EC2: DescribeImages')}")
    if not alias and not term.get("ssmParameter"):
        yield from _described(acting, term)
    for parameter in filter(eks_images.exists, parameters):
        yield _public(parameter)


def _parameters(alias: str, kubernetes: str) -> Iterator[str]:
    """The public parameters in which AWS names the images of a family."""
    family, _, version = alias.partition("@")
    for architecture in ARCHITECTURES.values():
        if family == "bottlerocket":
            release = version.removeprefix("v")
            if release == "latest" or re.fullmatch(r"\d+\.\d+\.\d+(-[0-9a-f]+)?", release):
                yield f"/aws/service/bottlerocket/aws-k8s-{kubernetes}/{architecture}/{release}/image_id"
        elif family == "al2023":
            which = (
                "recommended"
                if version == "latest"
                else f"amazon-eks-node-al2023-{architecture}-standard-{kubernetes}-{version}"
            )
            yield f"{_EKS}/{kubernetes}/amazon-linux-2023/{architecture}/standard/{which}/image_id"
        elif family == "al2" and int(kubernetes.partition(".")[2]) <= _LAST_AL2:
            suffix = "-arm64" if architecture == "arm64" else ""
            yield f"{_EKS}/{kubernetes}/amazon-linux-2{suffix}/recommended/image_id"


def _public(parameter: str) -> Image:
    name = parameter.removeprefix("/aws/service/").removesuffix("/image_id")
    return Image(eks_images.image_id(parameter), name, "arm64" if "arm64" in parameter else "amd64")


def _described(acting: Acting, term: Mapping[str, Any]) -> Iterator[Image]:
    for architecture, name in eks_images.published(text(term.get("name"))).items():
        yield Image(eks_images.image_id(name), name, architecture)
    if known := eks_images.name_of(text(term.get("id"))):
        yield _public(known)
    filters = [{"Name": f"tag:{key}", "Values": [value]} for key, value in fields(term.get("tags")).items()]
    if term.get("name"):
        filters.append({"Name": "name", "Values": [term["name"]]})
    if term.get("id"):
        filters.append({"Name": "image-id", "Values": [term["id"]]})
    for found in acting.account.ec2.describe_images(Filters=filters)["Images"]:
        architecture = "arm64" if found["Architecture"] == "arm64" else "amd64"
        yield Image(found["ImageId"], found.get("Name", ""), architecture)
