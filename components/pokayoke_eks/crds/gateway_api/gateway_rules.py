"""The CEL rules of Gateway. Source: Gateway API v1.6.1, standard channel."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..cel import Rule, every, get, has, only_one, some
from ..constraints import found
from .names import SUBDOMAIN

_KEY = rf"^({SUBDOMAIN}/)?([A-Za-z0-9][-A-Za-z0-9_.]{{0,61}})?[A-Za-z0-9]$"
_HOSTNAME = rf"^(\*\.)?{SUBDOMAIN}$"

Listeners = list[dict[str, Any]]


def _values_of(kind: str) -> Callable[[Listeners], bool]:
    def are_unique(addresses: Listeners) -> bool:
        return every(
            addresses,
            lambda a: (
                not (a["type"] == kind and has(a, "value"))
                or only_one(addresses, lambda b: b["type"] == kind and has(b, "value") and b["value"] == a["value"])
            ),
        )

    return are_unique


def _hostname_is_valid(address: Mapping[str, Any]) -> bool:
    return address["type"] != "Hostname" or not has(address, "value") or found(_HOSTNAME, address["value"])


def _keys_are_valid(values: Mapping[str, str]) -> bool:
    return every(values, lambda key: found(_KEY, key))


def _prefixes_fit(values: Mapping[str, str]) -> bool:
    return every(values, lambda key: len(key.split("/")[0]) < 253)


def _tls_only_where_it_is_spoken(listeners: Listeners) -> bool:
    return every(listeners, lambda one: one["protocol"] not in ("HTTP", "TCP", "UDP") or not has(one, "tls"))


def _https_is_ended(listeners: Listeners) -> bool:
    return every(
        listeners,
        lambda one: one["protocol"] != "HTTPS" or not has(one, "tls") or one["tls"]["mode"] in ("", "Terminate"),
    )


def _tls_has_a_mode(listeners: Listeners) -> bool:
    return every(
        listeners,
        lambda one: one["protocol"] != "TLS" or (has(one, "tls") and has(one["tls"], "mode") and one["tls"]["mode"]),
    )


def _no_hostname_below_tls(listeners: Listeners) -> bool:
    return every(listeners, lambda one: one["protocol"] not in ("TCP", "UDP") or one.get("hostname", "") == "")


def _names_are_unique(listeners: Listeners) -> bool:
    return every(listeners, lambda a: only_one(listeners, lambda b: a["name"] == b["name"]))


def _places_are_unique(listeners: Listeners) -> bool:
    def place(listener: Mapping[str, Any]) -> tuple[Any, ...]:
        return listener["port"], listener["protocol"], listener.get("hostname")

    return every(listeners, lambda a: only_one(listeners, lambda b: place(a) == place(b)))


def _ending_tls_has_a_certificate(tls: Mapping[str, Any]) -> bool:
    return tls["mode"] != "Terminate" or some(("certificateRefs", "options"), lambda name: len(get(tls, name)) > 0)


_ADDRESSES = "spec.addresses"
_LISTENERS = "spec.listeners"

GATEWAY_RULES: Sequence[Rule] = (
    Rule(_ADDRESSES, "IPAddress values must be unique", _values_of("IPAddress")),
    Rule(_ADDRESSES, "Hostname values must be unique", _values_of("Hostname")),
    Rule(
        f"{_ADDRESSES}[]",
        f"Hostname value must be empty or contain only valid characters (matching {_HOSTNAME})",
        _hostname_is_valid,
    ),
    *(
        rule
        for field, what in (("annotations", "Annotation"), ("labels", "Label"))
        for rule in (
            Rule(
                f"spec.infrastructure.{field}",
                f"{what} keys must be in the form of an optional DNS subdomain prefix followed by a required name"
                " segment of up to 63 characters.",
                _keys_are_valid,
            ),
            Rule(
                f"spec.infrastructure.{field}",
                f"If specified, the {what.lower()} key's prefix must be a DNS subdomain not longer than 253 characters"
                " in total.",
                _prefixes_fit,
            ),
        )
    ),
    Rule(
        _LISTENERS,
        "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
        _tls_only_where_it_is_spoken,
    ),
    Rule(_LISTENERS, "tls mode must be Terminate for protocol HTTPS", _https_is_ended),
    Rule(_LISTENERS, "tls mode must be set for protocol TLS", _tls_has_a_mode),
    Rule(_LISTENERS, "hostname must not be specified for protocols ['TCP', 'UDP']", _no_hostname_below_tls),
    Rule(_LISTENERS, "Listener name must be unique within the Gateway", _names_are_unique),
    Rule(
        _LISTENERS,
        "Combination of port, protocol and hostname must be unique for each listener",
        _places_are_unique,
    ),
    Rule(
        f"{_LISTENERS}[].tls",
        "certificateRefs or options must be specified when mode is Terminate",
        _ending_tls_has_a_certificate,
    ),
    Rule(
        "spec.tls.frontend.perPort",
        "Port for TLS configuration must be unique within the Gateway",
        lambda ports: every(ports, lambda a: only_one(ports, lambda b: a["port"] == b["port"])),
    ),
)
