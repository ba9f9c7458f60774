"""Latencies of AWS resources, by type token and, where it matters, by one of their inputs.

Collected on 2026-11-21. T1 to T3: Terraform runs of March and April 2026 in github.com/sirzzang/sirzzang.github.io
(_posts, the EKS series). F1: github.com/fernandomullerjr/eks-via-terraform-github-actions (2023, 2024). B1, B2:
github.com/bshehram/devops-aws-tf and myservice-devops-aws-tf (2024-03). G: github.com/ignvb/devsu-devops-assessment
(2023-08). X: github.com/xavyaly/terraform-lab (2023-12). R: github.com/rselvantech/terraform-aws-labs (2026-07).
E: github.com/encore428/DTCapstone (2021-11). "n" counts log lines; Pulumi's provider is a bridge to the same code.
"""

from __future__ import annotations

from collections.abc import Mapping

from pokayoke_rehearsal.forecast.latency import Latency, guess

BY_INPUT: Mapping[str, str] = {
    "aws:ec2/subnet:Subnet": "mapPublicIpOnLaunch",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "vpcEndpointType",
    "aws:eks/addon:Addon": "addonName",
}
"""Types whose latency depends on an input; the table's key is then `TYPE#VALUE`."""

AWS: Mapping[str, Latency] = {
    # Network
    "aws:ec2/vpc:Vpc": Latency(13, 1, "T1, T2, B1, G, X: create 13 s (1 to 22; n 16), delete 1 s (n 12)"),
    "aws:ec2/subnet:Subnet": Latency(1, 1, "B1, G, X, F1, T2: private 1 s (0 to 5; n 35), delete 1 s (n 56)"),
    "aws:ec2/subnet:Subnet#true": Latency(11, 1, "B1, G, X, F1, T2: public 11 s (1 to 12; n 25), delete 1 s (n 56)"),
    "aws:ec2/internetGateway:InternetGateway": Latency(1, 1, "B1, G, X: create 1 s (n 12), delete 1 s (to 6m38s; n 9)"),
    "aws:ec2/natGateway:NatGateway": Latency(
        105, 51, "B1, F1, G, X: create 1m45s (1m24s to 2m04s; n 21), delete 51 s (37 s to 1m20s; n 17)"
    ),
    "aws:ec2/eip:Eip": Latency(1, 1, "B1, X, G: create 1 s (0 to 3; n 21), delete 1 s (n 20)"),
    "aws:ec2/routeTable:RouteTable": Latency(1, 1, "B1, G, X: create 1 s (0 to 10; n 51), delete 1 s (n 41)"),
    "aws:ec2/route:Route": Latency(1, 1, "B1, G, X: 1 s (0 to 2; n 50)"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Latency(6, 5, "B1: gateway endpoints, create 6 s (n 6), delete 5 s (n 6)"),
    "aws:ec2/vpcEndpoint:VpcEndpoint#Interface": guess(60, 60),
    "aws:ec2/securityGroup:SecurityGroup": Latency(
        4, 1, "G, X, B1, B2, F1, T2, E: create 4 s (2 to 15; n 28), delete 1 s (n 15)"
    ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": Latency(3.5, 3.5, "same logs: 3.5 s (n 42 and 26)"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": Latency(3.5, 3.5, "as securityGroupRule"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": Latency(3.5, 3.5, "as securityGroupRule"),
    # IAM, KMS, logs, queues
    "aws:iam/role:Role": Latency(1, 1, "T1, T2, G, X, F1, B2, E: 1 s (0 to 3; n 25), delete 1 s (n 19)"),
    "aws:iam/policy:Policy": Latency(1, 1, "same logs: 1 s (0 to 2; n 15)"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Latency(1, 1, "same logs: 1 s (0 to 5; n 34), delete (n 29)"),
    "aws:iam/instanceProfile:InstanceProfile": Latency(1, 0, "B2, F1: create 1 s (n 3), delete 0 s (n 1)"),
    "aws:kms/key:Key": Latency(21, 1.5, "T2, G, X, F1: create 21 s (8 to 28; n 6), delete 1.5 s (n 2)"),
    "aws:cloudwatch/logGroup:LogGroup": Latency(2.5, 1, "G, X, F1: create 2.5 s (0 to 3; n 4), delete 1 s (n 2)"),
    "aws:cloudwatch/eventTarget:EventTarget": Latency(0, 0, "github.com/fernandomullerjr (2023-03): 0 s (n 4)"),
    "aws:sqs/queue:Queue": Latency(25, 1, "R, F1: create 1 s or 25 s (n 3), delete 1 s (0 s to 2m10s; n 5)"),
    "aws:sqs/queuePolicy:QueuePolicy": Latency(46, 14, "R, F1: create 46 s (1 s to 1m11s; n 4), delete 1 s, 27 s"),
    # EKS
    "aws:eks/cluster:Cluster": Latency(
        513,
        148,
        "T1 to T3, F1, G, X: create 8m33s (6m42s to 10m22s; n 7, 2024 and later), delete 2m28s (45 s to 9m14s; n 12)",
        update=120,
    ),
    "aws:eks/nodeGroup:NodeGroup": Latency(
        110,
        501,
        "T1 to T3, F1, G, X: create 1m50s (1m20s to 5m33s; n 17), delete 8m21s (6m19s to 38m09s; 5 runs); no figure "
        "for Bottlerocket",
        update=300,
    ),
    "aws:eks/addon:Addon": guess(30, 9, "near the figures of other add-ons"),
    "aws:eks/addon:Addon#vpc-cni": Latency(35, 9, "T1 to T3: create 35 s (24 s to 1m05s; n 3); delete as aws-ebs-csi"),
    "aws:eks/addon:Addon#kube-proxy": Latency(25, 9, "T1 to T3, F1: create 25 s (3 to 45; n 4); delete as aws-ebs-csi"),
    "aws:eks/addon:Addon#coredns": Latency(
        40, 9, "T1 to T3, F1: create 40 s (15 s to 1m17s; n 4); delete as aws-ebs-csi"
    ),
    "aws:eks/addon:Addon#eks-pod-identity-agent": Latency(25, 9, "T2: create 25 s (n 1); delete as aws-ebs-csi"),
    "aws:eks/addon:Addon#aws-ebs-csi-driver": Latency(
        62, 9, "T3, F1, X: create 1m02s (17 s to 15m11s; n 6), delete 9 s (7 to 9; n 3)"
    ),
    "aws:eks/accessEntry:AccessEntry": Latency(
        1, 1, "github.com/DevopsArtFactory/terraform-provisioning/pull/47: create 1 s (n 1)"
    ),
    # Names, certificates, balancers
    "aws:route53/zone:Zone": Latency(
        70, 4, "github.com/Jimmy-Xu/learn-terraform (2018-08): create 1m10s (n 2), delete 4 s (n 1)"
    ),
    "aws:route53/record:Record": Latency(
        36, 34, "B2: create 36 s (29 s to 1m08s; n 11), delete 34 s (3 to 42; n 9); the provider waits for INSYNC"
    ),
    "aws:acm/certificate:Certificate": Latency(6.5, 1, "B2: create 6.5 s (4 to 8; n 4), delete 1 s (n 2)"),
    "aws:acm/certificateValidation:CertificateValidation": Latency(
        1, 0, "0 to 1 s once the record is in Route 53 (n 3); from 1m29s to 8m52s with DNS elsewhere (n 3)"
    ),
    "aws:lb/loadBalancer:LoadBalancer": Latency(
        157, 44, "NLB: create 2m37s (2m22s to 2m41s; n 3), delete 44 s (40 to 47; n 2)"
    ),
    # Data
    "aws:dsql/cluster:Cluster": Latency(
        150,
        150,
        "github.com/aws-samples/aurora-dsql-samples: create and delete about 5 minutes together, an estimate halved",
        assumed=True,
    ),
    "aws:dsql/clusterPeering:ClusterPeering": Latency(
        180, 0, "aurora-dsql-samples (Go): 'a few minutes'; the provider deletes nothing", assumed=True
    ),
    "aws:ecr/repository:Repository": Latency(3, 2, "E: create 3 s (n 1), delete 2 s (n 1)"),
    "aws:s3/bucket:Bucket": Latency(2, 1, "R: create 2 s (n 5); delete of an empty one 1 s (n 20)"),
}
