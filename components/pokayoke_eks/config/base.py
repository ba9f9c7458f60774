"""What every model of the config shares."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict

from ..rules.finding import Finding

if TYPE_CHECKING:
    from .errors import ConfigError
    from .reading import Partial

    Check = Callable[[Partial, date], Iterable[ConfigError]]
    """Judges what parsed, on a day."""
    Notice = Callable[[Partial, date], Iterable[str]]
    """What is right today and will not stay so."""


class Model(BaseModel):
    """A frozen value that knows its keys and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    missing: ClassVar[Mapping[str, Finding]] = {}
    """What is said where a required field is missing that a documented failure stands behind."""

    checks: ClassVar[tuple["Check", ...]] = ()
    notices: ClassVar[tuple["Notice", ...]] = ()

    @classmethod
    def unfold(cls, raw: object) -> object:
        """The mapping that a shorter spelling stands for. Raises `Refused` for a spelling that means nothing."""
        return raw

    def spelt(self) -> object:
        """This value as a config would spell it, by field names; what is None was left out."""
        stated = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in stated.items() if value is not None}
