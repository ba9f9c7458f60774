"""The page of the documented failures."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pokayoke_eks.catalogue import FAILURES, Failure, Level, Log, State

from .markdown import text

LEVELS = {
    Level.SHAPE: "no argument exists with which a user of the components could write the mistake",
    Level.VALUE: "the config refuses the value before anything is created",
    Level.POLICY: "a CrossGuard policy refuses the raw resource, wherever it came from",
    Level.ADMISSION: "the cluster itself refuses it",
    Level.PREFLIGHT: "a read-only check against the account or the cluster before `up`",
    Level.TEARDOWN: "order and settings let `destroy` finish with nothing left",
    Level.ROLLOUT: "not knowable before the pod runs: the deployment waits, fails fast and says what to look at",
    Level.DESIGN: "a way of working, held by how the project is built",
}
LOGS = {
    Log.KARPENTER_DSQL: "EKS with Karpenter and Aurora DSQL in two regions",
    Log.SELF_MANAGED: "Self-managed nodes and Argo CD",
    Log.ISTIO_AMBIENT: "Production EKS with Istio ambient",
    Log.CDK: "CDK on EKS",
    Log.GPU_TRAINING: "GPU training on EKS",
}


def pages(repository: Path) -> dict[str, str]:
    """`failures.md`, with where in the repository each failure is replayed."""
    replays = {file.parent.name: file.parent for file in (repository / "examples" / "failures").glob("*/naive.py")}
    held = sum(one.state is State.HELD for one in FAILURES.values())
    lines = [
        "# The documented failures",
        "",
        "Every failure that five teams' logs report. The slug is its only name: in errors, policies, tests and here.",
        "`pokayoke explain SLUG` tells the same in a terminal, `--lang ko` in Korean; `pokayoke explain --search TEXT`",
        "and `kubectl get events | pokayoke explain -` find the failures that an error text or a log shows.",
        "",
        f"{held} are held, by what their sections name. {len(FAILURES) - held} are open, with what is missing.",
        "`pokayoke replay SLUG`, in a checkout, plays the naive program of `examples/failures/SLUG` until it breaks as",
        "documented, and the same intent with our components; what no program can express is shown by tests.",
        "",
        *(f"- **{level}**: {meaning}" for level, meaning in LEVELS.items()),
        "",
        "| failure | what happens | held by | shown by | state |",
        "|---|---|---|---|---|",
        *(
            f"| [`{one.slug}`](#{one.slug}) | {one.title} | {', '.join(one.holders) or '-'} "
            f"| {_shown(one, replays)} | {one.state} |"
            for one in FAILURES.values()
        ),
    ]
    for log, title in LOGS.items():
        lines += ["", f"## {title}"]
        for one in (one for one in FAILURES.values() if one.log is log):
            lines += ["", *_section(one, replays.get(one.slug))]
    return {"failures.md": text(lines)}


def _shown(one: Failure, replays: Mapping[str, Path]) -> str:
    shown = ["replay"] * (one.slug in replays) + ["design"] * bool(one.by_design)
    return ", ".join(shown) or "-"


def _section(one: Failure, replay: Path | None) -> list[str]:
    return [
        f"### `{one.slug}`",
        "",
        f"**{one.title}.** {one.cause}",
        "",
        f"**{one.korean.title}.** {one.korean.symptom} 원인: {one.korean.cause} 해결: {one.korean.remedy}",
        "",
        f"- State: {one.state}" + (f". {one.missing}" if one.missing else ""),
        *(f"- {'Logged' if symptom.logged else 'Also seen'}: `` {symptom.text} ``" for symptom in one.symptoms),
        *([f"- Look at: {one.clue}"] if one.clue else []),
        f"- Remedy: {one.remedy}",
        *_held(one),
        *([f"- Planned: {', '.join(one.to_come)}"] if one.to_come else []),
        *_replayed(replay),
        *(f"- Shown by the test `{test}`" for test in one.by_design),
    ]


def _held(one: Failure) -> Iterator[str]:
    for level, references in one.holders.items():
        if names := [f"`{name}`" for name in references if name not in one.by_design]:
            yield f"- Held by {level}: {', '.join(names)}"


def _replayed(folder: Path | None) -> Iterator[str]:
    """Where the programs lie, and in which state it shows where the log has no text for it."""
    if folder is None:
        return
    file = folder / "replay.toml"
    stated = tomllib.loads(file.read_text()) if file.is_file() else {}
    programs = ", ".join(f"`{name}`" for name in ("naive.py", "ours.py", "refused.py") if (folder / name).is_file())
    shared = f", ours is `{stated['ours']}`" if "ours" in stated else ""
    yield f"- Replay: `pokayoke replay {folder.name}`, of {programs} in `examples/failures/{folder.name}`{shared}"
    for shown in stated.get("shows", ()):
        yield f"- Replayed, it shows: `` {shown} ``"
