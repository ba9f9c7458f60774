"""What is asked of pods and of the budgets that hold them, and where popular checks of the same are wrong."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

DEPLOYMENT, POD = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:Pod"
SET = "kubernetes:apps/v1:StatefulSet"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"
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


def workload(
    replicas: Any = 2, kind: str = DEPLOYMENT, name: str = "web", labels: Any = None, **metadata: Any
) -> Resource:
    spec = {"replicas": replicas, "template": {"metadata": {"labels": labels or {**APP, "v": "1"}}}}
    return Resource(kind, name, {"metadata": {"name": name, "namespace": "shop", **metadata}, "spec": spec})


def budget(
    name: str = "budget", namespace: Any = "shop", selector: Any = None, api: str = "policy", **spec: Any
) -> Resource:
    spec = {"selector": {"matchLabels": APP} if selector is None else selector, **(spec or {"maxUnavailable": 1})}
    kind = f"kubernetes:{api}/v1:PodDisruptionBudget"
    return Resource(kind, name, {"metadata": {"name": name, "namespace": namespace}, "spec": spec})


def scaler(least: Any, kind: str = "Deployment", api: str = "autoscaling/v2") -> Resource:
    target = {"kind": kind, "name": "web"}
    spec = {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": 9}
    return Resource(
        f"kubernetes:{api}:HorizontalPodAutoscaler",
        "scaler",
        {"metadata": {"name": "web", "namespace": "shop"}, "spec": spec},
    )


NONE = "replicas, and no budget of the stack selects their pods; "
BESIDE = "selector: the pods of 'web' have another budget too, and none of them is evicted; "


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
            pytest.param([workload(), scaler(None)], id="scaled-from-one"),
            pytest.param([workload(0), budget(minAvailable=1)], id="scaled-to-nothing"),
            pytest.param([workload(1), budget(minAvailable="1x%")], id="what-is-no-share"),
            pytest.param([workload(1), budget(minAvailable="1.5")], id="what-is-no-number"),
            pytest.param([workload(1), budget(minAvailable="100%")], id="which-the-budget-shows-by-itself"),
            pytest.param([workload(5, "kubernetes:apps/v1:DaemonSet")], id="a-pod-a-node"),
        ],
    )
    def test_what_a_drain_can_take_one_by_one_is_sound(self, pack: Pack, resources: list[Resource]) -> None:
        assert DRAINABLE not in pack.advice_on(*resources)

    @pytest.mark.parametrize(
        ("resources", "told", "what"),
        [
            pytest.param([workload()], "web", f"2 {NONE}", id="none"),
            pytest.param([workload("2", SET)], "web", f"2 {NONE}", id="none-in-another-spelling"),
            pytest.param([workload(), budget(namespace="other")], "web", f"2 {NONE}", id="in-another-namespace"),
            pytest.param(
                [workload(), budget(selector={"matchLabels": {"app": "x"}})], "web", f"2 {NONE}", id="of-other-pods"
            ),
            pytest.param(
                [workload(), budget(selector={"matchLabels": {**APP, "tier": "x"}})],
                "web",
                f"2 {NONE}",
                id="of-pods-with-more-labels",
            ),
            pytest.param(
                [workload(labels={"app": UNKNOWN}), budget(namespace="other")],
                "web",
                f"2 {NONE}",
                id="elsewhere-whatever-labels-come",
            ),
            pytest.param(
                [workload(), budget(namespace="other", selector=UNKNOWN)],
                "web",
                f"2 {NONE}",
                id="elsewhere-whatever-it-is",
            ),
            pytest.param([workload(), budget(api="example.com")], "web", f"2 {NONE}", id="of-another-kind"),
            pytest.param([workload(namespace=UNKNOWN)], "web", f"2 {NONE}", id="wherever-it-is"),
            pytest.param([workload(None), scaler(3)], "web", f"3 {NONE}", id="scaled"),
            pytest.param([workload(2), scaler(3, "StatefulSet")], "web", f"2 {NONE}", id="of-which-another-is-scaled"),
            pytest.param([workload(2), scaler(1, api="example.com/v1")], "web", f"2 {NONE}", id="scaled-by-no-scaler"),
            pytest.param([workload(2), budget(minAvailable=2)], "budget", "minAvailable: it is 2 of 2", id="all"),
            pytest.param([workload(1), budget(minAvailable=1)], "budget", "minAvailable: it is 1 of 1", id="the-only"),
            pytest.param(
                [workload(3), budget(minAvailable="67%")], "budget", "minAvailable: it is 67% of 3", id="rounded-up"
            ),
            pytest.param(
                [workload(), budget(), budget("second", minAvailable=2)], "second", BESIDE, id="two-on-one-pod"
            ),
        ],
    )
    def test_what_it_takes_at_once_or_never_is_told(
        self, pack: Pack, resources: list[Resource], told: str, what: str
    ) -> None:
        ((name, message),) = pack.advice_on(*resources)[DRAINABLE]
        assert name == told
        assert message.startswith(f"spec.{what if ': ' in what else f'replicas: {what}'}")
        assert ("]. Keep one of them." in message) is (what == BESIDE)

    @pytest.mark.parametrize(
        ("spec", "what"),
        [
            ({"maxUnavailable": 0}, "maxUnavailable: it is zero"),
            ({"maxUnavailable": "0%"}, "maxUnavailable: it is zero"),
            ({"minAvailable": "100%"}, "minAvailable: it is all of them"),
        ],
    )
    def test_a_budget_that_holds_every_pod_shows_by_itself(self, pack: Pack, spec: dict[str, Any], what: str) -> None:
        for kind in (BUDGET, f"{BUDGET}Patch"):
            (message,) = pack.advice(kind, {"metadata": {}, "spec": spec})[DRAINABLE]
            assert message.startswith(f"spec.{what}; ")
        for sound in (1, "1%", "99%", 100):
            assert pack.advice(BUDGET, {"metadata": {}, "spec": dict.fromkeys(spec, sound)}) == {}

    @pytest.mark.parametrize(
        "resources",
        [
            pytest.param([budget(selector=UNKNOWN)], id="a-selector"),
            pytest.param([budget(selector={"matchLabels": {"app": UNKNOWN}})], id="what-it-selects"),
            pytest.param(
                [Resource(BUDGET, "budget", {"metadata": {"namespace": "shop"}, "spec": UNKNOWN})], id="a-budget"
            ),
            pytest.param([budget(namespace=UNKNOWN)], id="a-budgets-namespace"),
            pytest.param([budget(minAvailable=UNKNOWN)], id="how-many-stay"),
            pytest.param([scaler(UNKNOWN), budget()], id="how-many-there-are"),
        ],
    )
    def test_what_is_not_known_is_said_to_be(self, pack: Pack, resources: list[Resource]) -> None:
        assert pack.advice_on(workload(), *resources) == {"unknown": [("", DRAINABLE)]}

    def test_what_is_not_known_hides_no_other(self, pack: Pack) -> None:
        elsewhere = budget("elsewhere", UNKNOWN, {"matchLabels": {"app": "x"}})
        for untold in (
            workload(UNKNOWN, name="a"),
            workload(1, name="a", labels={"app": UNKNOWN}),
            workload(1, name="a", namespace=UNKNOWN),
        ):
            found = pack.advice_on(untold, workload(), elsewhere)
            assert [name for name, _ in found[DRAINABLE]] == ["web"]
            assert found["unknown"] == [("", DRAINABLE)]
