"""The cluster itself refuses the documented mistakes, and lets people out for a while and a reason."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from configs import CLUSTER, NAMED, NETWORK, here
from environments import run
from registrations import Registered, record

from pokayoke_eks import Cluster, ClusterConfig, Guardrails, GuardrailsConfig, Network, NetworkConfig
from pokayoke_eks.catalogue import FAILURES, Level
from pokayoke_eks.config import ConfigErrors
from pokayoke_rehearsal.doubles.kubernetes.initial import new_cluster
from pokayoke_rehearsal.doubles.kubernetes.store import cluster as store
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object
from pokayoke_rehearsal.doubles.kubernetes.store.users import User

POLICY = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy"
BINDING = f"{POLICY}Binding"
SAID: dict[str, Any] = {
    "mode": "deny",
    "admins": ["arn:aws:iam::123456789012:role/teams/platform"],
    "namespaces": ["shop"],
    "opt_out_days": 30,
}
PLATFORM, DEVELOPER = (
    User(f"arn:aws:sts::123456789012:assumed-role/{role}/alice") for role in ("platform", "developer")
)
UNTIL, BECAUSE = "pokayoke-eks/guardrails-off-until", "pokayoke-eks/guardrails-off-because"
WHY = "the vendor's chart cannot state limits before its next release"


def registered(**said: Any) -> Registered:
    shared = {**NAMED, "lifecycle": "disposable"}

    def program() -> None:
        network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), here())
        cluster = Cluster("demo", ClusterConfig.model_validate({**shared, **CLUSTER}), network=network, opts=here())
        Guardrails("demo", GuardrailsConfig.model_validate(SAID | said), cluster=cluster)

    return record(program)


@pytest.fixture(scope="module")
def made() -> Registered:
    return registered()


@pytest.fixture
def guarded(made: Registered) -> store.Cluster:
    """A cluster in which the guardrails deny, and in which a developer asks."""
    cluster, _ = new_cluster("demo", "1.36")
    for kind in (POLICY, BINDING, "kubernetes:core/v1:Namespace", "kubernetes:core/v1:LimitRange"):
        for one in made.of_type(kind):
            cluster.apply(dict(one.inputs), "program")
    cluster.admission.users.program = DEVELOPER
    return cluster


def day(ahead: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=ahead)).isoformat()


def namespace(name: str = "legacy", until: str = "", because: str = "") -> Object:
    metadata = {
        "name": name,
        "labels": {UNTIL: until} if until else {},
        "annotations": {BECAUSE: because} if because else {},
    }
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def deployment(home: str = "shop", **container: Any) -> Object:
    pod = {"containers": [{"name": "web", "image": "registry.example.com/web:7", **container}]}
    spec = {
        "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": pod},
    }
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": home}, "spec": spec}


def refused(write: Callable[[], object]) -> str:
    with pytest.raises(ApiError) as found:
        write()
    assert found.value.code == 403
    return str(found.value)


def test_a_failure_whose_protection_names_admission_has_its_policy_and_binding(made: Registered) -> None:
    held = {slug for slug, one in FAILURES.items() if Level.ADMISSION in one.holders}
    assert held == {slug for slug, one in FAILURES.items() if Level.ADMISSION in one.held}
    for kind in (POLICY, BINDING):
        names = {one.inputs["metadata"]["name"] for one in made.of_type(kind)}
        assert names == {f"{name}.pokayoke-eks" for name in (*held, "opt-out")}


def test_a_refusal_says_what_where_why_and_how_to_put_it_right(guarded: store.Cluster) -> None:
    assert refused(lambda: guarded.apply(deployment(), "kubectl")) == (
        "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'missing-resource-limits.pokayoke-eks' with "
        "binding 'missing-resource-limits.pokayoke-eks' denied request: Containers without requests and limits: "
        "spec.template.spec.containers web: it states no memory limit [missing-resource-limits]. Set resources: "
        "{requests: {cpu: 100m}, limits: {memory: 128Mi}}, as much as it needs; requests that are left out equal the "
        "limits."
    )


def test_warnings_come_before_refusals() -> None:
    warned = registered(mode="warn").of_type(BINDING)
    assert {tuple(one.inputs["spec"]["validationActions"]) for one in warned} == {("Warn", "Audit")}
    with pytest.raises(ConfigErrors, match="Write warn first"):
        GuardrailsConfig.model_validate(SAID | {"mode": "off"})


@pytest.mark.parametrize("days", [0, 91, True, "30"])
def test_an_opt_out_is_no_way_to_live(days: Any) -> None:
    with pytest.raises(ConfigErrors, match="Write from 1 to 90 days"):
        GuardrailsConfig.model_validate(SAID | {"opt_out_days": days})


def test_nothing_judges_before_the_cluster_is_ready_or_binds_what_is_not_there(made: Registered) -> None:
    for one in made.of_type(BINDING):
        policy = made.one(POLICY, metadata=one.inputs["metadata"])
        assert policy.urn in one.depends_on
        assert made.goes_before(one, policy)


def test_namespaces_for_applications_fill_in_what_containers_leave_out(made: Registered) -> None:
    home = made.one("kubernetes:core/v1:Namespace")
    limits = made.one("kubernetes:core/v1:LimitRange")
    assert limits.inputs["metadata"]["namespace"] == "shop"
    assert home.urn in limits.depends_on
    (item,) = limits.inputs["spec"]["limits"]
    assert item["type"] == "Container"
    assert {"memory"} <= item["default"].keys()
    assert {"cpu", "memory"} <= item["defaultRequest"].keys()


def test_a_warning_leaves_pods_the_memory_that_they_took_before() -> None:
    (item,) = registered(mode="warn").one("kubernetes:core/v1:LimitRange").inputs["spec"]["limits"]
    assert {"cpu", "memory"} == item["defaultRequest"].keys()
    assert "default" not in item


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("warn", {"warn": "restricted", "audit": "restricted"}),
        ("deny", {"enforce": "baseline", "warn": "restricted"}),
    ],
)
def test_namespaces_for_applications_let_no_privileged_pods_in_once_guardrails_deny(
    mode: str, told: dict[str, str]
) -> None:
    home = registered(mode=mode).one("kubernetes:core/v1:Namespace")
    said = home.inputs["metadata"]["labels"]
    assert said == {f"pod-security.kubernetes.io/{key}": level for key, level in told.items()}


def test_what_was_there_before_lives_on_until_it_changes(guarded: store.Cluster) -> None:
    with guarded.admission.users.asking(User("eks:addon-manager")):
        guarded.apply(deployment(), "before")
    found = guarded.get(Kind("apps", "v1", "Deployment"), "web", "shop")
    found["metadata"]["finalizers"] = ["example.com/hold"]
    guarded.replace(found, "kubectl")
    found["spec"]["replicas"] = 3
    assert "[missing-resource-limits]" in refused(lambda: guarded.replace(found, "kubectl"))
    guarded.delete(Kind("apps", "v1", "Deployment"), "web", "shop")
    del found["metadata"]["finalizers"]
    guarded.replace(found, "kubectl")
    assert guarded.find(Kind("apps", "v1", "Deployment"), "web", "shop") is None


def test_a_namespace_opts_out_until_a_day_and_for_a_reason(guarded: store.Cluster) -> None:
    guarded.apply(namespace(until=day(14), because=WHY), "kubectl")
    made = guarded.apply(deployment("legacy"), "kubectl")
    made["spec"]["replicas"] = 2
    guarded.replace(made, "kubectl")
    guarded.apply(namespace("other"), "kubectl")
    assert "[missing-resource-limits]" in refused(lambda: guarded.apply(deployment("other"), "kubectl"))


def test_when_its_day_has_come_a_namespace_is_judged_again(guarded: store.Cluster) -> None:
    guarded.apply(namespace(until=day(1), because=WHY), "kubectl")
    made = guarded.apply(deployment("legacy"), "kubectl")
    guarded.apply(namespace(until=day(0), because=WHY), "kubectl")
    made["spec"]["replicas"] = 2
    assert "[missing-resource-limits]" in refused(lambda: guarded.replace(made, "kubectl"))
    other = deployment("legacy")
    other["metadata"]["name"] = "other"
    assert "[missing-resource-limits]" in refused(lambda: guarded.apply(other, "kubectl"))


@pytest.mark.parametrize(
    ("until", "because", "problem"),
    [
        ("soon", WHY, "soon: the label pokayoke-eks/guardrails-off-until is no day. Write the day"),
        ("2030-13-01", WHY, "is no day"),
        (day(32), WHY, "opts out for more than 30 days. Name a day that is nearer."),
        (day(14), "", "does not say why. Give the reason in a sentence."),
        (day(14), "because", "does not say why"),
        (day(14), " " * 20, "does not say why"),
    ],
    ids=["no-day", "no-such-month", "too-long", "unsaid", "a-word", "spaces"],
)
def test_an_opt_out_without_end_or_reason_is_refused(
    guarded: store.Cluster, until: str, because: str, problem: str
) -> None:
    assert problem in refused(lambda: guarded.apply(namespace(until=until, because=because), "kubectl"))
    guarded.apply(namespace(), "kubectl")
    assert problem in refused(lambda: guarded.apply(namespace(until=until, because=because), "kubectl"))


def test_hands_off_what_the_program_owns(guarded: store.Cluster) -> None:
    mine: Object = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "coredns", "namespace": "kube-system"},
    }
    own: Object = {**mine, "metadata": {"name": "mine", "namespace": "shop"}}
    assert refused(lambda: guarded.apply(mine, "kubectl")).endswith(
        "Changes were made past the program: arn:aws:sts::123456789012:assumed-role/developer/alice: this belongs to "
        "the platform's program, which would undo the change or be undone by it [manual-change-drift]. Change the "
        "program's config and run up."
    )
    for user in (PLATFORM, User("system:serviceaccount:kube-system:karpenter"), User("system:node:ip-10-0-0-1")):
        with guarded.admission.users.asking(user):
            guarded.apply(mine, "somebody")
    for user in (DEVELOPER, User("system:serviceaccount:argocd:argocd-application-controller")):
        with guarded.admission.users.asking(user):
            guarded.apply(own, "kubectl")
            with pytest.raises(ApiError, match=r"\[manual-change-drift\]"):
                guarded.delete(Kind("", "v1", "ConfigMap"), "coredns", "kube-system")
            with pytest.raises(ApiError, match=r"\[manual-change-drift\]"):
                guarded.apply(namespace("kube-system", day(1), WHY), "kubectl")


def test_a_role_whose_name_only_begins_alike_is_another(guarded: store.Cluster) -> None:
    mine = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "kube-system"}}
    with guarded.admission.users.asking(User("arn:aws:sts::123456789012:assumed-role/platform-readers/bob")):
        assert "[manual-change-drift]" in refused(lambda: guarded.apply(mine, "kubectl"))


def test_the_program_guards_its_clusters_where_the_config_says_so(
    repository: Path, dev: Registered, platforms: dict[str, Any]
) -> None:
    assert not dev.of_type(POLICY)
    rules = {"mode": "warn", "platform_namespaces": ["argocd"]}
    made = run(repository, platforms["dev"] | {"guardrails": rules})
    made.one("pokayoke-eks:index:Guardrails")
    drift = made.one(POLICY, metadata={"name": "manual-change-drift.pokayoke-eks"})
    said = json.dumps(drift.inputs["spec"])
    for owner in ("assumed-role/platform/", "serviceaccount:edge:", "serviceaccount:argocd:"):
        assert owner in said
