"""Changes rules and policies one expression at a time, and tells which changes no test notices.

Usage: python -m bench.mutation [MODULE ...] [--tests PATH ...] [--children NUMBER]. Modules such as
`pokayoke_eks.rules.ports`, `*` for any part; all rules and policies where none is named. `--tests` takes fewer tests
than those of rules and policies, `--children` fewer processes than there are cores.

mutmut does the work, in a copy under `.pokayoke/mutation`: it takes packages at the root of a tree alone, and what it
changes is nobody's checkout. A change that was killed counts as killed until its function changes, also after a run
that was broken off; one that survived is tried anew each time. Caches are taken off in the copy, as mutmut changes
nothing that is decorated, and a warm cache hides changes; properties are left as they are. What survives is told, less
what `survivors.toml` beside this file explains; the exit code says whether anything is left.
"""

import argparse
import contextlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PLACE = REPOSITORY / ".pokayoke" / "mutation"
EXPLAINED = Path(__file__).with_name("survivors.toml")
PACKAGES = ("components/pokayoke_eks", "policies/pokayoke_policies")
EVERYTHING = ("pokayoke_eks.rules.*", "pokayoke_policies.*")
BESIDE = ("tests", "examples/policies", "docs")
"""What tests read."""
TESTS = ("tests/policies", "tests/unit", "tests/conformance/crds/test_crds_karpenter_rules.py")
LEFT_OUT = (
    *("--ignore=tests/policies/test_any_resource.py", "--ignore=tests/policies/test_end_to_end.py"),
    *(
        "--ignore=tests/unit/test_schema.py",
        "--ignore=tests/policies/test_strict.py",
        "--deselect=tests/policies/test_pack.py::test_the_pack_serves_as_the_engine_starts_it",
        "--deselect=tests/policies/test_publishing.py::test_all_that_it_imports_is_in_it_or_required",
        "--deselect=tests/policies/test_publishing.py::test_this_checkout_adds_what_is_for_people",
    ),
)
"""Tests that ask for no exception only, that start processes, which run what is not changed, and that read more of the
repository than is copied."""
WORDS = (r"^\s*(?:f|r)?[\"'][^\"']*[a-z] [^\"']*[\"']", r"Finding\(", r"Error\(")
"""Lines that hold the words of a message: a test that repeated them all would only say them twice."""
CAST = re.compile(r"""cast\((?:"[^"]*"|\w+), """)
CACHED = re.compile(rb"^@(?:cache|lru_cache\(.*\))\n", re.MULTILINE)
KILLED = "killed"
NOTICED = (KILLED, "timeout")
"""Verdicts of changes with which a test fails, or never ends."""


def main() -> int:
    """Runs mutmut over the modules, and tells what survived."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--tests", nargs="+", default=[])
    parser.add_argument("--children", type=int)
    said = parser.parse_args()
    lay_out(said.modules or EVERYTHING, said.tests)
    command = [sys.executable, "-m", "mutmut", "run"]
    if said.children:
        command.append(f"--max-children={said.children}")
    if subprocess.run(command, cwd=PLACE, check=False).returncode:
        return 2
    reasons = explained()
    told = Counter[tuple[str, str]]()
    for mutant, verdict, changed in judged():
        module = mutant.partition(".x")[0]
        if is_of_types_alone(changed):
            continue
        reason = reasons.get((module, changed[-1][1:].strip() if changed else ""))
        told[module, KILLED if verdict in NOTICED else "explained" if reason else "left"] += 1
        if verdict not in NOTICED:
            print("\n".join(["", f"{mutant}: {verdict}{f', explained: {reason}' if reason else ''}", *changed]))
    print()
    for module in dict.fromkeys(module for module, _ in told):
        print(module, *(f"{count} {how}" for (of, how), count in told.items() if of == module), sep=", ")
    left = sum(count for (_, how), count in told.items() if how == "left")
    print(f"{left} left unexplained")
    return int(bool(left))


def lay_out(modules: Sequence[str], tests: Sequence[str]) -> None:
    """Lays packages and tests out as mutmut wants them, beside what it remembers."""
    PLACE.mkdir(parents=True, exist_ok=True)
    for source in (*PACKAGES, *BESIDE):
        target = PLACE / (source if source in BESIDE else Path(source).name)
        shutil.rmtree(target, ignore_errors=True)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / source, target, ignore=ignored, copy_function=copy_without_caches)
    said, written = f"{numbering()}\n{settings(modules, tests)}\n{of_pytest()}\n", PLACE / "pyproject.toml"
    if not (written.exists() and written.read_text().startswith(numbering())):
        shutil.rmtree(PLACE / "mutants", ignore_errors=True)
    written.write_text(said)
    forget(PLACE / "mutants")


def copy_without_caches(source: str, target: str) -> None:
    """Copies a file with its times, by which mutmut tells what changed, and without the caches that hide changes."""
    if not {"rules", "pokayoke_policies"} & set(Path(source).parts):
        shutil.copy2(source, target)
        return
    Path(target).write_bytes(CACHED.sub(b"", Path(source).read_bytes()))
    shutil.copystat(source, target)


def forget(mutants: Path) -> None:
    """Takes away of an earlier run what this one has to make anew: all but the changed modules and what was killed."""
    for beside in BESIDE:
        shutil.rmtree(mutants / beside, ignore_errors=True)
    (mutants / "mutmut-stats.json").unlink(missing_ok=True)
    for made in mutants.rglob("*.py"):
        if "_mutmut_orig" not in made.read_text() or not (PLACE / made.relative_to(mutants)).exists():
            made.unlink()
    for remembered in mutants.rglob("*.meta"):
        try:
            said = json.loads(remembered.read_text())
        except ValueError:
            # A run was broken off while it wrote this.
            remembered.unlink()
            continue
        verdicts = said["exit_code_by_key"]
        said["exit_code_by_key"] = {mutant: code if code in (1, 3) else None for mutant, code in verdicts.items()}
        remembered.write_text(json.dumps(said))


def numbering() -> str:
    """What the numbers of changes hang on."""
    return f"# mutmut {version('mutmut')}, without {' '.join(WORDS)}"


def settings(modules: Sequence[str], tests: Sequence[str]) -> str:
    """What mutmut is told."""
    arguments = ["-p", "no:xdist", "-m", "not upstream and not engine", *LEFT_OUT]
    said = {
        "source_paths": [Path(package).name for package in PACKAGES],
        "only_mutate": [f"{module.replace('.', '/')}{'' if module.endswith('*') else '.py'}" for module in modules],
        "also_copy": BESIDE,
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


def judged() -> Iterator[tuple[str, str, list[str]]]:
    """Every change by mutmut's own name, with the verdict and the lines that it changes."""
    with contextlib.chdir(PLACE):
        from mutmut.mutation.data import SourceFileMutationData
        from mutmut.mutation.diff_apply import get_diff_for_mutant
        from mutmut.stats import status_by_exit_code
        from mutmut.utils.file_utils import walk_mutatable_files

        for path in walk_mutatable_files():
            data = SourceFileMutationData(path=path)
            data.load()
            for mutant, code in data.exit_code_by_key.items():
                verdict = status_by_exit_code[code]
                lines = [] if verdict in NOTICED else get_diff_for_mutant(mutant, path=path).splitlines()
                marked = [line for line in lines if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")]
                yield mutant, verdict, marked


def is_of_types_alone(changed: Sequence[str]) -> bool:
    """Whether nothing is changed but what `cast` is told, which does nothing at run time."""
    without = [CAST.sub("cast(", line[1:]) for line in changed]
    return len(without) == 2 and without[0] == without[1]


def explained() -> dict[tuple[str, str], str]:
    """Why some survive: the reason by module and changed line."""
    said = tomllib.loads(EXPLAINED.read_text())
    return {(module, becomes): why for module, lines in said.items() for becomes, why in lines.items()}


if __name__ == "__main__":
    sys.exit(main())
