"""One complaint about one field, worded as the API server words it.

Source: k8s.io/apimachinery v0.36.3, `pkg/util/validation/field`.
"""

from dataclasses import dataclass
from typing import Any

from . import go_text


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field. `blocks_rules`: the server evaluates no CEL rule as long as it stands."""

    path: str
    detail: str
    blocks_rules: bool = False

    def __str__(self) -> str:
        return f"{self.path or '<nil>'}: {self.detail}"


RULES_NOT_CHECKED = FieldError(
    "",
    "Invalid value: null: some validation rules were not checked because the object was invalid;"
    " correct the existing errors to complete validation",
)


def required(path: str, detail: str = "") -> FieldError:
    """A field that must be there and is not."""
    return FieldError(path, f"Required value: {detail}" if detail else "Required value", blocks_rules=True)


def invalid(path: str, value: Any, detail: str) -> FieldError:
    """A field with a value that is wrong; maps and lists are not shown."""
    if isinstance(value, dict | list):
        return FieldError(path, f"Invalid value: {detail}")
    return FieldError(path, f"Invalid value: {shown(value)}: {detail}")


def wrong_type(path: str, expected: str, actual: str) -> FieldError:
    """A field with a value of another type than its schema's."""
    detail = f'Invalid value: "{actual}": {path} in body must be of type {expected}: "{actual}"'
    return FieldError(path, detail, blocks_rules=True)


def unsupported(path: str, value: Any, supported: list[Any]) -> FieldError:
    """A field with a value that is none of those listed."""
    listed = ", ".join(f'"{one}"' for one in supported)
    return FieldError(path, f"Unsupported value: {shown(value)}: supported values: {listed}", blocks_rules=True)


def too_long(path: str, limit: int) -> FieldError:
    """A text beyond its limit."""
    return FieldError(path, f"Too long: may not be more than {limit} bytes", blocks_rules=True)


def too_many(path: str, count: int, limit: int) -> FieldError:
    """A list or map beyond its limit."""
    return FieldError(path, f"Too many: {count}: must have at most {limit} items", blocks_rules=True)


def forbidden(path: str, detail: str) -> FieldError:
    """A field that must not be there."""
    return FieldError(path, f"Forbidden: {detail}")


def shown(value: Any) -> str:
    """A value as the server shows it: texts quoted."""
    return go_text.syntax(value)
