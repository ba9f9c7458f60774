"""What is asked of repositories of images: that they are scanned, that a tag keeps its image, that old images go."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, each, standing, switch
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_of, over, stated
from pokayoke_policies.references import is_given, referring, region_of
from pokayoke_policies.remedies import Edits
from pokayoke_policies.stack import Member, Stack

REPOSITORY = "aws:ecr/repository:Repository"
_NATIVE = "aws-native:ecr:Repository"
_OF_REGISTRY = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
_LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy"

SCANNED = Practice(
    "registry-scans-images",
    "Images are scanned for flaws only when somebody asks",
    "what is known of the packages in them is known to nobody who runs them",
    "Set imageScanningConfiguration: {scanOnPush: true}, or scan the whole registry by a "
    "RegistryScanningConfiguration.",
    "EKS best practices, security/image; CIS 5.1.1; ECR.1",
    {"registryScans": switch(default=False, description="Whether a rule of the whole registry, set elsewhere, scans.")},
)
IMMUTABLE = Practice(
    "registry-tags-immutable",
    "A tag may be moved to another image",
    "nodes that come later run something else than those that are there, under the same name",
    'Set imageTagMutability: "IMMUTABLE".',
    "EKS best practices, security/image; ECR.2",
)
EXPIRED = Practice(
    "registry-images-expire",
    "Images are kept for ever",
    "every build adds to the bill, and old images with known flaws can still be deployed",
    "Make a LifecyclePolicy for the repository with rules: [{rulePriority: 1, selection: {tagStatus: any, countType: "
    "imageCountMoreThan, countNumber: 100}, action: {type: expire}}].",
    "EKS best practices, security/image; ECR.3",
)


def scanned(settings: Mapping[str, Any]) -> Rule:
    """Every push is scanned, by the repository's own setting or by a rule of its registry."""

    def pushes_are_scanned(stack: Stack) -> Iterator[tuple[str, Finding]]:
        configurations = list(stack.of_type(_OF_REGISTRY))

        def judged(repository: Member) -> Iterator[tuple[str, Finding]]:
            # Left out, it is off (Pulumi's aws.ecr.Repository; ECR API reference, ImageScanningConfiguration).
            said = stated(repository.properties, "imageScanningConfiguration", "scanOnPush")
            if by_spelling(said) is not True and not _is_scanned_by(configurations, repository):
                how = standing(said, "false", "off")
                yield repository.urn, SCANNED.finding("imageScanningConfiguration.scanOnPush", how)

        yield from over(() if settings["registryScans"] else stack.of_type(REPOSITORY, _NATIVE), judged)

    return Rule(
        SCANNED.slug,
        stack=(pushes_are_scanned,),
        practice=SCANNED,
        tuned=scanned,
        remedies=dict.fromkeys((REPOSITORY, _NATIVE), partial(to_be_scanned, settings)),
    )


def to_be_scanned(settings: Mapping[str, Any], repository: Mapping[str, Any]) -> Edits:
    """`imageScanningConfiguration.scanOnPush: true`, unless a rule of the whole registry scans."""
    # Beside such a rule that only the stack shows it changes nothing: images are scanned then anyway.
    at = ("imageScanningConfiguration", "scanOnPush")
    return {} if settings["registryScans"] or by_spelling(stated(repository, *at)) else {at: True}


def tags_stay(repository: Mapping[str, Any]) -> Iterator[Finding]:
    """A tag is given once, but for those that a filter of the repository excludes on purpose."""
    said = stated(repository, "imageTagMutability")
    # Left out, it is MUTABLE (ECR API reference, CreateRepository).
    if said is None:
        yield IMMUTABLE.finding("imageTagMutability", "it is left out, which means MUTABLE")
    elif said in ("MUTABLE", "MUTABLE_WITH_EXCLUSION"):
        yield IMMUTABLE.finding("imageTagMutability", f"it is {said}")


def images_expire(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each repository has a lifecycle policy."""
    for repository in stack.of_type(REPOSITORY):
        if not referring(stack, _LIFECYCLE, "repository", repository):
            yield repository.urn, EXPIRED.finding("", "no LifecyclePolicy of the stack is for it")
    for repository in stack.of_type(_NATIVE):
        if not is_given(repository.properties.get("lifecyclePolicy")):
            yield repository.urn, EXPIRED.finding("lifecyclePolicy", "it is left out")


RULES = (
    scanned(SCANNED.set_by({})),
    Rule(IMMUTABLE.slug, judges=dict.fromkeys((REPOSITORY, _NATIVE), (tags_stay,)), practice=IMMUTABLE),
    Rule(EXPIRED.slug, stack=(images_expire,), practice=EXPIRED),
)


def _is_scanned_by(configurations: list[Member], repository: Member) -> bool:
    """Whether a rule of its registry scans what is pushed to a repository. A registry is one of an account and region.

    Raises:
        NotKnownError: a rule may, and cannot be read yet.
    """
    region, unknown = region_of(repository), False
    for one in configurations:
        if region and region_of(one) not in (region, None):
            continue
        name = stated(repository.properties, "repositoryName" if repository.type == _NATIVE else "name")
        for said in _filters(one.properties.get("rules")):
            if isinstance(said, str) and _matches(said, str(name)):
                return True
            unknown = unknown or said is UNKNOWN
    if unknown:
        raise NotKnownError(("rules",))
    return False


def _filters(rules: Any) -> Iterator[Any]:
    """What rules pick that scan by themselves; `UNKNOWN` where that cannot be read."""
    if rules is UNKNOWN:
        yield UNKNOWN
        return
    for _, rule in each(list_of(rules)):
        frequency, filters = rule.get("scanFrequency"), rule.get("repositoryFilters")
        if UNKNOWN in (frequency, filters):
            yield UNKNOWN
        elif frequency in ("SCAN_ON_PUSH", "CONTINUOUS_SCAN"):
            yield from (one.get("filter") for _, one in each(list_of(filters)))


def _matches(written: str, name: str) -> bool:
    """Whether a filter picks a repository; without a `*` it picks every name that holds it (ECR user guide, "Filters to
    choose which repositories are scanned")."""
    return fnmatchcase(name, written if "*" in written else f"*{written}*")
