"""A controller whose pods may talk to nobody but whom it states: the API server is always among them.

The hosted zone example.com is there already; dev.example.com is made in it and delegated.
"""

import pulumi
import pulumi_aws as aws

import pokayoke_eks as eks

named = {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable"}
runs = named | {"kubernetes": "1.36"}
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=named["region"]))

where = {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}
network = eks.Network("demo", eks.NetworkConfig.model_validate(named | where), here)
access = {"api_access": "private", "admins": ["arn:aws:iam::123456789012:role/platform"]}
config = eks.ClusterConfig.model_validate(runs | access | {"bottlerocket": "1.65.0-0be31b34"})
cluster = eks.Cluster("demo", config, network=network, opts=here)

kinds = eks.GatewayApi("demo", eks.GatewayApiConfig.model_validate(runs), cluster=cluster)
zone = {"name": "demo", "lifecycle": "disposable", "domain": "dev.example.com", "parent_zone": "example.com"}
dns = eks.Dns("demo", eks.DnsConfig.model_validate(zone), opts=here)
follows = eks.ExternalDnsConfig.model_validate(named | {"sources": ["gateway-httproute"]})
eks.ExternalDns("demo", follows, cluster=cluster, dns=dns, gateway_api=kinds)
