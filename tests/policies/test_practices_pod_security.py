"""What is asked of pods and namespaces by the Pod Security Standards."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack

DEPLOYMENT, POD = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Pod"
HARDENED, NAMESPACE = "pod-hardened", "ns-pod-security"
SOUND: dict[str, Any] = {
    "runAsNonRoot": True,
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.fixture
def pack() -> Pack:
    """With the settings that are the default, stated: so the rule is made anew."""
    pack = Pack()
    pack.configure(HARDENED, "ADVISORY", {"noToken": False})
    pack.configure(NAMESPACE, "ADVISORY", {"systemNamespaces": ["kube-system", "istio-system"]})
    return pack


def pod(*contexts: Any, namespace: Any = "shop", **spec: Any) -> dict[str, Any]:
    containers = [{"name": f"c{index}", "securityContext": one} for index, one in enumerate(contexts)]
    return {"metadata": {"name": "web", "namespace": namespace}, "spec": {"containers": containers, **spec}}


def told(pack: Pack, said: dict[str, Any], kind: str = POD) -> list[str]:
    return [one.partition(";")[0] for one in pack.advice(kind, said).get(HARDENED, [])]


def but(**other: Any) -> dict[str, Any]:
    return {key: value for key, value in {**SOUND, **other}.items() if value is not None}


AT = "spec.containers[0].securityContext: "


@pytest.mark.parametrize(
    ("context", "kept"),
    [
        pytest.param(but(runAsNonRoot=None), "it may run as root", id="root"),
        pytest.param(but(runAsNonRoot="false", runAsUser=0), "it may run as root", id="root-outright"),
        pytest.param(but(allowPrivilegeEscalation=None), "it may gain rights", id="escalation"),
        pytest.param(but(allowPrivilegeEscalation="true"), "it may gain rights", id="escalation-outright"),
        pytest.param(but(capabilities={"add": ["X"]}), "it drops no capabilities", id="capabilities"),
        pytest.param(but(capabilities={"drop": ["NET_RAW"]}), "it drops no capabilities", id="but-one"),
        pytest.param(but(seccompProfile={"type": "Unconfined"}), "it may call all of the kernel", id="seccomp"),
        pytest.param(
            {},
            "it may run as root and it may gain rights and it drops no capabilities and it may call all of the kernel",
            id="nothing-said",
        ),
    ],
)
def test_what_a_container_keeps_is_told_once_a_container(pack: Pack, context: dict[str, Any], kept: str) -> None:
    assert told(pack, pod(context)) == [AT + kept]
    assert told(pack, pod(context, namespace="kube-system")) == []


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(pod(SOUND), id="in-the-container"),
        pytest.param(pod(but(seccompProfile={"type": "Localhost"})), id="a-profile-of-one-s-own"),
        pytest.param(pod(but(runAsNonRoot=None, runAsUser="1000")), id="another-user"),
        pytest.param(pod(but(runAsNonRoot=None, runAsUser=1)), id="the-first-other-user"),
        pytest.param(pod(but(runAsNonRoot=None), securityContext={"runAsUser": 1000}), id="another-user-of-the-pod"),
        pytest.param(
            pod(
                but(runAsNonRoot=None, seccompProfile=None),
                securityContext={"runAsNonRoot": "true", "seccompProfile": {"type": "RuntimeDefault"}},
            ),
            id="in-the-pod",
        ),
        pytest.param(pod({"runAsNonRoot": True}, os={"name": "windows"}), id="for-windows"),
        pytest.param({"metadata": {}, "spec": {}}, id="without-containers"),
    ],
)
def test_a_container_that_gives_up_all_of_it_is_told_nothing(pack: Pack, said: dict[str, Any]) -> None:
    assert told(pack, said) == []


def test_what_the_container_says_goes_first(pack: Pack) -> None:
    pods_own = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert told(pack, pod(but(runAsNonRoot=False), securityContext=pods_own)) == [AT + "it may run as root"]
    # These a pod cannot say for its containers.
    allowed = but(allowPrivilegeEscalation=None, capabilities=None)
    (found,) = told(pack, pod(allowed, securityContext=SOUND))
    assert found == f"{AT}it may gain rights and it drops no capabilities"


def test_pods_for_windows_may_still_run_as_root(pack: Pack) -> None:
    assert told(pack, pod({}, os={"name": "windows"})) == [AT + "it may run as root"]


def test_every_container_of_every_kind_of_workload_is_judged(pack: Pack) -> None:
    """KSV-0039 and its kin once fired on every kind."""
    spec = {"initContainers": [{"name": "init"}], "containers": [{"securityContext": SOUND}, {"name": "b"}]}
    said = {"spec": {"template": {"spec": spec}}}
    places = [one.partition(": ")[0] for one in told(pack, said, DEPLOYMENT)]
    assert places == [
        "spec.template.spec.initContainers[0].securityContext",
        "spec.template.spec.containers[1].securityContext",
    ]
    assert told(pack, pod({}), "kubernetes:example.com/v1:Machine") == []


@pytest.mark.parametrize(
    ("context", "others"),
    [
        pytest.param(UNKNOWN, [], id="all-of-it"),
        pytest.param(but(runAsNonRoot=UNKNOWN), [], id="non-root"),
        pytest.param(but(runAsNonRoot=None, runAsUser=UNKNOWN), [], id="the-user"),
        pytest.param(but(allowPrivilegeEscalation=UNKNOWN, capabilities=None), ["it drops no capabilities"], id="one"),
        pytest.param(but(capabilities={"drop": UNKNOWN}), [], id="what-is-dropped"),
        pytest.param(but(capabilities=UNKNOWN, seccompProfile=None), ["it may call all of the kernel"], id="any-right"),
        pytest.param(but(seccompProfile=UNKNOWN), [], id="the-profile"),
    ],
)
def test_what_is_not_known_hides_nothing_else(pack: Pack, context: Any, others: list[str]) -> None:
    found = pack.advice(POD, pod(context, {}))
    messages = [one.partition(";")[0] for one in found[HARDENED]]
    assert HARDENED in found["unknown"]
    assert messages[:-1] == [AT + one for one in others]
    assert messages[-1].startswith("spec.containers[1]")


def test_an_unknown_entry_of_what_is_dropped_may_be_all(pack: Pack) -> None:
    assert told(pack, pod(but(capabilities={"drop": [UNKNOWN]}))) == []


def test_an_unknown_namespace_matters_only_where_something_is_kept(pack: Pack) -> None:
    assert HARDENED not in pack.advice(POD, pod(SOUND, namespace=UNKNOWN)).get("unknown", [])
    for context in ({}, UNKNOWN):
        found = pack.advice(POD, pod(context, namespace=UNKNOWN))
        assert HARDENED not in found
        assert HARDENED in found["unknown"]
    assert HARDENED not in pack.advice(POD, pod(UNKNOWN, namespace="kube-system")).get("unknown", [])


def test_more_is_asked_where_it_is_wanted() -> None:
    pack = Pack()
    pack.configure(HARDENED, "ADVISORY", {"readOnlyRoot": True, "noToken": True, "systemNamespaces": ["agents"]})
    assert told(pack, pod(SOUND)) == [
        "spec.automountServiceAccountToken: it is left out, or on",
        AT + "it may write over its own files",
    ]
    assert told(pack, pod(but(readOnlyRootFilesystem="true"), automountServiceAccountToken="false")) == []
    assert told(pack, pod({}, namespace="agents")) == []
    assert told(pack, pod({}, namespace="kube-system")) != []
    assert told(pack, pod({}, namespace=None)) != []
    pack.configure(HARDENED, "ADVISORY", {"systemNamespaces": ["default"]})
    assert told(pack, pod({}, namespace=None)) == []
    pack.configure(HARDENED, "ADVISORY", {"readOnlyRoot": True, "noToken": True})
    unknown = pack.advice(POD, pod(but(readOnlyRootFilesystem=UNKNOWN), automountServiceAccountToken=False))
    assert HARDENED not in unknown
    assert HARDENED in unknown["unknown"]


def namespace(level: Any, name: str = "shop") -> dict[str, Any]:
    labels = {} if level is None else {"pod-security.kubernetes.io/enforce": level}
    return {"metadata": {"name": name, "labels": labels}}


@pytest.mark.parametrize(
    ("said", "how"),
    [
        (namespace(None), "it is left out, and nothing is enforced"),
        (namespace(None, "istio-system"), "it is left out, and nothing is enforced"),
        (namespace("privileged"), "it is neither baseline nor restricted"),
        (namespace("privileged", "istio-system"), ""),
        (namespace("baseline"), ""),
        (namespace("restricted"), ""),
    ],
)
def test_a_namespace_says_what_pods_it_lets_in(pack: Pack, said: dict[str, Any], how: str) -> None:
    found = [one.partition(";")[0] for one in pack.advice("kubernetes:core/v1:Namespace", said).get(NAMESPACE, [])]
    assert found == ([f"metadata.labels.pod-security.kubernetes.io/enforce: {how}"] if how else [])


def test_a_level_that_is_not_known_is_said_and_namespaces_of_agents_are_named() -> None:
    pack = Pack()
    pack.configure(NAMESPACE, "ADVISORY", {"systemNamespaces": ["agents"]})
    assert NAMESPACE not in pack.advice("kubernetes:core/v1:Namespace", namespace("privileged", "agents"))
    assert pack.advice("kubernetes:core/v1:Namespace", namespace(UNKNOWN)) == {"unknown": [NAMESPACE]}
