"""How programs that use the components are written.

A program is a list of resources (type, name, inputs), in order. In inputs `reference` stands for a resource before it,
`output` for one of its outputs, and `computed` for a value that depends on the VPC and is unknown in a preview unless
it is given.
"""

from typing import Any

Program = list[tuple[str, str, dict[str, Any]]]

CLUSTER, MANAGED = "eks:index:Cluster", "eks:index:ManagedNodeGroup"
V1, V2 = "eks:index:NodeGroup", "eks:index:NodeGroupV2"


def reference(key: str) -> dict[str, Any]:
    return {"$resource": key}


def output(key: str, name: str) -> dict[str, Any]:
    return {"$output": [key, name]}


def computed(value: Any = None, *, secret: bool = False) -> dict[str, Any]:
    return {"$computed": value, "secret": secret}


ROLE = ("aws:iam/role:Role", "node-role", {"assumeRolePolicy": "{}"})
GROUP = ("aws:ec2/securityGroup:SecurityGroup", "own-group", {"vpcId": "vpc-0abc"})
RULE = ("aws:ec2/securityGroupRule:SecurityGroupRule", "own-rule", {})
PROFILE = ("aws:iam/instanceProfile:InstanceProfile", "own-profile", {})
VPC = ("aws:ec2/vpc:Vpc", "vpc", {})
THE_ROLE, THE_GROUP, THE_RULE, THE_PROFILE = (
    reference(f"{kind}::{name}") for kind, name, _ in (ROLE, GROUP, RULE, PROFILE)
)
THE_CLUSTER = reference(f"{CLUSTER}::demo")
CORE = output(f"{CLUSTER}::demo", "core")

NETWORK = {"vpcId": "vpc-0abc", "privateSubnetIds": ["subnet-priv-a", "subnet-priv-b"], "version": "1.34"}
API = {**NETWORK, "authenticationMode": "API", "skipDefaultNodeGroup": True}
WITH_NODES = {**NETWORK, "authenticationMode": "API"}
LEAN = {
    **API,
    "skipDefaultSecurityGroups": True,
    "useDefaultVpcCni": True,
    "kubeProxyAddonOptions": {"enabled": False},
    "corednsAddonOptions": {"enabled": False},
    "createInstanceRole": False,
}


def cluster(base: dict[str, Any], *before: tuple[str, str, dict[str, Any]], **arguments: Any) -> Program:
    return [*before, (CLUSTER, "demo", {**base, **arguments})]


def managed(**arguments: Any) -> Program:
    return [*cluster(API, ROLE), (MANAGED, "mng", {"cluster": THE_CLUSTER, "nodeRole": THE_ROLE, **arguments})]


def self_managed(
    kind: str, base: dict[str, Any], *before: tuple[str, str, dict[str, Any]], **arguments: Any
) -> Program:
    return [*cluster(base, *before), (kind, "nodes", {"cluster": THE_CLUSTER, **arguments})]


ROLE_MAPPINGS = [{"roleArn": "arn:aws:iam::123456789012:role/ops", "username": "ops", "groups": ["system:masters"]}]
USER_MAPPINGS = [
    {"userArn": "arn:aws:iam::123456789012:user/u: #odd", "username": "true", "groups": ["a b", "123", "- x", ""]},
    {"userArn": "arn:" + "long words " * 12, "username": "off", "groups": []},
]
