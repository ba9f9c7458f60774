"""What a folder of examples/failures holds: the naive program, ours, and what others do meanwhile."""

import runpy
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pokayoke.failing import CommandError
from pokayoke_eks.catalogue import Failure, Symptom

FOLDER = Path("examples", "failures")
_NAIVE, _OURS, _REFUSED, _OTHERS, _STATED = "naive.py", "ours.py", "refused.py", "others.py", "replay.toml"


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
        CommandError: what its `replay.toml` states cannot be read, or names a program that is not there.
    """
    folder = root / FOLDER / failure.slug
    naive, ours, refused = (_text(folder / name) for name in (_NAIVE, _OURS, _REFUSED))
    if not naive:
        return None
    shows, shared = _stated(root, folder / _STATED)
    return Replay(failure, naive, ours or shared, refused, shows or failure.symptoms, _functions(folder / _OTHERS))


def beside(root: Path) -> list[Path]:
    """The modules that naive programs import: the working platform by hand."""
    return sorted((root / FOLDER).glob("raw*.py"))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _stated(root: Path, file: Path) -> tuple[tuple[Symptom, ...], str]:
    """The texts that a folder says it shows, and the program of ours that it names where it has none of its own."""
    if not (written := _text(file)):
        return (), ""
    try:
        said: dict[str, Any] = tomllib.loads(written)
        shows, ours = tuple(Symptom(str(text)) for text in said.pop("shows", ())), str(said.pop("ours", ""))
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise CommandError(f"{file}: `shows` is a list of texts, `ours` the path of a program ({error})") from error
    if said:
        raise CommandError(f"{file}: it says `shows` or `ours`, and nothing else: {', '.join(said)}")
    if not ours:
        return shows, ""
    if (file.parent / _OURS).is_file():
        raise CommandError(f"{file}: its `ours` is {ours}, but {_OURS} lies beside it: one of them goes")
    if not (program := _text(root / ours)):
        raise CommandError(f"{file}: its `ours` is {ours}, and no program lies there")
    return shows, program


def _functions(file: Path) -> dict[str, Callable[..., object]]:
    if not file.is_file():
        return {}
    return {name: value for name, value in runpy.run_path(str(file)).items() if name in ("before", "meanwhile")}
