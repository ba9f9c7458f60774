"""Aurora DSQL in Seoul and Tokyo, with Osaka as the witness, and what a workload needs to connect to either."""

import json

import pulumi
import pulumi_aws as aws

from pokayoke_eks import DatabaseRole, DsqlConfig, MultiRegionDsql

SEOUL, TOKYO, OSAKA = "ap-northeast-2", "ap-northeast-1", "ap-northeast-3"
providers = {region: aws.Provider(region, region=region) for region in (SEOUL, TOKYO)}
config = DsqlConfig.model_validate(
    {"name": "demo", "lifecycle": "disposable", "regions": [SEOUL, TOKYO], "witness": OSAKA}
)
database = MultiRegionDsql("demo", config, providers=providers)

# Known once both clusters are active, so whatever takes it waits for that.
orders = database.access_policy(DatabaseRole.CUSTOM)
here = pulumi.ResourceOptions(provider=providers[SEOUL])
aws.iam.Policy("orders", name="demo-orders-database", policy=orders.apply(json.dumps), opts=here)
pulumi.export("endpoints", database.endpoints)
