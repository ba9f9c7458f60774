"""Create, read, update and delete of objects of any kind, as pulumi-kubernetes does it (its provider.go, v4.32)."""

from __future__ import annotations

import hashlib
import os

from pokayoke_rehearsal.doubles.base import UNKNOWN, Created, Inputs, PartialError, ProviderError
from pokayoke_rehearsal.doubles.kubernetes.provider import readiness, values, waiting, wording
from pokayoke_rehearsal.doubles.kubernetes.provider.session import Asked
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.deletion import Propagation
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError, NoMatchError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    annotation,
    clone,
    fields,
    kind_of,
    name_of,
    namespace_of,
    text,
)
from pokayoke_rehearsal.doubles.wire import has_unknown

PATCH_FORCE = "pulumi.com/patchForce"
PATCH_MANAGER = "pulumi.com/patchFieldManager"
PROPAGATION = "pulumi.com/deletionPropagationPolicy"

CREATOR = "pulumi-kubernetes"
"""The field manager of everything that is created; what is updated later is applied under a name of its own."""

_TAKEN_OVER = ("kubectl", "before-first-apply", CREATOR)
_ONLY_WHEN_WRITTEN = ("uid", "creationTimestamp", "resourceVersion")


class Objects:
    """Serves every kind of object."""

    async def create(self, asked: Asked, inputs: Inputs) -> Created:
        """Makes the object and waits until it is ready; one that never gets ready stays, with what is missing."""
        obj = values.manifest(inputs, asked.token)
        manager = _manager(obj, {})
        if asked.call.preview:
            return self._foreseen(asked, inputs, obj, manager)
        cluster = asked.session.require()
        made = await self._made(cluster, asked, obj, manager)
        live, problem = await self._ready(asked, cluster, obj, made)
        state = values.outputs(live, manager, text(obj["apiVersion"]))
        if problem is not None:
            first = wording.not_ready(asked.call, problem.error)
            raise PartialError(wording.qualified(live), state, first, *problem.details)
        return Created(wording.qualified(live), state)

    async def read(self, asked: Asked, inputs: Inputs, state: Inputs) -> tuple[Inputs, Inputs] | None:
        """The object as it is; None when it or its kind is gone."""
        stated = values.manifest(inputs, asked.token) if inputs else None
        namespace, _, name = asked.call.resource_id.rpartition("/")
        try:
            live = asked.session.require().get(asked.kind_of(stated), name, namespace)
        except NoMatchError:
            return None
        except ApiError as error:
            if error.code == 404:
                return None
            raise ProviderError(str(error)) from None
        state = values.outputs(live, _manager(live, state), text(live["apiVersion"]))
        if stated is not None:
            return values.checked(fields(values.pruned(live, stated))), state
        whole = {key: value for key, value in live.items() if key != "status"}
        return values.checked(values.manifest(whole, asked.token)), state

    async def update(self, asked: Asked, olds: Inputs, news: Inputs) -> Inputs:
        """Applies the new inputs and waits until the object is ready again."""
        obj, last = values.manifest(news, asked.token), values.live(olds)
        manager = _manager(obj, olds)
        kind, name, namespace = kind_of(obj), name_of(last), namespace_of(last)
        version = text(olds.get(values.INITIAL_VERSION)) or kind.api_version
        cluster = asked.session.cluster() if asked.call.preview else asked.session.require()
        if asked.call.preview and (cluster is None or has_unknown(obj) or not cluster.discovery.serves(kind)):
            return news
        cluster = cluster or asked.session.require()
        try:
            cluster.get(kind, name, namespace)
            applied = self._applied(cluster, asked, obj, manager)
        except (NoMatchError, ApiError) as error:
            live = cluster.find(kind, name, namespace)
            if live is None or asked.call.preview or isinstance(error, NoMatchError):
                raise ProviderError(wording.not_updated(asked.call, error, manager)) from None
            reason = wording.not_live(wording.qualified(live), wording.refusal(error, manager))
            state = values.outputs(live, manager, version)
            raise PartialError(wording.qualified(live), state, reason) from None
        if asked.call.preview:
            return _without_chance(values.outputs(applied, manager, version))
        live, problem = await self._ready(asked, cluster, obj, applied)
        state = values.outputs(live, manager, version)
        if problem is not None:
            reason = wording.not_live(wording.qualified(live), problem.error)
            raise PartialError(wording.qualified(live), state, reason, *problem.details)
        return state

    async def delete(self, asked: Asked, old_inputs: Inputs, olds: Inputs) -> None:
        """Deletes the object and waits until it is gone; an object or a kind that is gone already is fine."""
        if reason := asked.session.unreachable():
            if asked.session.settings.delete_unreachable:
                return
            raise ProviderError(wording.undeletable(reason))
        last, stated = values.live(olds), values.manifest(old_inputs, asked.token)
        kind, cluster = asked.kind_of(last), asked.session.require()
        namespace, _, name = asked.call.resource_id.rpartition("/")
        try:
            if asked.token.is_patch:
                cluster.relinquish({**last, "apiVersion": kind.api_version, "kind": kind.kind}, _manager(last, olds))
                return
            cluster.delete(kind, name, namespace, propagation=_propagation(stated))
        except NoMatchError:
            return
        except ApiError as error:
            if error.code == 404:
                return
            raise ProviderError(str(error)) from None
        if annotation(stated, readiness.SKIP_AWAIT) == "true" and (kind.group, kind.kind) in _SKIPPABLE:
            return

        def is_gone() -> bool:
            return cluster.find(kind, name, namespace) is None

        def held() -> str:
            return wording.still_there(cluster, kind, name, namespace)

        gone = await waiting.until(asked.session.waits, cluster, is_gone, lambda: f"{kind.kind} {name}: {held()}")
        if not gone and not cluster.closed:
            raise ProviderError(held())

    def _foreseen(self, asked: Asked, inputs: Inputs, obj: Object, manager: str) -> Created:
        cluster = asked.session.cluster()
        unforeseeable = has_unknown(obj) or asked.token.is_patch
        if cluster is None or unforeseeable or not cluster.discovery.serves(asked.kind_of(obj)):
            return Created(UNKNOWN, inputs)
        try:
            made = cluster.create(clone(obj), CREATOR, dry_run=True)
        except ApiError as error:
            # What another step of the same run may yet bring about is no reason to fail a preview.
            if error.reason in ("AlreadyExists", "Forbidden") or error.subject == "namespaces":
                return Created(UNKNOWN, inputs)
            raise ProviderError(wording.not_created(asked.call, obj, error, manager)) from None
        return Created(UNKNOWN, _without_chance(values.outputs(made, manager, text(obj["apiVersion"]))))

    async def _made(self, cluster: Cluster, asked: Asked, obj: Object, manager: str) -> Object:
        settings = asked.session.settings
        upsert = settings.server_side_apply and (asked.token.is_patch or settings.upsert)
        made: list[Object] = []
        refused: list[Exception] = []

        def attempt() -> bool:
            # A namespace or a definition may still be on its way: the real provider tries again for half a minute.
            refused.clear()
            try:
                if upsert:
                    made.append(cluster.apply(clone(obj), manager, force=_forces(asked, obj)))
                else:
                    made.append(cluster.create(clone(obj), CREATOR))
            except NoMatchError as error:
                refused.append(error)
                return False
            except ApiError as error:
                refused.append(error)
                return error.code != 404
            return True

        await waiting.until(asked.session.waits, cluster, attempt, lambda: "; ".join(map(str, refused)))
        if refused:
            raise ProviderError(wording.not_created(asked.call, obj, refused[0], manager))
        return made[0]

    def _applied(self, cluster: Cluster, asked: Asked, obj: Object, manager: str) -> Object:
        preview = asked.call.preview
        if (asked.token.kind.group, asked.token.kind.kind) == DEFINITION:
            return cluster.replace(clone(obj), manager, dry_run=preview)
        if not asked.token.is_patch and not preview:
            cluster.hand_over(obj, _TAKEN_OVER, manager)
        force = preview or _forces(asked, obj) or not asked.session.settings.server_side_apply
        return cluster.apply(clone(obj), manager, force=force, dry_run=preview)

    async def _ready(
        self, asked: Asked, cluster: Cluster, inputs: Object, made: Object
    ) -> tuple[Object, readiness.Readiness | None]:
        kind, name, namespace = kind_of(made), name_of(made), namespace_of(made)

        def live() -> Object:
            return cluster.find(kind, name, namespace) or made

        try:
            condition = readiness.wanted(inputs)
        except readiness.WaitForError as error:
            return made, readiness.Readiness(False, str(error))
        if condition is None:
            return live(), None

        def missing() -> str:
            problem = condition(cluster, live())
            return f"{kind.kind} {name}: {'; '.join([problem.error, *problem.details])}"

        await waiting.until(asked.session.waits, cluster, lambda: condition(cluster, live()).ready, missing)
        found = live()
        problem = condition(cluster, found)
        return found, None if problem.ready else problem


def _manager(obj: Object, state: Inputs) -> str:
    stated = annotation(obj, PATCH_MANAGER) or text(state.get(values.FIELD_MANAGER))
    return stated or f"{CREATOR}-{hashlib.sha256(os.urandom(8)).hexdigest()[:8]}"


def _forces(asked: Asked, obj: Object) -> bool:
    return asked.session.settings.patch_force or annotation(obj, PATCH_FORCE) == "true"


def _without_chance(outputs: Inputs) -> Inputs:
    """What a dry run tells, without what only the real write decides."""
    known = {key: value for key, value in outputs.items() if key != "status"}
    meta = fields(outputs.get("metadata"))
    return {**known, "metadata": {**meta, **dict.fromkeys(_ONLY_WHEN_WRITTEN, UNKNOWN)}}


def _propagation(inputs: Object) -> Propagation:
    stated = annotation(inputs, PROPAGATION).lower()
    return "Orphan" if stated == "orphan" else "Background" if stated == "background" else "Foreground"


_SKIPPABLE = frozenset(
    {
        ("", "Namespace"),
        ("", "Pod"),
        ("", "ReplicationController"),
        ("apps", "DaemonSet"),
        ("apps", "Deployment"),
        ("apps", "StatefulSet"),
        ("batch", "Job"),
    }
)
"""Kinds whose deletion `pulumi.com/skipAwait` does not wait for."""
