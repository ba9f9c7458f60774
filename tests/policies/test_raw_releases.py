"""What a raw Helm release says of its chart, and what it leaves open."""

from typing import Any

import pytest

from pokayoke_policies.helm import has_more_values, host_of, known_chart, values_of
from pokayoke_policies.raw import UNKNOWN, NotKnownError

BITNAMI = {"repo": "oci://registry-1.docker.io/bitnamicharts"}


@pytest.mark.parametrize(
    ("release", "host", "name"),
    [
        ({"chart": "karpenter"}, None, "karpenter"),
        ({"chart": "oci://public.ecr.aws/karpenter/karpenter"}, "public.ecr.aws", "karpenter"),
        ({"chart": "app", "repositoryOpts": {"repo": "https://charts.example.com"}}, "charts.example.com", None),
        ({"chart": "external-dns", "repositoryOpts": BITNAMI}, "registry-1.docker.io", None),
        ({"chart": "external-dns", "repositoryOpts": {"repo": UNKNOWN}}, None, "external-dns"),
        ({"repositoryOpts": {"repo": "https://charts.example.com"}}, "charts.example.com", None),
        ({}, None, None),
    ],
    ids=["name", "address", "repository", "another-publisher", "later", "no-chart", "nothing"],
)
def test_where_a_chart_comes_from_and_whether_it_is_known(release: Any, host: str | None, name: str | None) -> None:
    chart = known_chart(release)
    assert (host_of(release), chart.name if chart else None) == (host, name)


def test_values_may_come_from_elsewhere_too() -> None:
    assert values_of({"values": {"a": 1}}) == {"a": 1}
    assert values_of({}) == {}
    files = ({}, {"valueYamlFiles": []}, {"valueYamlFiles": [{}]}, {"valueYamlFiles": UNKNOWN})
    assert [has_more_values(one) for one in files] == [False, False, True, True]


@pytest.mark.parametrize(
    ("asks", "release", "path"),
    [
        (known_chart, {"chart": UNKNOWN}, "chart"),
        (host_of, {"chart": UNKNOWN}, "chart"),
        (host_of, {"chart": "a", "repositoryOpts": UNKNOWN}, "repositoryOpts"),
        (values_of, {"values": UNKNOWN}, "values"),
    ],
    ids=["known", "host", "repository", "values"],
)
def test_what_is_not_known_yet_is_named(asks: Any, release: dict[str, Any], path: str) -> None:
    with pytest.raises(NotKnownError, match=rf"^{path}$"):
        asks(release)
