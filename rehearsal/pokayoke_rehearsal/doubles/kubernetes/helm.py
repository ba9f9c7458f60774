"""Helm over an API server: install, upgrade and uninstall of known charts, with Helm's order, ownership and records."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, replace
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.charts import Installation, Rendered
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError, NoMatchError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Kind,
    Object,
    annotation,
    at,
    clone,
    fields,
    kind_of,
    labels_of,
    name_of,
    namespace_of,
    text,
)

MANAGER = "helm"
SECRET = Kind("", "v1", "Secret")

_NAME, _NAMESPACE = "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"
_MANAGED_BY = "app.kubernetes.io/managed-by"
_KEEP = "helm.sh/resource-policy"

# Helm's own install order (helm.sh/helm, pkg/releaseutil/kind_sorter.go); kinds that it does not name come last.
_ORDER = (
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
)


class HelmError(Exception):
    """What Helm says when it refuses; nothing was written."""


@dataclass(frozen=True)
class Stored:
    """A release as Helm's record holds it."""

    name: str
    namespace: str
    revision: int
    status: str
    chart: str
    version: str
    app_version: str
    values: dict[str, Any]
    objects: list[Object]
    """The release's objects as they were rendered, in the order of their creation."""


class Helm:
    """One cluster's releases. Each revision is a Secret in the release's namespace, as with Helm's default driver."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def find(self, name: str, namespace: str) -> Stored | None:
        """The newest revision of a release, None when there is none."""
        labels = {"owner": "helm", "name": name}
        found = [_read(secret) for secret in self._cluster.list("", "Secret", namespace, labels=labels)]
        return max(found, key=lambda stored: stored.revision, default=None)

    def install(self, chart: str, installation: Installation, rendered: Rendered, *, skip_definitions: bool) -> Stored:
        """Puts a new release into the cluster; raises HelmError or, once it began to write, ReleaseFailedError."""
        name, namespace = installation.name, installation.namespace
        if self.find(name, namespace) is not None:
            raise HelmError("cannot re-use a name that is still in use")
        for definition in [] if skip_definitions else rendered.definitions:
            if self._cluster.find(kind_of(definition), name_of(definition)) is None:
                self._cluster.create(clone(definition), MANAGER)
        objects = self._prepared(installation, rendered)
        for obj in objects:
            self._require_free(obj, name, namespace)
        record = self._record(chart, installation, rendered, objects, 1)
        self._keep(record, "pending-install")
        return self._write(record, objects, [])

    def upgrade(self, chart: str, installation: Installation, rendered: Rendered) -> Stored:
        """Brings a release to another version or other values, and takes out what it no longer has."""
        before = self.find(installation.name, installation.namespace)
        if before is None:
            raise HelmError(f'"{installation.name}" has no deployed releases')
        objects = self._prepared(installation, rendered)
        owned = {_identity(obj) for obj in before.objects}
        for obj in objects:
            if _identity(obj) not in owned:
                self._require_free(obj, installation.name, installation.namespace)
        record = self._record(chart, installation, rendered, objects, before.revision + 1)
        wanted = {_identity(obj) for obj in objects}
        gone = [obj for obj in before.objects if _identity(obj) not in wanted]
        self._keep(record, "pending-upgrade")
        stored = self._write(record, objects, gone)
        self._keep(before, "superseded")
        return stored

    def uninstall(self, stored: Stored) -> None:
        """Asks for the deletion of all that the release brought, last things first; what holds something, holds it."""
        self._keep(stored, "uninstalling")
        for obj in reversed(stored.objects):
            self._remove(obj)

    def forget(self, stored: Stored) -> None:
        """Removes a release's records: it is uninstalled."""
        labels = {"owner": "helm", "name": stored.name}
        for secret in self._cluster.list("", "Secret", stored.namespace, labels=labels):
            self._cluster.delete(SECRET, name_of(secret), stored.namespace, propagation="Background")

    def live(self, stored: Stored) -> list[Object]:
        """The release's objects as they are in the cluster, those that are gone left out."""
        found = (self._cluster.find(kind_of(obj), name_of(obj), namespace_of(obj)) for obj in stored.objects)
        return [obj for obj in found if obj is not None]

    def leaving(self, stored: Stored) -> list[Object]:
        """What an uninstallation waits for: the release's objects that are still there, less those that its chart has
        kept (helm, `pkg/action/uninstall.go`)."""
        kept = {_identity(obj) for obj in stored.objects if annotation(obj, _KEEP) == "keep"}
        return [obj for obj in self.live(stored) if _identity(obj) not in kept]

    def fail(self, stored: Stored) -> Stored:
        """Marks a release as failed: it is there, and an upgrade may repair it."""
        return self._keep(stored, "failed")

    def roll_back(self, stored: Stored) -> None:
        """Puts the revision before a failed one back in its place."""
        labels = {"owner": "helm", "name": stored.name, "version": str(stored.revision - 1)}
        for secret in self._cluster.list("", "Secret", stored.namespace, labels=labels):
            before = _read(secret)
            kept = {_identity(obj) for obj in before.objects}
            gone = [obj for obj in stored.objects if _identity(obj) not in kept]
            self._write(replace(before, revision=stored.revision + 1), before.objects, gone)

    def _prepared(self, installation: Installation, rendered: Rendered) -> list[Object]:
        prepared: list[Object] = []
        for found in rendered.objects:
            obj = fields(clone(found))
            try:
                resource = self._cluster.resource(kind_of(obj))
            except NoMatchError as error:
                where = f'name: "{name_of(obj)}" namespace: "{namespace_of(obj)}" from ""'
                reason = f"resource mapping not found for {where}: {error}\nensure CRDs are installed first"
                problem = f"unable to build kubernetes objects from release manifest: {reason}"
                raise HelmError(problem) from None
            meta = fields(obj.setdefault("metadata", {}))
            if resource.namespaced and not meta.get("namespace"):
                meta["namespace"] = installation.namespace
            meta["labels"] = {**labels_of(obj), _MANAGED_BY: "Helm"}
            owner = {_NAME: installation.name, _NAMESPACE: installation.namespace}
            meta["annotations"] = {**fields(meta.get("annotations")), **owner}
            prepared.append(obj)
        return sorted(prepared, key=_rank)

    def _require_free(self, obj: Object, name: str, namespace: str) -> None:
        live = self._cluster.find(kind_of(obj), name_of(obj), namespace_of(obj))
        if live is None:
            return
        problems = [
            f'missing key "{key}": must be set to "{wanted}"'
            if not actual
            else f'key "{key}" must equal "{wanted}": current value is "{actual}"'
            for key, wanted, actual in (
                (_MANAGED_BY, "Helm", labels_of(live).get(_MANAGED_BY, "")),
                (_NAME, name, annotation(live, _NAME)),
                (_NAMESPACE, namespace, annotation(live, _NAMESPACE)),
            )
            if actual != wanted
        ]
        if problems:
            listed = "; ".join(
                f"{'label' if _MANAGED_BY in problem else 'annotation'} validation error: {problem}"
                for problem in problems
            )
            raise HelmError(
                f'Unable to continue with install: {obj["kind"]} "{name_of(obj)}" in namespace "{namespace_of(obj)}" '
                f"exists and cannot be imported into the current release: invalid ownership metadata; {listed}"
            )

    def _write(self, record: Stored, objects: list[Object], gone: list[Object]) -> Stored:
        try:
            for obj in objects:
                self._cluster.apply(clone(obj), MANAGER, force=True)
            for obj in reversed(gone):
                self._remove(obj)
        except (ApiError, NoMatchError) as error:
            failed = self._keep(record, "failed")
            raise ReleaseFailedError(failed, f"failed to create resource: {error}") from None
        return self._keep(record, "deployed")

    def _remove(self, obj: Object) -> None:
        live = self._cluster.find(kind_of(obj), name_of(obj), namespace_of(obj))
        if live is not None and annotation(live, _KEEP) != "keep":
            self._cluster.delete(kind_of(obj), name_of(obj), namespace_of(obj), propagation="Background")

    def _record(
        self, chart: str, installation: Installation, rendered: Rendered, objects: list[Object], revision: int
    ) -> Stored:
        return Stored(
            name=installation.name,
            namespace=installation.namespace,
            revision=revision,
            status="unknown",
            chart=chart,
            version=installation.version,
            app_version=rendered.app_version,
            values=fields(clone(dict(installation.values))),
            objects=objects,
        )

    def _keep(self, stored: Stored, status: str) -> Stored:
        kept = replace(stored, status=status)
        payload = base64.b64encode(json.dumps(vars(kept)).encode()).decode()
        labels = {"owner": "helm", "name": kept.name, "status": status, "version": str(kept.revision)}
        name = f"sh.helm.release.v1.{kept.name}.v{kept.revision}"
        secret = {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "helm.sh/release.v1",
            "metadata": {"name": name, "namespace": kept.namespace, "labels": labels},
            "data": {"release": payload},
        }
        try:
            self._cluster.apply(secret, MANAGER, force=True)
        except ApiError as error:
            raise HelmError(f"create: failed to create: {error}") from None
        return kept


class ReleaseFailedError(Exception):
    """What Helm says when it fails half-way: the release is recorded, as failed."""

    def __init__(self, stored: Stored, reason: str) -> None:
        super().__init__(reason)
        self.stored = stored


def resource_names(stored: Stored) -> dict[str, list[str]]:
    """The release's objects as Pulumi lists them: `Deployment.apps/apps/v1` -> `namespace/name`."""
    names: dict[str, list[str]] = {}
    for obj in stored.objects:
        kind = kind_of(obj)
        qualified = f"{namespace_of(obj)}/{name_of(obj)}" if namespace_of(obj) else name_of(obj)
        names.setdefault(f"{kind.qualified}/{kind.api_version}", []).append(qualified)
    return {key: sorted(listed) for key, listed in sorted(names.items())}


def _read(secret: Object) -> Stored:
    return Stored(**json.loads(base64.b64decode(text(at(secret, "data", "release")))))


def _rank(obj: Object) -> int:
    kind = text(obj.get("kind"))
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _identity(obj: Object) -> tuple[str, str, str, str]:
    kind = kind_of(obj)
    return kind.group, kind.kind, namespace_of(obj), name_of(obj)
