"""The provider's own configuration: checked, compared and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pokayoke_rehearsal.doubles.base import UNKNOWN, CheckError, Difference, Inputs, difference
from pokayoke_rehearsal.doubles.kubernetes.provider.kubeconfig import Access, KubeconfigError, read
from pokayoke_rehearsal.doubles.kubernetes.store.objects import text

IDENTIFIER = "clusterIdentifier"
_CLUSTER_KEYS = ("kubeconfig", "context", "cluster")

_NO_CONFIGURATION = (
    "unable to load Kubernetes client configuration from kubeconfig file. Make sure you have: \n\n \t • set up the "
    "provider as per https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ \n\n "
)


@dataclass(frozen=True)
class Settings:
    """One provider instance's configuration. `unreachable` says why there is no way to a cluster, if there is none."""

    access: Access | None
    unreachable: str
    namespace: str
    """Where namespaced objects go that name no namespace."""
    server_side_apply: bool
    patch_force: bool
    upsert: bool
    config_map_mutable: bool
    secret_mutable: bool
    delete_unreachable: bool
    skip_update_unreachable: bool


def check(news: Inputs) -> Inputs:
    """Refuses what the rehearsal does not do, by name."""
    if news.get("renderYamlToDirectory"):
        raise CheckError(("renderYamlToDirectory", "the rehearsal applies objects and writes no YAML files"))
    return news


def diff(olds: Inputs, news: Inputs) -> Difference:
    """What a changed configuration entails, as pulumi-kubernetes decides it (provider.go, DiffConfig, v4.32).

    Everything is replaced when the cluster is another one. A known and unchanged `clusterIdentifier` rules that out, a
    changed one settles it, adding or removing it settles nothing; without it an unknown kubeconfig counts as another
    cluster.
    """
    changes = difference(olds, news)
    if not changes.changed:
        return changes
    old, new = olds.get(IDENTIFIER), news.get(IDENTIFIER)
    if new is not None and new is not UNKNOWN and old == new:
        return changes
    replacing = {IDENTIFIER} if old is not None and new is not None and old != new else set[str]()
    unknown = [key for key in _CLUSTER_KEYS if news.get(key) is UNKNOWN]
    if unknown:
        replacing.add(unknown[0])
    elif _active_cluster(olds) != _active_cluster(news) and _active_cluster(olds) and _active_cluster(news):
        replacing |= {key for key in _CLUSTER_KEYS if key in changes.changed}
    return Difference(changes.added, changes.removed, changes.updated, frozenset(replacing))


def configure(args: Inputs) -> Settings:
    """The configuration as the provider uses it."""
    access, problem = None, ""
    stated = text(args.get("kubeconfig"))
    try:
        access = read(stated, context=text(args.get("context")), cluster=text(args.get("cluster"))) if stated else None
        problem = "" if stated else f"{_NO_CONFIGURATION}invalid configuration: no configuration has been provided"
    except KubeconfigError as error:
        problem = f"failed to parse kubeconfig data in `kubernetes:config:kubeconfig`- {error}"
    return Settings(
        access=access,
        unreachable=problem,
        namespace=text(args.get("namespace")) or (access.namespace if access is not None else "default"),
        server_side_apply=_flag(args, "enableServerSideApply", otherwise=True),
        patch_force=_flag(args, "enablePatchForce"),
        upsert=_flag(args, "upsertExistingObjects"),
        config_map_mutable=_flag(args, "enableConfigMapMutable"),
        secret_mutable=_flag(args, "enableSecretMutable"),
        delete_unreachable=_flag(args, "deleteUnreachable"),
        skip_update_unreachable=_flag(args, "skipUpdateUnreachable"),
    )


def _active_cluster(args: Inputs) -> str:
    stated: Any = args.get("kubeconfig")
    try:
        return read(text(stated), context=text(args.get("context")), cluster=text(args.get("cluster"))).cluster
    except KubeconfigError:
        return ""


def _flag(args: Inputs, name: str, *, otherwise: bool = False) -> bool:
    value = args.get(name)
    return otherwise if value is None else value is True or value == "true"
