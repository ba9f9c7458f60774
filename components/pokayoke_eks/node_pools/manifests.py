"""The two objects of a pool. Making one that the API server would refuse raises pydantic's ValidationError."""

from collections.abc import Sequence

from .. import tags
from ..cluster.nodes import OPERATING_SYSTEM_GIB
from ..config import NodePoolsConfig, PoolConfig
from ..config import Taint as PoolTaint
from ..crds import (
    AmiTerm,
    BlockDeviceMapping,
    Budget,
    Disruption,
    Ebs,
    EC2NodeClass,
    EC2NodeClassSpec,
    Kubelet,
    MetadataOptions,
    NodeClassReference,
    NodeMetadata,
    NodePool,
    NodePoolSpec,
    NodeSpec,
    NodeTemplate,
    ObjectMeta,
    Requirement,
    SecurityGroupTerm,
    SubnetTerm,
    Taint,
)
from ..rules.taints import REMOVED_BY
from .bottlerocket import BottlerocketSettings

READY = {"pulumi.com/waitFor": "condition=Ready"}
"""Pulumi's word for: this object is there when Karpenter says so."""
CONSOLIDATE_AFTER = "1m"
DISRUPTED_AT_ONCE = "10%"
"""Of a pool's nodes, rounded up."""


def node_class(config: NodePoolsConfig, pool: PoolConfig) -> EC2NodeClass:
    """How the pool's instances are made: Bottlerocket of the cluster's release; IMDSv2 that ends at the node; both
    volumes encrypted. Subnets, security group and instance profile are examples: those of the objects are outputs."""
    return EC2NodeClass(
        metadata=ObjectMeta(name=pool.name, annotations=READY),
        spec=EC2NodeClassSpec(
            ami_selector_terms=(AmiTerm(alias=config.bottlerocket_alias),),
            subnet_selector_terms=(SubnetTerm(id="subnet-0"),),
            security_group_selector_terms=(SecurityGroupTerm(id="sg-0"),),
            instance_profile="profile",
            block_device_mappings=(_volume("/dev/xvda", OPERATING_SYSTEM_GIB), _volume("/dev/xvdb", pool.disk_gib)),
            metadata_options=MetadataOptions(
                http_endpoint="enabled",
                http_protocol_ipv6="disabled",
                # One hop ends at the node: pods off the host's network never reach the node's credentials.
                http_put_response_hop_limit=1,
                http_tokens="required",
            ),
            kubelet=Kubelet(max_pods=pool.pods_per_node),
            tags=tags.of(config.name, config.tags, **{tags.MANAGED_BY: "karpenter"}),
            user_data=BottlerocketSettings().user_data(),
        ),
    )


def node_pool(pool: PoolConfig, zones: Sequence[str]) -> NodePool:
    """Which nodes may come, within which limits, and when they go: idle or ill-used ones soon, a tenth at a time; each
    after `expire_after`, drained for at most `grace`."""
    removers = {f"{one.key}={one.removed_by}" for one in pool.startup_taints}
    said = {REMOVED_BY: ",".join(sorted(removers))} if removers else {}
    return NodePool(
        metadata=ObjectMeta(name=pool.name, annotations={**READY, **said}),
        spec=NodePoolSpec(
            template=NodeTemplate(
                metadata=NodeMetadata(labels=dict(pool.labels)) if pool.labels else None,
                spec=NodeSpec(
                    node_class_ref=NodeClassReference(group="karpenter.k8s.aws", kind="EC2NodeClass", name=pool.name),
                    requirements=(
                        _one_of("node.kubernetes.io/instance-type", pool.instance_types),
                        _one_of("kubernetes.io/arch", (pool.architecture,)),
                        _one_of("kubernetes.io/os", ("linux",)),
                        _one_of("karpenter.sh/capacity-type", pool.capacity),
                        _one_of("topology.kubernetes.io/zone", zones),
                    ),
                    taints=_taints(pool.taints),
                    startup_taints=_taints(pool.startup_taints),
                    expire_after=pool.expire_after,
                    termination_grace_period=pool.grace,
                ),
            ),
            disruption=Disruption(
                consolidation_policy="WhenEmptyOrUnderutilized",
                consolidate_after=CONSOLIDATE_AFTER,
                budgets=(Budget(nodes=DISRUPTED_AT_ONCE),),
            ),
            limits={"cpu": pool.limits.cpu, "memory": pool.limits.memory},
        ),
    )


def _one_of(key: str, values: Sequence[str]) -> Requirement:
    return Requirement(key=key, operator="In", values=tuple(values))


def _taints(taints: Sequence[PoolTaint]) -> tuple[Taint, ...] | None:
    stated = ({"key": one.key, "value": one.value or None, "effect": one.effect} for one in taints)
    return tuple(Taint.model_validate(one) for one in stated) or None


def _volume(device: str, gib: int) -> BlockDeviceMapping:
    return BlockDeviceMapping(
        device_name=device,
        ebs=Ebs(volume_size=f"{gib}Gi", volume_type="gp3", encrypted=True, delete_on_termination=True),
    )
