"""The page of the policies, and the README of the pack."""

import inspect
import json
from collections.abc import Iterator
from datetime import date

from pokayoke_eks.catalogue import failure
from pokayoke_policies.pack import PACK_NAME, rules
from pokayoke_policies.policy import Rule
from pokayoke_policies.practices import RULES

from .markdown import text

_ADVICE = """\
What the EKS best practices guides, the CIS benchmark and the documentation of the controllers ask for and a
resource's inputs can show. These policies are advisory: they say so and refuse nothing, unless the configuration
makes one `mandatory`. Their settings are part of the same configuration."""

_BETWEEN = """\
A policy that looks between resources judges in the preview of all of them. In `pulumi up` it runs after the
steps, when what it refuses is made already, and not at all when a step failed; `pulumi destroy` is never
judged. Who runs `up --skip-preview` gives these policies up, and keeps those that look at each resource.

What a preview cannot tell yet is said once, as advice that names policy, resource and property, and is judged
in `up`."""

_CONFIGURATION = """\
`pulumi preview --policy-pack policies --policy-pack-config policies.json`, where the file says, a policy at a
time:

```json
{
  "no-egress": {"enforcementLevel": "advisory"},
  "extended-support": {
    "exemptions": [
      {"resource": "legacy-*", "reason": "moves to 1.36 with the next release", "until": "2027-01-31"}
    ]
  }
}
```

`enforcementLevel` is `mandatory`, `advisory`, `disabled`, or `remediate` for the policies below. An exemption names
resources by name or as `TYPE::NAME`, `*` standing for any text; a reason; and the last day on which it holds. After
that day the policy bites again and says so. The engine refuses a configuration that says anything else before
it judges."""


_REMEDIATION = """\
At level `remediate`, which none of them has unless a configuration says so, these policies change a resource's inputs
before they judge it. What is exempt, secret or not known yet is left as it is, and so is what would not be safe to
change: then the policy is mandatory, and says why. Any other policy at this level is an error of the configuration.

Pulumi makes a replacement of what the program says, without what was changed (pulumi 3.260,
`pkg/resource/deploy/step_generator.go`); the next `pulumi up` changes it."""


def pages() -> dict[str, str]:
    """`policies.md`, and the pack's `README.md` beside it."""
    table = [*_table(), "", "## Advice", "", _ADVICE, "", *_practices()]
    configuration = ["## Configuration", "", _CONFIGURATION, "", "## Remediation", "", _REMEDIATION, "", *_remedies()]
    page = ["# The policies", "", _HOW, "", *table, "", "## Between resources", "", _BETWEEN, ""]
    readme = [f"# {PACK_NAME}", "", _WHAT, "", *_USE, "", *table, "", *configuration]
    return {
        "policies.md": text([*page, *configuration]),
        "../policies/README.md": text(readme),
    }


_HOW = """\
All of these are mandatory and judge raw resources, ours or not: `pulumi preview --policy-pack policies`. Each is called
as the failure that it keeps away: [the failures](failures.md) tell cause and remedy, `pokayoke replay POLICY`
shows the failure and the refusal."""
_WHAT = (
    "A CrossGuard policy pack that refuses raw resources which lead to the documented failures of EKS platforms, "
    "whoever made them."
)
_USE = [
    "```console",
    "$ pip install -r policies/requirements.txt",
    "$ pulumi preview --policy-pack policies",
    "```",
    "",
    "A pack of one's own takes these policies, or some of them:",
    "",
    "```python",
    "from datetime import date",
    "from pokayoke_policies import policies",
    "from pulumi_policy import PolicyPack",
    "",
    'PolicyPack("ours", [one for one in policies(date.today()) if one.name != "no-egress"])',
    "```",
]


def _table() -> Iterator[str]:
    yield "| policy | refuses | looks | remedy |"
    yield "|---|---|---|---|"
    for rule in rules(date.today()):
        if rule.practice is None:
            known = failure(rule.slug)
            yield f"| `{rule.slug}` | {known.title}. | {_looks(rule)} | {known.remedy} |"


def _practices() -> Iterator[str]:
    yield "| policy | advises against | why | remedy | who asks for it | settings |"
    yield "|---|---|---|---|---|---|"
    for rule in RULES:
        if asked := rule.practice:
            said = (f"{asked.title}.", f"{asked.why}.", asked.remedy, asked.source, _settings(rule))
            yield f"| {' | '.join((f'`{rule.slug}`', *said))} |"


def _remedies() -> Iterator[str]:
    yield "| policy | sets | on | settings |"
    yield "|---|---|---|---|"
    for rule in rules(date.today()):
        if rule.remedies:
            (said,) = {inspect.getdoc(getattr(one, "func", one)) or "" for one in rule.remedies.values()}
            yield f"| `{rule.slug}` | {said} | {_kinds(list(rule.remedies))} | {_settings(rule)} |"


def _kinds(kinds: list[str]) -> str:
    if len(kinds) < 5:
        return ", ".join(f"`{kind}`" for kind in kinds)
    return f"{len(kinds)} types, from `{kinds[0]}` to `{kinds[-1]}`"


def _settings(rule: Rule) -> str:
    return "; ".join(
        f"`{key}` (`{json.dumps(one['default'])}`): {one['description']}" for key, one in rule.settings.items()
    )


def _looks(rule: Rule) -> str:
    each = bool(rule.judges or rule.kinds or rule.protection)
    return " and ".join(filter(None, ("at each resource" if each else "", "between resources" if rule.stack else "")))
