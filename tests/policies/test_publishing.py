"""`pokayoke pack`: the pack as a folder that needs nothing beside it."""

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from pokayoke.app import app
from pokayoke_policies import publishing

REQUIRED = {
    "pulumi": "pulumi",
    "pulumi_policy": "pulumi-policy",
    "yaml": "pyyaml",
    "grpc": "pulumi",
    "google": "pulumi",
    "pydantic": "pydantic",
    "pydantic_core": "pydantic",
    "annotated_types": "pydantic",
}
"""By module that policies import, the package that brings it."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("publishing") / "new" / "pack"
    assert CliRunner().invoke(app, ["pack", str(made)]).exit_code == 0
    return made


def test_all_that_it_imports_is_in_it_or_required(folder: Path) -> None:
    required = {one.partition("<")[0].partition(">")[0] for one in (folder / "requirements.txt").read_text().split()}
    assert required == set(REQUIRED.values())
    imported = {name for file in folder.rglob("*.py") for name in imports(file, folder)}
    own = {name for name in imported if name.startswith("pokayoke")}
    assert own
    assert [name for name in own if not exists(folder / name.replace(".", "/"))] == []
    others = {name.partition(".")[0] for name in imported - own}
    assert {name for name in others if name not in sys.stdlib_module_names} <= REQUIRED.keys()


def test_pulumi_makes_its_environment_in_it_and_publishes_none_of_that(folder: Path) -> None:
    said = yaml.safe_load((folder / "PulumiPolicy.yaml").read_text())
    assert said["version"] == version("pokayoke-eks")
    assert said["runtime"]["name"] == "python"
    assert f"{said['runtime']['options']['virtualenv']}/" in (folder / ".gitignore").read_text().split()
    assert "serve()" in (folder / "__main__.py").read_text()
    assert not list(folder.rglob("__pycache__"))
    assert (folder / "pokayoke_eks" / "instances" / "types.json").is_file()


def test_this_checkout_adds_what_is_for_people(folder: Path, repository: Path) -> None:
    assert (folder / "README.md").read_text() == (repository / "policies" / "README.md").read_text()
    assert (folder / "strict.json").is_file()


@pytest.mark.parametrize(("beside", "added"), [(["PulumiPolicy.yaml"], True), ([], False)], ids=["checkout", "wheel"])
def test_a_checkout_adds_what_is_for_people_and_an_installed_wheel_has_none(
    beside: list[str], added: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, library = tmp_path / "policies" / "pokayoke_policies", tmp_path / "components" / "pokayoke_eks"
    for compiled in (own, *(library / name for name in ("catalogue", "crds", "instances", "rules", "cluster"))):
        (compiled / "__pycache__").mkdir(parents=True)
        (compiled / "__pycache__" / "compiled").touch()
    for name in ("__init__.py", "py.typed", "rules/__init__.py", "config.py"):
        (library / name).touch()
    for name in (*beside, "README.md", "strict.json", "pokayoke_policies/publishing.py"):
        (own.parent / name).write_text(f"this is {name}")
    monkeypatch.setattr(publishing.rules, "__file__", str(library / "rules" / "__init__.py"))
    monkeypatch.setattr(publishing, "__file__", str(own / "publishing.py"))
    publishing.write_publishable(tmp_path / "pack")
    made = {str(file.relative_to(tmp_path / "pack")) for file in (tmp_path / "pack").rglob("*")}
    assert made >= {"pokayoke_policies/publishing.py", "PulumiPolicy.yaml", "__main__.py", "requirements.txt"}
    assert {"README.md", "strict.json"} & made == ({"README.md", "strict.json"} if added else set())
    assert {"pokayoke_eks/__init__.py", "pokayoke_eks/rules/__init__.py", "pokayoke_eks/crds"} <= made
    assert not {"pokayoke_eks/cluster", "pokayoke_eks/config.py"} & made
    assert not any("__pycache__" in name for name in made)
    assert (tmp_path / "pack" / "PulumiPolicy.yaml").read_text() != "this is PulumiPolicy.yaml"


def test_what_is_required_is_what_the_library_asks_for_at_the_versions_it_takes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stated = ["pulumi<4,>=3.1", "pyyaml", "pulumi-aws>=7", "pydantic~=2.0; extra == 'policies'"]
    stated += ["pulumi-policy >=1.21 ; extra == 'policies'", "pydantic!=2.1; extra == 'dev'"]
    for said, wanted in (
        (stated, ["pulumi<4,>=3.1", "pyyaml", "pydantic~=2.0", "pulumi-policy >=1.21"]),
        (None, []),
    ):
        monkeypatch.setattr(publishing, "requires", {"pokayoke-eks": said}.__getitem__)
        folder = tmp_path / f"pack-{len(wanted)}"
        publishing.write_publishable(folder)
        assert (folder / "requirements.txt").read_text().splitlines() == wanted


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    said = CliRunner().invoke(app, ["pack", str(tmp_path)])
    assert said.exit_code == 2
    assert said.output == f"pokayoke: {tmp_path}: File exists\n"
    assert [file.name for file in tmp_path.iterdir()] == ["mine"]


def exists(path: Path) -> bool:
    return path.is_dir() or path.with_suffix(".py").is_file() or exists_in(path.parent, path.name)


def exists_in(module: Path, name: str) -> bool:
    """Whether a module, not a package, holds a name that was imported from it."""
    file = module.with_suffix(".py") if module.with_suffix(".py").is_file() else module / "__init__.py"
    return file.is_file() and name in file.read_text()


def imports(file: Path, folder: Path) -> Iterator[str]:
    """The modules that a file imports, and the names from them, but for what only a type checker reads."""
    package = file.relative_to(folder).parts[:-1]
    pending: list[ast.AST] = [ast.parse(file.read_text())]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        pending.extend(ast.iter_child_nodes(node))
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*above, *([node.module] if node.module else ())))
            yield from (f"{module}.{one.name}" for one in node.names)
