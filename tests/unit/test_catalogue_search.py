"""What is found by a pasted text, a log or a few words; against the texts of the logs and against none."""

import time
from pathlib import Path

import pytest
from test_catalogue import texts_of

from pokayoke_eks.catalogue import FAILURES, search


def slugs(text: str) -> list[str]:
    return [match.failure.slug for match in search(text)]


@pytest.mark.upstream
def test_every_logged_text_finds_its_failure_first(shared: Path) -> None:
    """Of the Korean symptoms too, and of a state that several failures show, as long as one row was given for it."""
    logged = [(kind, text, slug) for kind, text, slug in texts_of(shared) if slug in FAILURES]
    assert {kind for kind, _, _ in logged} == {"E", "S", "K"}
    assert len(logged) > 90
    found = {(slug, text): slugs(text) for _, text, slug in logged}
    assert {key: them[:3] for key, them in found.items() if key[0] not in them[:1]} == {}


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
    ],
)
def test_a_paraphrase_finds_its_failure_first(words: str, slug: str) -> None:
    assert slugs(words)[:1] == [slug]


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
