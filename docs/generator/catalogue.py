"""The page of the documented failures."""

from pokayoke_eks.catalogue import FAILURES, Level, Log

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
    lines = [
        "# The documented failures",
        "",
        "Every failure that five teams' logs report. The slug is its only name: in errors, policies, tests and here.",
        "Where it is held is the plan of the whole house; [the changelog](changelog.md) says what is there already.",
        "",
        *(f"- **{level}**: {meaning}" for level, meaning in LEVELS.items()),
    ]
    for log, title in LOGS.items():
        lines += ["", f"## {title}"]
        for one in (one for one in FAILURES.values() if one.log is log):
            lines += ["", f"### `{one.slug}`", "", f"**{one.title}.** {one.cause}", ""]
            lines += [f"- Seen: `{symptom.text}`" for symptom in one.symptoms]
            lines += [f"- Remedy: {one.remedy}", f"- Held by: {', '.join(one.held)}"]
    return {"failures.md": text(lines)}
