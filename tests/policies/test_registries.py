"""The policy `public-registry-credentials`."""

from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack

SLUG = "public-registry-credentials"
CHART = "kubernetes:helm.sh/v4:Chart"
LOGIN = {"username": "AWS", "password": "hunter2"}


def release(chart: str, **options: Any) -> dict[str, Any]:
    return {"chart": chart, "repositoryOpts": options}


@pytest.mark.parametrize("kind", [RELEASE, CHART])
def test_a_public_chart_without_credentials_passes(kind: str, pack: Pack) -> None:
    assert pack.refusals(kind, {"chart": "oci://public.ecr.aws/some/chart"}) == {}
    assert (
        pack.refusals(kind, release("app", repo="https://aws.github.io/eks-charts", username="", password=None)) == {}
    )


@pytest.mark.parametrize("kind", [RELEASE, CHART])
@pytest.mark.parametrize(
    "properties",
    [
        release("oci://public.ecr.aws/some/chart", **LOGIN),
        release("oci://PUBLIC.ECR.AWS/some/chart", password=UNKNOWN),
        release("app", repo="https://aws.github.io/eks-charts", username="somebody"),
        release("app", repo="oci://registry.k8s.io/charts", **LOGIN),
    ],
)
def test_credentials_for_a_public_registry_are_refused_and_not_printed(
    kind: str, properties: dict[str, Any], pack: Pack
) -> None:
    found = pack.refusals(kind, properties)
    (message,) = found.pop(SLUG)
    assert message.startswith("repositoryOpts: ")
    assert "a public registry" in message
    assert "hunter2" not in message
    assert found == {}


@pytest.mark.parametrize(
    "properties",
    [
        release("oci://123456789012.dkr.ecr.eu-west-1.amazonaws.com/app", **LOGIN),
        release("oci://ghcr.io/example/app", **LOGIN),
        release("app", repo="https://charts.example.com", **LOGIN),
        release("./charts/app", **LOGIN),
        release("app", repo=UNKNOWN, **LOGIN),
        release("oci://public.ecr.aws.example.com/app", **LOGIN),
    ],
)
def test_a_registry_that_may_ask_for_them_passes(properties: dict[str, Any], pack: Pack) -> None:
    assert pack.refusals(RELEASE, properties) == {}


def test_an_unknown_chart_is_said_to_be_unknown(pack: Pack) -> None:
    assert SLUG in pack.refusals(RELEASE, {"chart": UNKNOWN, "repositoryOpts": LOGIN})["unknown"]
    assert SLUG in pack.refusals(RELEASE, {"chart": "app", "repositoryOpts": UNKNOWN})["unknown"]


def test_other_kinds_are_no_concern_of_it(pack: Pack) -> None:
    assert pack.refusals("aws:ecr/lifecyclePolicy:LifecyclePolicy", release("oci://public.ecr.aws/a/b", **LOGIN)) == {}
