"""Changes rules and policies one expression at a time, and tells which changes no test notices.

Usage: python -m bench.mutation [MODULE ...] [--tests PATH ...]. Modules such as `pokayoke_eks.rules.ports`, `*` for any
part; all rules and policies where none is named. `--tests` takes fewer tests than those of rules and policies.

mutmut does the work, in a copy under `.pokayoke/mutation`: it takes packages at the root of a tree alone, and what it
changes is nobody's checkout. It remembers what it has judged until a source changes. What survives is told, less what
`survivors.toml` beside this file explains; the exit code says whether anything is left.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PLACE = REPOSITORY / ".pokayoke" / "mutation"
EXPLAINED = Path(__file__).with_name("survivors.toml")
PACKAGES = ("components/pokayoke_eks", "policies/pokayoke_policies")
EVERYTHING = ("pokayoke_eks.rules.*", "pokayoke_policies.*")
TESTS = ("tests/policies", "tests/unit")
LEFT_OUT = (
    *("--ignore=tests/policies/test_any_resource.py", "--ignore=tests/policies/test_end_to_end.py"),
    *(
        "--ignore=tests/unit/test_schema.py",
        "--deselect=tests/policies/test_pack.py::test_the_pack_serves_as_the_engine_starts_it",
    ),
)
"""Tests that ask for no exception only, that start processes, which run what is not changed, and that read more of the
repository than is copied."""
WORDS = (r"^\s*(?:f|r)?[\"'][^\"']*[a-z] [^\"']*[\"']", r"Finding\(", r"Error\(")
"""Lines that hold the words of a message: a test that repeated them all would only say them twice."""
CAST = re.compile(r"""cast\((?:"[^"]*"|\w+), """)
SURVIVED = re.compile(r"^\s*(\S+): (survived|suspicious|timeout|no tests)$", re.MULTILINE)


def main() -> int:
    """Runs mutmut over the modules, and tells what survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--tests", nargs="+", default=[])
    said = parser.parse_args()
    modules = said.modules or EVERYTHING
    lay_out(modules, said.tests)
    if subprocess.run([sys.executable, "-m", "mutmut", "run"], cwd=PLACE, check=False).returncode:
        return 2
    reasons = explained()
    left = 0
    for mutant, verdict in survivors():
        changed = difference(mutant)
        if is_of_types_alone(changed):
            continue
        reason = reasons.get((mutant.partition(".x")[0], changed[-1][1:].strip() if changed else ""))
        left += reason is None
        print(f"\n{mutant}: {verdict}{f', explained: {reason}' if reason else ''}")
        if reason is None:
            print("\n".join(changed))
    print(f"\n{left} left unexplained")
    return int(bool(left))


def lay_out(modules: Sequence[str], tests: Sequence[str]) -> None:
    """Lays packages and tests out as mutmut wants them."""
    PLACE.mkdir(parents=True, exist_ok=True)
    for source in (*(REPOSITORY / package for package in PACKAGES), REPOSITORY / "tests"):
        target = PLACE / source.name
        shutil.rmtree(target, ignore_errors=True)
        # The times of files are copied, by which mutmut tells what changed.
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    said, written = f"{settings(modules, tests)}\n{of_pytest()}\n", PLACE / "pyproject.toml"
    # What mutmut once took for none of its business, it does not look at again.
    same = written.exists() and written.read_text() == said
    shutil.rmtree(PLACE / "mutants" / ("tests" if same else ""), ignore_errors=True)
    written.write_text(said)


def settings(modules: Sequence[str], tests: Sequence[str]) -> str:
    """What mutmut is told."""
    arguments = ["-p", "no:xdist", "-m", "not upstream and not engine", *LEFT_OUT]
    said = {
        "source_paths": [Path(package).name for package in PACKAGES],
        "only_mutate": [f"{module.replace('.', '/')}{'' if module.endswith('*') else '.py'}" for module in modules],
        "also_copy": ["tests"],
        "pytest_add_cli_args_test_selection": list(tests or TESTS),
        "pytest_add_cli_args": arguments,
        "do_not_mutate_patterns": list(WORDS),
    }
    return "\n".join(["[tool.mutmut]", *(f"{key} = {json.dumps(values)}" for key, values in said.items())])


def of_pytest() -> str:
    """This repository's own settings of pytest, as they stand in pyproject.toml."""
    text = (REPOSITORY / "pyproject.toml").read_text()
    found = re.search(r"\[tool\.pytest\.ini_options\].*?(?=\n\[)", text, re.DOTALL)
    return found.group() if found else ""


def survivors() -> Iterator[tuple[str, str]]:
    """What no test noticed, by mutmut's own names."""
    for found in SURVIVED.finditer(_asked("results")):
        yield found[1], found[2]


def difference(mutant: str) -> list[str]:
    """What a mutant changes."""
    lines = _asked("show", mutant).splitlines()
    return [line for line in lines if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")]


def is_of_types_alone(changed: Sequence[str]) -> bool:
    """Whether nothing is changed but what `cast` is told, which does nothing at run time."""
    without = [CAST.sub("cast(", line[1:]) for line in changed]
    return len(without) == 2 and without[0] == without[1]


def explained() -> dict[tuple[str, str], str]:
    """Why some survive: the reason by module and changed line."""
    said = tomllib.loads(EXPLAINED.read_text())
    return {(module, becomes): why for module, lines in said.items() for becomes, why in lines.items()}


def _asked(*arguments: str) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, cwd=PLACE, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
