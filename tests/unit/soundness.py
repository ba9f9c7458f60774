"""A config that is right, to be spoilt one field at a time."""

import copy
from datetime import date
from typing import Any

from pokayoke_eks.config import Loaded, load

TODAY = date(2026, 11, 21)

SOUND: dict[str, Any] = {
    "name": "demo-dev",
    "lifecycle": "disposable",
    "regions": {"ap-northeast-2": {"cidr": "10.0.0.0/16", "zones": ["a", "b", "c"]}},
    "kubernetes": "1.36",
    "bottlerocket": "1.65.0-0be31b34",
    "api_access": {"public": ["203.0.113.0/24"]},
    "admins": ["arn:aws:iam::123456789012:role/platform"],
}


class Spoilt:
    """Loads the sound config with some fields exchanged."""

    def __call__(self, **fields: Any) -> list[str]:
        """The errors, one line each."""
        return [str(error) for error in self.load(**fields).errors]

    def load(self, *, on: date = TODAY, **fields: Any) -> Loaded:
        """The whole answer; a field of None is taken out."""
        raw = {**copy.deepcopy(SOUND), **fields}
        return load({key: value for key, value in raw.items() if value is not None}, today=on)
