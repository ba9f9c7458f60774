"""Images are scanned, kept for as long as their environment says, and replicated by one owner or by nobody."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.ecr.policy_validation import EcrLifecyclePolicyValidator
from registrations import Registered, record

from pokayoke_eks import Registry, RegistryConfig
from pokayoke_eks.config import ConfigErrors

REPOSITORY, RULES = "aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"
REPLICATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
SEOUL, TOKYO = "ap-northeast-2", "ap-northeast-1"
SAID: dict[str, Any] = {
    "name": "demo",
    "region": SEOUL,
    "lifecycle": "disposable",
    "repositories": ["shop/orders", "web"],
}
OWNER = {**SAID, "lifecycle": "retained", "replication": "account-wide"}
COMPUTED = {REPOSITORY: lambda made: {"registryId": "123456789012", "repositoryUrl": f"registry/{made['name']}"}}


def registries(*configs: dict[str, Any], replicate: bool = False) -> Registered:
    """What registries of these configs register."""

    def program() -> None:
        made = [
            Registry(
                one["region"],
                RegistryConfig.model_validate(one),
                opts=pulumi.ResourceOptions(provider=aws.Provider(one["region"], region=one["region"])),
            )
            for one in configs
        ]
        if replicate:
            made[0].replicate("copies", to=made[1:])

    return record(program, computed=COMPUTED)


@pytest.fixture(scope="module")
def made() -> Registered:
    return registries(SAID)


def test_every_repository_is_scanned_encrypted_immutable_and_named_after_its_platform(made: Registered) -> None:
    assert [one.inputs["name"] for one in made.of_type(REPOSITORY)] == ["demo/shop/orders", "demo/web"]
    for one in made.of_type(REPOSITORY):
        assert one.inputs["imageScanningConfiguration"] == {"scanOnPush": True}
        assert one.inputs["imageTagMutability"] == "IMMUTABLE"
        assert one.inputs["encryptionConfigurations"] == [{"encryptionType": "KMS"}]


@pytest.mark.parametrize(
    ("lifecycle", "allow_destroy", "held"),
    [("disposable", False, False), ("retained", False, True), ("retained", True, False)],
)
def test_images_hold_a_protected_repository_only(lifecycle: str, allow_destroy: bool, held: bool) -> None:
    """`registry-not-empty`"""
    made = registries({**SAID, "lifecycle": lifecycle, "allow_destroy": allow_destroy})
    for one in made.of_type(REPOSITORY):
        assert one.inputs["forceDelete"] is not held
        assert one.protect is held


@pytest.mark.parametrize("lifecycle", ["disposable", "retained"])
def test_ecr_takes_the_rules_by_which_images_go(lifecycle: str) -> None:
    rules = registries({**SAID, "lifecycle": lifecycle}).of_type(RULES)
    assert len(rules) == 2
    for one in rules:
        EcrLifecyclePolicyValidator(one.inputs["policy"]).validate()
        untagged, every = json.loads(one.inputs["policy"])["rules"]
        assert untagged["selection"]["tagStatus"] == "untagged"
        assert (every["selection"]["tagStatus"], every["rulePriority"]) == ("any", 2)


def test_how_an_image_is_encrypted_never_replaces_its_repository() -> None:
    """It cannot be changed, so it may not follow the lifecycle."""
    kinds = [registries({**SAID, "lifecycle": one}).of_type(REPOSITORY) for one in ("disposable", "retained")]
    assert kinds[0][0].inputs["encryptionConfigurations"] == kinds[1][0].inputs["encryptionConfigurations"]


# Replication


def test_both_regions_have_repositories_of_ours_before_anything_is_replicated() -> None:
    made = registries(OWNER, {**OWNER, "region": TOKYO}, replicate=True)
    replication = made.one(REPLICATION)
    assert len(made.of_type(REPOSITORY)) == 4
    for one in (*made.of_type(REPOSITORY), *made.of_type(RULES)):
        assert made.goes_before(replication, one)
    (rule,) = replication.inputs["replicationConfiguration"]["rules"]
    assert rule["destinations"] == [{"region": TOKYO, "registryId": "123456789012"}]
    assert rule["repositoryFilters"] == [{"filter": "demo/", "filterType": "PREFIX_MATCH"}]


def test_the_account_s_replication_has_an_owner_that_says_so() -> None:
    """`environment-isolation`"""
    shared = {**SAID, "lifecycle": "retained"}
    with pytest.raises(ValueError, match=r"one setting for all images .*\[environment-isolation\]"):
        registries(shared, {**shared, "region": TOKYO}, replicate=True)


@pytest.mark.parametrize("other", [{"name": "another", "region": TOKYO}, {"region": SEOUL}], ids=["platform", "region"])
def test_images_are_replicated_to_one_s_own_platform_in_another_region(other: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="replicate one platform's images, between regions"):
        registries(OWNER, {**OWNER, "repositories": ["others"], **other}, replicate=True)


# The config


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"replication": True}, r"replication: replication is one setting .*\[environment-isolation\]"),
        ({"replication": "yes"}, r"replication: .*Write account-wide in the one environment"),
        ({"replication": "account-wide"}, r"replication: a disposable environment .*\[environment-isolation\]"),
        ({"repositories": []}, "repositories: it names no repository"),
        ({"repositories": ["web", "web"]}, r"repositories\[1\]: this repository is named twice"),
        ({"repositories": ["Web"]}, r"repositories\[0\]: 'Web' cannot name a repository"),
        ({"repositories": ["a" * 201]}, r"repositories\[0\]: the name is 201 characters long"),
        ({"allow_destroy": True}, "allow_destroy: a disposable environment can always be destroyed"),
    ],
)
def test_what_ecr_or_another_environment_would_suffer_from_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigErrors, match=said) as refused:
        RegistryConfig.model_validate({**SAID, **fields})
    assert len(refused.value.errors) == 1


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("ab0._-/AÄ "), max_size=12))
def test_any_repository_that_passes_is_one_that_ecr_takes(name: str) -> None:
    try:
        config = RegistryConfig.model_validate({**SAID, "repositories": [name]})
    except ConfigErrors:
        return
    for part in config.repositories[0].split("/"):
        assert part
        assert part[0].isalnum()
        assert part[-1].isalnum()
        assert part == part.lower()
        assert part.isascii()
