"""The models that a user constructs."""

from datetime import date
from typing import Any, Self

from pydantic import ModelWrapValidatorHandler, ValidationInfo, model_validator

from .base import Model
from .errors import ConfigErrors
from .examine import examine

_EXAMINED = object()


class Config(Model):
    """A model that says everything that is wrong with it at once: constructing one raises `ConfigErrors`, which holds
    every error as `field.path: what is wrong [failure-slug]. How to fix it.`"""

    @model_validator(mode="wrap")
    @classmethod
    def _examined(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        if isinstance(data, cls):
            return data
        if info.context is not _EXAMINED:
            today = info.context if isinstance(info.context, date) else date.today()
            examined = examine(cls, data, today)
            if examined.errors:
                raise ConfigErrors(examined.errors)
            data = examined.value
        return handler(data if isinstance(data, dict) else cls.unfold(data))

    @classmethod
    def of(cls, examined: object) -> Self:
        """An instance of data that was examined already, alone or as part of another model."""
        return cls.model_validate(examined, context=_EXAMINED)
