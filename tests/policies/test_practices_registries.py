"""What is asked of repositories of images, and where popular checks of the same are wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

from pokayoke_policies.practices.registries import RULES

REPOSITORY, NATIVE = "aws:ecr/repository:Repository", "aws-native:ecr:Repository"
REGISTRY = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
SCANS, STAYS, EXPIRES = "registry-scans-images", "registry-tags-immutable", "registry-images-expire"
ON_PUSH = {"imageScanningConfiguration": {"scanOnPush": True}}


@pytest.fixture
def pack() -> Pack:
    """With the settings that are the default, stated: so the rule is made anew."""
    pack = Pack()
    pack.configure(SCANS, "ADVISORY", {"registryScans": False})
    return pack


def repository(kind: str = REPOSITORY, **more: Any) -> Resource:
    return Resource(kind, "images", {"name": "shop/web", "repositoryName": "shop/web", **more})


def registry(*filters: Any, frequency: Any = "SCAN_ON_PUSH", **more: Any) -> Resource:
    listed = [{"filter": one, "filterType": "WILDCARD"} for one in filters]
    rules = [{"scanFrequency": frequency, "repositoryFilters": listed}]
    return Resource(REGISTRY, "registry", {"scanType": "BASIC", "rules": rules, **more})


@pytest.mark.parametrize("kind", [REPOSITORY, NATIVE])
@pytest.mark.parametrize(
    ("said", "how"),
    [
        ({}, "it is left out, which means false"),
        ({"imageScanningConfiguration": {"scanOnPush": "false"}}, "it is off"),
    ],
)
def test_a_repository_that_nobody_scans_is_told(pack: Pack, kind: str, said: dict[str, Any], how: str) -> None:
    ((name, message),) = pack.advice_on(repository(kind, **said))[SCANS]
    assert name == "images"
    assert message.startswith(f"imageScanningConfiguration.scanOnPush: {how}; ")


@pytest.mark.parametrize(
    ("said", "configurations", "sound"),
    [
        pytest.param({"imageScanningConfiguration": {"scanOnPush": "true"}}, [], True, id="itself"),
        pytest.param({}, [registry("*")], True, id="all-of-the-registry"),
        pytest.param({}, [registry("cache", "shop/*", frequency="CONTINUOUS_SCAN")], True, id="always"),
        pytest.param({}, [registry("web")], True, id="a-part-of-the-name"),
        pytest.param({}, [registry("web*")], False, id="not-from-the-name-s-start"),
        pytest.param({}, [registry("cache")], False, id="another"),
        pytest.param({}, [registry("*", frequency="MANUAL")], False, id="by-hand"),
        pytest.param({}, [registry("*", rules=None)], False, id="by-no-rule"),
        pytest.param({"region": "us-east-1"}, [registry("*", region="us-west-2")], False, id="of-another-region"),
        pytest.param({"region": "us-east-1"}, [registry("*", region="us-east-1")], True, id="of-its-region"),
        pytest.param({"region": "us-east-1"}, [registry("*")], True, id="of-a-region-that-is-not-told"),
        pytest.param({}, [registry("*", region="us-east-1")], True, id="in-a-region-that-is-not-told"),
        pytest.param(
            {"region": "us-east-1"},
            [registry("*", region="us-west-2"), replace(registry("*", region="us-east-1"), name="another")],
            True,
            id="of-its-region-before-another",
        ),
        pytest.param(
            {"region": "us-east-1"},
            [registry("*", region="us-west-2"), replace(registry("*", region="us-east-1"), name="the-third")],
            True,
            id="of-its-region-after-another",
        ),
    ],
)
def test_a_rule_of_the_whole_registry_scans_too(
    pack: Pack, said: dict[str, Any], configurations: list[Resource], *, sound: bool
) -> None:
    """CKV_AWS_163 and AWS-0030 look at the repository alone."""
    assert (SCANS not in pack.advice_on(repository(**said), *configurations)) is sound


@pytest.mark.parametrize(
    ("resources", "told"),
    [
        pytest.param([repository(imageScanningConfiguration={"scanOnPush": UNKNOWN})], 0, id="its-own"),
        pytest.param([repository(), registry("*", rules=UNKNOWN)], 0, id="the-rules"),
        pytest.param([repository(), registry(UNKNOWN)], 0, id="the-filter"),
        pytest.param([repository(), registry(rules=[{"repositoryFilters": UNKNOWN}])], 0, id="the-filters"),
        pytest.param([repository(), registry("*", frequency=UNKNOWN)], 0, id="the-frequency"),
        pytest.param([repository(name=UNKNOWN), registry("web")], 0, id="the-name"),
        pytest.param([repository(name=UNKNOWN)], 1, id="a-name-that-nobody-asks-for"),
    ],
)
def test_what_is_not_known_is_said_once(pack: Pack, resources: list[Resource], told: int) -> None:
    found = pack.advice_on(*resources)
    assert len(found.get(SCANS, [])) == told
    assert len(found.get("unknown", [])) == 1 - told


def test_an_unknown_filter_hides_no_other_and_one_unknown_no_repository(pack: Pack) -> None:
    assert SCANS not in pack.advice_on(repository(), registry(UNKNOWN, "shop/*"))
    other = Resource(REPOSITORY, "other", {"name": "x", "imageScanningConfiguration": {"scanOnPush": UNKNOWN}})
    assert [name for name, _ in pack.advice_on(other, repository())[SCANS]] == ["images"]


def test_a_native_repository_has_a_name_of_its_own_kind(pack: Pack) -> None:
    native = Resource(NATIVE, "images", {"repositoryName": "shop/web"})
    assert SCANS not in pack.advice_on(native, registry("shop/*"))
    assert SCANS in pack.advice_on(native, registry("blog/*"))


def test_who_scans_the_registry_elsewhere_says_so() -> None:
    pack = Pack()
    pack.configure(SCANS, "ADVISORY", {"registryScans": True})
    assert SCANS not in pack.advice_on(repository())


@pytest.mark.parametrize("kind", [REPOSITORY, NATIVE])
def test_scanning_is_mended_under_settings_that_are_stated(kind: str) -> None:
    (rule,) = (one for one in RULES if one.slug == SCANS)
    wanted = {("imageScanningConfiguration", "scanOnPush"): True}
    assert rule.under({"registryScans": False}).remedies[kind]({}) == wanted
    assert rule.under({"registryScans": True}).remedies[kind]({}) == {}
    on = {"imageScanningConfiguration": {"scanOnPush": "true"}}
    assert rule.under({"registryScans": False}).remedies[kind](on) == {}


@pytest.mark.parametrize("kind", [REPOSITORY, NATIVE])
@pytest.mark.parametrize(
    ("said", "how"),
    [
        ({}, "it is left out, which means MUTABLE"),
        ({"imageTagMutability": "MUTABLE"}, "it is MUTABLE"),
        ({"imageTagMutability": "MUTABLE_WITH_EXCLUSION"}, "it is MUTABLE_WITH_EXCLUSION"),
    ],
)
def test_a_tag_that_moves_is_told(pack: Pack, kind: str, said: dict[str, Any], how: str) -> None:
    (message,) = pack.advice(kind, said)[STAYS]
    assert message.startswith(f"imageTagMutability: {how}; ")


@pytest.mark.parametrize("said", ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"])
def test_a_tag_that_stays_is_not_nor_one_that_is_excluded_on_purpose(pack: Pack, said: str) -> None:
    """CKV_AWS_51 fails IMMUTABLE_WITH_EXCLUSION."""
    assert STAYS not in pack.advice(REPOSITORY, {"imageTagMutability": said})


def test_mutability_that_is_not_known_yet_is_said_to_be(pack: Pack) -> None:
    assert pack.advice(REPOSITORY, {"imageTagMutability": UNKNOWN}) == {"unknown": [STAYS]}


def lifecycle(of: str) -> Resource:
    return Resource("aws:ecr/lifecyclePolicy:LifecyclePolicy", "policy", {"repository": of, "policy": "{}"})


def test_images_that_nothing_expires_are_told(pack: Pack) -> None:
    ((name, message),) = pack.advice_on(repository(), lifecycle("other"))[EXPIRES]
    assert (name, message.partition(";")[0]) == ("images", "no LifecyclePolicy of the stack is for it")
    assert EXPIRES not in pack.advice_on(repository(), lifecycle("shop/web"))
    ((_, message),) = pack.advice_on(repository(NATIVE))[EXPIRES]
    assert message.startswith("lifecyclePolicy: it is left out; ")
    assert EXPIRES not in pack.advice_on(repository(NATIVE, lifecyclePolicy={"lifecyclePolicyText": UNKNOWN}))
