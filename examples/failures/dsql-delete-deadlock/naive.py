"""One database in two regions. Seoul's is made first and Tokyo's after it, as one goes through a plan."""

import pulumi
import pulumi_aws as aws

OSAKA = {"witness_region": "ap-northeast-3"}
korea, japan = aws.Provider("korea", region="ap-northeast-2"), aws.Provider("japan", region="ap-northeast-1")

seoul = aws.dsql.Cluster("seoul", multi_region_properties=OSAKA, opts=pulumi.ResourceOptions(provider=korea))
tokyo = aws.dsql.Cluster(
    "tokyo", multi_region_properties=OSAKA, opts=pulumi.ResourceOptions(provider=japan, depends_on=[seoul])
)
for name, provider, one, other in (("seoul", korea, seoul, tokyo), ("tokyo", japan, tokyo, seoul)):
    aws.dsql.ClusterPeering(
        name, identifier=one.identifier, clusters=[other.arn], **OSAKA, opts=pulumi.ResourceOptions(provider=provider)
    )
