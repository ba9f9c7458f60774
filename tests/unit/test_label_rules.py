"""Keys and values of labels and taints, and which tolerations let a pod onto a tainted node."""

from typing import Any

import pytest

from pokayoke_eks.rules.labels import bad_key, bad_value, restricted_label, restricted_taint
from pokayoke_eks.rules.taints import Taint, declared, kept_off, without_remover

TAINT = Taint("gpu", "true", "NoSchedule")


@pytest.mark.parametrize(
    ("key", "taken"),
    [
        ("team", True),
        ("example.com/team", True),
        ("a" * 63, True),
        ("a" * 64, False),
        ("team-", False),
        ("", False),
        ("/team", False),
        ("example.com/", False),
        ("Example.com/team", False),
        ("a/b/c", False),
        (f"{'a.' * 126}a/team", True),
        (f"{'a.' * 126}aa/team", False),
    ],
)
def test_a_key_is_taken_as_kubernetes_does(key: str, taken: bool) -> None:
    assert (bad_key(key) is None) is taken


@pytest.mark.parametrize(
    ("value", "taken"), [("", True), ("a", True), ("a_b.c-d", True), ("-a", False), ("a b", False)]
)
def test_a_value_may_be_empty(value: str, taken: bool) -> None:
    assert (bad_value(value) is None) is taken


@pytest.mark.parametrize(
    ("key", "label", "taint"),
    [
        ("team", True, True),
        ("example.com/team", True, True),
        ("pokayoke-eks/role", False, True),
        ("karpenter.sh/x", False, False),
        ("karpenter.k8s.aws/x", False, False),
        ("a.karpenter.sh/x", False, False),
        ("kubernetes.io/x", False, True),
        ("k8s.io/x", False, True),
        ("node.kubernetes.io/x", False, False),
        ("node.cloudprovider.kubernetes.io/x", False, False),
        ("node-restriction.kubernetes.io/x", True, True),
        ("karpenter.sh/x/y", True, True),
        ("mykarpenter.sh/x", True, True),
    ],
)
def test_domains_of_others_are_not_free(key: str, label: bool, taint: bool) -> None:
    assert (restricted_label(key) is None) is label
    assert (restricted_taint(key) is None) is taint


@pytest.mark.parametrize(
    ("toleration", "let"),
    [
        ({"operator": "Exists"}, True),
        ({"operator": "Exists", "effect": "NoSchedule"}, True),
        ({"operator": "Exists", "effect": ""}, True),
        ({"operator": "Exists", "effect": "NoExecute"}, False),
        ({"key": "gpu", "operator": "Exists"}, True),
        ({"key": "cpu", "operator": "Exists"}, False),
        ({"key": "gpu", "value": "true"}, True),
        ({"key": "gpu", "operator": "Equal", "value": "false"}, False),
        ({"key": "gpu"}, False),
        ({"key": "", "operator": "Exists"}, True),
        ({"value": "true"}, False),
        ({}, False),
        ("junk", False),
    ],
    ids=str,
)
def test_a_toleration_is_read_as_kubernetes_reads_it(toleration: Any, let: bool) -> None:
    assert TAINT.is_tolerated(["junk", toleration]) is let


def test_a_taint_without_a_value_is_tolerated_without_one() -> None:
    assert Taint("gpu", "", "NoSchedule").is_tolerated([{"key": "gpu"}])
    assert Taint.read({"key": "gpu", "effect": "NO_EXECUTE"}) == Taint("gpu", "", "NoExecute")
    assert Taint.read({"key": "gpu", "value": "a", "effect": "NoSchedule"}) == Taint("gpu", "a", "NoSchedule")


def test_who_takes_startup_taints_off_is_read_off_an_annotation() -> None:
    assert declared("a=x, b = y=z ,c=,=d,e") == {"a": "x", "b": "y=z"}
    assert declared(None) == {}


@pytest.mark.parametrize(
    ("key", "who"),
    [
        ("node.cilium.io/agent-not-ready", "'cilium', which takes it off, is not installed in this stack"),
        ("cni.istio.io/not-ready", "'istiod', which takes it off, is not installed in this stack"),
        ("example.com/x", "nothing takes it off in this stack"),
    ],
)
def test_a_startup_taint_that_stays_is_told_with_who_should_take_it_off(key: str, who: str) -> None:
    assert without_remover(key).problem.startswith(f"the startup taint {key} stays: {who}, so that")


def test_what_a_kept_off_daemon_set_means_is_told() -> None:
    told = "the DaemonSet 'cilium' does not tolerate the taint gpu:NoSchedule, "
    stays = kept_off("cilium", TAINT, remover=True).problem
    assert stays == f"{told}and so the startup taint, which it would take off, stays"
    assert kept_off("cilium", TAINT, remover=False).problem == f"{told}which they need to become ready"
