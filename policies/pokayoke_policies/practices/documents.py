"""What policy documents of AWS say, written as text or as a mapping."""

from collections.abc import Mapping
from typing import Any, cast

from pokayoke_eks.rules.iam_actions import Statement, statements
from pokayoke_policies.inventory import known_map
from pokayoke_policies.raw import stated


def read_now(properties: Mapping[str, Any], key: str) -> list[Statement]:
    """The statements of the document that a resource has at `key`. Raises `NotKnownError` where it is not known."""
    return statements(stated(properties, key))


def listed(value: object) -> list[str]:
    """The texts of what is one or a list of them."""
    ones = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [one for one in ones if isinstance(one, str)]


def is_of_everything(statement: Statement) -> bool:
    """Whether a statement is about every resource: `*`, an ARN that names none, or all but some."""
    named = listed(statement.get("Resource"))
    return "NotResource" in statement or any(one == "*" or one.split(":")[5:] in (["*"], ["*/*"]) for one in named)


def condition_keys(statement: Statement) -> list[tuple[str, str, Any]]:
    """Operator, key and value of every condition of a statement; operators and keys in lower case, as they count."""
    return [
        (str(operator).lower(), str(key).lower(), value)
        for operator, keys in known_map(statement.get("Condition")).items()
        for key, value in known_map(keys).items()
    ]
