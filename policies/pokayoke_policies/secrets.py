"""The policy `empty-secret`: secrets hold something, and lie where secrets belong."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules import secrets as rules
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.workloads import CONTAINERS, POD_SPECS

from .policy import Rule
from .raw import UNKNOWN, NotKnownError, entries_at, list_at, mapping_at, mapping_of, mappings_at, over, stated

_EMPTY = {"stringData": rules.empty, "data": rules.empty_in_base64}


def secret_holds_something(secret: Mapping[str, Any]) -> Iterator[Finding]:
    """Every value of a Secret, and every line of text in it."""
    yield from over(_EMPTY.items(), lambda one: _values(secret, *one))


def config_map_holds_no_secret(config: Mapping[str, Any]) -> Iterator[Finding]:
    """No key of a ConfigMap, and no line of text in it, is a secret, or one that is empty."""

    def judged(entry: tuple[str, Any]) -> Iterator[Finding]:
        key, value = entry
        if value is UNKNOWN:
            raise NotKnownError(("data", key))
        if not isinstance(value, str):
            return
        nothing = rules.is_secret(key) and rules.empty(value)
        finding = rules.nothing_in("what should be a secret") if nothing else rules.open_secret(key, value)
        if finding:
            yield finding.at(f"data.{key}: ")
        yield from _lines(f"data.{key}", value)

    yield from over(mapping_at(config, "data").items(), judged)


def containers_are_given_secrets(path: tuple[str, ...], workload: Mapping[str, Any]) -> Iterator[Finding]:
    """No container gets an empty secret as a variable, or a password as an argument."""

    def judged(found: tuple[tuple[str, ...], Any]) -> Iterator[Finding]:
        place, raw = ".".join(found[0]), found[1]
        container = mapping_of(raw, place)
        variables = mappings_at(container, "env")
        arguments = [one for key in ("command", "args") for one in list_at(container, key)]
        for one in variables:
            name, value = one.get("name"), one.get("value")
            nothing = (value is None and "valueFrom" not in one) or (isinstance(value, str) and rules.empty(value))
            if isinstance(name, str) and rules.is_secret(name) and nothing:
                yield rules.nothing_in("a variable that should be a secret").at(f"{place}.env: ")
        for one in arguments:
            finding = rules.on_the_command_line(one) if isinstance(one, str) else None
            if finding:
                yield finding.at(f"{place}.args: ")

    yield from over(entries_at(workload, path, *CONTAINERS), judged)


def stored_secret_holds_something(key: str, properties: Mapping[str, Any]) -> Iterator[Finding]:
    """A secret in Secrets Manager or Parameter Store, and every member of one that is JSON."""
    if key == "value" and stated(properties, "type") != "SecureString":
        return
    text = stated(properties, key)
    if not isinstance(text, str):
        return
    if rules.empty(text):
        yield rules.nothing_in("the secret").at(f"{key}: ")
    for name in rules.empty_members(text):
        yield rules.nothing_in(f"its member {name!r}").at(f"{key}: ")


RULE = Rule(
    rules.SLUG,
    judges={
        "aws:secretsmanager/secretVersion:SecretVersion": (partial(stored_secret_holds_something, "secretString"),),
        "aws:ssm/parameter:Parameter": (partial(stored_secret_holds_something, "value"),),
    },
    kinds={
        "core/Secret": (secret_holds_something,),
        "core/ConfigMap": (config_map_holds_no_secret,),
        **{kind: (partial(containers_are_given_secrets, path),) for kind, path in POD_SPECS.items()},
    },
    # A variable of a container may have its value where the patch says none.
    patches=("core/Secret", "core/ConfigMap"),
)


def _values(secret: Mapping[str, Any], field: str, is_empty: Callable[[str], bool]) -> Iterator[Finding]:
    def judged(entry: tuple[str, Any]) -> Iterator[Finding]:
        key, value = entry
        if value is UNKNOWN:
            raise NotKnownError((field, key))
        if value is None or (isinstance(value, str) and is_empty(value)):
            yield rules.nothing_in("the value").at(f"{field}.{key}: ")
        elif isinstance(value, str) and field == "stringData":
            yield from _lines(f"{field}.{key}", value)

    yield from over(mapping_at(secret, field).items(), judged)


def _lines(path: str, text: str) -> Iterator[Finding]:
    for name in rules.empty_lines(text):
        yield rules.nothing_in(f"in its text {name}").at(f"{path}: ")
