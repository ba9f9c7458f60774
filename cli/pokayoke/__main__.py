"""`pokayoke`, and `python -m pokayoke`."""

import sys

_EXTRA = {"typer": "cli", "click": "cli", "rich": "cli", "yaml": "cli"}


def main() -> None:
    """Runs the command; what it needs beyond the library comes with an extra, which it names when it is missing."""
    try:
        from pokayoke.app import app
    except ModuleNotFoundError as missing:
        extra = _EXTRA.get((missing.name or "").partition(".")[0])
        if extra is None:
            raise
        sys.stderr.write(
            f"pokayoke: the command needs `{missing.name}`, which comes with an extra: "
            f"pip install 'pokayoke-eks[{extra}]' (or [rehearse] for everything)\n"
        )
        sys.exit(2)
    app()


if __name__ == "__main__":
    main()
