"""The page of the documented failures."""

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


def pages() -> dict[str, str]:
    """`failures.md`."""
    held = sum(one.state is State.HELD for one in FAILURES.values())
    lines = [
        "# The documented failures",
        "",
        "Every failure that five teams' logs report. The slug is its only name: in errors, policies, tests and here.",
        "`pokayoke explain SLUG` tells the same in a terminal, `--lang ko` in Korean; `pokayoke explain --search TEXT`",
        "and `kubectl get events | pokayoke explain -` find the failures that an error text or a log shows.",
        "",
        f"{held} are held, by what their sections name. {len(FAILURES) - held} are open, with what is missing.",
        "",
        *(f"- **{level}**: {meaning}" for level, meaning in LEVELS.items()),
        "",
        "| failure | what happens | held by | state |",
        "|---|---|---|---|",
        *(
            f"| [`{one.slug}`](#{one.slug}) | {one.title} | {', '.join(one.holders) or '-'} | {one.state} |"
            for one in FAILURES.values()
        ),
    ]
    for log, title in LOGS.items():
        lines += ["", f"## {title}"]
        for one in (one for one in FAILURES.values() if one.log is log):
            lines += ["", *_section(one)]
    return {"failures.md": text(lines)}


def _section(one: Failure) -> list[str]:
    return [
        f"### `{one.slug}`",
        "",
        f"**{one.title}.** {one.cause}",
        "",
        f"**{one.korean.title}.** {one.korean.symptom}",
        "",
        *(f"- Seen: `` {symptom.text} ``" for symptom in one.symptoms),
        *([f"- Look at: {one.clue}"] if one.clue else []),
        f"- Remedy: {one.remedy}",
        *(f"- Held by {level}: {_names(references)}" for level, references in one.holders.items()),
        *([f"- Planned: {', '.join(one.to_come)}"] if one.to_come else []),
        *([f"- Open: {one.missing}"] if one.missing else []),
    ]


def _names(references: tuple[str, ...]) -> str:
    return ", ".join(f"`{reference}`" for reference in references)
