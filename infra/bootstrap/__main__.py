"""The states of all environments: one bucket, one key. The first stack of an account, and the last; docs/state.md says
how it is brought up, and how it is taken down."""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import StateBackend, StateBackendConfig
from pokayoke_eks.config import ConfigErrors


def main() -> None:
    config = _config()
    here = aws.Provider(config.name, region=config.region, opts=pulumi.ResourceOptions(protect=config.protected))
    backend = StateBackend(config.name, config, opts=pulumi.ResourceOptions(provider=here))
    pulumi.export("login", backend.logins)
    pulumi.export("secrets_provider", backend.secrets_providers)


def _config() -> StateBackendConfig:
    try:
        return StateBackendConfig.model_validate(pulumi.Config("pokayoke-eks").require_object("state"))
    except ConfigErrors as refused:
        raise pulumi.RunError(str(refused)) from None


main()
