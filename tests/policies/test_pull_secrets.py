"""The policy `registry-pull-secret-missing`."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AMOUNTS, IN_CLUSTER, TWO_CLUSTERS, obj, within

SLUG = "registry-pull-secret-missing"
LOGIN = json.dumps({"auths": {"https://ghcr.io": {"auth": "eDp5"}}})


def secret(namespace: str = "shop", **said: Any) -> Resource:
    content = said or {"stringData": {".dockerconfigjson": LOGIN}}
    metadata = {"name": "pull", "namespace": namespace}
    kind = content.pop("kind", "kubernetes.io/dockerconfigjson")
    made = obj(f"pull-{namespace}", "Secret", metadata=metadata, **content)
    return Resource(made.type, made.name, {**made.properties, "type": kind}, provider="kubernetes")


def orders(image: Any = "ghcr.io/example/orders:1.0.0", namespace: str = "shop", **pod: Any) -> Resource:
    containers = [{"name": "a", "image": image, "resources": AMOUNTS}]
    spec = {"selector": {}, "template": {"spec": {"containers": containers, **pod}}}
    return obj("orders", "Deployment", api="apps/v1", metadata={"namespace": namespace}, spec=spec)


def account(name: str = "default", **said: Any) -> Resource:
    metadata = {"name": name, "namespace": "shop", **said.pop("metadata", {})}
    return obj("account", "ServiceAccount", metadata=metadata, **said)


NAMED = [{"name": "pull"}]


@pytest.mark.parametrize(
    "around",
    [
        [secret(), orders(imagePullSecrets=NAMED)],
        [secret(), account(imagePullSecrets=NAMED), orders()],
        [secret(), account("own", imagePullSecrets=NAMED), orders(serviceAccountName="own")],
        [secret(), account("own", imagePullSecrets=NAMED), orders(serviceAccount="own")],
        [secret(), account(UNKNOWN, imagePullSecrets=NAMED), orders()],
        [secret(), account(imagePullSecrets=NAMED, metadata={"namespace": UNKNOWN}), orders()],
        [secret(), orders(serviceAccountName=UNKNOWN)],
        [secret(), orders(namespace=UNKNOWN)],
        [secret(), orders("registry.example.com/orders:1.0.0")],
        [replace(secret(), type="kubernetes:core/v1:ConfigMap"), orders()],
        [secret(data={}), orders()],
        [secret(stringData={".dockerconfigjson": "[]"}), orders()],
        [orders()],
    ],
    ids=[
        *("pod", "default", "account", "old-name", "some-account", "some-namespace", "some-name", "any-namespace"),
        *("elsewhere", "no-secret", "empty-secret", "no-logins", "nothing-told"),
    ],
)
def test_pods_with_a_pull_secret_or_without_need_of_one_pass(around: list[Resource], pack: Pack) -> None:
    found = pack.of_stack(*IN_CLUSTER, *around)
    assert SLUG not in (*found, *(policy for _, policy in found.get("unknown", [])))


@pytest.mark.parametrize(
    ("around", "told"),
    [
        ([secret(), orders()], "; there is one in its namespace ["),
        ([secret("other"), orders()], "; its namespace has none ["),
        ([secret(), account("own", imagePullSecrets=NAMED), orders()], "name one"),
        ([secret(), account(), orders()], "name one"),
        (
            [secret(), replace(account(imagePullSecrets=NAMED), type="kubernetes:core/v1:ConfigMap"), orders()],
            "name one",
        ),
    ],
    ids=["unnamed", "namespace", "other-account", "empty-account", "no-account"],
)
def test_pods_without_one_are_refused(around: list[Resource], told: str, pack: Pack) -> None:
    found = pack.of_stack(*IN_CLUSTER, *around)
    ((name, message),) = found.pop(SLUG)
    assert name == "orders"
    assert message.startswith("spec.template.spec: it pulls from ghcr.io, which asks for a login")
    assert told in message
    assert found == {}


@pytest.mark.parametrize(
    ("said", "image"),
    [
        ({"data": {".dockerconfigjson": base64.b64encode(LOGIN.encode()).decode()}}, "ghcr.io/example/orders:1"),
        ({"stringData": {".dockerconfigjson": LOGIN.replace("ghcr.io", "index.docker.io/v1/")}}, "example/orders:1"),
        ({"stringData": {".dockerconfigjson": LOGIN.replace("https", "http")}}, "ghcr.io/example/orders:1"),
        ({"stringData": {".dockerconfigjson": LOGIN}, "data": {".dockerconfigjson": "e30="}}, "ghcr.io/example/o:1"),
        ({"kind": "kubernetes.io/dockercfg", "stringData": {".dockercfg": '{"ghcr.io": {}}'}}, "ghcr.io/example/o:1"),
    ],
    ids=["base64", "docker", "http", "both", "old-form"],
)
def test_a_pull_secret_is_read_however_it_is_written(said: dict[str, Any], image: str, pack: Pack) -> None:
    assert SLUG in pack.of_stack(*IN_CLUSTER, secret(**said), orders(image))


def test_clusters_have_pull_secrets_and_service_accounts_of_their_own(pack: Pack) -> None:
    around = (*TWO_CLUSTERS, *within("one", account(imagePullSecrets=NAMED)))
    for where, slugs in (("one", set()), ("two", {SLUG})):
        there = within(where, secret(), orders())
        assert {SLUG} & set(pack.of_stack(*around, *there)) == slugs
    theirs = within("two", replace(secret(), name="theirs"))
    ((_, message),) = pack.of_stack(*TWO_CLUSTERS, *within("one", secret("other"), orders()), *theirs)[SLUG]
    assert "; its namespace has none [" in message
    elsewhere = within("one", secret())
    assert SLUG not in pack.of_stack(*TWO_CLUSTERS, *elsewhere, *within("two", orders()))


def test_what_is_not_known_of_one_hides_no_other(pack: Pack) -> None:
    opaque = obj("a", "Secret", metadata={"namespace": "shop"}, type="Opaque")
    hidden = secret("a", stringData={".dockerconfigjson": UNKNOWN})
    first = replace(orders(UNKNOWN), name="first")
    found = pack.of_stack(*IN_CLUSTER, opaque, hidden, secret(), first, orders())
    assert [name for name, _ in found[SLUG]] == ["orders"]
    assert SLUG in [policy for _, policy in found["unknown"]]


def test_what_cannot_be_told_is_said(pack: Pack) -> None:
    hidden = secret(stringData={".dockerconfigjson": UNKNOWN})
    assert set(pack.of_stack(*IN_CLUSTER, hidden, orders())) == {"unknown"}
    assert SLUG not in pack.of_stack(*IN_CLUSTER, secret(), orders(UNKNOWN))
    assert SLUG not in pack.of_stack(*IN_CLUSTER, secret(), orders(5))
    assert pack.of_stack(*IN_CLUSTER, orders(imagePullSecrets=UNKNOWN)) == {}
    assert SLUG not in pack.of_stack(*IN_CLUSTER, secret(), orders(imagePullSecrets=UNKNOWN))
    assert SLUG not in pack.of_stack(*IN_CLUSTER, secret(stringData={".dockerconfigjson": "{"}), orders())
