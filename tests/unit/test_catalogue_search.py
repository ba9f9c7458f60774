"""What is found by a pasted text, a log or a few words; against the texts of the logs and against none."""

import re
import time
from pathlib import Path

import pytest
from test_catalogue import texts_of
from typer.testing import CliRunner

from pokayoke.app import app
from pokayoke_eks.catalogue import FAILURES, search

EVENTS = (
    "LAST SEEN   TYPE      REASON      OBJECT        MESSAGE\n"
    "3m          Normal    Scheduled   pod/shop-1    Successfully assigned shop/shop-1 to ip-10-0-1-1\n"
    "2m          Warning   Failed      pod/shop-2    {}\n"
    "1m          Normal    Pulled      pod/shop-3    Container image already present on machine\n"
)
ELSEWHERE = {
    r"\b10(\.\d+){3}\b": "172.20.0.1",
    r"t4g\.medium": "c7g.2xlarge",
    r"BOTTLEROCKET_x86_64": "AL2023_x86_64_STANDARD",
    r"bitnami/rabbitmq:\S+?(?=\"|$)": "bitnami/redis:7.2.4-debian-12-r9",
    r"(?<=Failed to pull image \")ghcr\.io/[^\"]+": "registry.example.com/shop/orders:1.4.2",
    r"mservice\.elbv2\.k8s\.aws": "validation.gatekeeper.sh",
    r"aws-load-balancer-webhook-service": "gatekeeper-webhook-service",
    r"PrometheusRule|ServiceMonitor": "Certificate",
    r"monitoring\.coreos\.com": "cert-manager.io",
    r"ci-quality-gate\.yml\", line 186": 'build.yml", line 12',
    r"module \"main\"": 'module "shop.asgi"',
    r"public\.ecr\.aws": "quay.io",
    r"k8s/foundations": "deploy/base",
    r"namespaces/domain-based": "shared/quotas",
    r"CreateSecurityGroup": "DescribeSubnets",
    r"future_exchange\.users": "shop.orders",
    r"/health\b": "/ready",
    r"images\[0\]": "images[3]",
    r"api-services": "shop",
    r"broker is 0": "broker is 3",
    r"docker-entrypoint\.sh": "start",
}
"""What differs from one system to the next in the logged texts, and what stands there in another."""


def slugs(text: str) -> list[str]:
    return [match.failure.slug for match in search(text)]


def explained(*asked: str, given: str | None = None) -> str:
    """The failure that `pokayoke explain` tells of first."""
    told = CliRunner().invoke(app, ["explain", *asked], input=given).stdout
    found = re.search(rf"^({'|'.join(FAILURES)}): ", told, re.MULTILINE)
    return found.group(1) if found else told


@pytest.mark.upstream
def test_every_logged_text_finds_its_failure_first(shared: Path) -> None:
    """Of the Korean symptoms too, and of a state that several failures show, as long as one row was given for it."""
    logged = [(kind, text, slug) for kind, text, slug in texts_of(shared) if slug in FAILURES]
    assert {kind for kind, _, _ in logged} == {"E", "S", "K"}
    assert len(logged) > 90
    found = {(slug, text): slugs(text) for _, text, slug in logged}
    assert {key: them[:3] for key, them in found.items() if key[0] not in them[:1]} == {}


@pytest.mark.upstream
def test_every_error_text_typed_at_the_command_or_in_the_midst_of_events_is_explained_first(shared: Path) -> None:
    errors = [(text, slug) for kind, text, slug in texts_of(shared) if kind == "E"]
    assert len(errors) > 50
    assert [(slug, text) for text, slug in errors if explained("--search", text) != slug] == []
    assert [(slug, text) for text, slug in errors if explained("-", given=EVENTS.format(text)) != slug] == []


@pytest.mark.upstream
def test_a_korean_symptom_is_explained_first_typed_or_piped(shared: Path) -> None:
    symptoms = [(text, slug) for kind, text, slug in texts_of(shared) if kind == "K"]
    assert len(symptoms) > 20
    assert [(slug, text) for text, slug in symptoms if explained("--search", text) != slug] == []
    assert [(slug, text) for text, slug in symptoms if explained("-", given=text) != slug] == []


@pytest.mark.upstream
def test_an_error_text_with_other_names_addresses_and_numbers_finds_the_same(shared: Path) -> None:
    changed = 0
    for kind, text, slug in texts_of(shared):
        if kind == "E" and (other := _elsewhere(text)) != text:
            changed += 1
            assert slugs(other)[:1] == [slug], other
    assert changed > 15


def _elsewhere(text: str) -> str:
    """As somebody else's system says it."""
    for logged, theirs in ELSEWHERE.items():
        text = re.sub(logged, theirs, text)
    return text


@pytest.mark.upstream
def test_where_two_failures_give_one_text_both_are_among_the_first_three(shared: Path) -> None:
    both: dict[str, set[str]] = {}
    for line in (shared / "error-texts.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if (
            len(cells) == 7
            and cells[3] == "E"
            and "same" in cells[6]
            and (named := re.findall("`([a-z-]+)`", cells[6]))
        ):
            both[cells[4].strip("` ")] = {cells[5], *named} & FAILURES.keys()
    assert len(both) == 3
    assert {text: them for text, them in both.items() if not them <= set(slugs(text)[:3])} == {}


def test_a_state_that_many_failures_show_lists_all_with_what_tells_them_apart() -> None:
    found = search("Node Not Initialized")
    assert len(found) == 9
    assert all(match.failure.clue for match in found)


def test_failures_that_share_a_text_say_what_tells_them_apart() -> None:
    showing: dict[str, list[str]] = {}
    for one in FAILURES.values():
        for symptom in one.symptoms:
            showing.setdefault(symptom.text, []).append(one.slug)
    shared = {slug for them in showing.values() if len(them) > 1 for slug in them}
    assert len(shared) > 15
    assert {slug for slug in shared if not FAILURES[slug].clue} == set()


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("webhook connection refused", "webhook-not-ready"),
        ("vpc won't delete because of a load balancer", "vpc-delete-blocked"),
        ("karpenter picks instances that are too big", "unbounded-instance-size"),
        ("pods cannot pull images from a private registry", "registry-pull-secret-missing"),
        ("helm cannot log in to public ecr", "public-registry-credentials"),
        ("DNS record still points to the old load balancer", "stale-dns-record"),
        ("cycle between eks and helm", "dependency-cycle"),
        ("cannot delete an ecr repository with images", "registry-not-empty"),
        ("Argo CD recreates what I deleted", "gitops-two-owners"),
        ("pod did not restart after the configmap changed", "config-change-without-restart"),
        ("bucket is not empty on destroy", "state-bucket-not-empty"),
        ("VPC 삭제 실패", "vpc-delete-blocked"),
        ("karpenter crashes at start, it cannot determine the region", "pod-identity-namespace-mismatch"),
        ("why did karpenter give me an xlarge", "unbounded-instance-size"),
        ("my arm instance type with an x86 ami", "ami-architecture-mismatch"),
        ("alb controller cannot talk to the kubernetes api, i/o timeout", "network-policy-blocks-api-server"),
        ("${cluster_name} was not replaced in my manifest", "unresolved-placeholder"),
        ("bitnami image is gone from docker hub", "discontinued-image"),
        ("pushed a new image but the old one runs", "mutable-image-tag"),
        ("health check returns 404 and pod restarts", "probe-path-missing"),
        ("redis connection times out from pod", "datastore-security-group-mismatch"),
        ("no free ip addresses in subnet", "subnet-ip-exhaustion"),
        ("daemonset not scheduled because of taint", "startup-taint-deadlock"),
        ("pod has no matching nodepool", "incompatible-requirements"),
        ("노드가 서브넷 IP 부족으로 초기화 안됨", "subnet-ip-exhaustion"),
        ("카펜터가 너무 큰 인스턴스를 띄움", "unbounded-instance-size"),
        ("NAT 게이트웨이가 없어서 노드가 조인 못함", "no-egress"),
        ("이미지를 새로 올렸는데 예전 이미지가 실행됨", "mutable-image-tag"),
    ],
)
def test_a_paraphrase_finds_its_failure_first(words: str, slug: str) -> None:
    assert slugs(words)[:1] == [slug]


@pytest.mark.parametrize(
    ("said", "slugs_first"),
    [
        (
            # kubernetes-sigs/karpenter#2813
            "User: arn:aws:sts::123456789012:assumed-role/karpenter/1 is not authorized to perform: ec2:CreateFleet on "
            "resource: arn:aws:ec2:us-west-2:123456789012:launch-template/* because no identity-based policy allows it",
            {"controller-permission-missing"},
        ),
        (
            # aws-load-balancer-controller: the same words of AWS, another action
            "api error UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:sts::"
            "123456789012:assumed-role/lbc/1 is not authorized to perform: ec2:CreateSecurityGroup on resource: x",
            {"lbc-iam-incomplete"},
        ),
        (
            # aws/karpenter-provider-aws#2519: nothing says whose permission it is
            "creating fleet, UnauthorizedOperation: You are not authorized to perform this operation. Encoded "
            "authorization failure message: XZX0",
            {"controller-permission-missing", "lbc-iam-incomplete"},
        ),
        (
            # kubernetes-sigs/karpenter, nodeclaim/lifecycle/initialization.go
            'Initialized is Unknown: StartupTaint "node.cilium.io/agent-not-ready:NoExecute" still exists',
            {"startup-taint-deadlock"},
        ),
        (
            # EC2, on deleting an internet gateway
            "DependencyViolation: Network vpc-0a1b has some mapped public address(es). Please unmap those public "
            "address(es) before detaching the gateway.",
            {"vpc-delete-blocked"},
        ),
        (
            # aws/amazon-vpc-cni-k8s#708
            "Error response from daemon: Get https://123456789012.dkr.ecr.ap-southeast-1.amazonaws.com/v2/"
            "amazon-k8s-cni/manifests/v1.5.3: no basic auth credentials",
            {"node-role-policies-missing"},
        ),
        (
            'Normal BackOff 62s (x20 over 6m10s) kubelet Back-off pulling image "auto"',
            {"istio-gateway-chart-in-ambient"},
        ),
        (
            # aws-load-balancer-controller, networking/subnet_resolver.go
            "Failed build model due to unable to resolve at least one subnet. Evaluated 0 subnets: 0 are tagged for "
            "other clusters, and 0 have insufficient available IP addresses",
            {"stale-vpc-id", "subnet-tags-missing"},
        ),
    ],
    ids=lambda it: " ".join(sorted(it)) if isinstance(it, set) else "",
)
def test_what_aws_and_controllers_say_in_their_own_words_finds_its_failure_first(
    said: str, slugs_first: set[str]
) -> None:
    assert set(slugs(said)[: len(slugs_first)]) == slugs_first


def test_a_long_text_that_several_share_says_more_of_a_log_than_a_state_that_all_pods_have() -> None:
    log = (
        "Pod default/batch-1: Pending: 0/2 nodes are available\n"
        "NodeClaim batch-1: Registered is Unknown: Node not registered with cluster\n"
    )
    found = [match.failure.slug for match in search(log, log=True)]
    assert {"no-egress", "control-plane-ports-blocked", "node-role-policies-missing"} <= set(found)
    assert "unresolved-placeholder" not in found[:3]


def test_names_addresses_and_wrapping_do_not_matter() -> None:
    text = 'Internal error occurred: failed\n  calling webhook "other.example.com": Post "https://a.b.svc:443/x?timeout=5s"'
    assert slugs(text) == ["webhook-not-ready"]


@pytest.mark.parametrize(
    ("logged", "slug"),
    [
        (r'{"error":"failed calling webhook \"mservice.elbv2.k8s.aws\": failed to call webhook"}', "webhook-not-ready"),
        ('{"level":"error","msg":"Failed to auto-create backend SG"}', "lbc-iam-incomplete"),
        ('{"level": "ERROR", "error": "no subnets found"}', "unresolved-placeholder"),
    ],
)
def test_json_may_be_spaced_and_escaped_as_it_likes(logged: str, slug: str) -> None:
    found = search(logged)
    assert found[0].failure.slug == slug
    assert found[0].named


def test_a_log_shows_what_it_names_and_nothing_of_its_healthy_lines() -> None:
    healthy = "Normal  Scheduled  pod/shop-6d4cf56db6-x7k2p  Successfully assigned shop/shop to ip-10-0-1-1\n" * 30
    assert search(healthy) == ()
    broken = 'Warning  Failed  pod/queue-0  Failed to pull image "docker.io/bitnami/rabbitmq:4": not found\n'
    assert slugs(healthy + broken + healthy) == ["discontinued-image"]


def test_a_healthy_line_of_a_log_is_no_question() -> None:
    line = "Normal  Pulling  pod/shop-1  Pulling image public.ecr.aws/shop:1"
    assert search(line, log=True) == ()


def test_a_long_log_is_searched_in_no_time() -> None:
    lines = (f"{at}m Warning Unhealthy pod/x-{at} Readiness probe failed: HTTP 503, attempt {at}" for at in range(5000))
    text = "\n".join(lines) + "\nBucketNotEmpty"
    began = time.process_time()
    assert slugs(text) == ["state-bucket-not-empty"]
    assert time.process_time() - began < 2


def test_words_that_are_of_no_failure_find_none() -> None:
    assert search("all is well") == ()
    assert search("") == ()
