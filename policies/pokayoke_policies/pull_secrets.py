"""The policy `registry-pull-secret-missing`: where a registry asks for a login, the pods that pull from it have one.

That a registry does shows by a pull secret of the stack. Whether one is missing of which the stack says nothing cannot
be told: an image of a public repository looks the same.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.images import Image
from pokayoke_eks.rules.json_text import from_json
from pokayoke_eks.rules.workloads import CONTAINERS, POD_SPECS

from .inventory import Held, known_map, objects_of
from .near import Near
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_at, mapping_at, over, stated
from .stack import Stack

SLUG = "registry-pull-secret-missing"
_KEYS = {"kubernetes.io/dockerconfigjson": ".dockerconfigjson", "kubernetes.io/dockercfg": ".dockercfg"}
_DOCKER = ("index.docker.io", "registry-1.docker.io")


@dataclass(frozen=True)
class Secret:
    """A pull secret, and the registries that it is for."""

    cluster: str | None
    namespace: Any
    hosts: frozenset[str]


def pods_may_pull(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every pod with an image of such a registry names a secret for it, itself or by its service account."""
    unknown: list[NotKnownError] = []
    secrets = list(_secrets(stack, unknown))
    near = Near(entry for one in secrets for entry in _entries(one))

    def judged(held: Held) -> Iterator[tuple[str, Finding]]:
        spec = mapping_at(held.content, *POD_SPECS[held.key])
        if held.namespace is UNKNOWN or _named(stack, held, spec):
            return
        host = next((one for one in _hosts(spec) if near.of(held.cluster, ("host", one))), None)
        if host:
            yield held.member.urn, _finding(held, host, bool(near.of(held.cluster, ("namespace", held.namespace))))

    yield from over(objects_of(stack, *POD_SPECS) if secrets else (), judged)
    if unknown:
        raise unknown[0]


RULE = Rule(SLUG, stack=(pods_may_pull,))


def _secrets(stack: Stack, unknown: list[NotKnownError]) -> Iterator[Secret]:
    for held in objects_of(stack, "core/Secret"):
        key = _KEYS.get(str(held.content.get("type")))
        if key is None:
            continue
        try:
            hosts = _registries(held, key)
        except NotKnownError as error:
            unknown.append(error)
            continue
        yield Secret(held.cluster, held.namespace, hosts)


def _registries(held: Held, key: str) -> frozenset[str]:
    """The hosts that a pull secret holds logins for. Raises `NotKnownError`."""
    text = stated(held.content, "stringData", key)
    encoded = stated(held.content, "data", key)
    try:
        if not isinstance(text, str) and isinstance(encoded, str):
            text = base64.b64decode(encoded).decode()
    except (binascii.Error, ValueError):
        return frozenset()
    logins = known_map(from_json(text))
    addresses = list(known_map(logins.get("auths")) if key == ".dockerconfigjson" else logins)
    hosts = [one.removeprefix("https://").removeprefix("http://").partition("/")[0].lower() for one in addresses]
    return frozenset("docker.io" if host in _DOCKER else host for host in hosts)


def _entries(secret: Secret) -> Iterator[tuple[Any, str | None, Secret]]:
    """By what a secret is looked up."""
    yield ("namespace", secret.namespace), secret.cluster, secret
    yield from ((("host", one), secret.cluster, secret) for one in secret.hosts)


def _named(stack: Stack, held: Held, spec: dict[str, Any]) -> bool:
    """Whether the pod, or its service account, names any pull secret, or it cannot be told."""
    if list_at(spec, "imagePullSecrets"):
        return True
    name = spec.get("serviceAccountName") or spec.get("serviceAccount") or "default"
    near = stack.once(_pulling)
    named = [(where, who) for where in (held.namespace, UNKNOWN) for who in (name, UNKNOWN)]
    return name is UNKNOWN or any(near.of(held.cluster, one) for one in named)


def _pulling(stack: Stack) -> Near[Held]:
    """Service accounts that name a pull secret, by namespace and name."""
    accounts = [one for one in objects_of(stack, "core/ServiceAccount") if one.content.get("imagePullSecrets")]
    return Near(((one.namespace, one.metadata.get("name")), one.cluster, one) for one in accounts)


def _hosts(spec: dict[str, Any]) -> Iterator[str]:
    for group in CONTAINERS:
        for raw in list_at(spec, group):
            image = known_map(raw).get("image")
            if image is UNKNOWN:
                raise NotKnownError((group, "image"))
            if isinstance(image, str) and image:
                yield Image.read(image).registry


def _finding(held: Held, host: str, is_there: bool) -> Finding:
    there = "there is one in its namespace" if is_there else "its namespace has none"
    return Finding(
        f"{held.pods}it pulls from {host}, which asks for a login (the stack has a pull secret for it), and neither "
        f"its pods nor their service account name one; {there}",
        "Set imagePullSecrets: [{name: SECRET}] in the namespace's service account, and make the secret in each "
        "namespace; or pull through a cache in ECR, with the node's role.",
        SLUG,
    )
