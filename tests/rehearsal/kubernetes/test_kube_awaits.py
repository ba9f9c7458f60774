"""What a create, an update or a delete of an object waits for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from kube_provider import (
    CONFIG_MAP,
    CONFIG_MAP_KIND,
    DEFINITION,
    DEPLOYMENT,
    NAME,
    NAMESPACE,
    REGION,
    SERVICE,
    WIDGET,
    Provider,
    config_map,
    definition,
    deployment,
    node,
    widget,
)

from pokayoke_rehearsal.doubles.base import Inputs, PartialError, ProviderError
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind
from pokayoke_rehearsal.doubles.kubernetes.stores import Stores

# Awaits


def test_a_deployment_without_a_node_is_kept_and_says_what_is_missing(cluster: Cluster, provider: Provider) -> None:
    with pytest.raises(PartialError) as failed:
        provider.create(DEPLOYMENT, "web", deployment())
    assert failed.value.resource_id == "default/web"
    assert failed.value.outputs["metadata"]["name"] == "web"
    assert "'web' timed out waiting to be Ready" in failed.value.reasons[0]
    assert failed.value.reasons[1] == "Minimum number of live Pods was not attained"
    assert failed.value.reasons[2].endswith("no nodes available to schedule pods")
    assert cluster.find(Kind("apps", "v1", "Deployment"), "web", "default") is not None


def test_an_update_that_does_not_become_ready_is_kept_with_its_reasons(nodes: Cluster, provider: Provider) -> None:
    made = provider.create(DEPLOYMENT, "web", deployment())
    with pytest.raises(PartialError) as failed:
        provider.update(made, deployment(nodeSelector={"pool": "gpu"}))
    assert "failed to fully initialize or become live" in failed.value.reasons[0]
    assert "didn't match Pod's node affinity/selector" in failed.value.reasons[-1]


def test_skipping_the_await_takes_what_is_there(provider: Provider) -> None:
    skipping = deployment()
    skipping["metadata"]["annotations"] = {"pulumi.com/skipAwait": "true"}
    assert provider.create(DEPLOYMENT, "web", skipping).resource_id == "default/web"


def test_a_load_balancer_that_nobody_makes_stays_pending(nodes: Cluster, provider: Provider) -> None:
    service = {"metadata": {"name": "s"}, "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}}
    with pytest.raises(PartialError, match="Service was not allocated an IP address; does your cloud provider support"):
        provider.create(SERVICE, "s", service)


def waiting_for(what: Any) -> Inputs:
    stated = what if isinstance(what, str) else json.dumps(what)
    return widget(annotations={"pulumi.com/waitFor": stated})


@pytest.mark.parametrize(
    ("what", "status", "missing"),
    [
        ("condition=Ready", {"conditions": [{"type": "Ready", "status": "True"}]}, None),
        (
            "condition=Ready",
            {"conditions": [{"type": "Ready", "status": "False", "message": "no subnets"}]},
            "Resource has condition Ready=False (want True): no subnets",
        ),
        ("condition=Ready", {}, "Has no .status.conditions"),
        ("condition=Stalled=False", {"conditions": [{"type": "Stalled", "status": "False"}]}, None),
        ("jsonpath={.status.phase}=Running", {"phase": "Running"}, None),
        ("jsonpath={.status.phase}=Up", {"phase": "Down"}, 'Waiting for {.status.phase}=Up (found "Down")'),
        ("jsonpath={.status.addresses[0].value}", {"addresses": [{"value": "a"}]}, None),
        ("jsonpath={.status.addresses[0].value}", {"addresses": []}, "{.status.addresses[0].value} selected nothing"),
        ('jsonpath={.status.list[?(@.type=="A")].ok}=true', {"list": [{"type": "A", "ok": True}]}, None),
        (["condition=Ready", "jsonpath={.status.phase}=Up"], {"phase": "Up"}, "Has no .status.conditions"),
    ],
)
def test_what_the_annotation_asks_for_is_awaited(
    cluster: Cluster, provider: Provider, what: Any, status: Inputs, missing: str | None
) -> None:
    class Reporter:
        @property
        def watches(self) -> frozenset[tuple[str, str]]:
            return frozenset({("example.com", "Widget")})

        def react(self, cluster: Cluster, event: Any) -> None:
            cluster.set_status(event.object, status)

    provider.create(DEFINITION, "d", definition())
    cluster.add_controller(Reporter())
    if missing is None:
        assert provider.create(WIDGET, "w", waiting_for(what)).outputs["status"] == status
        return
    with pytest.raises(PartialError) as failed:
        provider.create(WIDGET, "w", waiting_for(what))
    assert "timed out waiting for the condition" in failed.value.reasons[0]
    assert failed.value.reasons[1] == missing


@pytest.mark.parametrize(
    "what", ["Ready", "jsonpath=.status", "jsonpath={.status}=", "jsonpath='{.status}'", "jsonpath={status!}", []]
)
def test_an_annotation_that_cannot_be_read_is_an_error(provider: Provider, what: Any) -> None:
    provider.create(DEFINITION, "d", definition())
    with pytest.raises(PartialError):
        provider.create(WIDGET, "w", waiting_for(what))


def test_what_comes_while_it_is_waited_for_ends_the_wait(stores: Stores, provider: Provider) -> None:
    import asyncio

    provider.double.world.waits.patience = 5.0
    checked = provider.check(DEPLOYMENT, "web", deployment())

    async def both() -> Any:
        from kube_provider import Resource

        asked = Resource(DEPLOYMENT, "web", checked).call()
        creating = asyncio.ensure_future(provider.double.create_resource(asked, checked))
        await asyncio.sleep(0)
        assert not creating.done()
        stores.nodes_joined(REGION, NAME, [node()])
        return await creating

    assert provider.run(both).outputs["status"]["readyReplicas"] == 1


# Read and delete


def test_a_read_tells_the_object_as_it_is(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    cluster.apply({**config_map(data={"colour": "red", "size": "9"}, namespace="default")}, "hand", force=True)
    found = provider.read(made)
    assert found is not None
    assert found[0]["data"] == {"colour": "red"}
    assert found[1]["data"] == {"colour": "red", "size": "9"}


def test_a_read_without_a_state_imports_what_is_there(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    made.inputs, made.outputs = {}, {}
    found = provider.read(made)
    assert found is not None
    assert found[0] == config_map(namespace="default")


def test_what_is_gone_reads_as_gone_and_deletes_as_done(cluster: Cluster, provider: Provider) -> None:
    made = provider.create(CONFIG_MAP, "c", config_map())
    cluster.delete(CONFIG_MAP_KIND, "settings", "default")
    assert provider.read(made) is None
    provider.delete(made)


def test_an_object_whose_definition_is_gone_counts_as_deleted(provider: Provider) -> None:
    defined = provider.create(DEFINITION, "d", definition())
    made = provider.create(WIDGET, "w", widget())
    provider.delete(defined)
    assert provider.read(made) is None
    provider.delete(made)


def test_a_delete_that_a_finalizer_holds_names_it(provider: Provider) -> None:
    provider.create(DEFINITION, "d", definition())
    made = provider.create(WIDGET, "w", widget(finalizers=["example.com/hold"]))
    with pytest.raises(ProviderError, match=r"finalizers might be preventing deletion \(example.com/hold\)"):
        provider.delete(made)


def test_a_namespace_that_something_in_it_holds_names_it(provider: Provider) -> None:
    team = provider.create(NAMESPACE, "team", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "team"}})
    provider.create(CONFIG_MAP, "c", config_map(namespace="team", finalizers=["example.com/hold"]))
    with pytest.raises(ProviderError, match=r"held by ConfigMap team/settings \(example.com/hold\)"):
        provider.delete(team)


def test_a_definition_that_its_objects_hold_names_them(provider: Provider) -> None:
    defined = provider.create(DEFINITION, "d", definition())
    provider.create(WIDGET, "w", widget(finalizers=["example.com/hold"]))
    with pytest.raises(ProviderError, match=r"held by Widget w \(example.com/hold\)"):
        provider.delete(defined)


def test_orphans_stay_when_told_to(nodes: Cluster, provider: Provider) -> None:
    orphaning = deployment()
    orphaning["metadata"]["annotations"] = {"pulumi.com/deletionPropagationPolicy": "orphan"}
    provider.delete(provider.create(DEPLOYMENT, "web", orphaning))
    assert len(nodes.list("", "Pod", "default")) == 1
