"""Guardrails as the API server gets them, and the two that no policy of the pack has beside it: hands off, opt out.

The twin judges, whose policies Google's CEL engine evaluates.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from pokayoke_eks.rules.admission import Guardrail, Kinds, Refusal, drift, everywhere, manifest, opt_out
from pokayoke_eks.rules.finding import Finding
from pokayoke_rehearsal.doubles.kubernetes.initial import new_cluster
from pokayoke_rehearsal.doubles.kubernetes.store import policies
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.kinds import Resource, is_namespaced, plural_of
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind
from pokayoke_rehearsal.doubles.kubernetes.store.policies import Request
from pokayoke_rehearsal.doubles.kubernetes.store.schemas import ANYTHING
from pokayoke_rehearsal.doubles.kubernetes.store.users import User

SESSION = "arn:aws:sts::123456789012:assumed-role"
DEVELOPER = User(f"{SESSION}/developer/alice")
UNTIL, BECAUSE = "pokayoke-eks/guardrails-off-until", "pokayoke-eks/guardrails-off-because"
WHY = "the vendor's chart cannot state limits"
MADE = "2030-01-01T12:00:00Z"
SMALL = Guardrail(
    "small",
    (Kinds("apps", ("deployments", "daemonsets")), Kinds("", ("pods",), ("DELETE",), "Namespaced")),
    (
        Refusal("['a']", Finding("it is wrong", "Mend it.", "some-slug")),
        Refusal("['b']", Finding("it is off", 'Say "on".')),
    ),
    {"always": "true"},
    {"one": "1"},
    "namespaceObject == null",
    without=(Kinds("", ("events",)),),
    namespaces=("kube-system", "istio-system"),
)


def rule(group: str, *resources: str, operations: tuple[str, ...] = ("CREATE", "UPDATE"), scope: str = "*") -> Any:
    said = {"apiGroups": [group], "apiVersions": ["*"], "operations": list(operations), "resources": list(resources)}
    return {**said, "scope": scope}


def test_a_guardrail_is_a_policy_that_refuses_what_it_cannot_judge() -> None:
    selector = {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["kube-system", "istio-system"]}
    assert manifest.policy(SMALL, "A title") == {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [
                rule("apps", "deployments", "daemonsets"),
                rule("", "pods", operations=("DELETE",), scope="Namespaced"),
            ],
            "excludeResourceRules": [rule("", "events")],
            "namespaceSelector": {"matchExpressions": [selector]},
        },
        "matchConditions": [{"name": "always", "expression": "true"}],
        "variables": [
            {"name": "unless", "expression": "namespaceObject == null"},
            {"name": "one", "expression": "1"},
            {"name": "found0", "expression": "['a']"},
            {"name": "found1", "expression": "['b']"},
        ],
        "validations": [
            {
                "expression": "variables.unless || size(variables.found0) == 0",
                "message": "A title: it is wrong [some-slug]. Mend it.",
                "messageExpression": '"A title: " + string(variables.found0[0])'
                ' + ": it is wrong [some-slug]. Mend it."',
                "reason": "Forbidden",
            },
            {
                "expression": "variables.unless || size(variables.found1) == 0",
                "message": 'A title: it is off. Say "on".',
                "messageExpression": r'"A title: " + string(variables.found1[0]) + ": it is off. Say \"on\"."',
                "reason": "Forbidden",
            },
        ],
    }


def test_what_a_guardrail_does_not_say_is_left_out() -> None:
    said = manifest.policy(Guardrail("small", SMALL.kinds[:1], SMALL.refusals, {}), "A title")
    assert said["matchConstraints"] == {"resourceRules": [rule("apps", "deployments", "daemonsets")]}
    assert "matchConditions" not in said
    assert said["variables"][0] == {"name": "unless", "expression": "false"}


def test_a_binding_names_its_policy_and_what_follows() -> None:
    assert manifest.binding(SMALL, ("Warn", "Audit")) == {
        "policyName": "small.pokayoke-eks",
        "validationActions": ["Warn", "Audit"],
    }


@pytest.fixture
def judges() -> Cluster:
    roles = ("arn:aws:iam::123456789012:role/teams/platform", "arn:aws-cn:iam::210987654321:role/ci")
    return judged_by(drift.guardrail(roles, ("kube-system", "istio-system")), opt_out.guardrail(30))


def judged_by(*guardrails: Guardrail) -> Cluster:
    cluster, _ = new_cluster("demo", "1.36")
    for one in guardrails:
        for kind, spec in (
            ("ValidatingAdmissionPolicy", manifest.policy(one, "A title")),
            ("ValidatingAdmissionPolicyBinding", manifest.binding(one, ("Deny",))),
        ):
            head = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind}
            cluster.apply({**head, "metadata": {"name": manifest.name_of(one)}, "spec": spec}, "me")
    return cluster


def verdict(
    judges: Cluster, new: Mapping[str, Any] | None, old: Mapping[str, Any] | None = None, user: User = DEVELOPER
) -> str:
    """What a write is refused with; an empty text where it is taken."""
    content: Any = new or old
    kind = Kind.of(content["apiVersion"], content["kind"])
    resource = Resource(kind, plural_of(kind.kind), is_namespaced(kind), ANYTHING)
    operation = "CREATE" if old is None else "UPDATE" if new is not None else "DELETE"
    before, after = (dict(one) if one is not None else None for one in (old, new))
    try:
        judges.admission.policies.judge(Request(resource, operation, user, after, before))
    except ApiError as refused:
        return str(refused)
    return ""


def thing(kind: str, api: str = "v1", name: str = "x", namespace: str | None = None, **metadata: Any) -> dict[str, Any]:
    home = {"namespace": namespace} if namespace else {}
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, **home, **metadata}}


@pytest.mark.parametrize(
    ("content", "owned"),
    [
        (thing("ConfigMap", namespace="kube-system"), True),
        (thing("Deployment", "apps/v1", namespace="istio-system"), True),
        (thing("ConfigMap", namespace="default"), False),
        (thing("Lease", "coordination.k8s.io/v1", namespace="kube-system"), False),
        (thing("Event", namespace="kube-system"), False),
        (thing("Event", "events.k8s.io/v1", namespace="kube-system"), False),
        (thing("NodePool", "karpenter.sh/v1"), True),
        (thing("EC2NodeClass", "karpenter.k8s.aws/v1"), True),
        (thing("GatewayClass", "gateway.networking.k8s.io/v1"), True),
        (thing("ClusterRole", "rbac.authorization.k8s.io/v1"), False),
    ],
    ids=lambda one: (
        one["apiVersion"] + one["kind"] + one["metadata"].get("namespace", "") if isinstance(one, dict) else str(one)
    ),
)
def test_what_the_program_owns_only_the_program_makes_changes_and_deletes(
    judges: Cluster, content: dict[str, Any], owned: bool
) -> None:
    for new, old in ((content, None), (content, content), (None, content)):
        assert ("[manual-change-drift]" in verdict(judges, new, old)) is owned


def test_scaling_goes_past_what_a_star_names() -> None:
    of_all, *_ = drift.guardrail((), ("kube-system",)).kinds
    assert of_all == Kinds("*", ("*", "*/scale"), ("CREATE", "UPDATE", "DELETE"), "Namespaced")


def test_the_namespaces_of_the_platform_stay(judges: Cluster) -> None:
    ours, other = (
        thing("Namespace", name=name, labels={manifest.NAMESPACE_NAME: name}) for name in ("kube-system", "default")
    )
    assert "[manual-change-drift]" in verdict(judges, None, ours)
    assert verdict(judges, None, other) == ""


@pytest.mark.parametrize(
    ("user", "may"),
    [
        (f"{SESSION}/platform/alice", True),
        ("arn:aws-cn:sts::210987654321:assumed-role/ci/run-7", True),
        (f"{SESSION}/platform-readers/alice", False),
        (f"{SESSION}/teams/platform", False),
        ("arn:aws:sts::210987654321:assumed-role/platform/alice", False),
        ("eks:addon-manager", True),
        ("system:node:ip-10-0-0-1", True),
        ("system:serviceaccount:kube-system:karpenter", True),
        ("system:serviceaccount:istio-system:istiod", True),
        ("system:serviceaccount:argocd:controller", False),
        ("alice", False),
    ],
)
def test_who_is_the_program_is_told_by_role_and_not_by_session(judges: Cluster, user: str, may: bool) -> None:
    said = verdict(judges, thing("ConfigMap", namespace="kube-system"), user=User(user))
    assert (said == "") is may
    assert may or f"A title: {user}: this belongs to the platform's program" in said


def out(until: str, because: str = WHY, made: str = MADE, **more: Any) -> dict[str, Any]:
    said = {"labels": {UNTIL: until}, "annotations": {BECAUSE: because}}
    return thing("Namespace", name="legacy", creationTimestamp=made, **said, **more)


PLAIN = thing("Namespace", name="legacy", creationTimestamp=MADE)


@pytest.mark.parametrize(
    ("new", "old", "told"),
    [
        (out("2030-01-31"), None, ""),
        (out("2030-02-01"), None, "2030-02-01: the label pokayoke-eks/guardrails-off-until opts out for more than 30"),
        (out("soon"), None, "A title: soon: the label pokayoke-eks/guardrails-off-until is no day"),
        (out("soon"), None, "kubectl label namespace NAME pokayoke-eks/guardrails-off-until=2030-01-31."),
        (out("2030-13-01"), None, "is no day"),
        (out("2030-01-31", ""), None, "A title: metadata.annotations: the annotation pokayoke-eks/guardrails-off-beca"),
        (
            out("2030-01-31", "nine char"),
            None,
            "First: kubectl annotate namespace NAME pokayoke-eks/guardrails-off",
        ),
        (out("2030-01-31", "ten chars."), None, ""),
        (out("2030-01-31", " " * 20), None, "does not say why"),
        (out("", ""), None, ""),
        (out("2030-01-31", made="2020-01-01T00:00:00Z"), None, "for more than 30 days"),
        (out("2030-01-31", made="2020-01-01T00:00:00Z"), PLAIN, ""),
        (out("2030-02-01", made="2030-02-01T00:00:00Z"), PLAIN, "for more than 30 days"),
        (out("2030-04-01"), out("2030-04-01"), ""),
        (out("2030-04-01", "another reason"), out("2030-04-01"), "for more than 30 days"),
        (out("2030-04-01", deletionTimestamp=MADE), PLAIN, ""),
    ],
    ids=range(16),
)
def test_an_opt_out_has_a_day_that_is_near_and_a_reason(
    judges: Cluster, new: dict[str, Any], old: dict[str, Any] | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "now", lambda: MADE)
    said = verdict(judges, new, old)
    assert told in said
    assert (said == "") is (told == "")


def test_the_control_plane_is_not_asked_for_reasons(judges: Cluster) -> None:
    assert verdict(judges, out("soon"), PLAIN, User("eks:addon-manager")) == ""
    assert verdict(judges, out("soon"), PLAIN, User("system:serviceaccount:default:tool")) != ""


def test_an_error_of_a_condition_names_it() -> None:
    asked = ["asked-for-by-people-and-programs", "not-being-deleted"]
    assert list(opt_out.guardrail(30).conditions) == [*asked, "opts-out", "changed"]
    assert {tuple(one.conditions) for one in everywhere()} == {(*asked, "changed")}


POD = {"containers": [{"name": "a", "image": "b:1"}]}
BOUNDED = {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        ({"containers": [{"name": "a", "image": "b:latest", "resources": BOUNDED}]}, "spec.containers a (b:latest)"),
        (
            {"containers": [{"name": "a", "image": "bitnami/b:1", "resources": BOUNDED}]},
            "spec.containers a (bitnami/b:1)",
        ),
        ({"initContainers": [{"name": "a", "image": "b", "resources": BOUNDED}]}, "spec.initContainers a (b)"),
        ({"containers": [{"name": "a", "image": "b:1"}]}, "spec.containers a"),
        ({"containers": [], "volumes": [{"name": "v", "image": {"reference": "c"}}]}, "spec.volumes v (c)"),
    ],
    ids=range(5),
)
def test_what_pods_run_is_refused_by_place_and_image(spec: dict[str, Any], place: str) -> None:
    said = verdict(judged_by(*everywhere()), {**thing("Pod", namespace="default"), "spec": spec})
    assert f"denied request: A title: {place}: " in said


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({**thing("Deployment", "apps/v1"), "spec": {"template": {"spec": POD}}}, "spec.template.spec.containers a"),
        ({**thing("DaemonSet", "apps/v1"), "spec": {"template": {"spec": POD}}}, "spec.template.spec.containers a"),
        ({**thing("PodTemplate"), "template": {"spec": POD}}, "template.spec.containers a"),
    ],
    ids=["Deployment", "DaemonSet", "PodTemplate"],
)
def test_a_place_is_where_its_kind_has_the_pod(content: dict[str, Any], place: str) -> None:
    assert f"denied request: A title: {place}: " in verdict(judged_by(*everywhere()), content)


@pytest.mark.parametrize(
    ("resources", "missing"),
    [({"requests": {"cpu": "1"}}, "memory limit"), ({"limits": {"memory": "1Gi"}}, "cpu request")],
    ids=["memory", "cpu"],
)
def test_what_a_container_lacks_is_told_by_itself(resources: dict[str, Any], missing: str) -> None:
    spec = {"containers": [{"name": "a", "image": "b:1", "resources": resources}]}
    said = verdict(judged_by(*everywhere()), {**thing("Pod", namespace="default"), "spec": spec})
    assert f"spec.containers a: it states no {missing} [missing-resource-limits]. " in said


def test_an_egress_policy_that_lacks_something_is_told_what_and_how_another_may_hold_it() -> None:
    closed = {
        **thing("NetworkPolicy", "networking.k8s.io/v1", namespace="default"),
        "spec": {"policyTypes": ["Egress"]},
    }
    said = verdict(judged_by(*everywhere()), closed)
    assert "A title: the API server (TCP 443): the policy's pods do not get through to it [" in said
    assert said.endswith("name it in the annotation pokayoke-eks/adds-to.")


def test_each_guardrail_judges_the_kinds_that_it_is_for() -> None:
    judged = {one.name: {(kinds.group, kinds.resources) for kinds in one.kinds} for one in everywhere()}
    pods = {
        ("", ("pods", "podtemplates", "replicationcontrollers")),
        ("apps", ("deployments", "daemonsets", "replicasets", "statefulsets")),
        ("batch", ("cronjobs", "jobs")),
    }
    assert judged.pop("missing-resource-limits") == judged.pop("mutable-image-tag") == pods
    assert judged.pop("discontinued-image") == pods
    assert judged.pop("in-tree-load-balancer") == {("", ("services",))}
    assert judged.pop("network-policy-blocks-api-server") == {("networking.k8s.io", ("networkpolicies",))}
    assert {resources for _, resources in judged.pop("unresolved-placeholder")} == {("*",)}
    assert judged == {}


UNSOUND = {
    "missing-resource-limits": {**thing("Pod"), "spec": POD},
    "mutable-image-tag": {**thing("Pod"), "spec": {"containers": [{"name": "a", "image": "b", "resources": BOUNDED}]}},
    "discontinued-image": {
        **thing("Pod"),
        "spec": {"containers": [{"name": "a", "image": "bitnami/b:1", "resources": BOUNDED}]},
    },
    "unresolved-placeholder": thing("ConfigMap", labels={"team": "${TEAM}"}),
    "in-tree-load-balancer": {**thing("Service"), "spec": {"type": "LoadBalancer"}},
    "network-policy-blocks-api-server": {
        **thing("NetworkPolicy", "networking.k8s.io/v1"),
        "spec": {"policyTypes": ["Egress"]},
    },
}


@pytest.mark.parametrize("slug", [one.name for one in everywhere()])
def test_a_namespace_that_opted_out_is_refused_nothing_until_its_day(
    slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    judges = judged_by(*everywhere())
    judges.apply(out("2030-01-31"), "me")

    def said(home: str, moment: str) -> str:
        monkeypatch.setattr(policies, "now", lambda: moment)
        wrong = UNSOUND[slug]
        return verdict(judges, {**wrong, "metadata": {**wrong["metadata"], "namespace": home}})

    assert f"[{slug}]" in said("default", MADE)
    assert said("legacy", MADE) == ""
    assert f"[{slug}]" in said("legacy", "2030-01-31T00:00:00Z")


def test_no_condition_asks_for_the_namespace_which_conditions_are_not_told() -> None:
    (hands_off, opting_out) = (drift.guardrail((), ("kube-system",)), opt_out.guardrail(30))
    for one in (*everywhere(), hands_off, opting_out):
        assert "namespaceObject" not in "".join(one.conditions.values())
    assert {one.unless for one in (hands_off, opting_out)} == {"false"}


def test_events_and_endpoints_are_written_by_the_cluster_itself() -> None:
    (placeholders,) = (one for one in everywhere() if one.name == "unresolved-placeholder")
    assert placeholders.without == (Kinds("", ("events", "endpoints")),)
