"""What an API server refuses with: a status of code, reason and message, worded as the server words it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class ApiError(Exception):
    """A refusal by the API server; `str()` is its message."""

    def __init__(self, code: int, reason: str, message: str, *, subject: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.subject = subject
        """What the status is about, as its `details.kind`: `namespaces` for a namespace that is not there."""


class NoMatchError(Exception):
    """No such kind is served: its CustomResourceDefinition is not there (any more), or it never existed."""

    def __init__(self, kind: str, api_version: str) -> None:
        super().__init__(f'no matches for kind "{kind}" in version "{api_version}"')


@dataclass(frozen=True)
class FieldError:
    """One complaint about one field, as it stands in an `Invalid` status."""

    path: str
    detail: str
    blocks_rules: bool = False
    """Whether the server leaves out a custom resource's CEL rules because of it."""

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}"


def required(path: str, detail: str = "") -> FieldError:
    """A field that must be there and is not."""
    return FieldError(path, f"Required value: {detail}" if detail else "Required value", blocks_rules=True)


def invalid_value(path: str, value: Any, detail: str) -> FieldError:
    """A field whose value is wrong."""
    return FieldError(path, f"Invalid value: {shown(value)}: {detail}")


def unsupported(path: str, value: Any, supported: Sequence[Any]) -> FieldError:
    """A field whose value is none of those that it may have."""
    listed = ", ".join(shown(item) for item in supported)
    return FieldError(path, f"Unsupported value: {shown(value)}: supported values: {listed}", blocks_rules=True)


def too_long(path: str, limit: int) -> FieldError:
    """A text longer than it may be, in bytes."""
    return FieldError(path, f"Too long: may not be more than {limit} bytes", blocks_rules=True)


def too_many(path: str, count: int, limit: int) -> FieldError:
    """A list or map with more items than it may have."""
    return FieldError(path, f"Too many: {count}: must have at most {limit} items", blocks_rules=True)


def forbidden_field(path: str, detail: str) -> FieldError:
    """A field that may not be set, or not be changed."""
    return FieldError(path, f"Forbidden: {detail}")


def not_found(resource: str, name: str) -> ApiError:
    """`resource` is the plural with its group: `deployments.apps`."""
    return ApiError(404, "NotFound", f'{resource} "{name}" not found', subject=resource)


def already_exists(resource: str, name: str) -> ApiError:
    """An object of that name is there already."""
    return ApiError(409, "AlreadyExists", f'{resource} "{name}" already exists', subject=resource)


def invalid(kind: str, name: str, errors: Sequence[FieldError]) -> ApiError:
    """`kind` with its group: `Deployment.apps`. One error stands alone, several stand in brackets."""
    texts = [str(error) for error in errors]
    listed = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    return ApiError(422, "Invalid", f'{kind} "{name}" is invalid: {listed}', subject=kind)


def forbidden(resource: str, name: str, why: str) -> ApiError:
    """What the server knows how to do and does not do for this caller or now."""
    return ApiError(403, "Forbidden", f'{resource} "{name}" is forbidden: {why}', subject=resource)


def unauthorized() -> ApiError:
    """The server does not know the caller: no access entry, or an identity of another account."""
    message = "the server has asked for the client to provide credentials"
    return ApiError(401, "Unauthorized", message)


def bad_request(message: str) -> ApiError:
    """What cannot be read as an object at all."""
    return ApiError(400, "BadRequest", message)


def internal(message: str) -> ApiError:
    """A failure on the way, a webhook that cannot be called among them."""
    return ApiError(500, "InternalError", f"Internal error occurred: {message}")


def shown(value: Any) -> str:
    """A value as Go's `%v` of a field error shows it: JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
