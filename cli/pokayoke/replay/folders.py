"""What a folder of examples/failures holds: the naive program, ours, and what others do meanwhile."""

import runpy
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pokayoke.failing import CommandError
from pokayoke_eks.catalogue import Failure, Symptom

FOLDER = Path("examples", "failures")
_NAIVE, _OURS, _REFUSED, _OTHERS, _TEXTS = "naive.py", "ours.py", "refused.py", "others.py", "replay.toml"


@dataclass(frozen=True)
class Replay:
    """The programs of one failure; `ours` and `refused` are empty where there is none.

    `shows` are the texts of which one must be told when the naive program breaks.
    """

    failure: Failure
    naive: str
    ours: str
    refused: str
    shows: tuple[Symptom, ...]
    others: Mapping[str, Callable[..., object]] = field(default_factory=dict[str, Callable[..., object]])


def replay_of(root: Path, failure: Failure) -> Replay | None:
    """The replay of a failure, None when nobody wrote it the naive way.

    Raises:
        CommandError: the texts that it says it shows cannot be read.
    """
    folder = root / FOLDER / failure.slug
    naive, ours, refused = (_text(folder / name) for name in (_NAIVE, _OURS, _REFUSED))
    if not naive:
        return None
    stated = tuple(map(Symptom, _stated(folder / _TEXTS)))
    return Replay(failure, naive, ours, refused, stated or failure.symptoms, _functions(folder / _OTHERS))


def beside(root: Path) -> list[Path]:
    """The modules that naive programs import: the working platform by hand."""
    return sorted((root / FOLDER).glob("raw*.py"))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _stated(file: Path) -> list[str]:
    if not file.is_file():
        return []
    try:
        return [str(text) for text in tomllib.loads(file.read_text(encoding="utf-8"))["shows"]]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CommandError(f"{file}: it must say `shows`, a list of texts ({error})") from error


def _functions(file: Path) -> dict[str, Callable[..., object]]:
    if not file.is_file():
        return {}
    return {name: value for name, value in runpy.run_path(str(file)).items() if name in ("before", "meanwhile")}
