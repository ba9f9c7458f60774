"""What is asked of secrets in manifests; no value is ever repeated."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack

PLAIN = "secrets-not-plain"
DEPLOYMENT, CHART = "kubernetes:apps/v1:Deployment", "kubernetes:helm.sh/v4:Chart"
WORD = "correct-horse-battery"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n"


@pytest.fixture
def pack() -> Pack:
    """With the settings that are the default, stated: so the rule is made anew."""
    pack = Pack()
    pack.configure(PLAIN, "ADVISORY", {"noVariables": False})
    return pack


def workload(*variables: Any, group: str = "containers") -> dict[str, Any]:
    return {"spec": {"template": {"spec": {group: [{"name": "a"}, {"name": "b", "env": list(variables)}]}}}}


def told(pack: Pack, kind: str, said: dict[str, Any]) -> list[str]:
    messages = pack.advice(kind, said).get(PLAIN, [])
    assert not any(WORD in one or "MIIE" in one for one in messages)
    return [one.partition(";")[0] for one in messages]


@pytest.mark.parametrize("group", ["containers", "initContainers"])
@pytest.mark.parametrize(
    "variable",
    [
        {"name": "DB_PASSWORD", "value": WORD},
        {"name": "api-key", "value": WORD},
        {"name": "TLS", "value": KEY},
    ],
)
def test_a_secret_in_a_manifest_is_told_and_not_repeated(pack: Pack, variable: dict[str, str], group: str) -> None:
    place = f"spec.template.spec.{group}[1].env[1].value: it is a secret, by its name"
    assert told(pack, DEPLOYMENT, workload({"name": "LEVEL", "value": "info"}, variable, group=group)) == [place]


@pytest.mark.parametrize(
    "variable",
    [
        {"name": "LEVEL", "value": WORD},
        {"name": "DB_PASSWORD", "value": ""},
        {"name": "DB_PASSWORD", "value": " "},
        {"name": "DB_PASSWORD"},
        {"name": "DB_PASSWORD", "value": "$(OTHER)"},
        {"name": "DB_PASSWORD", "value": "/etc/secrets/password"},
        {"name": "DB_PASSWORD", "value": UNKNOWN},
        {"name": UNKNOWN, "value": WORD},
        {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
    ],
)
def test_what_comes_from_elsewhere_is_not(pack: Pack, variable: dict[str, Any]) -> None:
    assert told(pack, DEPLOYMENT, workload(variable)) == []


def test_variables_of_secrets_may_be_advised_against_too() -> None:
    pack = Pack()
    pack.configure(PLAIN, "ADVISORY", {"noVariables": True})
    by_reference = {"name": "X", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}
    (found,) = told(pack, DEPLOYMENT, workload(by_reference))
    assert found.startswith("spec.template.spec.containers[1].env[0].valueFrom: a variable is read by every process")
    ((_, remedy, _),) = (one.split(". ") for one in pack.advice(DEPLOYMENT, workload(by_reference))[PLAIN])
    assert remedy == "Mount the Secret as a volume"
    assert told(pack, DEPLOYMENT, workload({"name": "X", "valueFrom": {"configMapKeyRef": {"name": "c"}}})) == []
    assert len(told(pack, DEPLOYMENT, workload({"name": "API_KEY", "value": WORD}))) == 1


@pytest.mark.parametrize("kind", [RELEASE, CHART])
def test_a_chart_s_values_hold_none(pack: Pack, kind: str) -> None:
    variable = {"name": "DB_PASSWORD", "value": WORD}
    values = {"web": {"env": [{"name": "LEVEL", "value": "info"}, variable]}}
    assert told(pack, kind, {"chart": "x", "values": values}) == [
        "values.web.env[1].value: it is a secret, by its name"
    ]
    manifest = {"apiVersion": "v1", "kind": "X", **variable}
    assert told(pack, kind, {"chart": "x", "values": {"extra": [manifest], "auth": {"password": WORD}}}) == []
    assert len(told(pack, kind, {"chart": "x", "values": {"extra": {"kind": "X", **variable}}})) == 1
    assert PLAIN in pack.advice(kind, {"chart": "x", "values": UNKNOWN})["unknown"]


def test_a_container_that_is_not_known_hides_no_other(pack: Pack) -> None:
    said = workload({"name": "API_KEY", "value": WORD})
    containers = said["spec"]["template"]["spec"]["containers"]
    containers[0] = UNKNOWN
    assert len(told(pack, DEPLOYMENT, said)) == 1
    assert PLAIN in pack.advice(DEPLOYMENT, said)["unknown"]
