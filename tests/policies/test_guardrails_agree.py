"""What the pack refuses in a program, the cluster refuses from everybody: one table of objects, two verdicts.

The pack judges as an engine asks it; the cluster is the twin's, whose policies Google's CEL engine evaluates.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from analyzing import Pack
from clusters import IN_CLUSTER, obj
from test_network_policy_policy import API, DNS, LOGGED
from test_placeholders import LAWFUL, WRONG
from test_workloads import SOUND, container, workload

from pokayoke_eks.catalogue import FAILURES
from pokayoke_eks.rules.admission import everywhere, manifest
from pokayoke_eks.rules.workloads import POD_SPECS
from pokayoke_rehearsal.doubles.kubernetes.initial import new_cluster
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.kinds import Resource, is_namespaced, plural_of
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind
from pokayoke_rehearsal.doubles.kubernetes.store.policies import Request
from pokayoke_rehearsal.doubles.kubernetes.store.schemas import ANYTHING
from pokayoke_rehearsal.doubles.kubernetes.store.users import User

SOMEBODY = User("arn:aws:sts::123456789012:assumed-role/developer/alice")
ELSEWHERE = ("List", "Thing")
"""A list is taken apart by who sends it; custom kinds of groups that nobody here knows are the pack's alone."""
SLUGS = {one.name for one in everywhere()}


@pytest.fixture
def judges() -> Cluster:
    cluster, _ = new_cluster("demo", "1.36")
    for one in everywhere():
        for kind, spec in (
            ("ValidatingAdmissionPolicy", manifest.policy(one, FAILURES[one.name].title)),
            ("ValidatingAdmissionPolicyBinding", manifest.binding(one, ("Deny",))),
        ):
            head = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind}
            cluster.apply({**head, "metadata": {"name": manifest.name_of(one)}, "spec": spec}, "me")
    return cluster


def verdict(cluster: Cluster, content: Mapping[str, Any]) -> str | None:
    """The slug for which a cluster refuses an object, past what it would refuse by its form."""
    kind = Kind.of(content["apiVersion"], content["kind"])
    metadata = {"name": "x", "namespace": "default", **content["metadata"]}
    resource = Resource(kind, plural_of(kind.kind), is_namespaced(kind), ANYTHING)
    try:
        cluster.admission.policies.judge(Request(resource, "CREATE", SOMEBODY, {**content, "metadata": metadata}, None))
    except ApiError as refused:
        said = str(refused)
        (slug,) = (one for one in SLUGS if f"[{one}]" in said)
        return slug
    return None


def objects() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind, content in (*(wrong for _, wrong in WRONG), *LAWFUL):
        if kind.startswith("kubernetes:") and content.get("kind") not in ELSEWHERE and "metadata" in content:
            yield kind, content
    for key in POD_SPECS:
        if key.startswith("extensions/"):
            continue
        for spec in (
            {"initContainers": [container(SOUND)], "containers": [container(SOUND), container(SOUND)]},
            {"initContainers": [container()], "containers": [container(SOUND)]},
            {"containers": [container(SOUND), container(name="second")]},
        ):
            yield workload(key, spec)
    for resources in (
        {"limits": {"cpu": 1, "memory": "1Gi"}},
        {},
        {"requests": {"cpu": "1", "memory": "1Gi"}},
        {"limits": {"memory": "1Gi"}, "requests": {"memory": "1Gi"}},
        {"requests": {"cpu": "0"}, "limits": {"memory": "0Mi"}},
        {"requests": {"cpu": "0.5"}, "limits": {"memory": "1e3"}},
        {"requests": {"cpu": ".0"}, "limits": {"memory": "10"}},
    ):
        yield workload("apps/Deployment", {"containers": [container(resources)]})
    of_all = {"limits": {"cpu": "2", "memory": "2Gi"}}
    yield workload("core/Pod", {"resources": of_all, "containers": [container(), container()]})
    for image in IMAGES:
        yield workload("core/Pod", {"containers": [{**container(SOUND), "image": image}]})
        yield workload("batch/CronJob", {"initContainers": [{**container(SOUND), "image": image}], "containers": []})
    mounted = {"name": "model", "image": {"reference": "registry.example.com/model:latest"}}
    yield workload("core/Pod", {"containers": [container(SOUND)], "volumes": [{"name": "tmp"}, mounted]})


IMAGES = (
    *("nginx", "nginx:latest", "nginx:1.29", "library/nginx", "docker.io/library/nginx:latest"),
    *("registry.example.com:5000/app", "registry.example.com:5000/app:7", "localhost/app:latest", "localhost:5000/app"),
    *(f"registry.example.com/app{tag}@sha256:{'0' * 64}" for tag in ("", ":latest", ":7")),
    *("bitnami/redis", "bitnami/redis:latest", "bitnami/redis:7", "docker.io/bitnami/rabbitmq:4.1.3-debian-12-r1"),
    *("index.docker.io/bitnami/redis:7", "registry-1.docker.io/bitnami/redis:7", f"bitnami/redis@sha256:{'0' * 64}"),
    *("DOCKER.IO/bitnami/redis:7", "bitnamilegacy/redis:7", "registry.example.com/bitnami/redis:7", "bitnamiz/redis:7"),
    "registryX1.docker.io/bitnami/redis:7",
)
TABLE = list(objects())


@pytest.mark.parametrize(("kind", "content"), TABLE, ids=lambda one: json.dumps(one)[:90])
def test_the_pack_and_the_cluster_agree(kind: str, content: Mapping[str, Any], pack: Pack, judges: Cluster) -> None:
    by_pack = SLUGS & pack.refusals(kind, content).keys()
    found = verdict(judges, content)
    assert (found in by_pack) if by_pack else found is None


def test_the_table_has_both_verdicts_of_each(judges: Cluster) -> None:
    found = {verdict(judges, content) for _, content in TABLE}
    assert found == {None, *SLUGS} - {"network-policy-blocks-api-server", "in-tree-load-balancer"}


RULES: list[list[Any]] = [
    *([], [{}], [API], [DNS], [API, DNS], [LOGGED], [LOGGED, API], [API, {**DNS, "ports": DNS["ports"][:1]}]),
    [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}]}],
    [{"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}]}, DNS],
    [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]}}]}, DNS],
    [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/9"]}}]}, DNS],
    [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["0.0.0.0/0"]}}]}, DNS],
    [{"to": [{"ipBlock": {"cidr": "2001:db8::/32"}}]}],
    *([{**API, "ports": [port]}, DNS] for port in ({"port": 443, "protocol": "UDP"}, {"port": "https"}, {"port": 80})),
    *([{**API, "ports": [port]}, DNS] for port in ({"port": 400, "endPort": 500}, {"port": 444, "endPort": 500}, {})),
]


@pytest.mark.parametrize("said", [{"policyTypes": ["Egress"]}, {"policyTypes": ["Ingress"]}, {}], ids=str)
@pytest.mark.parametrize("egress", RULES, ids=lambda one: json.dumps(one)[:60])
def test_they_agree_on_a_network_policy_that_stands_alone(
    egress: list[Any], said: dict[str, Any], pack: Pack, judges: Cluster
) -> None:
    resource = obj(
        "policy",
        "NetworkPolicy",
        api="networking.k8s.io/v1",
        metadata={"namespace": "default"},
        spec={"podSelector": {}, **said, "egress": egress},
    )
    by_pack = SLUGS & pack.of_stack(*IN_CLUSTER, resource).keys()
    assert {verdict(judges, resource.properties)} - {None} == by_pack


@pytest.mark.parametrize("kind", ["LoadBalancer", "ClusterIP", "NodePort"])
@pytest.mark.parametrize("chosen", ["", "service.k8s.aws/nlb", "example.com/other"])
@pytest.mark.parametrize("said", ["", "external", "nlb-ip", "nlb", "clb"])
def test_they_agree_on_a_service_in_a_cluster_without_the_controller(
    kind: str, chosen: str, said: str, pack: Pack, judges: Cluster
) -> None:
    annotations = {"service.beta.kubernetes.io/aws-load-balancer-type": said} if said else {}
    spec = {"type": kind, "ports": [{"port": 80}], **({"loadBalancerClass": chosen} if chosen else {})}
    resource = obj("web", "Service", metadata={"namespace": "default", "annotations": annotations}, spec=spec)
    by_pack = "in-tree-load-balancer" in pack.of_stack(resource)
    assert (verdict(judges, resource.properties) == "in-tree-load-balancer") == by_pack
