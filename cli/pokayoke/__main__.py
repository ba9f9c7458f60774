"""`pokayoke`, and `python -m pokayoke`."""

import sys

from pokayoke_rehearsal.garbage import look_rarely

_MODULES_OF_THE_EXTRA = ("typer", "rich")


def main() -> None:
    """Runs the command; what it needs beyond the library comes with an extra, which it names when it is missing."""
    look_rarely()
    try:
        from pokayoke.app import app
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _MODULES_OF_THE_EXTRA:
            raise
        sys.stderr.write(
            f"pokayoke: the command needs `{missing.name}`, which comes with an extra: "
            f"pip install 'pokayoke-eks[cli]' (or [rehearse] for everything)\n"
        )
        sys.exit(2)
    app()


if __name__ == "__main__":
    main()
