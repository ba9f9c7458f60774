"""What is asked of what must not go by accident: that AWS refuses it too, and not Pulumi alone."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.dsql import CLUSTER as DATABASE
from pokayoke_policies.eks import CLUSTER
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, standing, switch
from pokayoke_policies.raw import stated

_ALWAYS = {"always": switch(default=False, description="Whether it is asked of those too that Pulumi may delete.")}

OF_CLUSTER = Practice(
    "eks-deletion-protected",
    "A cluster that is to be kept can be deleted by one call",
    "Pulumi's protection holds back Pulumi alone, no console and no script",
    "Set deletionProtection: true.",
    "EKS user guide, protect EKS clusters from accidental deletion",
    _ALWAYS,
)
OF_DATABASE = Practice(
    "dsql-deletion-protected",
    "A database that is to be kept can be deleted by one call",
    "Pulumi's protection holds back Pulumi alone, and data that is gone is gone",
    "Set deletionProtectionEnabled: true, and leave forceDestroy out.",
    "DSQL user guide, deletion protection; Pulumi's aws.dsql.Cluster",
    _ALWAYS,
)


def what_is_kept(practice: Practice, kind: str, key: str, settings: Mapping[str, Any]) -> Rule:
    """What Pulumi protects, its service protects by `key`, and nothing takes that off."""

    def is_protected(properties: Mapping[str, Any], /, *, protected: bool) -> Iterator[Finding]:
        if not (protected or settings["always"]):
            return
        # Left out, it is off (EKS API reference, CreateCluster; Pulumi's aws.dsql.Cluster).
        said = stated(properties, key)
        if by_spelling(said) is not True:
            yield practice.finding(key, standing(said, "false", "off"))
        elif by_spelling(stated(properties, "forceDestroy")) is True:
            yield practice.finding("forceDestroy", "it is on, which takes the protection off")

    tuned = partial(what_is_kept, practice, kind, key)
    return Rule(practice.slug, protection={kind: is_protected}, practice=practice, tuned=tuned)


RULES = (
    what_is_kept(OF_CLUSTER, CLUSTER, "deletionProtection", OF_CLUSTER.set_by({})),
    what_is_kept(OF_DATABASE, DATABASE, "deletionProtectionEnabled", OF_DATABASE.set_by({})),
)
