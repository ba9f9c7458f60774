"""The security group of nodes, and its rules to and from the cluster's."""

from __future__ import annotations

import pulumi

from pokayoke_rehearsal.doubles.eks.children import Component, Custom, child_of
from pokayoke_rehearsal.doubles.eks.values import Args, Value, merged, output, pick

ANYWHERE = {"fromPort": 0, "toPort": 0, "protocol": "-1", "cidrBlocks": ["0.0.0.0/0"], "type": "egress"}


class NodeGroupSecurityGroup(Component):
    """`eks:index:NodeGroupSecurityGroup`: the group and its rules by themselves. It registers no outputs."""

    def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions) -> None:
        super().__init__("eks:index:NodeGroupSecurityGroup", name, args, opts)
        self.group, self.rule = node_security_group(
            name,
            self,
            vpc_id=args.get("vpcId"),
            cluster_security_group_id=pick(args.get("clusterSecurityGroup"), "id"),
            cluster_name=pick(args.get("eksCluster"), "name"),
            tags=args.get("tags"),
        )
        self.register_outputs({})

    def state(self) -> dict[str, Value]:
        """What the engine is told as the component's outputs."""
        return {"securityGroup": self.group, "securityGroupRule": self.rule}


def node_security_group(
    name: str,
    parent: pulumi.Resource,
    *,
    vpc_id: Value,
    cluster_security_group_id: Value,
    cluster_name: Value,
    tags: Value,
) -> tuple[Custom, Custom]:
    """The nodes' group and the rule that lets them reach the API server; the other rules are made beside."""

    owner = output(cluster_name).apply(lambda cluster: {f"kubernetes.io/cluster/{cluster}": "owned"})
    group = Custom(
        "aws:ec2/securityGroup:SecurityGroup",
        f"{name}-nodeSecurityGroup",
        {
            "vpcId": vpc_id,
            "revokeRulesOnDelete": True,
            "tags": merged({"Name": f"{name}-nodeSecurityGroup"}, owner, tags),
        },
        child_of(parent),
    )
    nodes = {"securityGroupId": group.id}
    from_cluster = {**nodes, "sourceSecurityGroupId": cluster_security_group_id, "type": "ingress", "protocol": "tcp"}
    rule(
        f"{name}-eksNodeIngressRule",
        "Allow nodes to communicate with each other",
        {**nodes, "type": "ingress", "fromPort": 0, "toPort": 0, "protocol": "-1", "self": True},
        parent,
    )
    rule(
        f"{name}-eksNodeClusterIngressRule",
        "Allow worker Kubelets and pods to receive communication from the cluster control plane",
        {**from_cluster, "fromPort": 1025, "toPort": 65535},
        parent,
    )
    rule(
        f"{name}-eksExtApiServerClusterIngressRule",
        "Allow pods running extension API servers on port 443 to receive communication from cluster control plane",
        {**from_cluster, "fromPort": 443, "toPort": 443},
        parent,
    )
    rule(f"{name}-eksNodeInternetEgressRule", "Allow internet access.", {**nodes, **ANYWHERE}, parent)
    to_api = {
        "securityGroupId": cluster_security_group_id,
        "sourceSecurityGroupId": group.id,
        "type": "ingress",
        "protocol": "tcp",
        "fromPort": 443,
        "toPort": 443,
    }
    reach = "Allow pods to communicate with the cluster API Server"
    return group, rule(f"{name}-eksClusterIngressRule", reach, to_api, parent)


def rule(name: str, description: str, properties: Args, parent: pulumi.Resource) -> Custom:
    """One rule of a security group."""
    kind = "aws:ec2/securityGroupRule:SecurityGroupRule"
    return Custom(kind, name, {"description": description, **properties}, child_of(parent))
