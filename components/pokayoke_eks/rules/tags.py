"""AWS's limits on tags, and the keys that belong to others.

Source: AWS General Reference, tag naming limits (key 128, value 256, 50 a resource; letters, digits, spaces and
`_ . : / = + - @`); IAM treats keys that differ only in case as the same.
"""

import re
from collections.abc import Mapping

from .finding import Finding, shown

MOST_TAGS = 40
"""AWS takes 50 a resource; ten are kept for what the platform and its controllers set themselves."""
_KEY = re.compile(r"[\w .:/=+@-]{1,128}")
_VALUE = re.compile(r"[\w .:/=+@-]{0,256}")
_OWNED = (
    "kubernetes.io/",
    "k8s.io/",
    "karpenter.sh/",
    "karpenter.k8s.aws/",
    "eks:",
    "elbv2.k8s.aws/",
    "alpha.eksctl.io/",
)


def bad_tag(key: str, value: str) -> Finding | None:
    """Why AWS, or the platform, does not take this tag from a user."""
    if key.lower().startswith("aws:"):
        return Finding(f"the key {shown(key)} begins with aws:, which only AWS may use", "Choose another key.")
    if key == "Name" or key.startswith(_OWNED):
        return Finding(f"the key {shown(key)} is set by the platform itself", "Leave it out.")
    if not _KEY.fullmatch(key):
        return Finding(
            f"AWS takes no tag key {shown(key)}",
            "Use 1 to 128 letters, digits, spaces and _ . : / = + - @.",
        )
    if not _VALUE.fullmatch(value):
        return Finding(
            f"AWS takes no tag value {shown(value)}",
            "Use at most 256 letters, digits, spaces and _ . : / = + - @.",
        )
    return None


def same_but_for_case(tags: Mapping[str, object]) -> str | None:
    """The first key that IAM takes for a repetition of another."""
    seen: set[str] = set()
    for key in tags:
        if key.casefold() in seen:
            return key
        seen.add(key.casefold())
    return None
