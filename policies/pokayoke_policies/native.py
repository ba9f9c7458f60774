"""Resources of `aws-native` as those of `aws` that they are, so that no policy learns a second spelling.

Types and properties are those of pulumi-aws-native 1.84.0. Not here is what needs more than other names: an
`aws-native:s3:Bucket` cannot be told to empty itself, an `aws-native:ec2:NetworkAcl` comes without its rules, an
`aws-native:ecr:Repository` brings policies that are resources of their own in `aws`. What is missing in the table is
judged by its own type alone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

from pokayoke_eks.rules.finding import Finding

from .raw import UNKNOWN, NotKnownError, list_of, mapping_of

Properties = Mapping[str, Any]
_Judge = Callable[[Properties], Iterable[Finding]]


@dataclass(frozen=True)
class Shape:
    """How one type of `aws-native` says what a type of `aws` says."""

    type: str
    """Of `aws`."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """Names of properties of `aws` by native path: `logging.clusterLogging.enabledTypes`. Others are the same."""
    nested: Mapping[str, str] = field(default_factory=dict[str, str])
    """Names of `aws` by native name, wherever they stand inside of a property."""
    values: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict[str, Callable[[Any], Any]])
    """What turns the value of a property of `aws` round, where it is stated and known."""
    left_out: Properties = field(default_factory=dict[str, Any])
    """What holds where a property of `aws` is left out, if that is not what `aws` takes it for."""

    def read(self, properties: Properties) -> dict[str, Any]:
        """The properties as `aws` has them."""
        moved = {path.partition(".")[0] for path in self.names}
        said = {key: self._renamed(value) for key, value in properties.items() if key not in moved}
        for path, name in self.names.items():
            value = _at(properties, path)
            if value is not None:
                said[name] = self._renamed(value)
        for name, turned in {"tags": _tags, **self.values}.items():
            if said.get(name) not in (None, UNKNOWN):
                said[name] = turned(said[name])
        return {**said, **{name: value for name, value in self.left_out.items() if not said.get(name)}}

    def sources(self, sources: Mapping[str, tuple[str, ...]], properties: Properties) -> dict[str, tuple[str, ...]]:
        """Where values come from, by the property of `aws`; of what is told of a whole, by each part that is there."""
        moved = {path.partition(".")[0] for path in self.names}
        found = {key: urns for key, urns in sources.items() if key not in moved}
        for path, name in self.names.items():
            urns = sources.get(path.partition(".")[0])
            if urns and _at(properties, path) is not None:
                found[name] = urns
        return found

    def judged(self, judge: _Judge, properties: Properties) -> Iterator[Finding]:
        """What a judge of the type of `aws` finds, in native words.

        Raises:
            NotKnownError: the judge lacks a value; its path is native.
        """
        try:
            yield from map(self.in_own_words, judge(properties))
        except NotKnownError as error:
            raise NotKnownError(tuple(map(self._worded, error.path))) from None

    def in_own_words(self, finding: Finding) -> Finding:
        """A finding about a property of `aws`, about the native one."""
        return replace(finding, problem=self._worded(finding.problem), remedy=self._worded(finding.remedy))

    def _worded(self, text: str) -> str:
        return self._spoken.sub(lambda found: self._words[found[0]], text) if self._words else text

    @cached_property
    def _words(self) -> dict[str, str]:
        """Native paths by name of `aws`: of names that are no words of English, too, which messages are full of."""
        pairs = (*self.names.items(), *self.nested.items())
        return {name: path for path, name in pairs if path != name and not name.islower()}

    @cached_property
    def _spoken(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{'|'.join(self._words)})\b")

    def _renamed(self, value: Any) -> Any:
        if self.nested and isinstance(value, dict):
            said = cast("dict[str, Any]", value)
            return {self.nested.get(key, key): self._renamed(inner) for key, inner in said.items()}
        if self.nested and isinstance(value, list):
            return [self._renamed(inner) for inner in cast("list[Any]", value)]
        return value


def _at(properties: Properties, path: str) -> Any:
    value: Any = properties
    for key in path.split("."):
        value = cast("dict[str, Any]", value).get(key) if isinstance(value, dict) else None
        if value is UNKNOWN:
            return UNKNOWN
    return value


def _tags(value: Any) -> Any:
    """A mapping of the list that native resources carry; as it is where it is none, or a tag is not known."""
    listed = [{} if one is UNKNOWN else mapping_of(one) for one in list_of(value)]
    if not all(isinstance(one.get("key"), str) for one in listed):
        return value
    return {one["key"]: one.get("value") for one in listed} if listed else value


def _types(value: Any) -> list[Any]:
    """`["audit"]` of `[{"type": "audit"}]`."""
    return [one if one is UNKNOWN else mapping_of(one).get("type") for one in list_of(value)]


def _first(value: Any) -> Any:
    """The only member of a list of one."""
    return next(iter(list_of(value)), None)


_OUTWARD = [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}]
_IN_RULES = {
    "ipProtocol": "protocol",
    "cidrIp": "cidrBlocks",
    "cidrIpv6": "ipv6CidrBlocks",
    "sourcePrefixListId": "prefixListIds",
    "destinationPrefixListId": "prefixListIds",
    "sourceSecurityGroupId": "securityGroups",
    "destinationSecurityGroupId": "securityGroups",
}
_OF_TEMPLATES = (
    *("blockDeviceMappings", "iamInstanceProfile", "imageId", "instanceRequirements", "instanceType"),
    *("metadataOptions", "networkInterfaces", "userData"),
)

_EKS = {
    "aws-native:eks:AccessEntry": Shape("aws:eks/accessEntry:AccessEntry"),
    "aws-native:eks:Addon": Shape("aws:eks/addon:Addon"),
    "aws-native:eks:Cluster": Shape(
        "aws:eks/cluster:Cluster",
        {"resourcesVpcConfig": "vpcConfig", "logging.clusterLogging.enabledTypes": "enabledClusterLogTypes"},
        values={"enabledClusterLogTypes": _types, "encryptionConfig": _first},
    ),
    "aws-native:eks:FargateProfile": Shape("aws:eks/fargateProfile:FargateProfile", {"subnets": "subnetIds"}),
    "aws-native:eks:Nodegroup": Shape(
        "aws:eks/nodeGroup:NodeGroup",
        {"nodeRole": "nodeRoleArn", "nodegroupName": "nodeGroupName", "subnets": "subnetIds"},
        nested={"sourceSecurityGroups": "sourceSecurityGroupIds"},
    ),
    "aws-native:eks:PodIdentityAssociation": Shape("aws:eks/podIdentityAssociation:PodIdentityAssociation"),
}
_EC2 = {
    "aws-native:ec2:FlowLog": Shape("aws:ec2/flowLog:FlowLog", {"resourceId": "vpcId"}),
    "aws-native:ec2:InternetGateway": Shape("aws:ec2/internetGateway:InternetGateway", {"internetGatewayId": "id"}),
    "aws-native:ec2:LaunchTemplate": Shape(
        "aws:ec2/launchTemplate:LaunchTemplate",
        {
            "launchTemplateId": "id",
            "launchTemplateName": "name",
            "launchTemplateData.securityGroupIds": "vpcSecurityGroupIds",
            **{f"launchTemplateData.{name}": name for name in _OF_TEMPLATES},
        },
        nested={"groups": "securityGroups"},
    ),
    "aws-native:ec2:Route": Shape("aws:ec2/route:Route"),
    "aws-native:ec2:RouteTable": Shape("aws:ec2/routeTable:RouteTable", {"routeTableId": "id"}),
    "aws-native:ec2:SecurityGroup": Shape(
        "aws:ec2/securityGroup:SecurityGroup",
        {
            "groupId": "id",
            "groupName": "name",
            "securityGroupEgress": "egress",
            "securityGroupIngress": "ingress",
        },
        nested=_IN_RULES,
        # Everything gets out where nothing is said; only `aws` takes that rule away (CloudFormation user guide,
        # AWS::EC2::SecurityGroup: "if you do not add egress rules, we add egress rules").
        left_out={"egress": _OUTWARD},
    ),
    "aws-native:ec2:SecurityGroupEgress": Shape(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        {
            "groupId": "securityGroupId",
            "cidrIp": "cidrIpv4",
            "destinationPrefixListId": "prefixListId",
            "destinationSecurityGroupId": "referencedSecurityGroupId",
        },
    ),
    "aws-native:ec2:SecurityGroupIngress": Shape(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {
            "groupId": "securityGroupId",
            "cidrIp": "cidrIpv4",
            "sourcePrefixListId": "prefixListId",
            "sourceSecurityGroupId": "referencedSecurityGroupId",
        },
    ),
    "aws-native:ec2:Subnet": Shape("aws:ec2/subnet:Subnet", {"subnetId": "id"}),
    "aws-native:ec2:SubnetRouteTableAssociation": Shape("aws:ec2/routeTableAssociation:RouteTableAssociation"),
    "aws-native:ec2:Volume": Shape("aws:ebs/volume:Volume"),
    "aws-native:ec2:Vpc": Shape("aws:ec2/vpc:Vpc", {"vpcId": "id"}),
    "aws-native:ec2:VpcEndpoint": Shape("aws:ec2/vpcEndpoint:VpcEndpoint"),
}
_IAM = {
    "aws-native:iam:InstanceProfile": Shape(
        "aws:iam/instanceProfile:InstanceProfile", {"instanceProfileName": "name", "roles": "role"}
    ),
    "aws-native:iam:ManagedPolicy": Shape(
        "aws:iam/policy:Policy", {"managedPolicyName": "name", "policyArn": "arn", "policyDocument": "policy"}
    ),
    "aws-native:iam:Role": Shape(
        "aws:iam/role:Role",
        {
            "assumeRolePolicyDocument": "assumeRolePolicy",
            "policies": "inlinePolicies",
            "roleId": "uniqueId",
            "roleName": "name",
        },
        nested={"policyDocument": "policy", "policyName": "name"},
    ),
    "aws-native:iam:RolePolicy": Shape(
        "aws:iam/rolePolicy:RolePolicy", {"policyDocument": "policy", "policyName": "name", "roleName": "role"}
    ),
}
_STORES = {
    "aws-native:dsql:Cluster": Shape("aws:dsql/cluster:Cluster", {"resourceArn": "arn"}),
    "aws-native:elasticache:ReplicationGroup": Shape("aws:elasticache/replicationGroup:ReplicationGroup"),
    "aws-native:elasticache:ServerlessCache": Shape("aws:elasticache/serverlessCache:ServerlessCache"),
    "aws-native:memorydb:Cluster": Shape("aws:memorydb/cluster:Cluster"),
    "aws-native:msk:Cluster": Shape("aws:msk/cluster:Cluster"),
    "aws-native:neptune:DbCluster": Shape("aws:neptune/cluster:Cluster"),
    "aws-native:neptune:DbInstance": Shape(
        "aws:neptune/clusterInstance:ClusterInstance", {"dbInstanceClass": "instanceClass"}
    ),
    "aws-native:rds:DbCluster": Shape("aws:rds/cluster:Cluster"),
    "aws-native:rds:DbInstance": Shape(
        "aws:rds/instance:Instance", {"dbInstanceClass": "instanceClass", "vpcSecurityGroups": "vpcSecurityGroupIds"}
    ),
    "aws-native:secretsmanager:Secret": Shape("aws:secretsmanager/secretVersion:SecretVersion"),
}

SHAPES: Mapping[str, Shape] = {**_EKS, **_EC2, **_IAM, **_STORES}
"""By native type."""
