"""Which files of a folder hold objects as they reach a cluster: neither the templates of a chart nor patches do."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import yaml

_FORMS = (".yaml", ".yml", ".json")
_CHART, _TEMPLATES = "Chart.yaml", "templates"
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")


def files_of(folder: Path) -> Iterator[Path]:
    """Every YAML and JSON file below a folder, in order; hidden ones, a chart's templates and patches are left out."""
    patches: set[str] = set()
    for here, folders, files in os.walk(folder):
        left_out = {_TEMPLATES} if _CHART in files else set[str]()
        folders[:] = sorted(one for one in folders if one not in left_out and not one.startswith("."))
        patches.update(path for name in _KUSTOMIZATIONS if name in files for path in _patches(Path(here, name)))
        for name in sorted(files):
            file = Path(here, name)
            if file.suffix in _FORMS and not name.startswith(".") and os.path.normpath(file) not in patches:
                yield file


def _patches(kustomization: Path) -> Iterator[str]:
    try:
        said: object = yaml.load(kustomization.read_bytes(), yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return
    stated = cast("dict[str, object]", said) if isinstance(said, dict) else {}
    for key in _PATCHES:
        listed = stated.get(key)
        for one in cast("list[object]", listed) if isinstance(listed, list) else []:
            path = cast("dict[str, object]", one).get("path") if isinstance(one, dict) else one
            if isinstance(path, str):
                yield os.path.normpath(kustomization.parent / path)
