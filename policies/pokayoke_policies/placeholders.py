"""The policy `unresolved-placeholder`: what names, tags, labels, annotations and selectors say is the thing itself.

Only such places are looked at. User data, scripts, Helm values, Prometheus rules and the templates of other tools hold
the same brackets lawfully. An unknown value is no text that somebody typed, so it is passed over without a notice.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, cast

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.placeholder_places import LITERAL_GROUPS, TEMPLATED_ANNOTATIONS
from pokayoke_eks.rules.text import PLACEHOLDER, left_over_template

from .helm import known_chart
from .inventory import known_map
from .objects import RELEASE, group_of_object
from .policy import EVERY_KIND, Rule
from .raw import UNKNOWN
from .unrendered import with_charts

_NAME = re.compile(r"(?:[a-z][A-Za-z0-9]*N|n)ame|namePrefix|namespace|role|instanceProfile|serviceAccount")
_WHOLE = {"labels", "annotations", "matchLabels", "nodeSelector", "tags", "tagsAll"}
"""Mappings, and lists of `{key, value}`, of which every key and value counts."""
_SELECTORS = re.compile(r"[a-zA-Z]*[sS]elector(?:Terms)?|matchExpressions|requirements")
_without_session = partial(re.compile(r"\{\{(?:AccountID|SessionName|SessionNameRaw|EC2PrivateDNSName)\}\}").sub, "")
"""What EKS itself fills in, session by session, in the user names of access entries: those of nodes come back with it
(aws-iam-authenticator README, "Full Configuration Format"; EKS user guide, "Create access entries")."""
_POLICIES = {"policy", "assumeRolePolicy"}
_TEXT = {"data", "binaryData", "stringData", "args", "command", "env", "status", "userData", "userDataBase64"}
"""What is handed on to programs, which have templates of their own."""
_OTHER_TEMPLATES = ("aws:iot/", "aws:imagebuilder/")
"""Services whose own templates stand in names and tags (AWS IoT substitution templates; `{{ imagebuilder:... }}` in the
names of Image Builder's AMIs)."""
_TYPED_GROUPS = ("core", "extensions", *LITERAL_GROUPS)


def aws_resource_is_filled_in(properties: Mapping[str, Any]) -> Iterator[Finding]:
    """Names, tags, labels and selectors of an AWS resource, and the IAM documents in it."""
    yield from _walk(properties)


def object_is_filled_in(content: Mapping[str, Any]) -> Iterator[Finding]:
    """The same for a Kubernetes object."""
    is_typed = group_of_object(content) in _TYPED_GROUPS
    yield from _walk(content if is_typed else {"metadata": content.get("metadata")})


def release_is_filled_in(release: Mapping[str, Any]) -> Iterator[Finding]:
    """A release's own names, and the values of a known chart that the chart takes literally."""
    for key in ("name", "namespace", "chart", "version"):
        yield from _text(release.get(key), key)
    if release.get("chart") is UNKNOWN or release.get("repositoryOpts") is UNKNOWN:
        return
    chart = known_chart(release)
    for path in chart.literal if chart else ():
        value: Any = release.get("values")
        for key in path:
            value = cast("dict[str, Any]", value).get(key) if isinstance(value, dict) else None
        yield from _every(value, ".".join(("values", *path)))


RULE = with_charts(
    Rule(
        PLACEHOLDER,
        judges={
            "aws": (aws_resource_is_filled_in,),
            "aws-native": (aws_resource_is_filled_in,),
            RELEASE: (release_is_filled_in,),
        },
        kinds={EVERY_KIND: (object_is_filled_in,)},
        exempt=_OTHER_TEMPLATES,
    )
)


def _walk(value: Any, *path: str) -> Iterator[Finding]:
    if isinstance(value, list):
        *above, last = path
        for index, item in enumerate(cast("list[Any]", value)):
            yield from _walk(item, *above, f"{last}[{index}]")
    for key, member in known_map(value).items():
        at = ".".join((*path, key))
        if key in _WHOLE or _SELECTORS.fullmatch(key):
            yield from _every(member, at)
        elif isinstance(member, str):
            if _NAME.fullmatch(key):
                yield from _text(_without_session(member) if key == "userName" else member, at)
            elif key in _POLICIES:
                yield from _text(member, at, policy=True)
        elif key not in _TEXT:
            yield from _walk(member, *path, key)


def _every(value: Any, path: str) -> Iterator[Finding]:
    """Every key and every text below."""
    if isinstance(value, dict):
        for key, member in cast("dict[str, Any]", value).items():
            if not re.match(TEMPLATED_ANNOTATIONS, key):
                yield from _text(key, f"a key of {path}")
                yield from _every(member, f"{path}.{key}")
    elif isinstance(value, list):
        for index, member in enumerate(cast("list[Any]", value)):
            yield from _every(member, f"{path}[{index}]")
    else:
        yield from _text(value, path)


def _text(value: Any, path: str, *, policy: bool = False) -> Iterator[Finding]:
    finding = left_over_template(value, policy=policy) if isinstance(value, str) else None
    if finding:
        yield finding.at(f"{path}: ")
