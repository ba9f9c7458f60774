"""What is asked of ExternalDNS."""

from __future__ import annotations

import json
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack, Resource

OWNED = "dns-scoped-and-owned"
CHANGE = "route53:ChangeResourceRecordSets"


def release(name: str = "dns", **values: Any) -> Resource:
    return Resource(RELEASE, name, {"chart": "external-dns", "values": values})


def told(pack: Pack, *resources: Resource) -> list[tuple[str, str]]:
    return [(name, message.partition(";")[0]) for name, message in pack.advice_on(*resources).get(OWNED, [])]


SYNC = "values.policy: it is sync, and no domainFilters say of which zones"


@pytest.mark.parametrize(
    ("values", "messages"),
    [
        pytest.param({}, ["values.txtOwnerId: it is left out, which means default, as it is elsewhere"], id="no-owner"),
        pytest.param({"txtOwnerId": "default"}, ["values.txtOwnerId: it is default, as it is elsewhere"], id="default"),
        pytest.param({"txtOwnerId": ""}, ["values.txtOwnerId: it is left out, which means default"], id="empty"),
        pytest.param({"txtOwnerId": "demo"}, [], id="an-owner"),
        pytest.param({"txtOwnerId": "demo", "policy": "sync"}, [SYNC], id="any-zone"),
        pytest.param({"txtOwnerId": "demo", "policy": "sync", "domainFilters": ["example.com"]}, [], id="a-zone"),
        pytest.param({"txtOwnerId": "demo", "policy": "sync", "domainFilters": UNKNOWN}, [], id="a-zone-to-come"),
        pytest.param({"txtOwnerId": "demo", "policy": "sync", "domainFilters": []}, [SYNC], id="no-zone"),
        pytest.param(
            {"txtOwnerId": "demo", "policy": "sync", "extraArgs": {"zone-id-filter": "Z1"}}, [], id="a-zone-by-id"
        ),
        pytest.param(
            {"txtOwnerId": "demo", "policy": "sync", "extraArgs": ["--zone-id-filter=Z1"]}, [], id="by-an-argument"
        ),
        pytest.param({"txtOwnerId": "demo", "policy": "sync", "extraArgs": ["--x"]}, [SYNC], id="another-argument"),
        pytest.param({"txtOwnerId": "demo", "policy": "sync", "extraArgs": UNKNOWN}, [], id="arguments-to-come"),
        pytest.param({"txtOwnerId": "demo", "policy": "upsert-only"}, [], id="which-deletes-nothing"),
    ],
)
def test_it_knows_its_own_records(pack: Pack, values: dict[str, Any], messages: list[str]) -> None:
    found = told(pack, release(**values))
    assert [name for name, _ in found] == ["dns"] * len(messages)
    assert all(said.startswith(wanted) for (_, said), wanted in zip(found, messages, strict=True))


def test_two_do_not_share_an_owner(pack: Pack) -> None:
    both = [release("a", txtOwnerId="demo"), release("b", txtOwnerId="demo")]
    assert told(pack, *both) == [("b", "values.txtOwnerId: 'a' owns its records by the same name")]
    assert told(pack, both[0], release("b", txtOwnerId="other")) == []


def test_another_publisher_s_chart_has_other_values(pack: Pack) -> None:
    said = {"chart": "oci://registry-1.docker.io/bitnamicharts/external-dns", "values": {}}
    assert told(pack, Resource(RELEASE, "dns", said)) == []
    assert told(pack, Resource(RELEASE, "dns", {"chart": "external-dns", "valueYamlFiles": ["x"]})) == []


@pytest.mark.parametrize("values", [{"txtOwnerId": UNKNOWN}, {"txtOwnerId": "demo", "policy": UNKNOWN}])
def test_values_that_are_not_known_are_said(pack: Pack, values: dict[str, Any]) -> None:
    found = pack.advice_on(release(**values))
    assert OWNED not in found
    assert found["unknown"]


def role(action: Any, resource: Any, service: str = "pods.eks.amazonaws.com", **more: Any) -> list[Resource]:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    rights = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return [
        Resource("aws:iam/role:Role", "dns", {"name": "dns", "assumeRolePolicy": UNKNOWN if not service else trust}),
        Resource(
            "aws:iam/rolePolicy:RolePolicy", "rights", {"role": "dns", "policy": json.dumps({"Statement": [rights]})}
        ),
    ]


ANY = "arn:aws:route53:::hostedzone/*"


@pytest.mark.parametrize(
    ("resources", "sound"),
    [
        pytest.param(role(CHANGE, ANY), False, id="any-zone"),
        pytest.param(
            role(["route53:ListHostedZones", "route53:changeresourcerecordsets"], ["*"]), False, id="anything"
        ),
        pytest.param(role("route53:Change*", "arn:aws:route53:::*"), False, id="by-a-pattern"),
        pytest.param(role(CHANGE, "arn:aws:route53:::hostedzone/Z1"), True, id="a-zone"),
        pytest.param(role("route53:List*", "*"), True, id="looking"),
        pytest.param(role("route53:ChangeTagsForResource", "*"), True, id="tags"),
        pytest.param(role("*", "*"), True, id="everything-is-another-practice-s"),
        pytest.param(role(CHANGE, ANY, Effect="Deny"), True, id="denied"),
        pytest.param(role(CHANGE, ANY, Condition={"StringEquals": {"x": "y"}}), True, id="under-a-condition"),
        pytest.param(role(CHANGE, ANY, "codebuild.amazonaws.com"), True, id="of-a-pipeline"),
    ],
)
def test_it_reaches_no_zone_but_its_own(pack: Pack, resources: list[Resource], *, sound: bool) -> None:
    problem = [("dns", f"policies: a statement allows {CHANGE} in every zone")]
    assert told(pack, *resources) == ([] if sound else problem)


def test_whose_role_it_is_is_said_to_be_unknown(pack: Pack) -> None:
    found = pack.advice_on(*role(CHANGE, ANY, ""))
    assert OWNED not in found
    assert len(found["unknown"]) > len(pack.advice_on(*role("route53:List*", ANY, ""))["unknown"])
