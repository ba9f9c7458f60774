"""The bucket of the states, a stack of its own. A word that says which one lets it go, with every state in it."""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import StateBackend, StateBackendConfig

region = "ap-northeast-2"
said = {"name": "shop", "region": region, "environments": ["dev"], "empty_and_remove": "shop"}
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=region))
backend = StateBackend("states", StateBackendConfig.model_validate(said), opts=here)
pulumi.export("login", backend.logins["dev"])
