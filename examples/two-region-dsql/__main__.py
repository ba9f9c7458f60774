"""Aurora DSQL in Seoul and Tokyo, with Osaka as the witness, closed to all but a network in each, and what a workload
there needs to connect to either."""

import json

import pulumi
import pulumi_aws as aws

from pokayoke_eks import DatabaseRole, DsqlConfig, MultiRegionDsql, Network, NetworkConfig

SEOUL, TOKYO, OSAKA = "ap-northeast-2", "ap-northeast-1", "ap-northeast-3"
providers = {region: aws.Provider(region, region=region) for region in (SEOUL, TOKYO)}
shared = {"name": "demo", "lifecycle": "disposable"}


def network(region: str, cidr: str) -> Network:
    config = NetworkConfig.model_validate(shared | {"region": region, "cidr": cidr, "zones": ["a", "c"]})
    return Network(region, config, pulumi.ResourceOptions(provider=providers[region]))


networks = [network(SEOUL, "10.0.0.0/16"), network(TOKYO, "10.1.0.0/16")]
config = DsqlConfig.model_validate(shared | {"regions": [SEOUL, TOKYO], "witness": OSAKA})
database = MultiRegionDsql("demo", config, providers=providers, networks=networks)

# Known once both clusters are active, so whatever takes it waits for that.
orders = database.access_policy(DatabaseRole.CUSTOM)
here = pulumi.ResourceOptions(provider=providers[SEOUL])
aws.iam.Policy("orders", name="demo-orders-database", policy=orders.apply(json.dumps), opts=here)
pulumi.export("endpoints", database.endpoints)
