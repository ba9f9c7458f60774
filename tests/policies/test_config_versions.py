"""The policy `config-change-without-restart`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AMOUNTS, obj

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
    ids=["hash", "version", "pulumis", "immutable", "checksum", "reloader", "namespace", "other", "output", "files"],
)
def test_what_follows_by_itself_passes(made: Resource, workload: Resource, pack: Pack) -> None:
    assert pack.of_stack(made, workload) == {}


@pytest.mark.parametrize(
    "volume",
    [
        {"configMap": {"name": "settings"}},
        {"projected": {"sources": [{"configMap": {"name": "settings"}}]}},
    ],
    ids=["volume", "projected"],
)
def test_a_file_by_its_sub_path_is_read_once_too(volume: Any, pack: Pack) -> None:
    mounted = {"volumeMounts": [{"name": "v", "mountPath": "/etc/shop.yaml", "subPath": "shop.yaml"}]}
    assert SLUG in pack.of_stack(config(), shop(mounted, volumes=[{"name": "v", **volume}]))


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


def test_what_cannot_be_told_is_said(pack: Pack) -> None:
    assert set(pack.of_stack(config(), shop(template={"annotations": UNKNOWN}))) == {"unknown"}
    assert SLUG not in pack.of_stack(config(UNKNOWN), shop())
