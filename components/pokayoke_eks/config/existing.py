"""What says which network and which cluster of somebody else's are meant. Ids of things that exist may stand here and
nowhere else (`stale-vpc-id`): each is looked up and checked before anything rests on it."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from ..rules.finding import shown
from ..rules.text import unresolved_placeholder
from .checks import cluster, existing, platform
from .errors import checked, refusal
from .examined import Config
from .fields import RegionName, Switch, TagValue, formed
from .plain import kind_of
from .shared import REGION, Protected

_GROUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", re.ASCII)


def _id(kind: str) -> Any:
    form = re.compile(rf"{kind}-(?:[0-9a-f]{{8}}|[0-9a-f]{{17}})", re.ASCII)

    def read(value: object) -> str:
        if not isinstance(value, str):
            raise refusal(f"{kind_of(value)} stands where an id belongs", f"Write {kind}-0123456789abcdef0.")
        checked(unresolved_placeholder(value))
        if not form.fullmatch(value):
            raise refusal(f"{shown(value)} is no id of a {kind}", f"Write e.g. {kind}-0123456789abcdef0.")
        return value

    return BeforeValidator(read), WithJsonSchema({"type": "string", "pattern": f"^{form.pattern}$"})


VpcId = Annotated[str, *_id("vpc")]
SubnetId = Annotated[str, *_id("subnet")]
NodeGroupName = Annotated[
    str,
    formed("system", _GROUP, "cannot name a node group", "Write its name as EKS lists it."),
    WithJsonSchema({"type": "string"}),
]


class ExistingNetworkConfig(Config):
    """A VPC that somebody else made and keeps, and those of its subnets that a cluster may use: one of each kind a
    zone."""

    checks = (existing.vpc_is_said_once,)

    region: RegionName = REGION
    vpc: VpcId | None = Field(
        default=None, description="The VPC's id. Or state vpc_tags.", examples=["vpc-0123456789abcdef0"]
    )
    vpc_tags: Mapping[str, TagValue] = Field(
        default_factory=dict[str, str], description="Tags that one VPC alone has.", examples=[{"Name": "company"}]
    )
    private_subnets: tuple[SubnetId, ...] = Field(
        default=(),
        description="Ids of subnets for nodes and pods; those tagged kubernetes.io/role/internal-elb unless stated.",
        examples=[["subnet-0123456789abcdef0"]],
    )
    public_subnets: tuple[SubnetId, ...] = Field(
        default=(),
        description="Ids of subnets for internet-facing load balancers; those tagged kubernetes.io/role/elb unless "
        "stated.",
        examples=[["subnet-0123456789abcdef1"]],
    )
    internal: Switch = Field(
        default=False, description="The network has no public subnets: nothing faces the internet.", examples=[True]
    )


class ExistingClusterConfig(Protected):
    """A cluster that somebody else made and keeps."""

    checks = (cluster.protection_means_something, platform.names_fit, platform.tags_are_legal)

    region: RegionName = REGION
    node_group: NodeGroupName = Field(
        description="The managed node group on which the platform's controllers run: two nodes at least.",
        examples=["system"],
    )
