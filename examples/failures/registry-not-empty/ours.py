"""The images of an environment that is taken down as a whole."""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import Registry, RegistryConfig

region = "ap-northeast-2"
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=region))
said = {"name": "dev", "region": region, "lifecycle": "disposable", "repositories": ["shop/orders"]}
registry = Registry("images", RegistryConfig.model_validate(said), opts=here)
pulumi.export("push_to", registry.urls["shop/orders"])
