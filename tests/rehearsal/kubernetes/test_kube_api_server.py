"""What an API server answers: texts as a real one of 1.36 gave them (facts of a measured server)."""

from __future__ import annotations

import pytest
from kube_provider import CONFIG_MAP_KIND, config_map, container, definition, deployment, widget

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError, NoMatchError, forbidden_field
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object

DEPLOYMENT = Kind("apps", "v1", "Deployment")


def in_default(obj: Object) -> Object:
    return {**obj, "metadata": {**obj["metadata"], "namespace": "default"}}


def refusal(cluster: Cluster, obj: Object, *, force: bool = False) -> tuple[int, str]:
    with pytest.raises(ApiError) as refused:
        cluster.apply(obj, "me", force=force)
    return refused.value.code, str(refused.value)


def test_a_custom_resource_before_its_definition_has_no_match(cluster: Cluster) -> None:
    monitor = {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": {"name": "m"}}
    with pytest.raises(NoMatchError) as refused:
        cluster.apply(monitor, "me")
    assert str(refused.value) == 'no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"'


def test_a_definition_opens_its_kind(cluster: Cluster) -> None:
    cluster.apply(definition(), "me")
    made = cluster.apply(widget(), "me")
    assert made["spec"] == {"size": 3, "grade": "plain"}
    assert made["metadata"]["generation"] == 1


def test_a_version_that_is_not_served_has_no_match(cluster: Cluster) -> None:
    cluster.apply(definition(), "me")
    with pytest.raises(NoMatchError):
        cluster.apply({**widget(), "apiVersion": "example.com/v2"}, "me")


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({}, "spec.size: Required value"),
        ({"size": 0}, "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1"),
        ({"size": 3, "colour": "green"}, 'spec.colour: Unsupported value: "green": supported values: "red", "blue"'),
        (
            {"size": 3, "after": "5 minutes"},
            "spec.after: Invalid value: \"5 minutes\": spec.after in body should match '^[0-9]+s$'",
        ),
        ({"size": 3, "parts": ["a", "b", "c"]}, "spec.parts: Too many: 3: must have at most 2 items"),
    ],
)
def test_a_custom_resource_is_judged_by_its_schema(cluster: Cluster, spec: Object, told: str) -> None:
    cluster.apply(definition(), "me")
    code, message = refusal(cluster, widget(spec=spec))
    assert (code, message) == (422, f'Widget.example.com "w" is invalid: {told}')


def test_rules_are_left_out_where_the_structure_is_broken_and_the_server_says_so(cluster: Cluster) -> None:
    ruled = definition(colour={"type": "string", "x-kubernetes-validations": [{"rule": "true", "message": "no"}]})
    cluster.apply(ruled, "me")
    _, message = refusal(cluster, widget(spec={}))
    assert message == (
        'Widget.example.com "w" is invalid: [spec.size: Required value, <nil>: Invalid value: null: some validation '
        "rules were not checked because the object was invalid; correct the existing errors to complete validation]"
    )


def test_an_unknown_field_is_refused_by_apply(cluster: Cluster) -> None:
    cluster.apply(definition(), "me")
    code, message = refusal(cluster, widget(spec={"size": 3, "roleArn": "x"}))
    assert code == 500
    assert message == (
        "failed to create typed patch object (/w; example.com/v1, Kind=Widget): .spec.roleArn: field not declared in "
        "schema"
    )


def test_a_value_of_another_type_is_refused_by_create_in_the_logged_words(cluster: Cluster) -> None:
    cluster.apply(definition(), "me")
    with pytest.raises(ApiError) as refused:
        cluster.create(widget(spec={"size": 3, "parts": [{"image": "x"}]}), "me")
    assert str(refused.value) == (
        'Widget.example.com "w" is invalid: spec.parts[0]: Invalid value: "object": spec.parts[0] in body must be of '
        'type string: "object"'
    )


def test_every_unknown_field_of_a_built_in_kind_is_told_at_once(cluster: Cluster) -> None:
    wrong = deployment(hostNetworking=True)
    wrong["spec"]["replicas"] = "two"
    _, message = refusal(cluster, in_default(wrong))
    assert message == (
        "failed to create typed patch object (default/web; apps/v1, Kind=Deployment): errors:\n"
        "  .spec.replicas: expected numeric (int or float), got string\n"
        "  .spec.template.spec.hostNetworking: field not declared in schema"
    )


def test_a_missing_namespace_is_not_found(cluster: Cluster) -> None:
    assert refusal(cluster, config_map(namespace="nope")) == (404, 'namespaces "nope" not found')


def test_a_selector_must_match_its_template(cluster: Cluster) -> None:
    code, message = refusal(cluster, in_default(deployment("d", labels={"a": "c"})))
    assert code == 422
    assert message == (
        'Deployment.apps "d" is invalid: spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not '
        "match template `labels`"
    )


def test_all_that_is_wrong_with_a_pod_template_is_told_at_once(cluster: Cluster) -> None:
    resources = {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}
    mounts = [{"name": "data", "mountPath": "/data"}]
    _, message = refusal(
        cluster, in_default(deployment(containers=[container("Main", resources=resources, volumeMounts=mounts)]))
    )
    assert "spec.template.spec.containers[0].name: Invalid value" in message
    assert "must be less than or equal to cpu limit of 1" in message
    assert 'spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"' in message


@pytest.mark.parametrize("name", ["Web", "a_b", "-a", "a" * 254, ""])
def test_a_name_must_be_a_subdomain(cluster: Cluster, name: str) -> None:
    code, message = refusal(cluster, config_map(name, namespace="default"))
    assert code == 422
    assert "metadata.name: " in message


def test_another_managers_field_is_a_conflict(cluster: Cluster) -> None:
    cluster.apply(in_default(config_map()), "spike")
    changed = in_default(config_map(data={"colour": "red"}))
    assert refusal(cluster, changed) == (409, 'Apply failed with 1 conflict: conflict with "spike": .data.colour')


def test_force_takes_the_field_and_giving_it_up_removes_it(cluster: Cluster) -> None:
    cluster.apply(in_default(config_map()), "spike")
    taken = cluster.apply(in_default(config_map(data={"colour": "red"})), "me", force=True)
    assert taken["data"] == {"colour": "red"}
    cluster.apply(in_default(config_map(data={})), "me")
    assert not cluster.get(CONFIG_MAP_KIND, "settings", "default").get("data")


def test_a_field_that_two_managers_agree_on_stays_while_one_of_them_wants_it(cluster: Cluster) -> None:
    cluster.apply(in_default(config_map()), "one")
    cluster.apply(in_default(config_map()), "two")
    assert cluster.apply(in_default(config_map(data={})), "one")["data"] == {"colour": "blue"}


def test_an_apply_without_a_change_leaves_the_version(cluster: Cluster) -> None:
    first = cluster.apply(in_default(config_map()), "me")
    again = cluster.apply(in_default(config_map()), "me")
    assert first["metadata"]["resourceVersion"] == again["metadata"]["resourceVersion"]


def test_ports_are_merged_by_their_key(cluster: Cluster) -> None:
    def service(port: int, name: str) -> Object:
        ports = [{"name": name, "port": port}]
        return in_default({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": ports}})

    cluster.apply(service(80, "http"), "one")
    merged = cluster.apply(service(443, "https"), "two")
    assert sorted(port["port"] for port in merged["spec"]["ports"]) == [80, 443]


def test_generation_counts_changes_of_the_spec_only(cluster: Cluster) -> None:
    cluster.apply(definition(), "me")
    cluster.apply(widget(), "me")
    labelled = cluster.apply(widget(labels={"a": "b"}), "me")
    changed = cluster.apply(widget(spec={"size": 4}, labels={"a": "b"}), "me")
    assert (labelled["metadata"]["generation"], changed["metadata"]["generation"]) == (1, 2)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            deployment(),
            {**deployment(labels={"app": "web", "v": "2"}), "spec": {
                **deployment(labels={"app": "web", "v": "2"})["spec"],
                "selector": {"matchLabels": {"v": "2"}},
            }},
            "field is immutable",
        ),
        (
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {
                "type": "LoadBalancer", "loadBalancerClass": "a.example.com/nlb", "ports": [{"port": 80}]}},
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {
                "type": "LoadBalancer", "loadBalancerClass": "b.example.com/nlb", "ports": [{"port": 80}]}},
            "spec.loadBalancerClass: Invalid value: \"b.example.com/nlb\": may not change once set",
        ),
        (
            {**config_map(), "immutable": True},
            {**config_map(data={"colour": "red"}), "immutable": True},
            "data: Forbidden: field is immutable when `immutable` is set",
        ),
    ],
)  # fmt: skip
def test_what_cannot_change_is_refused(cluster: Cluster, before: Object, after: Object, told: str) -> None:
    cluster.apply(in_default(before), "me")
    code, message = refusal(cluster, in_default(after), force=True)
    assert code == 422
    assert told in message


def test_the_kinds_of_the_cluster_version_are_served() -> None:
    older, newer = Cluster("a", "1.31"), Cluster("b", "1.36")
    claim = Kind("resource.k8s.io", "v1", "ResourceClaim")
    assert not older.discovery.serves(claim)
    assert newer.discovery.serves(claim)
    older.upgrade("1.36")
    assert older.discovery.serves(claim)


def test_alpha_and_beta_versions_are_not_served(cluster: Cluster) -> None:
    assert not cluster.discovery.serves(Kind("networking.k8s.io", "v1beta1", "IPAddress"))
    assert not cluster.discovery.serves(Kind("certificates.k8s.io", "v1alpha1", "ClusterTrustBundle"))


def test_a_new_cluster_holds_what_eks_makes(cluster: Cluster) -> None:
    names = {obj["metadata"]["name"] for obj in cluster.list("", "Namespace")}
    assert names == {"default", "kube-system", "kube-public", "kube-node-lease"}
    assert cluster.find(Kind("storage.k8s.io", "v1", "StorageClass"), "gp2") is not None
    service = cluster.find(Kind("", "v1", "Service"), "kubernetes", "default")
    assert service is not None
    assert service["spec"]["clusterIP"] == "172.20.0.1"
    assert cluster.find(DEPLOYMENT, "coredns", "kube-system") is not None
    assert cluster.find(Kind("", "v1", "ServiceAccount"), "default", "kube-public") is not None
    assert cluster.foreign() == []


def test_a_review_stands_in_for_the_schema(cluster: Cluster) -> None:
    def review(obj: Object, old: Object | None) -> None:
        if obj["spec"]["size"] == 5:
            raise ApiError(422, "Invalid", "five is right out" if old is None else "not five either")

    cluster.apply(definition(), "me")
    cluster.reviews["example.com", "Widget"] = review
    cluster.apply(widget(spec={"size": 99, "anything": True}), "me")
    assert refusal(cluster, widget("other", {"size": 5})) == (422, "five is right out")
    assert refusal(cluster, widget(spec={"size": 5})) == (422, "not five either")


def test_a_validator_adds_to_the_schema(cluster: Cluster) -> None:
    cluster.validators["", "ConfigMap"] = [lambda *_: [forbidden_field("data", "not here")]]
    assert "data: Forbidden: not here" in refusal(cluster, in_default(config_map()))[1]
