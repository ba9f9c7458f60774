"""What is asked of pods and of the budgets that hold them, and where popular checks of the same are wrong."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

DEPLOYMENT, POD = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Pod"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
SCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
ISOLATED, DRAINABLE = "pod-isolated", "pdb-drainable"
APP = {"app": "web"}


@pytest.fixture
def pack(anew: Pack) -> Pack:
    """In which each rule with settings is made anew."""
    return anew


def pod(spec: dict[str, Any], namespace: Any = "shop") -> dict[str, Any]:
    return {"metadata": {"name": "web", "namespace": namespace}, "spec": {"containers": [{"name": "web"}], **spec}}


def container(**context: Any) -> dict[str, Any]:
    return {"containers": [{"name": "web", "securityContext": context}]}


class TestIsolation:
    """`pod-isolated`: outside the system's namespaces, pods keep to their containers."""

    @pytest.mark.parametrize(
        ("spec", "place"),
        [
            (container(privileged=True), "spec.containers[0].securityContext.privileged"),
            (container(privileged="true"), "spec.containers[0].securityContext.privileged"),
            (
                container(capabilities={"add": ["NET_RAW", "SYS_ADMIN"]}),
                "spec.containers[0].securityContext.capabilities.add",
            ),
            (container(capabilities={"add": ["ALL"]}), "spec.containers[0].securityContext.capabilities.add"),
            (
                {"initContainers": [{"securityContext": {"privileged": True}}]},
                "spec.initContainers[0].securityContext.privileged",
            ),
            (
                container(capabilities={"add": ["CAP_SYS_ADMIN"]}),
                "spec.containers[0].securityContext.capabilities.add",
            ),
            (
                container(windowsOptions={"hostProcess": True}),
                "spec.containers[0].securityContext.windowsOptions.hostProcess",
            ),
            (
                {"ephemeralContainers": [{}, {"securityContext": {"privileged": True}}]},
                "spec.ephemeralContainers[1].securityContext.privileged",
            ),
            (
                {"securityContext": {"windowsOptions": {"hostProcess": "true"}}},
                "spec.securityContext.windowsOptions.hostProcess",
            ),
            ({"hostNetwork": True}, "spec.hostNetwork"),
            ({"hostPID": True}, "spec.hostPID"),
            ({"hostIPC": True}, "spec.hostIPC"),
            ({"volumes": [{"emptyDir": {}}, {"hostPath": {"path": "/var/run"}}]}, "spec.volumes[1].hostPath"),
        ],
    )
    def test_a_way_out_is_told_with_its_place(self, pack: Pack, spec: dict[str, Any], place: str) -> None:
        (message,) = pack.advice(POD, pod(spec))[ISOLATED]
        said = {"add": "it holds ", "hostPath": "it mounts a folder of the node"}
        what = said.get(place.rpartition(".")[2], "it is on")
        assert message.partition("; ")[0].removesuffix("SYS_ADMIN").removesuffix("ALL") == f"{place}: {what}"
        assert ISOLATED not in pack.advice(POD, pod(spec, "kube-system"))

    @pytest.mark.parametrize(
        "spec",
        [
            {},
            container(privileged=False, capabilities={"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]}),
            {"hostNetwork": False, "volumes": [{"configMap": {"name": "web"}}]},
        ],
    )
    def test_a_pod_that_keeps_to_itself_is_told_nothing(self, pack: Pack, spec: dict[str, Any]) -> None:
        assert ISOLATED not in pack.advice(POD, pod(spec))

    @pytest.mark.parametrize(
        ("kind", "wrapped"),
        [
            ("apps/v1:DaemonSet", lambda spec: {"template": {"spec": spec}}),
            ("batch/v1:CronJob", lambda spec: {"jobTemplate": {"spec": {"template": {"spec": spec}}}}),
        ],
    )
    def test_whatever_makes_the_pods_is_judged(self, pack: Pack, kind: str, wrapped: Any) -> None:
        found = pack.advice(f"kubernetes:{kind}", {"metadata": {}, "spec": wrapped({"hostPID": True})})
        assert found[ISOLATED][0].partition(": ")[0].endswith("emplate.spec.hostPID")
        assert ISOLATED in pack.advice(f"kubernetes:{kind}Patch", {"metadata": {}, "spec": wrapped({"hostPID": True})})

    def test_a_right_is_told_once(self, pack: Pack) -> None:
        (message,) = pack.advice(POD, pod(container(capabilities={"add": ["SYS_ADMIN", "ALL"]})))[ISOLATED]
        assert "capabilities.add: it holds ALL; " in message

    def test_a_kind_without_pods_is_not(self, pack: Pack) -> None:
        """A rule that looks into everything called `spec` fires on whatever has one."""
        assert pack.advice("kubernetes:example.com/v1:Machine", pod({"hostNetwork": True})) == {}
        assert pack.advice("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", pod({"hostPID": True})) == {}

    def test_an_unknown_namespace_is_asked_about_only_where_it_matters(self, pack: Pack) -> None:
        assert pack.advice(POD, pod({"hostPID": True}, UNKNOWN))["unknown"][:1] == [ISOLATED]
        assert ISOLATED not in pack.advice(POD, pod({}, UNKNOWN))["unknown"]

    def test_what_is_known_is_told_beside_what_is_not(self, pack: Pack) -> None:
        found = pack.advice(POD, pod({"hostPID": True, "volumes": UNKNOWN}))
        assert ISOLATED in found
        assert ISOLATED in found["unknown"]
        assert pack.advice(POD, pod({"volumes": UNKNOWN}, "kube-system")) == {}

    def test_other_namespaces_may_be_the_systems(self) -> None:
        pack = Pack()
        pack.configure(ISOLATED, "ADVISORY", {"systemNamespaces": ["agents"]})
        assert ISOLATED not in pack.advice(POD, pod({"hostPID": True}, "agents"))
        assert ISOLATED in pack.advice(POD, pod({"hostPID": True}, "kube-system"))
        assert ISOLATED in pack.advice(POD, pod({"hostPID": True}, None))
        pack.configure(ISOLATED, "ADVISORY", {"systemNamespaces": ["default"]})
        assert ISOLATED not in pack.advice(POD, pod({"hostPID": True}, None))


def workload(replicas: Any = 2, kind: str = DEPLOYMENT, **metadata: Any) -> Resource:
    spec = {"replicas": replicas, "template": {"metadata": {"labels": {**APP, "v": "1"}}}}
    return Resource(kind, "web", {"metadata": {"name": "web", "namespace": "shop", **metadata}, "spec": spec})


def budget(name: str = "budget", namespace: str = "shop", selector: Any = None, **spec: Any) -> Resource:
    spec = {"selector": {"matchLabels": APP} if selector is None else selector, **(spec or {"maxUnavailable": 1})}
    return Resource(BUDGET, name, {"metadata": {"name": name, "namespace": namespace}, "spec": spec})


def scaler(least: Any) -> Resource:
    target = {"kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": 9}
    return Resource(SCALER, "scaler", {"metadata": {"name": "web", "namespace": "shop"}, "spec": spec})


class TestBudgets:
    """`pdb-drainable`: more than one replica has a budget, and a budget lets a pod go."""

    @pytest.mark.parametrize(
        "resources",
        [
            pytest.param([workload(), budget()], id="one-may-go"),
            pytest.param([workload(3.0), budget(minAvailable="50%")], id="half-of-three"),
            pytest.param([workload(3), budget(minAvailable=2)], id="all-but-one"),
            pytest.param([workload(), budget(selector={})], id="of-all-pods"),
            pytest.param([workload(1)], id="one-replica"),
            pytest.param([workload(None)], id="left-out-which-is-one"),
            pytest.param([workload(None), scaler(2), budget(minAvailable=1)], id="scaled-with-a-budget"),
            pytest.param([workload(0), budget(minAvailable=1)], id="scaled-to-nothing"),
            pytest.param([workload(5, "kubernetes:apps/v1:DaemonSet")], id="a-pod-a-node"),
        ],
    )
    def test_what_a_drain_can_take_one_by_one_is_sound(self, pack: Pack, resources: list[Resource]) -> None:
        assert DRAINABLE not in pack.advice_on(*resources)

    @pytest.mark.parametrize(
        ("resources", "told"),
        [
            pytest.param([workload()], "web", id="none"),
            pytest.param([workload("2", "kubernetes:apps/v1:StatefulSet")], "web", id="none-in-another-spelling"),
            pytest.param([workload(), budget(namespace="other")], "web", id="in-another-namespace"),
            pytest.param([workload(), budget(selector={"matchLabels": {"app": "x"}})], "web", id="of-other-pods"),
            pytest.param([workload(None), scaler(3)], "web", id="scaled"),
            pytest.param([workload(2), budget(minAvailable=2)], "budget", id="all-must-stay"),
            pytest.param([workload(1), budget(minAvailable=1)], "budget", id="the-only-one-must-stay"),
            pytest.param([workload(2), budget(minAvailable="51%")], "budget", id="rounded-up-to-all"),
            pytest.param([workload(), budget(), budget("second")], "second", id="two-on-one-pod"),
        ],
    )
    def test_what_it_takes_at_once_or_never_is_told(self, pack: Pack, resources: list[Resource], told: str) -> None:
        assert [name for name, _ in pack.advice_on(*resources)[DRAINABLE]] == [told]

    @pytest.mark.parametrize("spec", [{"maxUnavailable": 0}, {"maxUnavailable": "0%"}, {"minAvailable": "100%"}])
    def test_a_budget_that_holds_every_pod_shows_by_itself(self, pack: Pack, spec: dict[str, Any]) -> None:
        assert DRAINABLE in pack.advice(BUDGET, {"metadata": {}, "spec": spec})

    def test_what_is_not_known_is_said_to_be(self, pack: Pack) -> None:
        unknown = Resource(BUDGET, "budget", {"metadata": {"namespace": "shop"}, "spec": {"selector": UNKNOWN}})
        assert pack.advice_on(workload(), unknown).keys() == {"unknown"}
