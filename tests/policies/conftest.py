"""What the tests of the pack share."""

import pytest
from analyzing import Pack

from pokayoke_policies.practices import PRACTICES


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The whole pack: what one policy refuses, no other may mind."""
    return Pack()


@pytest.fixture
def anew() -> Pack:
    """The whole pack with the settings that are the default, stated: so every rule that has settings is made anew."""
    pack = Pack()
    for practice in PRACTICES.values():
        if practice.settings:
            pack.configure(practice.slug, "ADVISORY", practice.set_by({}))
    return pack
