"""EC2NodeClass, karpenter.k8s.aws/v1. Source: Karpenter v1.14.1, `karpenter.k8s.aws_ec2nodeclasses.yaml`."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from .cel import Rule, every, has, some
from .constraints import Bool, Int32
from .hardware import (
    HARDWARE_RULES,
    BlockDeviceMapping,
    ConnectionTracking,
    CpuOptions,
    MetadataOptions,
    NetworkInterface,
)
from .kubelet import KUBELET_RULES, Kubelet
from .part import Part
from .resource import Resource
from .selectors import (
    SELECTOR_RULES,
    AmiTerm,
    CapacityReservationTerm,
    PlacementGroupSelector,
    SecurityGroupTerm,
    SubnetTerm,
)

AmiFamily = Literal["AL2", "AL2023", "Bottlerocket", "Custom", "Windows2019", "Windows2022", "Windows2025"]


class EC2NodeClassSpec(Part):
    """How the instance of a node is made: exactly one of `role` (a name) and `instance_profile`."""

    ami_selector_terms: Annotated[tuple[AmiTerm, ...], Field(min_length=1, max_length=30)]
    subnet_selector_terms: Annotated[tuple[SubnetTerm, ...], Field(max_length=30)]
    security_group_selector_terms: Annotated[tuple[SecurityGroupTerm, ...], Field(max_length=30)]
    role: str | None = None
    instance_profile: str | None = None
    ami_family: AmiFamily | None = None
    block_device_mappings: Annotated[tuple[BlockDeviceMapping, ...], Field(max_length=50)] | None = None
    metadata_options: MetadataOptions = MetadataOptions(
        http_endpoint="enabled", http_protocol_ipv6="disabled", http_put_response_hop_limit=1, http_tokens="required"
    )
    kubelet: Kubelet | None = None
    tags: dict[str, str] | None = None
    user_data: str | None = None
    instance_store_policy: Literal["RAID0"] | None = None
    detailed_monitoring: Bool | None = None
    associate_public_ip_address: Bool | None = None
    capacity_reservation_selector_terms: Annotated[tuple[CapacityReservationTerm, ...], Field(max_length=30)] | None = (
        None
    )
    placement_group_selector: PlacementGroupSelector | None = None
    network_interfaces: Annotated[tuple[NetworkInterface, ...], Field(max_length=150)] | None = None
    connection_tracking: ConnectionTracking | None = None
    cpu_options: CpuOptions | None = None
    ip_prefix_count: Annotated[Int32, Field(ge=0)] | None = None
    context: str | None = None


def _fits_alias(family: str) -> Callable[[dict[str, Any]], bool]:
    def keeps(spec: dict[str, Any]) -> bool:
        if not has(spec, "amiFamily"):
            return True
        used = some(spec["amiSelectorTerms"], lambda term: has(term, "alias") and _alias_family(term) == family.lower())
        return not used or spec["amiFamily"] in ("Custom", family)

    return keeps


def _alias_family(term: dict[str, Any]) -> str:
    return term["alias"].partition("@")[0]


def _family_is_known(spec: dict[str, Any]) -> bool:
    return some(spec["amiSelectorTerms"], lambda term: has(term, "alias")) or has(spec, "amiFamily")


def _without(unwanted: str) -> Callable[[dict[str, str]], bool]:
    return lambda tags: every(tags, lambda key: key != unwanted)


_RESTRICTED_TAGS: Sequence[tuple[str, Callable[[dict[str, str]], bool]]] = (
    ("eks:eks-cluster-name", _without("eks:eks-cluster-name")),
    ("kubernetes.io/cluster/", lambda tags: every(tags, lambda key: not key.startswith("kubernetes.io/cluster"))),
    ("karpenter.sh/nodepool", _without("karpenter.sh/nodepool")),
    ("karpenter.sh/nodeclaim", _without("karpenter.sh/nodeclaim")),
    ("karpenter.k8s.aws/ec2nodeclass", _without("karpenter.k8s.aws/ec2nodeclass")),
)


class EC2NodeClass(Resource):
    """How Karpenter makes the EC2 instance of a node. Cluster-scoped."""

    plural = "ec2nodeclasses"
    rules = (
        Rule(
            "spec",
            "must specify exactly one of ['role', 'instanceProfile']",
            lambda spec: has(spec, "role") != has(spec, "instanceProfile"),
        ),
        *(
            Rule(
                "spec",
                f"if set, amiFamily must be '{family}' or 'Custom' when using {article} {family} alias",
                _fits_alias(family),
            )
            for article, family in (
                ("an", "AL2"),
                ("an", "AL2023"),
                ("a", "Bottlerocket"),
                ("a", "Windows2019"),
                ("a", "Windows2022"),
                ("a", "Windows2025"),
            )
        ),
        Rule(
            "spec",
            "must specify amiFamily if amiSelectorTerms does not contain an alias",
            _family_is_known,
        ),
        Rule("spec.role", "role cannot be empty", lambda role: role != ""),
        Rule("spec.instanceProfile", "instanceProfile cannot be empty", lambda profile: profile != ""),
        Rule("spec.tags", "empty tag keys aren't supported", _without("")),
        *(
            Rule("spec.tags", f"tag contains a restricted tag matching {name}", keeps)
            for name, keeps in _RESTRICTED_TAGS
        ),
        *SELECTOR_RULES,
        *HARDWARE_RULES,
        *KUBELET_RULES,
    )

    api_version: Literal["karpenter.k8s.aws/v1"] = "karpenter.k8s.aws/v1"
    kind: Literal["EC2NodeClass"] = "EC2NodeClass"
    spec: EC2NodeClassSpec | None = None
    """The server takes an EC2NodeClass without one, and Karpenter can do nothing with it."""
