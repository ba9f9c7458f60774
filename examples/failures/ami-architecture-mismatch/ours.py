"""A cluster whose system nodes are on Graviton: nobody says of what image."""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import Cluster, ClusterConfig, Network, NetworkConfig

named = {"name": "shop", "region": "ap-northeast-2", "lifecycle": "disposable"}
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=named["region"]))
network = Network("shop", NetworkConfig.model_validate(named | {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}), here)
said = {"kubernetes": "1.36", "bottlerocket": "1.65.0-0be31b34", "api_access": "private"}
said |= {"admins": ["arn:aws:iam::123456789012:role/platform"], "system_instance": "t4g.medium"}
Cluster("shop", ClusterConfig.model_validate(named | said), network=network, opts=here)
