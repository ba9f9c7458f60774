"""The policy `empty-secret`."""

import base64
import json
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack
from judging import in_one_line

from pokayoke_policies.raw import UNKNOWN as LATER
from pokayoke_policies.raw import NotKnownError
from pokayoke_policies.secrets import containers_are_given_secrets

SLUG = "empty-secret"
SECRET, CONFIG, POD = (f"kubernetes:core/v1:{kind}" for kind in ("Secret", "ConfigMap", "Pod"))
STORED = "aws:secretsmanager/secretVersion:SecretVersion"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\n"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def places(pack: Pack, kind: str, said: dict[str, Any]) -> list[str]:
    return [message.partition(": ")[0] for message in pack.refusals(kind, said).get(SLUG, [])]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({"stringData": {"password": "x"}}, []),
        ({"data": {"password": encoded("x")}}, []),
        ({"stringData": {"password": ""}}, ["stringData.password"]),
        ({"stringData": {"anything": "  \n"}}, ["stringData.anything"]),
        ({"data": {"password": ""}}, ["data.password"]),
        ({"data": {"password": encoded("\n"), "other": encoded("x")}}, ["data.password"]),
        ({"stringData": {".env": "DB_PASSWORD=\nDB_HOST=db\n"}}, ["stringData..env"]),
        ({"stringData": {"port": 80}}, []),
        ({"data": {"anything": "password="}}, []),
        ({}, []),
    ],
    ids=in_one_line,
)
def test_a_secret_holds_something(said: dict[str, Any], at: list[str], pack: Pack) -> None:
    assert places(pack, SECRET, said) == at


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('jwt_secret: ""', ["jwt_secret"]),
        ("jwtSecret:\nport: 80", ["jwtSecret"]),
        ("auth:\n  JWT_PRIVATE_KEY: ''\n  JWT_PUBLIC_KEY: x", ["JWT_PRIVATE_KEY"]),
        ("DB_PASSWORD=", ["DB_PASSWORD"]),
        ('export API_KEY=""', ["API_KEY"]),
        ("password:\n  secretKeyRef: x", []),
        ("password: x", []),
        ("passwordFile: ''", []),
        ("name: ''", []),
    ],
    ids=in_one_line,
)
def test_text_in_a_config_map_is_read(text: str, names: list[str], pack: Pack) -> None:
    messages = pack.refusals(CONFIG, {"data": {"application.yaml": text}}).get(SLUG, [])
    assert len(messages) == len(names)
    for message, name in zip(messages, names, strict=True):
        assert message.startswith(f"data.application.yaml: in its text {name} is empty")


@pytest.mark.parametrize(
    ("key", "value", "refused"),
    [
        ("DB_PASSWORD", "hunter2", True),
        ("JWT_SECRET", "", True),
        ("tls.pem", PEM, True),
        ("DB_PASSWORD", "${DB_PASSWORD}", False),
        ("DB_PASSWORD", "/run/secrets/db", False),
        ("DB_HOST", "db", False),
        ("passwordFile", "x", False),
        ("ca.pem", "-----BEGIN CERTIFICATE-----", False),
    ],
)
def test_a_config_map_is_no_place_for_secrets(key: str, value: str, refused: bool, pack: Pack) -> None:
    messages = pack.refusals(CONFIG, {"data": {key: value}}).get(SLUG, [])
    assert bool(messages) == refused
    assert "hunter2" not in str(messages)


@pytest.mark.parametrize(
    ("container", "at"),
    [
        ({"env": [{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "p"}}}]}, []),
        ({"env": [{"name": "DB_PASSWORD", "value": ""}]}, ["spec.containers[0].env"]),
        ({"env": [{"name": "DB_PASSWORD"}]}, ["spec.containers[0].env"]),
        ({"env": [{"name": "DB_PASSWORD", "value": "x"}]}, []),
        ({"env": [{"name": "DB_NAME", "value": ""}]}, []),
        ({"args": ["--db-password=hunter2"]}, ["spec.containers[0].args"]),
        ({"command": ["sh", "-c", "run --password=hunter2"]}, ["spec.containers[0].args"]),
        ({"args": ["--db-password=$(DB_PASSWORD)", 5]}, []),
        ({"args": ["--password-file=/run/secrets/db"]}, []),
    ],
    ids=in_one_line,
)
def test_containers_are_given_their_secrets(container: dict[str, Any], at: list[str], pack: Pack) -> None:
    said = {"spec": {"containers": [{"name": "a", "image": "a:1", **container}]}}
    assert places(pack, POD, said) == at
    assert "hunter2" not in str(pack.refusals(POD, said))


@pytest.mark.parametrize(
    ("kind", "said", "told"),
    [
        (SECRET, {"stringData": {"a": ""}}, "stringData.a: the value is empty"),
        (SECRET, {"data": {"a": ""}}, "data.a: the value is empty"),
        (CONFIG, {"data": {"JWT_SECRET": ""}}, "data.JWT_SECRET: what should be a secret is empty"),
        (CONFIG, {"data": {"DB_PASSWORD": "x"}}, "data.DB_PASSWORD: it holds a secret, by its name: "),
        (
            POD,
            {"spec": {"containers": [{"name": "a", "image": "a:1", "env": [{"name": "DB_PASSWORD"}]}]}},
            "spec.containers[0].env: a variable that should be a secret is empty",
        ),
    ],
    ids=["written", "encoded", "config-map-empty", "config-map", "variable"],
)
def test_it_is_told_where_what_is_empty_or_open(kind: str, said: dict[str, Any], told: str, pack: Pack) -> None:
    (message,) = pack.refusals(kind, said)[SLUG]
    assert message.startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x", []),
        ("", ["the secret is empty"]),
        (json.dumps({"password": "x", "port": 80}), []),
        (json.dumps({"password": "", "user": "x"}), ["its member 'password' is empty"]),
    ],
)
def test_what_is_stored_in_aws_holds_something(text: str, told: list[str], pack: Pack) -> None:
    def problems(kind: str, said: dict[str, Any]) -> list[str]:
        return [message.partition(" [")[0] for message in pack.refusals(kind, said).get(SLUG, [])]

    assert problems(STORED, {"secretString": text}) == [f"secretString: {one}" for one in told]
    parameter = {"type": "SecureString", "value": text}
    assert problems("aws:ssm/parameter:Parameter", parameter) == [f"value: {one}" for one in told]
    assert problems("aws:ssm/parameter:Parameter", {"type": "String", "value": ""}) == []


def test_what_cannot_be_told_is_said_and_the_rest_is_judged(pack: Pack) -> None:
    found = pack.refusals(SECRET, {"stringData": {"a": UNKNOWN, "b": ""}})
    assert [message.partition(": ")[0] for message in found[SLUG]] == ["stringData.b"]
    assert found["unknown"].count(SLUG) == 1
    assert places(pack, SECRET, {"stringData": UNKNOWN, "data": {"b": ""}}) == ["data.b"]
    beside = places(pack, CONFIG, {"data": {"a": UNKNOWN, "DB_PASSWORD": "", "JWT_SECRET": "x"}})
    assert set(beside) == {"data.DB_PASSWORD", "data.JWT_SECRET"}
    assert SLUG in pack.refusals(CONFIG, {"data": {"a": UNKNOWN}})["unknown"]
    assert SLUG in pack.refusals(CONFIG, {"data": UNKNOWN})["unknown"]
    assert SLUG in pack.refusals(STORED, {"secretString": UNKNOWN})["unknown"]
    with pytest.raises(NotKnownError, match=r"^spec\.containers\[0\]$"):
        list(containers_are_given_secrets(("spec",), {"spec": {"containers": [LATER]}}))
