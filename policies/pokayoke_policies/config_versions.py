"""The policy `config-change-without-restart`: pods that read configuration once are made anew when it changes.

Source: Kubernetes documentation, "Configure a Pod to Use a ConfigMap": variables, and files mounted by `subPath`, are
read when a container starts and never again. Files of a whole volume follow, and are not judged.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.workloads import CONTAINERS, POD_SPECS

from .inventory import Held, known_map, objects_of
from .near import Near
from .policy import Rule
from .raw import UNKNOWN, list_at, list_of, mapping_at, mappings_at, over
from .stack import Stack

SLUG = "config-change-without-restart"
_LASTING = ("apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "extensions/Deployment", "extensions/DaemonSet")
_KINDS = {"core/ConfigMap": "ConfigMap", "core/Secret": "Secret"}
_REFERENCES = {
    "configMapRef": ("core/ConfigMap", "name"),
    "secretRef": ("core/Secret", "name"),
    "configMapKeyRef": ("core/ConfigMap", "name"),
    "secretKeyRef": ("core/Secret", "name"),
    "configMap": ("core/ConfigMap", "name"),
    "secret": ("core/Secret", "secretName"),
}
_FIELDS = ("data", "binaryData", "stringData")
_VERSIONED = re.compile(r".*-(?:v\d+|(?=[a-z0-9]*\d)[a-z0-9]{6,})", re.ASCII)
_RESTARTING = ("checksum", "hash", "reloader", "restartedat")
_AUTONAMED = "pulumi.com/autonamed"


def pods_follow_their_configuration(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """What a lasting workload reads once has a new name with each change, or the pods say which state they are of."""
    made = [held for held in objects_of(stack, *_KINDS) if not _is_versioned(held)]
    near = Near(
        ((held.key, held.metadata.get("name"), held.namespace), held.cluster, (place, held))
        for place, held in enumerate(made)
    )

    def judged(workload: Held) -> Iterator[tuple[str, Finding]]:
        wanted = () if _restarts(workload) else set(_read_once(mapping_at(workload.content, *POD_SPECS[workload.key])))
        found = {
            place: held
            for kind, name, key in wanted
            for place, held in near.of(workload.cluster, (kind, name, workload.namespace))
            if _holds(held, key)
        }
        for place in sorted(found):
            yield workload.member.urn, _finding(workload, found[place])

    yield from over(objects_of(stack, *_LASTING) if made else (), judged)


RULE = Rule(SLUG, stack=(pods_follow_their_configuration,))


def _is_versioned(held: Held) -> bool:
    """Whether a change makes an object of another name: Pulumi names it, its name is of one state, or it is fixed."""
    name = held.metadata.get("name")
    automatic = known_map(held.metadata.get("annotations")).get(_AUTONAMED) == "true"
    fixed = held.content.get("immutable") is True
    return automatic or fixed or not isinstance(name, str) or _VERSIONED.fullmatch(name) is not None


def _holds(held: Held, key: str | None) -> bool:
    """Whether an object has anything to read, or this key of it. What others fill by hand, as Argo CD's settings, is no
    object whose changes the program makes."""
    said = [held.content.get(field) for field in _FIELDS]
    return UNKNOWN in said or any(key in one if key else one for one in map(known_map, said))


def _restarts(workload: Held) -> bool:
    """Whether its pods' template, or a controller that watches it, follows changes."""
    template = mapping_at(workload.content, *POD_SPECS[workload.key][:-1])
    metadata = mapping_at(template, "metadata")
    said: list[Mapping[str, Any]] = [
        mapping_at(metadata, "annotations"),
        mapping_at(metadata, "labels"),
        known_map(workload.metadata.get("annotations")),
    ]
    return any(mark in key.lower() for one in said for key in one for mark in _RESTARTING)


def _read_once(spec: Mapping[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    """Kind and name of what containers read when they start, and never again, with the key where it is a single one."""
    by_part: set[str] = set()
    for group in CONTAINERS:
        for container in mappings_at(spec, group):
            variables = [known_map(one).get("valueFrom") for one in list_at(container, "env")]
            for one in (*list_at(container, "envFrom"), *variables):
                yield from _named(one)
            mounts = [known_map(one) for one in list_at(container, "volumeMounts")]
            by_part |= {str(one.get("name")) for one in mounts if one.get("subPath")}
    for raw in list_at(spec, "volumes"):
        volume = known_map(raw)
        if str(volume.get("name")) in by_part:
            yield from _named(volume)
            for source in list_of(known_map(volume.get("projected")).get("sources")):
                # Here a Secret goes by its name too.
                for key, one in known_map(source).items():
                    yield from _named({key: {**known_map(one), "secretName": known_map(one).get("name")}})


def _named(holder: Any) -> Iterator[tuple[str, str, str | None]]:
    said = known_map(holder)
    for field, (kind, name) in _REFERENCES.items():
        reference = known_map(said.get(field))
        # What is not known yet comes by reference: it follows the object's own name.
        if isinstance(found := reference.get(name), str):
            key = reference.get("key")
            yield kind, found, key if isinstance(key, str) else None


def _finding(workload: Held, held: Held) -> Finding:
    what = f"{_KINDS[held.key]} '{held.metadata.get('name')}'"
    return Finding(
        f"{workload.pods}its containers read the {what} of this stack when they start, and nothing in their template "
        "changes with it: after a change the pods go on with the old values",
        "Leave the object's metadata.name out, so that each state has a name of its own, and refer to that; or put a "
        "checksum of its data into the template: metadata: {annotations: {checksum/config: SHA256}}.",
        SLUG,
    )
