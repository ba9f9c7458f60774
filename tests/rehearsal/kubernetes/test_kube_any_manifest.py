"""Whatever is handed in: it is taken or refused in so many words, never with an exception of another kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kube_provider import CONFIG_MAP, ENDPOINT, NAME, REGION, Provider, config_map, definition, deployment, node, widget

from pokayoke_rehearsal.doubles.base import Inputs, ProviderError
from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.provider.tokens import is_known
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError, NoMatchError
from pokayoke_rehearsal.world.model import World

TEXTS = st.one_of(st.text(max_size=8), st.sampled_from(["default", "a", "Always", "1Gi", "100m", "80", "http", "x/y"]))
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-5, 70000), st.floats(allow_nan=False), TEXTS)
NAMES = """
name namespace labels annotations finalizers ownerReferences spec status template containers ports port replicas
selector matchLabels volumes resources requests limits tolerations type data stringData rules roleRef subjects names
schema versions openAPIV3Schema properties items group scope kind plural served storage webhooks clientConfig
service strategy rollingUpdate maxSurge initContainers env envFrom taints unschedulable
"""
KEYS = st.one_of(st.text(max_size=6), st.sampled_from(NAMES.split()))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
KINDS = st.sampled_from(
    [
        ("v1", "ConfigMap"),
        ("v1", "Secret"),
        ("v1", "Pod"),
        ("v1", "Service"),
        ("v1", "Namespace"),
        ("v1", "Node"),
        ("v1", "PersistentVolumeClaim"),
        ("v1", "PersistentVolume"),
        ("v1", "ResourceQuota"),
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "DaemonSet"),
        ("batch/v1", "Job"),
        ("storage.k8s.io/v1", "StorageClass"),
        ("networking.k8s.io/v1", "Ingress"),
        ("networking.k8s.io/v1", "NetworkPolicy"),
        ("policy/v1", "PodDisruptionBudget"),
        ("rbac.authorization.k8s.io/v1", "RoleBinding"),
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
        ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
        ("example.com/v1", "Widget"),
        ("nowhere.example.com/v1", "Nothing"),
    ]
)
SEEDS = st.sampled_from([config_map(), deployment(), widget(), definition("Gadget")])


@st.composite
def manifests(draw: st.DrawFn) -> Inputs:
    """Anything at all, or a sound manifest in which something was put out of order."""
    if draw(st.booleans()):
        api_version, kind = draw(KINDS)
        found = draw(st.dictionaries(KEYS, VALUES, max_size=4))
        meta = {"name": draw(st.sampled_from(["a", "b", "A!", ""])), "namespace": "default"}
        return {**found, "apiVersion": api_version, "kind": kind, "metadata": draw(st.one_of(st.just(meta), VALUES))}
    return _disturbed(draw, draw(SEEDS))


def _disturbed(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict):
        if not value or draw(st.integers(0, 5)) == 0:
            return {**value, draw(KEYS): draw(VALUES)}
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: _disturbed(draw, value[key])}
    if isinstance(value, list) and value and draw(st.booleans()):
        return [_disturbed(draw, value[0]), *value[1:]]
    return draw(VALUES)


def living() -> Cluster:
    """A cluster with a node, so that whatever is taken also runs through the controllers."""
    world = World()
    world.waits.patience = 0.0
    double = KubernetesDouble(world, admits=lambda *_: True)
    double.stores.created(REGION, NAME, "1.36", ENDPOINT)
    double.stores.addon_installed(REGION, NAME, "vpc-cni", "v1")
    double.stores.nodes_joined(REGION, NAME, [node()])
    server = double.stores.at(ENDPOINT)
    assert server is not None
    server.cluster.apply(definition(), "me")
    return server.cluster


REFUSALS = (ApiError, NoMatchError, ProviderError)


def attempt(do: Callable[[], Any]) -> Any:
    """What it answers, or the text of its refusal, which says something."""
    try:
        return do()
    except REFUSALS as refused:
        return str(refused) or pytest.fail("refused without a word")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(manifests(), min_size=1, max_size=3))
def test_any_manifest_is_stored_or_refused(tried: list[Inputs]) -> None:
    cluster = living()
    for manifest in tried:
        for write in (cluster.apply, cluster.create):
            answer = attempt(partial(write, manifest, "me"))
            assert isinstance(answer, str) or answer["metadata"]["uid"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(manifests(), manifests())
def test_any_resource_has_a_life_or_a_clean_error(first: Inputs, second: Inputs) -> None:
    world = World()
    world.waits.patience = 0.0
    double = KubernetesDouble(world, admits=lambda *_: True)
    double.stores.created(REGION, NAME, "1.36", ENDPOINT)
    provider, token = Provider(double), token_of(first)
    changed = {**second, "kind": first["kind"], "apiVersion": first["apiVersion"]}
    attempt(lambda: provider.preview(token, "it", first))
    made = attempt(lambda: provider.create(token, "it", first))
    if isinstance(made, str):
        return
    difference = attempt(lambda: provider.diff(made, changed))
    if not isinstance(difference, str) and not difference.replacing:
        attempt(lambda: provider.update(made, changed))
    answer = attempt(lambda: provider.delete(made))
    assert answer is None or "finalizers might be preventing deletion" in answer


def token_of(manifest: Inputs) -> str:
    group, _, version = str(manifest.get("apiVersion")).rpartition("/")
    token = f"kubernetes:{group or 'core'}/{version}:{manifest.get('kind')}"
    return token if is_known(token) else CONFIG_MAP
