"""`pokayoke pack`: the policy pack as a folder that others can publish, or keep."""

from pathlib import Path

from pokayoke.failing import CommandError
from pokayoke_policies.publishing import write_publishable


def pack(folder: Path) -> None:
    """Writes the pack into a new folder.

    Raises:
        CommandError: it cannot be written there.
    """
    try:
        write_publishable(folder)
    except OSError as error:
        raise CommandError(f"{folder}: {error.strerror}") from error
