"""The pack as a folder of its own, for `pulumi policy publish`: that takes a folder and nothing beside it, and where
the pack is used its requirements are installed into a virtual environment in it (pulumi 3.260,
pkg/backend/httpstate/policypack.go, `Publish` and `installRequiredPolicy`)."""

import re
import shutil
from importlib.metadata import requires, version
from pathlib import Path

from pokayoke_eks import rules

from .serving import MAIN

_LIBRARY = "pokayoke-eks"
_OF_THE_LIBRARY = ("__init__.py", "py.typed", "catalogue", "crds", "instances", "rules")
"""What the policies import of it, and what that imports."""
_OF_A_CHECKOUT = ("README.md", "strict.json")
"""What is for people, and no part of a wheel."""
_NEEDED = frozenset({"pulumi", "pulumi-policy", "pydantic", "pyyaml"})
_PROJECT = """\
description: Refuses raw resources that lead to the documented failures of EKS platforms
version: {version}
license: Apache-2.0
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: venv
"""
_IGNORED = "venv/\n__pycache__/\n"
_NO_SOURCES = shutil.ignore_patterns("__pycache__")


def write_publishable(folder: Path) -> None:
    """Writes the pack with all that it imports into a new folder.

    Raises:
        FileExistsError: there is something of that name.
    """
    folder.mkdir(parents=True)
    own, library = Path(__file__).parent, Path(rules.__file__).parents[1]
    shutil.copytree(own, folder / own.name, ignore=_NO_SOURCES)
    (folder / library.name).mkdir()
    for name in _OF_THE_LIBRARY:
        if (library / name).is_dir():
            shutil.copytree(library / name, folder / library.name / name, ignore=_NO_SOURCES)
        else:
            shutil.copy(library / name, folder / library.name)
    for name, text in _files().items():
        (folder / name).write_bytes(text.encode())
    for name in _OF_A_CHECKOUT if (own.parent / "PulumiPolicy.yaml").is_file() else ():
        shutil.copy(own.parent / name, folder)


def _files() -> dict[str, str]:
    return {
        "PulumiPolicy.yaml": _PROJECT.format(version=version(_LIBRARY)),
        "__main__.py": MAIN,
        "requirements.txt": "".join(f"{one}\n" for one in _requirements()),
        ".gitignore": _IGNORED,
    }


def _requirements() -> list[str]:
    """Of what the library requires, what policies import."""
    stated = [one.partition(";") for one in requires(_LIBRARY) or ()]
    return [
        wanted.strip()
        for wanted, _, condition in stated
        if re.split(r"[<>=!~ \[]", wanted)[0] in _NEEDED and condition.strip() in ("", "extra == 'policies'")
    ]
