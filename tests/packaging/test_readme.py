"""What the README shows is true."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def readme(repository: Path) -> str:
    return (repository / "README.md").read_text()


def test_the_library_in_ten_lines_is_a_program_that_previews(readme: str, tmp_path: Path) -> None:
    shown = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert len(shown) == 1
    (tmp_path / "__main__.py").write_text(shown[0])
    command = [
        sys.executable,
        "-m",
        "pokayoke",
        "rehearse",
        "dev",
        "--until",
        "preview",
        "--json",
        "--program",
        tmp_path,
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout)["acts"][0]["summary"]["create"] > 50


def test_ci_calls_the_test_command_of_the_readme(repository: Path, readme: str) -> None:
    assert re.search(r"^\$ make test\b", readme, re.MULTILINE)
    assert re.search(r"^make test\b", (repository / ".ci/run").read_text(), re.MULTILINE)


def test_every_slug_that_the_readme_names_is_documented(readme: str) -> None:
    from pokayoke_eks.catalogue import FAILURES

    table = "".join(line for line in readme.splitlines() if line.startswith("| `"))
    slugs = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", table))
    assert slugs
    assert slugs <= FAILURES.keys()


def test_every_link_of_the_readme_leads_somewhere(repository: Path, readme: str) -> None:
    links = re.findall(r"\]\(((?!https?:)[^)#]+)", readme)
    assert links
    assert [link for link in links if not (repository / link).exists()] == []
