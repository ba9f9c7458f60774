"""The states of the team's environments lie in a bucket of this stack, and what CI planned in another.

Somebody protected the one that matters; the other is as the provider makes buckets.
"""

import pulumi
import pulumi_aws as aws

seoul = aws.Provider("seoul", region="ap-northeast-2")
here = pulumi.ResourceOptions(provider=seoul)
states = aws.s3.Bucket("states", bucket="shop-dev-states", opts=pulumi.ResourceOptions(provider=seoul, protect=True))
plans = aws.s3.Bucket("plans", bucket="shop-dev-plans", opts=here)
for name, bucket in (("states", states), ("plans", plans)):
    aws.s3.BucketVersioning(name, bucket=bucket.id, versioning_configuration={"status": "Enabled"}, opts=here)
