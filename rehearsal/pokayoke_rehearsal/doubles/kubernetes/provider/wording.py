"""What pulumi-kubernetes says when something fails (its provider/pkg/provider/provider.go and pkg/await, v4.32)."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.base import Call
from pokayoke_rehearsal.doubles.kubernetes.events import about
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError, NoMatchError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Kind,
    Object,
    finalizers_of,
    kind_of,
    name_of,
    namespace_of,
    text,
)

_CONFLICT_HELP = (
    "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/"
    "#handle-field-conflicts-on-existing-resources"
)
_EXISTS_HELP = (
    "The resource already exists in the cluster. This can happen when:\n\n"
    "  - Renaming a Pulumi resource: use an alias to preserve the identity,\n"
    "    or use deleteBeforeReplace if the resource needs replacement.\n"
    "  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)\n"
    "    to manage specific fields without owning the resource lifecycle.\n"
    "  - Adopting a resource into Pulumi: use `pulumi import`.\n"
    "  - Intentional upsert: set upsertExistingObjects on the provider."
)
_DEFINITIONS_HELP = (
    "failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. "
    "Verify that any required CRDs have been created"
)
_UNREACHABLE_HELP = (
    "If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the "
    'PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"'
)

LISTS = (
    "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created directly. "
    "Use the underlying resource type instead"
)
PATCH_NAME = "patch resources require the `.metadata.name` field to be set"
PATCH_MODE = (
    "patch resources require Server-Side Apply mode, which is enabled using the `enableServerSideApply` Provider config"
)
GENERATED_NAME = "the `.metadata.generateName` field is not supported in Server-Side Apply mode"


def not_created(call: Call, obj: Object, error: Exception, manager: str) -> str:
    """The refusal of a create."""
    if isinstance(error, NoMatchError):
        kind = kind_of(obj)
        named = f"{kind.api_version}/{kind.kind}"
        return f'creation of resource "{call.urn}" with kind {named} {_DEFINITIONS_HELP}: {error}'
    message = refusal(error, manager)
    if isinstance(error, ApiError) and error.reason == "AlreadyExists":
        message = f"{message}\n\n{_EXISTS_HELP}"
    return f'resource "{call.urn}" was not successfully created by the Kubernetes API server: {message}'


def not_updated(call: Call, error: Exception, manager: str) -> str:
    """The refusal of an update."""
    if isinstance(error, NoMatchError):
        return f'update of resource "{call.urn}" {_DEFINITIONS_HELP}: {error}'
    return f'update of resource "{call.urn}" failed: {refusal(error, manager)}'


def not_ready(call: Call, problem: str) -> str:
    """An object that was created and does not become ready."""
    return (
        f'resource "{call.urn}" was successfully created, but the Kubernetes API server reported that it failed to '
        f"fully initialize or become live: {problem}"
    )


def not_live(resource_id: str, problem: str) -> str:
    """An object that was there and is not (again) ready after an update."""
    return (
        f'the Kubernetes API server reported that "{resource_id}" failed to fully initialize or become live: {problem}'
    )


def refusal(error: Exception, manager: str) -> str:
    """What the API server said, with help for conflicts."""
    if isinstance(error, ApiError) and error.reason == "Conflict":
        return (
            f"server-side apply field conflict detected, see {_CONFLICT_HELP} for troubleshooting help\n"
            f'The resource managed by field manager "{manager}" had an apply conflict: {error}'
        )
    return str(error)


def unreadable(reason: str) -> str:
    """A read without a way to the cluster."""
    return f"failed to read resource state due to unreachable cluster: {reason}. {_UNREACHABLE_HELP}"


def undeletable(reason: str) -> str:
    """A delete without a way to the cluster."""
    return f"configured Kubernetes cluster is unreachable: {reason}. {_UNREACHABLE_HELP}"


def still_there(cluster: Cluster, kind: Kind, name: str, namespace: str) -> str:
    """A delete that does not end, down to the objects whose finalizers nobody takes off, and why nobody does."""
    live = cluster.find(kind, name, namespace) or {}
    held, inner = finalizers_of(live), cluster.holding(live)
    shown = [f"{obj['kind']} {qualified(obj)} ({', '.join(finalizers_of(obj))})" for obj in inner]
    told = f"timed out waiting for the condition: finalizers might be preventing deletion ({', '.join(held)})"
    told = f"{told}; held by {'; '.join(shown)}" if shown else told
    finalizers = dict.fromkeys([*held, *(finalizer for obj in inner for finalizer in finalizers_of(obj))])
    whys = [why for finalizer in finalizers for keeper in cluster.keepers if (why := keeper(finalizer))]
    warned = [text(one.get("message")) for obj in (live, *inner) if obj for one in about(cluster, obj)]
    return "; ".join([told, *whys, *warned])


def qualified(obj: Object) -> str:
    """An object's id: `namespace/name`, or its name alone."""
    return f"{namespace_of(obj)}/{name_of(obj)}" if namespace_of(obj) else name_of(obj)
