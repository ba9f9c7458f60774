"""A section for each policy: what it is for, what it looks at, and its example."""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

from pokayoke_eks.catalogue import failure
from pokayoke_policies.policy import EVERY_KIND, Rule

_MOST_NAMED = 5


def section(rule: Rule, examples: Path) -> list[str]:
    """What the page says of one policy, with the example that lies in the folder `examples`."""
    return [
        f"### `{rule.slug}`",
        "",
        *(_practice(rule) if rule.practice else _failure(rule)),
        "",
        *_shown(rule, examples),
    ]


def settings(rule: Rule) -> str:
    """What a configuration may change of a policy, on one line."""
    return "; ".join(
        f"`{key}` (`{json.dumps(one['default'])}`): {one['description']}" for key, one in rule.settings.items()
    )


def kinds(found: list[str]) -> str:
    """Types of resources or objects, or how many they are."""
    if len(found) < _MOST_NAMED:
        return ", ".join(f"`{kind}`" for kind in found)
    return f"{len(found)} types, from `{found[0]}` to `{found[-1]}`"


def _failure(rule: Rule) -> Iterator[str]:
    known = failure(rule.slug)
    yield f"**{known.title}.** {known.cause} See [the failure](failures.md#{rule.slug})."
    yield ""
    yield "- Level: mandatory"
    yield from _looks_and_settings(rule)
    yield f"- Fix: {known.remedy}"


def _practice(rule: Rule) -> Iterator[str]:
    asked = rule.practice
    if asked:
        yield f"**{asked.title}**: {asked.why}."
        yield ""
        yield "- Level: advisory"
        yield f"- Who asks for it: {asked.source}"
        yield from _looks_and_settings(rule)
        yield f"- Fix: {asked.remedy}"


def _looks_and_settings(rule: Rule) -> Iterator[str]:
    # A rule that judges nothing until it is configured has no judges yet.
    yield f"- Looks at: {'; '.join(_looks(rule)) or 'what its settings name'}"
    if rule.settings:
        yield f"- Settings: {settings(rule)}"
    if rule.remedies:
        yield f"- Can be [remediated](#remediation): {kinds(list(rule.remedies))}"


def _looks(rule: Rule) -> Iterator[str]:
    packages = [one for one in rule.judges if ":" not in one]
    types = [*dict.fromkeys(one for one in (*rule.judges, *rule.protection) if ":" in one)]
    objects = [one for one in rule.kinds if one != EVERY_KIND]
    if packages:
        yield f"every resource of {' and '.join(f'`{one}`' for one in packages)}"
    if types:
        yield kinds(types)
    if EVERY_KIND in rule.kinds:
        yield "every Kubernetes object, in whatever resource it comes"
    elif objects:
        yield f"Kubernetes objects, in whatever resource they come: {kinds(objects)}"
    if rule.stack:
        yield "[between resources](#between-resources)"


def _shown(rule: Rule, examples: Path) -> Iterator[str]:
    _, failing, mend, *configured = (examples / f"{rule.slug}.yaml").read_text().split("---\n")
    under = f", where its settings are `{json.dumps(yaml.safe_load(configured[0]))}`" if configured else ""
    yield f"{'Advised against' if rule.practice else 'Refused'}{under}:"
    yield from _fenced(failing)
    whole = yaml.safe_load(failing).keys() <= yaml.safe_load(mend).keys()
    yield "Passes:" if whole else "Passes, the rest as above:"
    yield from _fenced(mend)


def _fenced(said: str) -> Iterator[str]:
    yield from ("", "```yaml", *said.splitlines(), "```", "")
