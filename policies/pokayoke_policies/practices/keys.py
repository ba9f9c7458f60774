"""What is asked of keys: those that encrypt change by themselves, those that sign requests are not made at all."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, standing
from pokayoke_policies.raw import stated

KEYS = {"aws:kms/key:Key": "customerMasterKeySpec", "aws-native:kms:Key": "keySpec"}
"""By type, where it says what kind of key it is."""
_ACCESS_KEY = "aws:iam/accessKey:AccessKey"

ROTATED = Practice(
    "kms-rotates",
    "A key is never rotated",
    "all that was ever sealed by it opens with the one secret that it started with",
    "Set enableKeyRotation: true.",
    "EKS best practices, security/data; KMS.4",
)
STATIC = Practice(
    "iam-no-static-keys",
    "A key for requests to AWS is made that never ends",
    "whoever reads it, in state, in a pipeline or in a Secret, is that user until somebody notices",
    "Give pods a role by aws.eks.PodIdentityAssociation, and people and pipelines one by federation.",
    "EKS best practices, security/iam; IAM user guide, security best practices",
)


def key_rotates(place: str, key: Mapping[str, Any]) -> Iterator[Finding]:
    """A symmetric key whose material AWS makes. Others AWS cannot rotate by itself (KMS developer guide, "Rotate AWS
    KMS keys")."""
    said = stated(key, "enableKeyRotation")
    if by_spelling(said) is True or stated(key, place) not in (None, "SYMMETRIC_DEFAULT"):
        return
    if stated(key, "customKeyStoreId") or stated(key, "origin") not in (None, "AWS_KMS"):
        return
    yield ROTATED.finding("enableKeyRotation", standing(said, "false", "off"))


def no_key_is_made(_: Mapping[str, Any]) -> Iterator[Finding]:
    """Whoever it is for."""
    yield STATIC.finding("", "it is a key that is kept and copied")


RULES = (
    Rule(
        ROTATED.slug,
        judges={kind: (partial(key_rotates, place),) for kind, place in KEYS.items()},
        practice=ROTATED,
    ),
    Rule(STATIC.slug, judges={_ACCESS_KEY: (no_key_is_made,)}, practice=STATIC),
)
