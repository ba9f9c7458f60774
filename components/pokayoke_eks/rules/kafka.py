"""The address that a Kafka broker gives to its clients.

Sources: Apache Kafka documentation, broker configuration `advertised.listeners` ("it is not valid to advertise the
0.0.0.0 meta-address"; left out, `listeners` counts, whose host is the pod's own name); the images of Confluent, Apache
and Bitnami set it by the variables below.
"""

import re
from collections.abc import Mapping

from .finding import Finding

SLUG = "kafka-advertised-address"
_BROKER = frozenset(
    name.format(prefix)
    for prefix in ("KAFKA_", "KAFKA_CFG_")
    for name in ("{}BROKER_ID", "{}NODE_ID", "{}PROCESS_ROLES", "{}ZOOKEEPER_CONNECT", "{}LISTENERS")
)
_ADVERTISED = ("KAFKA_ADVERTISED_LISTENERS", "KAFKA_CFG_ADVERTISED_LISTENERS", "KAFKA_ADVERTISED_HOST_NAME")
_ROLES = ("KAFKA_PROCESS_ROLES", "KAFKA_CFG_PROCESS_ROLES")
_HOST = re.compile(r"(?:[A-Za-z0-9_]+://)?\[?([^\]:/,\s]*)\]?(?::\d+)?", re.ASCII)
_NOBODYS = ("0.0.0.0", "::")  # noqa: S104 - what is refused, not bound to
_REMEDY = (
    "Advertise the name by which clients reach this very broker, e.g. "
    "PLAINTEXT://$(POD_NAME).kafka.NAMESPACE.svc.cluster.local:9092, of a StatefulSet and its headless Service."
)


def bad_address(env: Mapping[str, str | None]) -> Finding | None:
    """Why clients do not find the broker that runs with these variables; None as a value stands for one that is not
    told. No broker, or one that is a controller alone, is not judged."""
    if not env.keys() & _BROKER or any(env.get(name) == "controller" for name in _ROLES):
        return None
    stated = [name for name in _ADVERTISED if name in env]
    if not stated:
        return Finding(
            "it is a Kafka broker that advertises no address: clients are sent to the pod's own name, which nobody "
            "resolves",
            f"Set {_ADVERTISED[0]}. {_REMEDY}",
            SLUG,
        )
    hosts = [host for name in stated if (value := env[name]) for host in _hosts(value)]
    if hosts and (all(_is_local(host) for host in hosts) or any(host in _NOBODYS for host in hosts)):
        return Finding(
            "it is a Kafka broker that advertises an address of its own machine: clients look for it at theirs",
            _REMEDY,
            SLUG,
        )
    return None


def _hosts(value: str) -> list[str]:
    return [found[1] for one in value.split(",") if (found := _HOST.fullmatch(one.strip())) and found[1]]


def _is_local(host: str) -> bool:
    return host == "localhost" or host.startswith("127.") or host in _NOBODYS
