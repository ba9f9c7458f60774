"""ValidatingAdmissionPolicies judge every write, in the words of a real API server."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from kube_provider import CONFIG_MAP_KIND, config_map, deployment

from pokayoke_rehearsal.doubles.kubernetes.initial import new_cluster
from pokayoke_rehearsal.doubles.kubernetes.manifests.gateway_api import KINDS, standard_install
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object
from pokayoke_rehearsal.doubles.kubernetes.store.policies import Request
from pokayoke_rehearsal.doubles.kubernetes.store.users import User

API = "admissionregistration.k8s.io/v1"
ANY = ["CREATE", "UPDATE", "DELETE"]


def policy(expression: str, *, operations: list[str] | None = None, matching: Any = None, **spec: Any) -> Object:
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"], "operations": operations or ANY}
    said = {
        "matchConstraints": {"resourceRules": [rule], **(matching or {})},
        "validations": [{"expression": expression, **spec.pop("validation", {})}],
        **spec,
    }
    return {"apiVersion": API, "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "small"}, "spec": said}


def binding(*actions: str, **spec: Any) -> Object:
    said = {"policyName": "small", "validationActions": list(actions or ("Deny",)), **spec}
    return {"apiVersion": API, "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "all"}, "spec": said}


def bound(cluster: Cluster, expression: str, *actions: str, **said: Any) -> None:
    cluster.apply(policy(expression, **said), "me")
    cluster.apply(binding(*actions), "me")


def written(name: str = "a", **data: str) -> Object:
    return {**config_map(namespace="default"), "metadata": {"name": name, "namespace": "default"}, "data": data}


def refusal(cluster: Cluster, obj: Object) -> ApiError:
    with pytest.raises(ApiError) as refused:
        cluster.apply(obj, "me")
    return refused.value


def test_a_write_that_breaks_a_policy_is_refused_as_the_server_words_it(cluster: Cluster) -> None:
    bound(cluster, "object.data.size() < 2")
    cluster.apply(written(a="1"), "me")
    error = refusal(cluster, written(a="1", b="2"))
    assert str(error) == (
        "configmaps \"a\" is forbidden: ValidatingAdmissionPolicy 'small' with binding 'all' denied request: "
        "failed expression: object.data.size() < 2"
    )
    assert (error.code, error.reason) == (422, "Invalid")


def test_a_message_is_told_in_the_policys_own_words(cluster: Cluster) -> None:
    said = {"message": "too big", "messageExpression": "'holds ' + string(object.data.size())", "reason": "Forbidden"}
    bound(cluster, "object.data.size() < 2", validation=said)
    error = refusal(cluster, written(a="1", b="2"))
    assert str(error).endswith("denied request: holds 2")
    assert error.code == 403
    bound(cluster, "object.data.size() < 2", validation={**said, "messageExpression": "object.data.nothing"})
    assert str(refusal(cluster, written(a="1", b="2"))).endswith("denied request: too big")


def test_a_policy_without_a_binding_refuses_nothing(cluster: Cluster) -> None:
    cluster.apply(policy("false"), "me")
    cluster.apply(written(), "me")
    cluster.apply(binding(policyName="another"), "me")
    cluster.apply(written("b"), "me")


def test_a_binding_that_warns_lets_through_and_is_heard(cluster: Cluster) -> None:
    bound(cluster, "false", "Warn", "Audit", validation={"message": "no"})
    cluster.apply(written(), "me")
    cluster.apply(written("b"), "me")
    told = "Validation failed for ValidatingAdmissionPolicy 'small' with binding 'all': no"
    assert cluster.admission.policies.warnings == {told: ['configmaps "a"', 'configmaps "b"']}


def test_what_cannot_be_evaluated_is_refused_unless_failures_are_ignored(cluster: Cluster) -> None:
    bound(cluster, "object.data.missing == 'x'")
    assert str(refusal(cluster, written(a="1"))).endswith(
        "denied request: expression 'object.data.missing == 'x'' resulted in error: no such key: missing"
    )
    bound(cluster, "object.data.missing == 'x'", failurePolicy="Ignore")
    cluster.apply(written(a="1"), "me")


@pytest.mark.parametrize(
    "matching",
    [
        {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "elsewhere"}}},
        {"objectSelector": {"matchLabels": {"judged": "yes"}}},
        {
            "excludeResourceRules": [
                {"apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"], "operations": ["CREATE"]}
            ]
        },
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_policy_judges_what_its_constraints_name(cluster: Cluster, matching: Any) -> None:
    bound(cluster, "false", matching=matching)
    cluster.apply(written(), "me")


def test_a_policy_judges_where_all_of_its_conditions_hold(cluster: Cluster) -> None:
    conditions = [
        {"name": "young", "expression": "oldObject == null"},
        {"name": "named", "expression": "request.name == 'a'"},
    ]
    bound(cluster, "false", matchConditions=conditions)
    refusal(cluster, written("a"))
    cluster.apply(written("b"), "me")


def test_conditions_have_no_namespace_and_what_is_judged_has(cluster: Cluster) -> None:
    bound(
        cluster,
        "object.metadata.name == 'a' && variables.home == request.namespace && namespaceObject != null",
        matchConditions=[{"name": "nowhere", "expression": "namespaceObject == null"}],
        variables=[{"name": "home", "expression": "namespaceObject.metadata.name"}],
    )
    cluster.apply(written("a"), "me")
    refusal(cluster, written("b"))


@pytest.mark.parametrize(("young", "refused"), [("oldObject != null", False), ("oldObject == null", True)])
def test_a_condition_that_does_not_hold_counts_before_one_that_fails(
    cluster: Cluster, young: str, refused: bool
) -> None:
    said = ("object.nothing == ''", "object.none == ''", young)
    conditions = [{"name": f"a{index}", "expression": one} for index, one in enumerate(said)]
    bound(cluster, "true", matchConditions=conditions)
    if refused:
        assert "no such key: nothing" in str(refusal(cluster, written()))
    else:
        cluster.apply(written(), "me")


@pytest.mark.parametrize(
    ("actions", "problem"),
    [
        (["Deny", "Audit", "Warn"], "must not contain both Deny and Warn (repeating the same validation failure"),
        ([], "spec.validationActions: Required value: at least one validation action is required"),
    ],
    ids=["both", "none"],
)
def test_a_binding_says_what_follows_and_nothing_twice(cluster: Cluster, actions: list[str], problem: str) -> None:
    wrong = binding()
    wrong["spec"]["validationActions"] = actions
    error = refusal(cluster, wrong)
    assert problem in str(error)
    assert error.code == 422


def test_variables_are_there_for_those_after_them(cluster: Cluster) -> None:
    variables = [
        {"name": "keys", "expression": "object.data.map(key, key)"},
        {"name": "first", "expression": "variables.keys[0]"},
    ]
    bound(cluster, "variables.first == 'a'", variables=variables)
    cluster.apply(written(a="1"), "me")
    refusal(cluster, written(b="1"))


def test_a_deletion_is_judged_by_what_was_there(cluster: Cluster) -> None:
    bound(cluster, "object == null && oldObject.data.a != '1'", operations=["DELETE"])
    for value in ("1", "2"):
        cluster.apply(written(value, a=value), "me")
    with pytest.raises(ApiError, match="denied request"):
        cluster.delete(CONFIG_MAP_KIND, "1", "default")
    cluster.delete(CONFIG_MAP_KIND, "2", "default")


def test_expressions_know_who_asks(cluster: Cluster) -> None:
    bound(cluster, "request.userInfo.username.startsWith('arn:aws:sts::123456789012:assumed-role/platform/')")
    refusal(cluster, written())
    with cluster.admission.users.asking(User("arn:aws:sts::123456789012:assumed-role/platform/alice")):
        cluster.apply(written(), "me")


def test_the_time_of_the_write_is_in_the_object(cluster: Cluster) -> None:
    young = "timestamp(object.metadata.creationTimestamp) > timestamp('2020-01-01T00:00:00Z')"
    now = "object.metadata.managedFields.all(one, timestamp(one.time) > timestamp('2020-01-01T00:00:00Z'))"
    bound(cluster, f"{young} && {now}", operations=["CREATE", "UPDATE"])
    cluster.apply(written(a="1"), "me")
    assert "managedFields" not in cluster.apply(written(a="2"), "me")["metadata"]


def test_an_expression_that_does_not_compile_is_no_policy(cluster: Cluster) -> None:
    for expression, problem in (("object.", "compilation failed: ERROR: "), ("'a'", "must evaluate to bool but got")):
        with pytest.raises(ApiError) as refused:
            cluster.apply(policy(expression), "me")
        assert "spec.validations[0].expression: Invalid value: " in str(refused.value)
        assert problem in str(refused.value)


def test_pods_that_a_policy_refuses_are_told_of_by_their_deployment(nodes: Cluster) -> None:
    pods = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}
    bound(nodes, "false", matching={"resourceRules": [pods]}, validation={"message": "no pods"})
    nodes.apply({**deployment("web"), "metadata": {"name": "web", "namespace": "default"}}, "me")
    (replica_set,) = (one for one in nodes.list("apps", "ReplicaSet") if one["metadata"]["name"].startswith("web-"))
    (failure,) = (one for one in replica_set["status"]["conditions"] if one["type"] == "ReplicaFailure")
    assert failure["message"].endswith("denied request: no pods")


def test_gateway_apis_own_policy_refuses_older_and_experimental_kinds(cluster: Cluster) -> None:
    for obj in standard_install("v1.6.1"):
        cluster.apply(obj, "me")
    (older, *_), (channel, *_) = standard_install("v1.4.1"), standard_install("v1.6.1")
    assert "Installing CRDs with version before v1.5.0 is prohibited" in str(refusal(cluster, older))
    channel["metadata"]["annotations"]["gateway.networking.k8s.io/channel"] = "experimental"
    assert "Installing experimental CRDs on top of standard channel" in str(refusal(cluster, channel))
    for obj in standard_install("v1.6.1"):
        cluster.apply(obj, "me")


@pytest.mark.upstream
def test_it_refuses_what_the_upstream_policy_refuses(shared: Path) -> None:
    file = shared / "data/crds/gateway-api-standard/gateway.networking.k8s.io_vap_safeupgrades.yaml"
    theirs = [one for one in yaml.safe_load_all(file.read_text()) if one]
    ours = [one for one in standard_install("v1.6.1") if one["apiVersion"].startswith("admissionregistration")]
    asked = list(
        product((None, "standard", "experimental"), (None, "v1.6.1", "v1.5.0", "v1.4.1", "v1.4.0-rc.1", "v0.8.0"))
    )
    told = [
        [_told(cluster, before, now) for before in asked for now in asked] for cluster in map(_under, (theirs, ours))
    ]
    assert told[0] == told[1]
    assert len(set(told[0])) == 3


def _under(policies: list[Object]) -> Cluster:
    cluster, _ = new_cluster("demo", "1.36")
    for one in policies:
        cluster.apply(one, "me")
    return cluster


def _told(cluster: Cluster, before: tuple[Any, Any], now: tuple[Any, Any]) -> str:
    resource = cluster.resource(Kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition"))
    change = Request(resource, "UPDATE", User("alice"), _definition(*now), _definition(*before))
    try:
        cluster.admission.policies.judge(change)
    except ApiError as refused:
        return str(refused)
    return ""


def _definition(channel: str | None, bundle: str | None) -> Object:
    found = KINDS[0].definition({})
    said = {"channel": channel, "bundle-version": bundle}
    annotations = {f"gateway.networking.k8s.io/{key}": value for key, value in said.items() if value}
    return {**found, "metadata": {"name": found["metadata"]["name"], "annotations": annotations}}
