"""The policy `config-change-without-restart`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AMOUNTS, TWO_CLUSTERS, obj, within

SLUG = "config-change-without-restart"
FROM = {"envFrom": [{"configMapRef": {"name": "settings"}}]}


def config(name: Any = "settings", kind: str = "ConfigMap", namespace: str = "shop", **said: Any) -> Resource:
    metadata = {"name": name, "namespace": namespace, **said.pop("metadata", {})}
    return obj("config", kind, metadata=metadata, **{"data": {"a": "eA=="}, **said})


def shop(
    container: Any = None, *, kind: str = "Deployment", template: Any = None, metadata: Any = None, **pod: Any
) -> Resource:
    one = {"name": "a", "image": "a:1", "resources": AMOUNTS, **(FROM if container is None else container)}
    spec = {"selector": {}, "template": {"metadata": template or {}, "spec": {"containers": [one], **pod}}}
    return obj("shop", kind, api="apps/v1", metadata={"namespace": "shop", **(metadata or {})}, spec=spec)


@pytest.mark.parametrize(
    "container",
    [
        FROM,
        {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "a"}}}]},
    ],
    ids=["all", "one"],
)
@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "DaemonSet"])
def test_what_is_read_at_the_start_of_a_name_that_stays_is_refused(container: Any, kind: str, pack: Pack) -> None:
    found = pack.of_stack(config(), shop(container, kind=kind))
    ((name, message),) = found.pop(SLUG)
    assert name == "shop"
    assert "its containers read the ConfigMap 'settings' of this stack when they start" in message
    assert found == {}


@pytest.mark.parametrize(
    ("made", "workload"),
    [
        (config("settings-3f2a9c1d"), shop({"envFrom": [{"configMapRef": {"name": "settings-3f2a9c1d"}}]})),
        (config("settings-v2"), shop({"envFrom": [{"configMapRef": {"name": "settings-v2"}}]})),
        (config(metadata={"annotations": {"pulumi.com/autonamed": "true"}}), shop()),
        (config(immutable=True), shop()),
        (config(), shop(template={"annotations": {"checksum/config": "x"}})),
        (config(), shop(template={"labels": {"config-hash": "x"}})),
        (config(), shop(metadata={"annotations": {"reloader.stakater.com/auto": "true"}})),
        (config(namespace="other"), shop()),
        (config("other"), shop()),
        (config(), shop({"envFrom": [{"configMapRef": {"name": UNKNOWN}}]})),
        (
            config(),
            shop(
                {"volumeMounts": [{"name": "v", "mountPath": "/etc/shop"}]},
                volumes=[{"name": "v", "configMap": {"name": "settings"}}],
            ),
        ),
    ],
    ids=[
        *("hash", "version", "pulumis", "immutable", "checksum", "label", "reloader"),
        *("namespace", "other", "output", "files"),
    ],
)
def test_what_follows_by_itself_passes(made: Resource, workload: Resource, pack: Pack) -> None:
    assert pack.of_stack(made, workload) == {}


def test_another_annotation_makes_no_new_pods(pack: Pack) -> None:
    said = {"annotations": {"prometheus.io/scrape": "true"}}
    assert SLUG in pack.of_stack(config(), shop(template=said, metadata=said))


def one_key(key: Any) -> dict[str, Any]:
    return {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": key}}}]}


@pytest.mark.parametrize(
    ("said", "container", "refused"),
    [
        ({"data": {}}, FROM, False),
        ({"data": None}, FROM, False),
        ({"data": None}, one_key("a"), False),
        ({}, one_key("b"), False),
        ({"binaryData": {"b": "eA=="}}, one_key("b"), True),
        ({"stringData": {"b": "x"}}, one_key("b"), True),
        ({"data": UNKNOWN}, one_key("b"), True),
        ({"data": {"b": UNKNOWN}}, one_key("b"), True),
        ({"data": {}}, one_key(UNKNOWN), False),
        ({}, one_key(UNKNOWN), True),
        ({}, one_key({"a": "b"}), True),
        ({"data": {"a": "x", "b": "x"}}, {"env": [*one_key("a")["env"], *one_key("b")["env"]]}, True),
    ],
    ids=[
        *("nothing", "null", "no-key-at-all", "no-such-key", "binary", "text", "unknown", "unknown-value"),
        *("unknown-key-of-nothing", "unknown-key", "no-text", "two-keys"),
    ],
)
def test_what_the_object_does_not_hold_is_not_read_of_it(said: Any, container: Any, refused: bool, pack: Pack) -> None:
    """As Argo CD's install.yaml brings its settings: empty, for people to fill, and each variable optional."""
    assert len(pack.of_stack(config(**said), shop(container)).get(SLUG, [])) == refused


@pytest.mark.parametrize(
    ("kind", "volume"),
    [
        ("ConfigMap", {"configMap": {"name": "settings"}}),
        ("ConfigMap", {"projected": {"sources": [{"configMap": {"name": "settings"}}]}}),
        ("Secret", {"secret": {"secretName": "settings"}}),
        ("Secret", {"projected": {"sources": [{"secret": {"name": "settings"}}]}}),
    ],
    ids=["volume", "projected", "secret", "projected-secret"],
)
def test_a_file_by_its_sub_path_is_read_once_too(kind: str, volume: Any, pack: Pack) -> None:
    at = [{"name": "v", "mountPath": "/etc/shop.yaml", "subPath": "shop.yaml"}]
    first = {"name": "first", "image": "a:1", "resources": AMOUNTS, "volumeMounts": at}
    volumes = [{"name": "v", **volume}]
    assert SLUG in pack.of_stack(config(kind=kind), shop({"volumeMounts": at}, volumes=volumes))
    assert SLUG in pack.of_stack(config(kind=kind), shop({}, initContainers=[first], volumes=volumes))


@pytest.mark.parametrize(
    "container",
    [
        {"envFrom": [{"secretRef": {"name": "settings"}}]},
        {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "settings", "key": "a"}}}]},
    ],
    ids=["all", "one"],
)
def test_secrets_count_as_configuration_does(container: Any, pack: Pack) -> None:
    assert SLUG in pack.of_stack(config(kind="Secret"), shop(container))
    assert SLUG not in pack.of_stack(config(), shop(container))


def test_configuration_is_of_the_pods_of_its_own_cluster(pack: Pack) -> None:
    for where, slugs in (("one", {SLUG}), ("two", set[str]())):
        found = pack.of_stack(*TWO_CLUSTERS, *within("one", config()), *within(where, shop()))
        assert {SLUG} & set(found) == slugs


def test_what_cannot_be_told_is_said(pack: Pack) -> None:
    assert set(pack.of_stack(config(), shop(template={"annotations": UNKNOWN}))) == {"unknown"}
    assert SLUG not in pack.of_stack(config(UNKNOWN), shop())
    assert pack.of_stack(shop(template={"annotations": UNKNOWN})) == {}
