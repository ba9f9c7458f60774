"""The page of the policies."""

from datetime import date

from pokayoke_policies.pack import policies

from .markdown import text


def pages() -> dict[str, str]:
    """`policies.md`."""
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
    return {"policies.md": text([*head, *rows])}
