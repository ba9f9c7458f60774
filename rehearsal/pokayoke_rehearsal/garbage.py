"""How often a process looks for garbage in cycles."""

import gc

_RARELY = (5_000, 20, 20)
"""Python's own 700, 10 and 10 look through everything that lives every 70,000 objects: a tenth of a rehearsal."""


def look_rarely() -> None:
    """Looks for garbage seldom from now on, and never in what there is already: what is imported stays."""
    gc.freeze()
    gc.set_threshold(*_RARELY)
    gc.enable()
