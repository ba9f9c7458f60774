"""Functions about machines: images, public parameters that name them, instance types."""

from __future__ import annotations

import re
from typing import Any

from pokayoke_rehearsal.doubles.aws.functions_ec2 import filters_of
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs, ProviderError
from pokayoke_rehearsal.world.eks import images
from pokayoke_rehearsal.world.shapes import listed

# Public parameters: their names are AWS's (EKS user guide, "Retrieve recommended AMI IDs"; Bottlerocket's README).
# Which AMI an id names nobody here can know: ids are derived from the name.
IMAGE_PARAMETERS = (
    r"/aws/service/eks/optimized-ami/1\.\d+/(amazon-linux-2023/(x86_64|arm64)/(standard|nvidia|neuron)|"
    r"amazon-linux-2(-gpu|-arm64)?)/recommended/image_id",
    r"/aws/service/bottlerocket/aws-k8s-1\.\d+(-nvidia|-fips)?/(x86_64|arm64)/(latest|\d+\.\d+\.\d+)/image_id",
)
BOTTLEROCKET_VERSION = r"/aws/service/bottlerocket/aws-k8s-1\.\d+(-nvidia|-fips)?/(x86_64|arm64)/latest/image_version"
BOTTLEROCKET_LATEST = "1.65.0-0be31b34"  # the newest with a known build id, seen 2026-09-03 (entigo-infralib#1488)


def public_parameter(name: str) -> str | None:
    """The value of one of AWS's public SSM parameters, None for one that is not known."""
    if any(re.fullmatch(form, name) for form in IMAGE_PARAMETERS) and images.exists(name):
        return images.image_id(name)
    return BOTTLEROCKET_LATEST if re.fullmatch(BOTTLEROCKET_VERSION, name) else None


def get_ami(site: Site, args: Inputs) -> Inputs:
    """An image by id, or the newest that fits. Ids that public parameters name exist, though moto has them not."""
    wanted = filters_of(args)
    by_id = next((one["Values"][0] for one in wanted if one["Name"] == "image-id"), "")
    owners = [owner for owner in listed(args, "owners") if owner != "self"]
    images: list[dict[str, Any]] = site.client("ec2").describe_images(Filters=wanted)["Images"]
    if images:
        image = max(images, key=lambda one: one.get("CreationDate", ""))
    elif by_id:
        image = {"ImageId": by_id, "Architecture": "x86_64", "RootDeviceName": "/dev/xvda", "Name": by_id}
    else:
        raise ProviderError("Your query returned no results. Please change your search criteria and try again.")
    device: str = image.get("RootDeviceName", "/dev/xvda")
    disk = {"deleteOnTermination": "true", "encrypted": "false", "volumeSize": "20", "volumeType": "gp3"}
    return {
        "architecture": image.get("Architecture", "x86_64"),
        "arn": f"arn:{site.partition}:ec2:{site.region}::image/{image['ImageId']}",
        "blockDeviceMappings": [{"deviceName": device, "ebs": disk, "noDevice": "", "virtualName": ""}],
        "creationDate": image.get("CreationDate", ""),
        "id": image["ImageId"],
        "imageId": image["ImageId"],
        "name": image.get("Name", ""),
        "ownerId": image.get("OwnerId", ""),
        "owners": owners,
        "platformDetails": image.get("PlatformDetails", "Linux/UNIX"),
        "region": site.region,
        "rootDeviceName": device,
        "rootDeviceType": image.get("RootDeviceType", "ebs"),
        "state": image.get("State", "available"),
        "tags": {},
        "virtualizationType": image.get("VirtualizationType", "hvm"),
    }


def get_instance_type(site: Site, args: Inputs) -> Inputs:
    name: str = args["instanceType"]
    answer = site.client("ec2").describe_instance_types(InstanceTypes=[name])
    found: dict[str, Any] = answer["InstanceTypes"][0]
    network, cpus = found["NetworkInfo"], found["VCpuInfo"]
    return {
        "bareMetal": found["BareMetal"],
        "burstablePerformanceSupported": found["BurstablePerformanceSupported"],
        "currentGeneration": found["CurrentGeneration"],
        "defaultCores": cpus.get("DefaultCores", cpus["DefaultVCpus"]),
        "defaultVcpus": cpus["DefaultVCpus"],
        "efaMaximumInterfaces": network.get("EfaInfo", {}).get("MaximumEfaInterfaces", 0),
        "efaSupported": network.get("EfaSupported", False),
        "enaSupport": network.get("EnaSupport", ""),
        "hypervisor": found.get("Hypervisor", ""),
        "id": name,
        "instanceType": name,
        "maximumIpv4AddressesPerInterface": network["Ipv4AddressesPerInterface"],
        "maximumNetworkCards": network.get("MaximumNetworkCards", 1),
        "maximumNetworkInterfaces": network["MaximumNetworkInterfaces"],
        "memorySize": found["MemoryInfo"]["SizeInMiB"],
        "networkPerformance": network.get("NetworkPerformance", ""),
        "region": site.region,
        "supportedArchitectures": found["ProcessorInfo"]["SupportedArchitectures"],
    }


def get_instance_type_offerings(site: Site, args: Inputs) -> Inputs:
    kind = {"LocationType": args.get("locationType", "region")}
    answer = site.client("ec2").describe_instance_type_offerings(**kind, Filters=filters_of(args))
    found: list[dict[str, Any]] = answer["InstanceTypeOfferings"]
    return {
        "id": site.region,
        "instanceTypes": [one["InstanceType"] for one in found],
        "locationTypes": [one["LocationType"] for one in found],
        "locations": [one["Location"] for one in found],
        "region": site.region,
    }
