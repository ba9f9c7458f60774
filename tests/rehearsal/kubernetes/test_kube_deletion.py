"""Deletion: what holds an object, what goes with it, and in which order."""

from __future__ import annotations

import pytest
from kube_provider import CONFIG_MAP_KIND, WIDGET_KIND, config_map, definition, deployment, widget

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.deletion import Propagation
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object, metadata
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event

NAMESPACE = Kind("", "v1", "Namespace")
DEPLOYMENT = Kind("apps", "v1", "Deployment")
DEFINITION = Kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition")

HELD = ["example.com/hold"]


def namespace(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def let_go(obj: Object) -> None:
    metadata(obj)["finalizers"] = []


def test_a_finalizer_holds_an_object_until_it_is_taken_off(cluster: Cluster) -> None:
    cluster.apply(definition(), "me")
    cluster.apply(widget(finalizers=HELD), "me")
    cluster.delete(WIDGET_KIND, "w")
    marked = cluster.get(WIDGET_KIND, "w")
    assert marked["metadata"]["deletionTimestamp"]
    cluster.edit(marked, let_go)
    assert cluster.find(WIDGET_KIND, "w") is None


def test_an_object_being_deleted_takes_no_new_finalizer(cluster: Cluster) -> None:
    cluster.apply(definition(), "me")
    cluster.apply(widget(finalizers=HELD), "me")
    cluster.delete(WIDGET_KIND, "w")
    with pytest.raises(ApiError, match="no new finalizers can be added if the object is being deleted"):
        cluster.apply(widget(finalizers=[*HELD, "example.com/another"]), "me")


def test_a_missing_object_is_not_found(cluster: Cluster) -> None:
    with pytest.raises(ApiError) as refused:
        cluster.delete(CONFIG_MAP_KIND, "nope", "default")
    assert (refused.value.code, str(refused.value)) == (404, 'configmaps "nope" not found')


def test_a_namespace_goes_with_all_that_is_in_it(cluster: Cluster) -> None:
    cluster.apply(namespace("team"), "me")
    cluster.apply(config_map(namespace="team"), "me")
    cluster.delete(NAMESPACE, "team")
    assert cluster.find(NAMESPACE, "team") is None
    assert cluster.find(CONFIG_MAP_KIND, "settings", "team") is None


def test_a_namespace_waits_for_finalizers_in_it_and_takes_nothing_new(cluster: Cluster) -> None:
    cluster.apply(namespace("team"), "me")
    held = cluster.apply(config_map(namespace="team", finalizers=HELD), "me")
    cluster.delete(NAMESPACE, "team")
    assert cluster.get(NAMESPACE, "team")["status"]["phase"] == "Terminating"
    assert [obj["metadata"]["name"] for obj in cluster.holding(cluster.get(NAMESPACE, "team"))] == ["settings"]
    with pytest.raises(ApiError) as refused:
        cluster.apply(config_map("late", namespace="team"), "me")
    assert refused.value.code == 403
    assert "unable to create new content in namespace team because it is being terminated" in str(refused.value)
    cluster.edit({**held, "metadata": {"name": "settings", "namespace": "team"}}, let_go)
    assert cluster.find(NAMESPACE, "team") is None


def test_a_definition_takes_its_objects_along_and_is_held_by_theirs(cluster: Cluster) -> None:
    cluster.apply(definition(), "me")
    cluster.apply(widget("free"), "me")
    cluster.apply(widget("held", finalizers=HELD), "me")
    cluster.delete(DEFINITION, "widgets.example.com")
    assert cluster.find(WIDGET_KIND, "free") is None
    assert cluster.find(DEFINITION, "widgets.example.com") is not None
    with pytest.raises(ApiError, match="create not allowed while custom resource definition is terminating"):
        cluster.apply(widget("late"), "me")
    cluster.edit(cluster.get(WIDGET_KIND, "held"), let_go)
    assert cluster.find(DEFINITION, "widgets.example.com") is None
    assert not cluster.discovery.serves(WIDGET_KIND)


@pytest.mark.parametrize(("propagation", "left"), [("Foreground", 0), ("Background", 0), ("Orphan", 1)])
def test_dependents_go_with_their_owner_unless_orphaned(nodes: Cluster, propagation: Propagation, left: int) -> None:
    nodes.apply({**deployment(), "metadata": {"name": "web", "namespace": "default"}}, "me")
    nodes.delete(DEPLOYMENT, "web", "default", propagation=propagation)
    assert nodes.find(DEPLOYMENT, "web", "default") is None
    assert len(nodes.list("apps", "ReplicaSet", "default")) == left
    assert len(nodes.list("", "Pod", "default")) == left


@pytest.mark.parametrize(("blocks", "order"), [(True, ["dependent", "owner"]), (False, ["owner", "dependent"])])
def test_in_the_foreground_an_owner_goes_after_those_that_block_it(
    cluster: Cluster, blocks: bool, order: list[str]
) -> None:
    class Witness:
        def __init__(self) -> None:
            self.gone: list[str] = []

        @property
        def watches(self) -> frozenset[tuple[str, str]]:
            return frozenset({("", "ConfigMap")})

        def react(self, cluster: Cluster, event: Event) -> None:
            if event.happened == "removed":
                self.gone.append(event.key.name)

    owner = cluster.apply(config_map("owner", namespace="default"), "me")
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner["metadata"]["uid"]}
    reference |= {"blockOwnerDeletion": blocks}
    held = config_map("dependent", namespace="default", finalizers=HELD, ownerReferences=[reference])
    cluster.apply(held, "me")
    witness = Witness()
    cluster.add_controller(witness)
    cluster.delete(CONFIG_MAP_KIND, "owner", "default")
    assert witness.gone == [] if blocks else ["owner"]
    cluster.edit(held, let_go)
    assert witness.gone == order


def test_an_object_with_two_owners_stays_while_one_of_them_does(cluster: Cluster) -> None:
    owners = [cluster.apply(config_map(name, namespace="default"), "me") for name in ("one", "two")]
    references = [
        {"apiVersion": "v1", "kind": "ConfigMap", "name": obj["metadata"]["name"], "uid": obj["metadata"]["uid"]}
        for obj in owners
    ]
    cluster.apply(config_map("shared", namespace="default", ownerReferences=references), "me")
    cluster.delete(CONFIG_MAP_KIND, "one", "default", propagation="Background")
    assert cluster.find(CONFIG_MAP_KIND, "shared", "default") is not None
    cluster.delete(CONFIG_MAP_KIND, "two", "default", propagation="Background")
    assert cluster.find(CONFIG_MAP_KIND, "shared", "default") is None
