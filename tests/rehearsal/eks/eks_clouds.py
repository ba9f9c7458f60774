"""An echoing AWS and Kubernetes: what a resource answers that nobody models, and the answers of the functions.

The values are those of the recordings in `../shared/data/eks` (account 123456789012, us-west-2), so that what the
double computes from them (a kubeconfig, user data, tags) can be compared with what the real component computed.
"""

import hashlib
from typing import Any

REGION = "us-west-2"
ACCOUNT = "123456789012"
ISSUER = f"https://oidc.eks.{REGION}.amazonaws.com/id/55E7911021229F91AB1C706E01B6AAAD"
ADDON_VERSIONS = {
    "vpc-cni": "v1.20.4-eksbuild.2",
    "kube-proxy": "v1.34.0-eksbuild.2",
    "coredns": "v1.12.3-eksbuild.1",
}


def digest(text: str, length: int = 17) -> str:
    """A number that looks random and is not."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def resource(kind: str, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Id and computed outputs of a custom resource, as a cloud would answer its creation."""
    physical = inputs.get("name") or f"{name}-{digest(kind + name, 7)}"
    arn = f"arn:aws:iam::{ACCOUNT}"
    match kind:
        case "aws:iam/role:Role":
            return physical, {"name": physical, "arn": f"{arn}:role/{physical}"}
        case "aws:iam/instanceProfile:InstanceProfile":
            return physical, {"name": physical, "arn": f"{arn}:instance-profile/{physical}"}
        case "aws:iam/openIdConnectProvider:OpenIdConnectProvider":
            provider = f"{arn}:oidc-provider/{inputs['url'].removeprefix('https://')}"
            return provider, {"arn": provider}
        case "aws:ec2/securityGroup:SecurityGroup":
            return f"sg-{digest(name)}", {"name": physical}
        case "aws:ec2/securityGroupRule:SecurityGroupRule":
            return f"sgrule-{digest(name)}", {"securityGroupRuleId": f"sgr-{digest(name)}"}
        case "aws:ec2/launchTemplate:LaunchTemplate":
            return f"lt-{digest(name)}", {"name": physical, "latestVersion": 1}
        case "aws:ec2/keyPair:KeyPair":
            return physical, {"keyName": physical}
        case (
            "aws:ec2/launchConfiguration:LaunchConfiguration"
            | "aws:autoscaling/group:Group"
            | "aws:ec2/placementGroup:PlacementGroup"
        ):
            return physical, {"name": physical}
        case "aws:cloudformation/stack:Stack":
            return f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{physical}", {
                "outputs": {"NodeGroup": f"{physical}-asg"}
            }
        case "aws:eks/fargateProfile:FargateProfile":
            return f"{inputs['clusterName']}:{physical}", {"fargateProfileName": physical, "status": "ACTIVE"}
        case "aws:eks/cluster:Cluster":
            return physical, _cluster(physical, inputs)
        case "eks:index:RandomSuffix":
            return name, {"output": f"{inputs['input']}-{digest(name, 8)}"}
        case _:
            return f"{name}-{digest(kind + name, 7)}", {}


def function(token: str, args: dict[str, Any]) -> dict[str, Any]:
    """The answer of a function; one that no recording used is a KeyError that names it."""
    match token:
        case "aws:index/getPartition:getPartition":
            return {"partition": "aws", "dnsSuffix": "amazonaws.com", "id": "aws"}
        case "aws:index/getRegion:getRegion":
            return {"name": REGION, "region": REGION, "id": REGION}
        case "aws:index/getCallerIdentity:getCallerIdentity":
            return {"accountId": ACCOUNT}
        case "aws:ec2/getVpc:getVpc":
            return {"id": "vpc-default0000000000"}
        case "aws:ec2/getSubnets:getSubnets":
            return {"ids": _subnets(args)}
        case "aws:ec2/getRouteTable:getRouteTable":
            if str(args.get("subnetId", "")).startswith("subnet-main"):
                raise LookupError("no explicit route table")
            public = "pub" in str(args.get("subnetId", ""))
            local = {"cidrBlock": "10.0.0.0/16", "gatewayId": "local"}
            return {"routes": [local, {"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}] if public else [local]}
        case "aws:ec2/getSubnet:getSubnet":
            return {"vpcId": "vpc-0abc"}
        case "aws:ec2/getRouteTables:getRouteTables":
            return {"ids": ["rtb-main"]}
        case "aws:eks/getAddonVersion:getAddonVersion":
            return {"version": ADDON_VERSIONS[args["addonName"]]}
        case "aws:ssm/getParameter:getParameter":
            return {"value": f"ami-{digest(args['name'])}"}
        case "aws:ec2/getAmi:getAmi":
            devices = [{"deviceName": "/dev/xvda"}, {"deviceName": "/dev/xvdb"}]
            return {"rootDeviceName": "/dev/xvda", "blockDeviceMappings": devices}
        case "aws:ec2/getInstanceType:getInstanceType":
            large = args["instanceType"].startswith("p")
            return {
                "efaSupported": large or args["instanceType"].startswith("c"),
                "maximumNetworkCards": 4 if large else 1,
            }
        case "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings":
            return {"locations": ["us-west-2a", "us-west-2b"]}
        case _:
            raise KeyError(token)


def _subnets(args: dict[str, Any]) -> list[str]:
    for item in args["filters"]:
        if item["name"] == "subnet-id":
            return [subnet for subnet in item["values"] if subnet.endswith("-a")]
    return ["subnet-default000000a", "subnet-default000000b", "subnet-default000000c"]


def _cluster(name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    network = inputs.get("kubernetesNetworkConfig")
    network = network if isinstance(network, dict) else {}
    ipv6 = network.get("ipFamily") == "ipv6"
    return {
        "name": name,
        "arn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{name}",
        "endpoint": f"https://55E7911021229F91AB1C706E01B6AAAD.gr7.{REGION}.eks.amazonaws.com",
        "certificateAuthority": {"data": "RkFLRS1DQQ=="},
        "identities": [{"oidcs": [{"issuer": ISSUER}]}],
        "version": inputs.get("version") or "1.34",
        "status": "ACTIVE",
        "kubernetesNetworkConfig": {
            **network,
            "ipFamily": network.get("ipFamily") or "ipv4",
            "serviceIpv4Cidr": network.get("serviceIpv4Cidr") or "172.20.0.0/16",
            **({"serviceIpv6Cidr": "fd12:3456::/108"} if ipv6 else {}),
        },
        "vpcConfig": {**inputs["vpcConfig"], "clusterSecurityGroupId": "sg-eks-cluster", "vpcId": "vpc-0abc"},
        "accessConfig": inputs.get("accessConfig") or {"authenticationMode": "CONFIG_MAP"},
        "upgradePolicy": inputs.get("upgradePolicy") or {"supportType": "EXTENDED"},
    }
