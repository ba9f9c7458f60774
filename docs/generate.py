"""Writes the pages that follow from the code: `make docs`. A test fails when a page is older than its source."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from pokayoke_eks.catalogue import FAILURES, Level, Log
from pokayoke_eks.config.schema import schema_text
from pokayoke_policies.pack import policies

HERE = Path(__file__).parent
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
    """Every generated page: file name in docs/ to text."""
    return {
        "failures.md": _failures(),
        "config.md": _config(json.loads(schema_text())),
        "policies.md": _policies(),
        "platform.schema.json": schema_text(),
    }


def _failures() -> str:
    lines = [
        "# The documented failures",
        "",
        "Every failure that five teams' logs report. The slug is its only name: in errors, policies, tests and here.",
        "Where it is held is the plan of the whole house; [the changelog](../CHANGELOG.md) says what is there already.",
        "",
        *(f"- **{level}**: {meaning}" for level, meaning in LEVELS.items()),
    ]
    for log, title in LOGS.items():
        lines += ["", f"## {title}"]
        for one in (one for one in FAILURES.values() if one.log is log):
            lines += ["", f"### `{one.slug}`", "", f"**{one.title}.** {one.cause}", ""]
            lines += [f"- Seen: `{symptom.text}`" for symptom in one.symptoms]
            lines += [f"- Remedy: {one.remedy}", f"- Held by: {', '.join(one.held)}"]
    return "\n".join(lines) + "\n"


def _config(schema: dict[str, Any]) -> str:
    definitions = schema["$defs"]
    platform = schema["properties"]["config"]["properties"]["pokayoke-eks:platform"]
    lines = [
        "# The config",
        "",
        "Everything that a stack may say under `pokayoke-eks:platform`. Editors complete it from"
        " [the schema](platform.schema.json).",
        "",
        *_table(platform),
    ]
    for name, definition in definitions.items():
        if "properties" in definition:
            lines += ["", f"## {name}", "", definition.get("description", ""), "", *_table(definition)]
    return "\n".join(lines) + "\n"


def _table(definition: dict[str, Any]) -> list[str]:
    required = definition.get("required", [])
    rows = ["| key | what it says | default | e.g. |", "|---|---|---|---|"]
    for key, field in definition["properties"].items():
        default = "required" if key in required else _code(field["default"]) if field.get("default") is not None else ""
        example = _code(field["examples"][0]) if field.get("examples") else ""
        rows.append(f"| `{key}` | {field.get('description', '')} | {default} | {example} |")
    return rows


def _code(value: object) -> str:
    return f"`{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}`"


def _policies() -> str:
    # A policy on each resource and one on the whole stack may share a name.
    by_name = {one.name: one for one in policies(date.today())}.values()
    rows = [f"| `{one.name}` | {one.description} | {one.remediation_steps} |" for one in by_name]
    head = [
        "# The policies",
        "",
        "All are mandatory and judge raw resources, ours or not: `pulumi preview --policy-pack policies`.",
        "",
        "| policy | refuses | remedy |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text)
