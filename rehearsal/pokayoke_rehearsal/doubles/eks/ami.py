"""Which image nodes start from: AMI types, their systems and architectures, and where AWS tells the newest of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.children import lookup
from pokayoke_rehearsal.doubles.eks.values import Args, Value, given, joined, output

AL2, AL2023, BOTTLEROCKET = "AL2", "AL2023", "Bottlerocket"
DEFAULT_INSTANCE_TYPE = "t3.medium"

_INSTANCE_TYPE = re.compile(r"([a-z]+)([0-9]+)([a-z])?-?([a-z]+)?\.([a-zA-Z0-9-]+)")


@dataclass(frozen=True)
class AmiType:
    """An AMI type of EKS. `image` is the variant's path in the SSM parameters."""

    name: str
    system: str
    gpu: bool
    architecture: str
    image: str
    aliases: tuple[str, ...] = ()

    def parameter(self, kubernetes: str) -> str:
        """The SSM parameter that holds the newest image for that Kubernetes."""
        if self.system == BOTTLEROCKET:
            variant = "-nvidia" if self.gpu else ""
            return f"/aws/service/bottlerocket/aws-k8s-{kubernetes}{variant}/{self.image}/latest/image_id"
        return f"/aws/service/eks/optimized-ami/{kubernetes}/{self.image}/recommended/image_id"


_X86, _ARM = "x86_64", "arm64"
# In the order in which a type is looked for. Source: EKS user guide, "Create nodes with optimized images".
AMI_TYPES = (
    AmiType("AL2_x86_64", AL2, False, _X86, "amazon-linux-2", ("amazon-linux-2",)),
    AmiType("AL2_x86_64_GPU", AL2, True, _X86, "amazon-linux-2-gpu", ("amazon-linux-2-gpu",)),
    AmiType("AL2_ARM_64", AL2, False, _ARM, "amazon-linux-2-arm64", ("amazon-linux-2-arm",)),
    *(
        AmiType(name, AL2023, gpu, architecture, f"amazon-linux-2023/{path}", (f"amazon-linux-2023/{path}",))
        for name, gpu, architecture, path in (
            ("AL2023_x86_64_STANDARD", False, _X86, "x86_64/standard"),
            ("AL2023_ARM_64_STANDARD", False, _ARM, "arm64/standard"),
            ("AL2023_x86_64_NVIDIA", True, _X86, "x86_64/nvidia"),
        )
    ),
    AmiType("BOTTLEROCKET_ARM_64", BOTTLEROCKET, False, _ARM, "arm64"),
    AmiType("BOTTLEROCKET_x86_64", BOTTLEROCKET, False, _X86, "x86_64"),
    AmiType("BOTTLEROCKET_ARM_64_NVIDIA", BOTTLEROCKET, True, _ARM, "arm64"),
    AmiType("BOTTLEROCKET_x86_64_NVIDIA", BOTTLEROCKET, True, _X86, "x86_64"),
)


def operating_system(args: Args) -> pulumi.Output[Any]:
    """The nodes' operating system: as said, as the AMI type has it, or AL2023.

    Raises `InputPropertyError` where the two disagree, and for an unknown AMI type.
    """
    return joined(args.get("amiType"), args.get("operatingSystem")).apply(lambda found: _operating_system(*found))


def recommended_image(
    args: Args, kubernetes: Value, instance_types: Value, path: str, parent: pulumi.Resource
) -> pulumi.Output[Any]:
    """The newest image for these nodes, from SSM. `path` is the argument that holds the instance types."""
    wanted = args.get("amiType")
    kind = (
        output(wanted).apply(_ami_type_of)
        if given(wanted)
        else ami_type_for(operating_system(args), args.get("gpu"), instance_types, path)
    )
    version = args["version"] if given(args.get("version")) else kubernetes

    async def image(found: Sequence[str]) -> Value:
        name, release = found
        parameter = next(item for item in AMI_TYPES if item.name == name).parameter(release)
        return (await lookup("aws:ssm/getParameter:getParameter", {"name": parameter}, parent))["value"]

    return joined(kind, version).apply(image)


def ami_type_for(system: Value, gpu: Value, instance_types: Value, path: str) -> pulumi.Output[Any]:
    """The name of the AMI type that serves this system, these instance types and GPUs or none."""

    def find(found: Sequence[Any]) -> str:
        name, wants_gpu, types = found
        built_for = architecture(types or [], path)
        for item in AMI_TYPES:
            if (item.system, item.gpu, item.architecture) == (name, bool(wants_gpu), built_for):
                return item.name
        gpus = "true" if wants_gpu else "false"
        raise pulumi.RunError(f"No AMI type found for OS: {name}, GPU support: {gpus}, architecture: {built_for}")

    return joined(system, gpu, instance_types).apply(find)


def architecture(instance_types: Sequence[str], path: str) -> str:
    """arm64 or x86_64; raises `InputPropertyError` for a mixture, and for what is no instance type."""
    graviton = [_is_graviton(item, path) for item in instance_types]
    if any(graviton) and not all(graviton):
        raise pulumi.InputPropertyError(
            path,
            "Cannot determine architecture of instance types. The provided instance types do not share a common "
            "architecture",
        )
    return _ARM if any(graviton) else _X86


def _is_graviton(instance_type: str, path: str) -> bool:
    match = _INSTANCE_TYPE.search(str(instance_type))
    if match is None:
        raise pulumi.InputPropertyError(path, f"Invalid EC2 instance type: {instance_type}")
    return match.group(3) == "g"


def _find(name: str) -> AmiType | None:
    return next((item for item in AMI_TYPES if name == item.name or name in item.aliases), None)


def _ami_type_of(name: str) -> str:
    found = _find(name)
    if found is None:
        reason = f"Cannot resolve recommended AMI for AMI type: {name}. Please provide the AMI ID and userdata."
        raise pulumi.InputPropertyError("amiType", reason)
    return found.name


def _operating_system(ami_type: str | None, system: str | None) -> str:
    if not ami_type:
        return system or AL2023
    found = _find(ami_type)
    if found is None:
        raise pulumi.InputPropertyError("amiType", f"Cannot determine OS of unknown AMI type: {ami_type}")
    if system and system != found.system:
        reason = (
            f"Operating system '{system}' does not match the detected operating system '{found.system}' of AMI type "
            f"'{ami_type}'."
        )
        raise pulumi.InputPropertyError("operatingSystem", reason)
    return found.system
