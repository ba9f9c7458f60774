"""The page of the policies, and the README of the pack."""

import inspect
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pokayoke_eks.catalogue import failure
from pokayoke_policies.pack import PACK_NAME, rules
from pokayoke_policies.policy import Rule
from pokayoke_policies.practices import RULES

from .catalogue import LOGS
from .markdown import text
from .policy_sections import kinds, section, settings

_ADVICE = """\
What the EKS best practices guides, the CIS benchmark and the documentation of the controllers ask for and a
resource's inputs can show. These policies are advisory: they say so and refuse nothing, unless the configuration
makes one `mandatory`. Their settings are part of the same configuration."""

_BETWEEN = """\
A policy that looks between resources judges in the preview of all of them. In `pulumi up` it runs after the
steps, when what it refuses is made already, and not at all when a step failed; `pulumi destroy` is never
judged. Who runs `up --skip-preview` gives these policies up, and keeps those that look at each resource.

What a preview cannot tell yet is said once, as advice that names policy, resource and property, and is judged
in `up`. Of a `helm.sh/v4` chart, a `yaml/v2` manifest or a `kustomize/v2` directory with an input that is not known
yet Pulumi shows no objects, and never inputs: the provider warns "Preview is incomplete", and what they bring is
judged in `up`."""

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
it judges.

What is said of `all` is the level of every policy. `policies/strict.json` makes each of them mandatory, advice too;
this repository's own stacks and examples are held to it, with no exemption. A rehearsal takes such a file as Pulumi
does:

```console
$ pokayoke rehearse dev --until preview --policy-pack-config policies/strict.json
```"""


_IN_CI = """\
This repository's workflow `preview.yml` is for others to call: a preview under the pack, its findings in code scanning,
as a test report and as a table in the run's summary. The job that calls it grants what it asks for; the role trusts
GitHub's OIDC provider, and a pull request from a fork is passed over.

```yaml
on: pull_request
jobs:
  preview:
    uses: OWNER/pokayoke-eks/.github/workflows/preview.yml@REVISION
    permissions:
      contents: read
      id-token: write
      security-events: write
    with:
      stack: dev
      working-directory: infra
      requirements: requirements.txt         # holds pokayoke-eks[cli]
      policy-pack-config: policies.json      # if need be
      aws-region: eu-central-1
      aws-role: arn:aws:iam::123456789012:role/preview
```

Anywhere else, and without an engine:

```console
$ pokayoke preview dev --sarif found.sarif --junit found.xml --summary found.md
$ pokayoke check --manifests deploy/ --policy-pack-config policies.json --format sarif > found.sarif
$ kustomize build overlays/prod > prod.yaml && pokayoke check --manifests prod.yaml
$ pulumi stack export > dev.json && pokayoke check --state dev.json --format junit > found.xml
```

`check --manifests` judges every Kubernetes object in YAML and JSON below a folder, and tells the line. It passes over
hidden files, a chart's `templates/` and a kustomization's patches: of these, check what `helm template` and
`kustomize build` write. A file that cannot be read is a finding, and the others are judged. What shows between
resources only is not judged there, as a folder is but a part of what a cluster holds; an exemption names an object as
`NAMESPACE/NAME`. Exit code 1 says that a finding is mandatory."""


_REMEDIATION = """\
At level `remediate`, which none of them has unless a configuration says so, these policies change a resource's inputs
before they judge it. What is exempt, secret or not known yet is left as it is, and so is what would not be safe to
change: then the policy is mandatory, and says why. Any other policy at this level is an error of the configuration.

Pulumi makes a replacement of what the program says, without what was changed (pulumi 3.260,
`pkg/resource/deploy/step_generator.go`); the next `pulumi up` changes it."""


def pages(repository: Path) -> dict[str, str]:
    """`policies.md`, and the pack's `README.md` beside it."""
    examples = repository / "examples" / "policies"
    failures = [rule for rule in rules(date.today()) if rule.practice is None]
    table = [*_table(), "", "## Advice", "", _ADVICE, "", *_practices()]
    configuration = ["## Configuration", "", _CONFIGURATION, "", "## In CI", "", _IN_CI, ""]
    configuration += ["## Remediation", "", _REMEDIATION, "", *_remedies()]
    between = ["## Between resources", "", _BETWEEN, ""]
    page = ["# The policies", "", _HOW, "", *_index(failures), "", _ADVICE, "", *_index(RULES), ""]
    page += [*between, *configuration, "", "## Failures", "", _EXAMPLES, ""]
    page += [line for rule in failures for line in section(rule, examples)]
    page += ["## Practices", "", *(line for rule in RULES for line in section(rule, examples))]
    readme = [f"# {PACK_NAME}", "", _WHAT, "", *_USE, "", *table, "", *between, *configuration]
    return {
        "policies.md": text(page[:-1]),
        "../policies/README.md": text(readme),
    }


_HOW = """\
The policies judge raw resources, ours or not: `pulumi preview --policy-pack policies`. These are mandatory. Each is
called as the failure that it keeps away: [the failures](failures.md) tell cause and remedy, `pokayoke replay POLICY`
shows the failure and the refusal. Every message of a policy ends with the address of its section here.

Resources of `aws-native` are judged as those of `aws` that they are, under their own names. A `*Patch` resource is
judged by what it states; what it leaves out is no default."""
_EXAMPLES = """\
Examples are Pulumi YAML, of what matters; types are named as the engine names them. They lie in `examples/policies`,
and the tests of the pack judge the same. What passes is the smallest mend of what is refused: a resource in the place
of the one of that name or beside the others, or `null` for one that is taken out."""
_WHAT = (
    "A CrossGuard policy pack that refuses raw resources which lead to the documented failures of EKS platforms, "
    "whoever made them."
)
_USE = [
    "In a checkout, after `make rehearse`, the pack runs in the checkout's own virtual environment. `pokayoke pack`",
    "writes it into a folder that needs nothing beside it: to publish it for an organization, or to keep it in another",
    "repository.",
    "",
    "```console",
    "$ pulumi preview --policy-pack policies",
    "$ pokayoke pack ../eks-policies",
    "$ cd ../eks-policies && pulumi install && pulumi policy publish ORGANIZATION",
    "```",
    "",
    "A pack of one's own takes these policies, or some of them, in its `__main__.py`:",
    "",
    "```python",
    "from datetime import date",
    "from pokayoke_policies import policies",
    "from pokayoke_policies.serving import serve",
    "",
    'serve([one for one in policies(date.today()) if one.name != "no-egress"], name="ours")',
    "```",
]


def _index(listed: Iterable[Rule]) -> Iterator[str]:
    yield "| policy | what is wrong | looks |"
    yield "|---|---|---|"
    for rule in listed:
        title = rule.practice.title if rule.practice else failure(rule.slug).title
        yield f"| [`{rule.slug}`](#{rule.slug}) | {title}. | {_looks(rule)} |"


def _table() -> Iterator[str]:
    yield "| policy | level | refuses | looks | remedy | logged by |"
    yield "|---|---|---|---|---|---|"
    for rule in rules(date.today()):
        if rule.practice is None:
            known = failure(rule.slug)
            said = (f"{known.title}.", _looks(rule), known.remedy, LOGS[known.log])
            yield f"| {' | '.join((f'`{rule.slug}`', 'mandatory', *said))} |"


def _practices() -> Iterator[str]:
    yield "| policy | level | advises against | why | remedy | who asks for it | settings |"
    yield "|---|---|---|---|---|---|---|"
    for rule in RULES:
        if asked := rule.practice:
            said = (f"{asked.title}.", f"{asked.why}.", asked.remedy, asked.source, settings(rule))
            yield f"| {' | '.join((f'`{rule.slug}`', 'advisory', *said))} |"


def _remedies() -> Iterator[str]:
    yield "| policy | sets | on | settings |"
    yield "|---|---|---|---|"
    for rule in rules(date.today()):
        if rule.remedies:
            (said,) = {inspect.getdoc(getattr(one, "func", one)) or "" for one in rule.remedies.values()}
            yield f"| `{rule.slug}` | {said} | {kinds(list(rule.remedies))} | {settings(rule)} |"


def _looks(rule: Rule) -> str:
    each = bool(rule.judges or rule.kinds or rule.protection or not rule.stack)
    return " and ".join(filter(None, ("at each resource" if each else "", "between resources" if rule.stack else "")))
