"""The team keeps the images of its dev environment in ECR, and takes the environment down in the evening."""

import pulumi
import pulumi_aws as aws

here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region="ap-northeast-2"))
orders = aws.ecr.Repository(
    "orders", name="shop/orders", image_scanning_configuration={"scan_on_push": True}, opts=here
)
pulumi.export("push_to", orders.repository_url)
