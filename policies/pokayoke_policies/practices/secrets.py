"""What is asked of secrets: that no pod's manifest holds one. No value is ever repeated."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, cast

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.secrets import open_secret
from pokayoke_eks.rules.workloads import CONTAINERS, POD_SPECS
from pokayoke_policies.objects import CHART, RELEASE
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, each, switch
from pokayoke_policies.raw import UNKNOWN, NotKnownError, entries_at, list_at, mapping_of, over, stated

PLAIN = Practice(
    "secrets-not-plain",
    "A secret stands in a pod's manifest",
    "whoever may look at pods, at the state or at a preview reads it",
    "Set valueFrom: {secretKeyRef: {name: SECRET, key: KEY}}, or mount the Secret as a volume.",
    "EKS best practices, security/data; CIS 4.4.1",
    {"noVariables": switch(default=False, description="Whether variables from Secrets are advised against too.")},
)


def plain_secrets(settings: Mapping[str, Any]) -> Rule:
    """No variable of a container is a secret by its name and its value; in charts, none of what is like one."""

    def of_workload(path: tuple[str, ...], workload: Mapping[str, Any]) -> Iterator[Finding]:
        yield from over(entries_at(workload, path, *CONTAINERS), of_container)

    def of_container(found: tuple[tuple[str, ...], Any]) -> Iterator[Finding]:
        place, container = ".".join(found[0]), found[1]
        for index, variable in each(list_at(mapping_of(container), "env")):
            at = f"{place}.env[{index}]"
            if _is_plain(variable):
                yield PLAIN.finding(f"{at}.value", "it is a secret, by its name")
            elif settings["noVariables"] and stated(variable, "valueFrom", "secretKeyRef"):
                problem = "a variable is read by every process in the container, and by who describes it after a crash"
                yield PLAIN.finding(f"{at}.valueFrom", problem, "Mount the Secret as a volume.")

    def of_chart(release: Mapping[str, Any]) -> Iterator[Finding]:
        values = release.get("values")
        if values is UNKNOWN:
            raise NotKnownError(("values",))
        for place in _variables(values, "values"):
            yield PLAIN.finding(f"{place}.value", "it is a secret, by its name")

    return Rule(
        PLAIN.slug,
        judges=dict.fromkeys((RELEASE, CHART), (of_chart,)),
        kinds={kind: (partial(of_workload, path),) for kind, path in POD_SPECS.items()},
        practice=PLAIN,
        tuned=plain_secrets,
    )


RULES = (plain_secrets(PLAIN.set_by({})),)


def _is_plain(variable: Mapping[str, Any]) -> bool:
    """Whether a variable is a secret that stands there; one that is not known yet comes from elsewhere."""
    name, value = variable.get("name"), variable.get("value")
    known = isinstance(name, str) and isinstance(value, str) and value.strip()
    return bool(known) and open_secret(str(name), str(value)) is not None


def _variables(value: Any, place: str) -> Iterator[str]:
    """Where a chart's values hold variables that are secrets. Manifests in them are judged as what they are."""
    if isinstance(value, list):
        for index, one in enumerate(cast("list[Any]", value)):
            yield from _variables(one, f"{place}[{index}]")
    elif isinstance(value, dict):
        said = cast("dict[str, Any]", value)
        if "apiVersion" in said and "kind" in said:
            return
        if _is_plain(said):
            yield place
        for key, one in said.items():
            yield from _variables(one, f"{place}.{key}")
