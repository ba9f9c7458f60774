"""From anything at all to what parsed, what is wrong with it, and what will be."""

from dataclasses import dataclass
from datetime import date

from .base import Model
from .errors import ConfigError
from .plain import Copy, is_mapping
from .reading import Partial, Reader


@dataclass(frozen=True, slots=True)
class Examined:
    """Plain data in the long spelling, all errors, and, where there are none, the warnings."""

    value: object
    errors: tuple[ConfigError, ...]
    warnings: tuple[str, ...]


def examine(model: type[Model], raw: object, today: date) -> Examined:
    """Structure, then the model's checks on whatever parsed."""
    copy = Copy(raw)
    plain = copy.value
    reader = Reader()
    partial = reader.fields(model, plain) if is_mapping(plain) else reader.model(model, plain) or Partial()
    unread = {error.path for error in copy.errors}
    errors = [*copy.errors, *(error for error in reader.errors if error.path not in unread)]
    for check in model.checks:
        errors.extend(check(partial, today))
    errors = list(dict.fromkeys(errors))
    warnings = () if errors else tuple(text for notice in model.notices for text in notice(partial, today))
    return Examined(plain, tuple(errors), warnings)
