"""Pods of one service account that may read one bucket; cluster and network are those of the other examples."""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import Cluster, ClusterConfig, IdentityConfig, Network, NetworkConfig, WorkloadIdentity

REGION, BUCKET = "ap-northeast-2", "arn:aws:s3:::orders.example.com/*"
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=REGION))
shared = {"name": "demo", "region": REGION, "lifecycle": "disposable"}
network = Network("demo", NetworkConfig.model_validate(shared | {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}), here)
versions = {"kubernetes": "1.36", "bottlerocket": "1.65.0-0be31b34"}
access = {"api_access": {"public": ["203.0.113.0/24"]}, "admins": ["arn:aws:iam::123456789012:role/platform"]}
cluster = Cluster("demo", ClusterConfig.model_validate(shared | versions | access), network=network, opts=here)

may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": BUCKET}]}
orders = IdentityConfig(namespace="shop", service_account="orders")
identity = WorkloadIdentity("orders", orders, cluster=cluster, policies={"read": may}, opts=here)
pulumi.export("role", identity.role.arn)
