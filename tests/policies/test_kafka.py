"""The policy `kafka-advertised-address`."""

import re
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack

from pokayoke_policies.kafka import brokers_tell_where_they_are
from pokayoke_policies.raw import UNKNOWN as LATER
from pokayoke_policies.raw import NotKnownError

SLUG = "kafka-advertised-address"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
BROKER = {"KAFKA_NODE_ID": "0", "KAFKA_PROCESS_ROLES": "broker,controller"}
OWN = "PLAINTEXT://$(POD_NAME).kafka.shop.svc.cluster.local:9092"


def broker(variables: dict[str, Any], **said: Any) -> dict[str, Any]:
    env = [{"name": name, "value": value} for name, value in variables.items()]
    container = {"name": "kafka", "image": "apache/kafka:4.1.0", "env": env, "resources": {}, **said}
    return {"kind": "StatefulSet", "spec": {"template": {"spec": {"containers": [container]}}}}


@pytest.mark.parametrize(
    ("variables", "fits"),
    [
        ({**BROKER, "KAFKA_ADVERTISED_LISTENERS": OWN}, True),
        ({**BROKER, "KAFKA_ADVERTISED_LISTENERS": f"{OWN},HOST://localhost:29092"}, True),
        ({"KAFKA_CFG_NODE_ID": "0", "KAFKA_CFG_ADVERTISED_LISTENERS": OWN}, True),
        ({"KAFKA_BROKER_ID": "1", "KAFKA_ADVERTISED_HOST_NAME": "kafka-0.kafka"}, True),
        ({"KAFKA_NODE_ID": "0", "KAFKA_PROCESS_ROLES": "controller"}, True),
        ({"KAFKA_BOOTSTRAP_SERVERS": "kafka:9092"}, True),
        ({}, True),
        (BROKER, False),
        ({"KAFKA_BROKER_ID": "1", "KAFKA_ZOOKEEPER_CONNECT": "zookeeper:2181"}, False),
        ({"KAFKA_CFG_LISTENERS": "PLAINTEXT://:9092"}, False),
        ({**BROKER, "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://localhost:9092"}, False),
        ({**BROKER, "KAFKA_ADVERTISED_LISTENERS": f"{OWN},HOST://0.0.0.0:29092"}, False),
        ({**BROKER, "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://127.0.0.1:9092"}, False),
    ],
    ids=str,
)
def test_a_broker_advertises_where_clients_find_it(variables: dict[str, Any], fits: bool, pack: Pack) -> None:
    messages = pack.refusals(STATEFUL_SET, broker(variables)).get(SLUG, [])
    assert (messages == []) == fits
    assert all(message.startswith("spec.template.spec.containers[0].env: ") for message in messages)


@pytest.mark.parametrize(
    ("said", "judged"),
    [
        ({"envFrom": [{"configMapRef": {"name": "kafka"}}]}, False),
        (
            {"command": ["sh", "-c", "export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://$HOSTNAME.kafka:9092; exec run"]},
            False,
        ),
        ({"args": ["--override", "advertised.listeners=PLAINTEXT://kafka-0.kafka:9092"]}, False),
        ({"volumeMounts": [{"name": "a", "mountPath": "/opt/kafka/config/server.properties"}]}, False),
        ({"command": UNKNOWN}, False),
        ({"command": ["sh", "-c", "exec run"], "args": ["--override", "num.partitions=3"]}, True),
    ],
    ids=str,
)
def test_what_a_script_or_a_file_may_say_is_not_judged(said: dict[str, Any], judged: bool, pack: Pack) -> None:
    assert (SLUG in pack.refusals(STATEFUL_SET, broker(BROKER, **said))) == judged


def test_an_address_that_is_not_known_yet_is_there(pack: Pack) -> None:
    by_reference = broker(BROKER)
    reference = {"name": "KAFKA_ADVERTISED_LISTENERS", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}
    by_reference["spec"]["template"]["spec"]["containers"][0]["env"].append(reference)
    assert SLUG not in pack.refusals(STATEFUL_SET, by_reference)
    assert SLUG not in pack.refusals(STATEFUL_SET, broker({**BROKER, "KAFKA_ADVERTISED_LISTENERS": UNKNOWN}))
    assert SLUG in pack.refusals(STATEFUL_SET, broker({}, env=UNKNOWN))["unknown"]


@pytest.mark.parametrize(
    ("container", "path"),
    [
        (LATER, "spec.containers[0]"),
        ({"env": LATER}, "spec.containers[0].env"),
        ({"env": [LATER]}, "spec.containers[0].env"),
        ({"env": [{"name": LATER}]}, "spec.containers[0].env"),
    ],
    ids=str,
)
def test_what_is_not_known_of_a_broker_is_told_by_its_path(container: Any, path: str) -> None:
    with pytest.raises(NotKnownError, match=f"^{re.escape(path)}$"):
        list(brokers_tell_where_they_are(("spec",), {"spec": {"containers": [container]}}))
