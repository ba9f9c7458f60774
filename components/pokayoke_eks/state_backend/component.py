"""A bucket for the states of all environments, and the key of the secrets in them."""

import pulumi
import pulumi_aws as aws

from .. import buckets, tags
from ..config.state import StateBackendConfig
from ..iam import document, states
from ..iam.document import Document
from ..rules import names
from ..rules import states as rules

OLD_STATES_DAYS = 90
"""How long a state can be taken back after it was written over."""


class StateBackend(pulumi.ComponentResource):
    """Where Pulumi keeps the states of a platform's environments: a stack of its own, which comes before all others.

    Creates:
        - a KMS key, rotated every year, with an alias: for the states, and for the secrets in them
        - a bucket with versions, encrypted with that key, reached over TLS alone and never by the public; its name
          holds account and region, because no two buckets anywhere share one
        - rules by which versions go 90 days after they were written over

    Bucket and key refuse to go until `config.empty_and_remove` names the backend; then they go with every state.

    Args:
        config: what a user decides.
        opts: pass the region's `aws.Provider` as `provider`.
    """

    bucket: aws.s3.Bucket
    key: aws.kms.Key
    logins: dict[str, pulumi.Output[str]]
    """By environment, what `pulumi login` is told."""
    secrets_providers: dict[str, str]
    """By environment, what `pulumi stack init --secrets-provider` is told."""

    def __init__(self, name: str, config: StateBackendConfig, *, opts: pulumi.ResourceOptions | None = None) -> None:
        protected = pulumi.ResourceOptions(protect=config.protected or None)
        super().__init__("pokayoke-eks:index:StateBackend", name, {}, pulumi.ResourceOptions.merge(protected, opts))
        self._mine = pulumi.ResourceOptions(parent=self)
        carried = tags.of(config.name, config.tags)
        self.key = aws.kms.Key(
            name,
            description=f"States of {config.name}, and the secrets in them",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            tags=carried,
            opts=self._mine,
        )
        aws.kms.Alias(name, name=names.state_key_alias(config.name), target_key_id=self.key.key_id, opts=self._mine)
        account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        self.bucket = aws.s3.Bucket(
            name,
            bucket=account.apply(lambda account: names.state_bucket(config.name, account, config.region)),
            force_destroy=not config.protected,
            tags=carried,
            opts=self._mine,
        )
        self._closed(name)
        self._kept(name)
        self.logins = {
            one: self.bucket.bucket.apply(lambda bucket, one=one: rules.login(bucket, one, config.region))
            for one in config.environments
        }
        self.secrets_providers = {
            one: rules.secrets_provider(config.name, one, config.region) for one in config.environments
        }
        self.register_outputs({})

    def access_policy(self, environment: str) -> pulumi.Output[Document]:
        """For whoever deploys one environment: its states and secrets, and no other's.

        Raises:
            KeyError: the config names no such environment.
        """
        _ = self.logins[environment]
        return pulumi.Output.all(self.bucket.arn, self.key.arn).apply(
            lambda arns: states.one_environment(arns[0], arns[1], environment)
        )

    def _closed(self, name: str) -> None:
        """Nobody but the account's own principals reaches it, over TLS, and what they write is the account's."""
        closed = buckets.closed(name, self.bucket, self._mine)
        # S3 refuses two changes of one bucket's access at once: each waits for the one before.
        owned = aws.s3.BucketOwnershipControls(
            name,
            bucket=self.bucket.id,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self._after(closed),
        )
        aws.s3.BucketPolicy(
            name,
            bucket=self.bucket.id,
            policy=self.bucket.arn.apply(lambda arn: document.text(states.tls_only(arn))),
            opts=self._after(owned),
        )

    def _kept(self, name: str) -> None:
        """Every state is encrypted, and what it was before is kept for a while."""
        versions = aws.s3.BucketVersioning(
            name,
            bucket=self.bucket.id,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=self._mine,
        )
        buckets.encrypted(name, self.bucket, self._mine, key=self.key)
        aws.s3.BucketLifecycleConfiguration(
            name,
            bucket=self.bucket.id,
            rules=[
                aws.s3.BucketLifecycleConfigurationRuleArgs(
                    id="old-states",
                    status="Enabled",
                    filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                        noncurrent_days=OLD_STATES_DAYS
                    ),
                )
            ],
            # Rules on versions mean nothing before there are any.
            opts=self._after(versions),
        )

    def _after(self, needed: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions.merge(self._mine, pulumi.ResourceOptions(depends_on=[needed]))
