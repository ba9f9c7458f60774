"""The platform that a stack file states, for commands that work on the account."""

from datetime import UTC, datetime
from pathlib import Path

from pokayoke.failing import CommandError
from pokayoke.pins_file import StackFile, find
from pokayoke_eks.config import PlatformConfig, load


def platform_of(stack: str, directory: Path) -> PlatformConfig:
    """The platform of `Pulumi.STACK.yaml` in this folder or above.

    Raises:
        CommandError: there is no such file, or all that is wrong with its config.
    """
    file = StackFile(find(stack, directory))
    loaded = load(file.platform, today=datetime.now(UTC).date())
    if loaded.config is None:
        raise CommandError("\n".join([f"{file.name}:", *(f"  {error}" for error in loaded.errors)]))
    return loaded.config
