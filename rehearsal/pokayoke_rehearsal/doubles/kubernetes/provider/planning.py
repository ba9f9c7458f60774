"""Check and Diff of objects of any kind (pulumi-kubernetes, provider/pkg/provider/provider.go, v4.32)."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.base import Difference, Inputs, ProviderError, difference
from pokayoke_rehearsal.doubles.kubernetes.provider import naming, values, wording
from pokayoke_rehearsal.doubles.kubernetes.provider.replacement import replacing_paths
from pokayoke_rehearsal.doubles.kubernetes.provider.session import Asked
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION, defined_kind
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, metadata, name_of, namespace_of
from pokayoke_rehearsal.doubles.wire import has_unknown


def check(asked: Asked, olds: Inputs | None, news: Inputs) -> Inputs:
    """The inputs with the object's name and namespace."""
    session, token = asked.session, asked.token
    if token.is_list:
        raise ProviderError(wording.LISTS)
    if olds is not None and session.settings.skip_update_unreachable and session.unreachable():
        return olds
    obj = values.manifest(news, token)
    if token.is_patch and not naming.is_named(obj):
        raise ProviderError(wording.PATCH_NAME)
    if token.is_patch and not session.settings.server_side_apply:
        raise ProviderError(wording.PATCH_MODE)
    old = values.manifest(olds, token) if olds else None
    naming.assign(asked.call, obj, old)
    if (old is None and not session.settings.server_side_apply) or (old is not None and naming.is_marked(old)):
        naming.mark_managed(obj)
    if naming.is_generated(obj) and session.settings.server_side_apply:
        raise ProviderError(wording.GENERATED_NAME)
    meta = fields(obj.get("metadata"))
    if meta and not meta.get("namespace") and session.is_namespaced(asked.kind_of(obj)):
        meta["namespace"] = session.settings.namespace
    if (token.kind.group, token.kind.kind) == DEFINITION and not has_unknown(obj):
        # Custom resources of the same program may be checked before their definition is in the cluster.
        session.declared[defined_kind(obj)] = at(obj, "spec", "scope") == "Namespaced"
    return values.checked(obj)


def diff(asked: Asked, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Difference:
    """What changes of that which the old inputs stated, as it was last seen in the cluster."""
    session, token = asked.session, asked.token
    obj, last = values.manifest(news, token), values.live(olds)
    before = fields(values.pruned(last, values.manifest(old_inputs, token)))
    kind = asked.kind_of(obj)
    _align_identity(obj, before, last, namespaced=session.is_namespaced(kind))
    paths = replacing_paths(kind, obj, session.settings, is_patch=token.is_patch)
    found = difference(before, obj, replace=paths)
    stays = bool(found.replacing) and _keeps_its_place(obj, last)
    return Difference(found.added, found.removed, found.updated, found.replacing, delete_before_replace=stays)


def _align_identity(obj: Object, before: Object, last: Object, *, namespaced: bool) -> None:
    # The namespace may be implied on one side and stated on the other; a given name may turn into a stated one.
    meta, before_meta = fields(obj.get("metadata")), dict(metadata(before))
    if namespaced:
        meta["namespace"] = meta.get("namespace") or "default"
        before_meta["namespace"] = namespace_of(last) or "default"
    else:
        meta.pop("namespace", None)
        before_meta.pop("namespace", None)
    if meta.get("name"):
        before_meta["name"] = name_of(last)
    before["metadata"] = before_meta


def _keeps_its_place(obj: Object, last: Object) -> bool:
    """Whether the new object must have the name of the old one: then the old one has to go first."""
    if not naming.is_named(obj) or naming.is_autonamed(obj):
        return False
    meta = fields(obj.get("metadata"))
    return meta.get("name") == name_of(last) and (meta.get("namespace") or "") == namespace_of(last)
