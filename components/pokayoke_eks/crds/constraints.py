"""What a field's value may be, as metadata of its annotation: pydantic enforces it, `schema` reads it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Annotated, Any, Literal

from pydantic import GetCoreSchemaHandler, Strict
from pydantic_core import CoreSchema, core_schema

INT_RANGES = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}

_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$")
_IN_PYTHON = {"$": r"\Z", r"\s": r"[\t\n\f\r ]"}
_CLOCK = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Pattern:
    """A text that a pattern, in Go's dialect and unanchored as upstream writes it, is found in."""

    text: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, value: Any) -> Any:
        if isinstance(value, str) and not found(self.text, value):
            raise ValueError(f"should match '{self.text}'")
        return value


@dataclass(frozen=True)
class Format:
    """An OpenAPI format that the API server enforces: `int32`, `int64` or `date-time`."""

    name: Literal["int32", "int64", "date-time"]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, value: Any) -> Any:
        if self.name == "date-time":
            if not is_date_time(value):
                raise ValueError("must be of type date-time")
        elif not in_range(value, self.name):
            raise ValueError(f"must be of type integer with format {self.name}")
        return value


@dataclass(frozen=True)
class SetOfItems:
    """A list in which no item stands twice (`x-kubernetes-list-type: set`)."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(set(value)) != len(value):
            raise ValueError("duplicate entries")
        return value


@dataclass(frozen=True)
class MapOfItems:
    """A list in which no two items agree in the key (`x-kubernetes-list-type: map`)."""

    key: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        keys = [getattr(item, self.key) for item in value]
        if len(set(keys)) != len(keys):
            raise ValueError("duplicate entries")
        return value


@dataclass(frozen=True)
class AddressByType:
    """An object whose `value`, if it has one, is an IP address where its `type` is `IPAddress`."""

    @staticmethod
    def alternatives() -> list[dict[str, Any]]:
        """How a CRD says so, as its `oneOf`."""
        formats = [{"format": "ipv4"}, {"format": "ipv6"}]
        address = {"type": {"enum": ["IPAddress"]}, "value": {"anyOf": formats}}
        return [{"properties": address}, {"properties": {"type": {"not": {"enum": ["IPAddress"]}}}}]


Int32 = Annotated[int, Strict(), Format("int32")]
Int64 = Annotated[int, Strict(), Format("int64")]
Int = Annotated[int, Strict()]
Bool = Annotated[bool, Strict()]
DateTime = Annotated[str, Format("date-time")]


def found(pattern: str, text: str) -> bool:
    """Whether Go's `regexp` would find the pattern in the text."""
    return compiled(pattern).search(text) is not None


@lru_cache(maxsize=128)
def compiled(pattern: str) -> re.Pattern[str]:
    r"""A pattern of Go's dialect for Python: there `$` is the very end and `\s` lacks the vertical tab."""
    return re.compile(_TOKEN.sub(lambda token: _IN_PYTHON.get(token[0], token[0]), pattern), re.ASCII)


def in_range(value: int, name: str) -> bool:
    """Whether an integer fits the format; without a known one, the 64 bits of JSON integers."""
    lowest, highest = INT_RANGES.get(name, INT_RANGES["int64"])
    return lowest <= value <= highest


def is_date_time(text: str) -> bool:
    """Whether the API server takes a text for a date and time (kube-openapi, `strfmt.IsDateTime`)."""
    date, *rest = text.lower().split("t")
    clock = _CLOCK.fullmatch(rest[0]) if rest else None
    return _is_date(date) and clock is not None and clock[1] <= "23" and clock[2] <= "59" and clock[3] <= "59"


def is_ip_address(text: str) -> bool:
    """Whether the API server's schemas take a text for an IP address: unlike CEL they mind no leading zeros."""
    head, colon, tail = text.rpartition(":")
    numbers = [str(int(part)) if re.fullmatch("[0-9]+", part) else part for part in tail.split(".")]
    try:
        ip_address(head + colon + (".".join(numbers) if len(numbers) == 4 else tail))
    except ValueError:
        return False
    return "%" not in text


def _is_date(text: str) -> bool:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
        return False
    year, month, day = (int(part) for part in text.split("-"))
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return False
    return (month, day) != (2, 29) or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
