"""What the tests of the pack share."""

import pytest
from analyzing import Pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The whole pack: what one policy refuses, no other may mind."""
    return Pack()
