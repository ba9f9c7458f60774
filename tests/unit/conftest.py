"""What the pure tests share."""

from datetime import date

import pytest
from hypothesis import settings
from soundness import TODAY, Spoilt

settings.register_profile("pure", max_examples=100, deadline=None)
settings.load_profile("pure")


@pytest.fixture
def today() -> date:
    """The day of the tests."""
    return TODAY


@pytest.fixture
def errors_of() -> Spoilt:
    """What is wrong with the sound config once the given fields are exchanged."""
    return Spoilt()
