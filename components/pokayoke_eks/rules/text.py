"""What no name, tag, selector or label may hold: unfilled placeholders, and ids of things that are made elsewhere."""

import re

from .finding import Finding, shown

PLACEHOLDER = "unresolved-placeholder"
LITERAL_ID = "stale-vpc-id"

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}?|\{\{.*?(?:\}\}|$)|<[A-Za-z_][^<>\s]*>|\$\([^)]*\)", re.DOTALL)
_TEMPLATE = re.compile(r"\$\{[^}]*\}?|\{\{.*?(?:\}\}|$)", re.DOTALL)
# IAM user guide, "Policy elements: Variables and tags": a condition key, with a default value or without, or one of the
# characters that would otherwise be wildcards. CloudFormation's own `${AWS::Region}` is none of these.
_IAM_VARIABLE = re.compile(r"\$\{(?:[*?$]|[A-Za-z0-9./-]+:(?!:)[^}:]+(?::[^}:]+)*)\}")
_IDENTIFIER = re.compile(r"[\s${}A-Za-z0-9_.:-]{1,60}", re.ASCII)
_LITERAL_ID = re.compile(r"(?<![A-Za-z0-9])(?:vpc|subnet|sg)-(?:[0-9a-f]{17}|[0-9a-f]{8})(?![0-9a-z])")
_FILL_IN = 'Write the value itself; a program hands it in: pulumi.Output.format("{0}-nodes", cluster.name).'


def unresolved_placeholder(text: str) -> Finding | None:
    """Why this text still waits for its values."""
    found = _PLACEHOLDER.search(text)
    if found is None:
        return None
    return Finding(
        f"the placeholder {shown(found.group())} was never filled in",
        "Write the value itself; nothing substitutes text in this file.",
        PLACEHOLDER,
    )


def left_over_template(text: str, *, policy: bool = False) -> Finding | None:
    """Why a text of a resource, whoever wrote it, still waits for its values: `${...}` and `{{...}}` only, because raw
    resources hold other brackets lawfully. In an IAM `policy`, IAM's own variables pass.

    What stands in the brackets is told only where it is a name."""
    found = next((one for one in _TEMPLATE.findall(text) if not (policy and _IAM_VARIABLE.fullmatch(one))), None)
    if found is None:
        return None
    told = shown(found) if _IDENTIFIER.fullmatch(found) else "with text in it"
    return Finding(f"the placeholder {told} was never filled in", _FILL_IN, PLACEHOLDER)


def ids_in(text: str) -> list[str]:
    """The ids of VPCs, subnets and security groups in a text."""
    return _LITERAL_ID.findall(text)


def literal_id(text: str) -> Finding | None:
    """Why this text must not name a VPC, subnet or security group by id."""
    found = _LITERAL_ID.search(text)
    if found is None:
        return None
    return Finding(
        f"{found.group()} is the id of one network; it is wrong as soon as that is made anew",
        "Leave it out: components take ids from the network that they are given.",
        LITERAL_ID,
    )
