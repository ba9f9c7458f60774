"""What a user gets who installs the wheel, and nothing else."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

PURE = ("rules", "catalogue", "config", "instances")
PYDANTIC = ("pydantic", "pydantic_core", "annotated_types", "typing_extensions.py", "typing_inspection")


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=repository,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def bare_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that holds the wheel and pydantic: no pulumi, no provider SDK."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, with_pip=False)
    packages = next(folder.glob("lib/python*/site-packages"), folder / "Lib" / "site-packages")
    zipfile.ZipFile(wheel).extractall(packages)
    for name in PYDANTIC:
        (packages / name).symlink_to(next(Path(entry) / name for entry in sys.path if (Path(entry) / name).exists()))
    return next(folder.glob("bin/python"), folder / "Scripts" / "python.exe")


def test_the_wheel_puts_nothing_with_a_generic_name_into_site_packages(wheel: Path) -> None:
    top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {
        "pokayoke_eks",
        "pokayoke_policies",
        "pokayoke_rehearsal",
        "pokayoke",
    }


def test_every_package_of_the_wheel_says_that_it_is_typed(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        f"{package}/py.typed" for package in ("pokayoke_eks", "pokayoke_policies", "pokayoke_rehearsal", "pokayoke")
    } <= names


@pytest.mark.parametrize("module", PURE)
def test_the_pure_modules_import_where_there_is_no_pulumi(bare_python: Path, module: str) -> None:
    run = subprocess.run(
        [bare_python, "-c", f"import pokayoke_eks.{module}, sys; assert 'pulumi' not in sys.modules"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("command", ["--help", "rehearse dev"])
def test_the_command_names_the_extra_that_is_missing(bare_python: Path, command: str) -> None:
    run = subprocess.run([bare_python, "-m", "pokayoke", *command.split()], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "pip install 'pokayoke-eks[" in run.stderr
    assert "Traceback" not in run.stderr
