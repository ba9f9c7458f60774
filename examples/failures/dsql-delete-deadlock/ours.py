"""One database in two regions, as one component: nobody says in which order its halves come or go."""

import pulumi_aws as aws

from pokayoke_eks import DsqlConfig, MultiRegionDsql

regions = ["ap-northeast-2", "ap-northeast-1"]
said = {"name": "shop", "lifecycle": "disposable", "regions": regions, "witness": "ap-northeast-3"}
providers = {region: aws.Provider(region, region=region) for region in regions}
MultiRegionDsql("shop", DsqlConfig.model_validate(said), providers=providers)
