"""A mistake a policy, refused in the rehearsal's preview: raw resources, the real SDK, the pack as a process. Several
mistakes share a program, because a rehearsal costs seconds and a mistake nothing."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pokayoke_policies.pack import policies
from pokayoke_policies.practices import PRACTICES
from rehearsed import Stage

REPOSITORY = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"
SOUND = "sound"
COMMANDED = "account"
"""Goes through the command, as the sound one does; the others through the same engine and pack without it."""
REFUSED = {
    "account": {
        "ami-architecture-mismatch": ("arm-nodes", "amiType is x86_64, but t4g.medium is not"),
        "duplicate-node-role": ("nodes", "claims a role of this name already"),
        "extended-support": ("extended", "upgradePolicy.supportType is left out, which means EXTENDED"),
        "registry-not-empty": ("images", "forceDelete is off and nothing protects it"),
        "state-bucket-not-empty": ("state", "forceDestroy is off and nothing protects it"),
        "dsql-delete-deadlock": ("tokyo", "it depends on its peer ('tokyo' -> 'seoul')"),
        "no-egress": ("closed", "the subnet 'closed' has no way out"),
        "control-plane-ports-blocked": ("closed", "admits the control plane to the kubelet on 10250"),
        "node-role-policies-missing": ("bare", "lets its nodes pull images or give pods addresses"),
        "subnet-ip-exhaustion": ("crowd", "its subnets have 11 addresses, and the 50 nodes"),
        "lbc-iam-incomplete": ("controller", "its policies do not allow acm:DescribeCertificate"),
        "stale-dns-record": ("by-hand", "a load balancer of a controller's making"),
        "alias-zone-mismatch": ("alias", "is the hosted zone of Application and Classic Load Balancers"),
    },
    "cluster": {
        "missing-resource-limits": ("shop", "spec.template.spec.containers[0]: it states no memory limit"),
        "unbounded-instance-size": ("pool", "instance-cpu Gt is an open range"),
        "unresolved-placeholder": ("class", "'${cluster_name}' was never filled in"),
        "in-tree-load-balancer": ("classic", "a Service of type LoadBalancer names no controller"),
        "nlb-tls-termination": ("half", "ssl-negotiation-policy: it is left out"),
        "user-data-invalid": ("garbled", "spec.userData: it is no TOML"),
        "network-policy-blocks-api-server": ("egress", "do not get through to the API server (TCP 443)"),
    },
    "workloads": {
        "applicationset-kustomize-images": ("shops", "spec.template.spec.source.kustomize.images[0]: it is no text"),
        "mutable-image-tag": ("latest", "spec.containers[0].image: the image has the tag latest"),
        "kafka-advertised-address": ("kafka", "it is a Kafka broker that advertises no address"),
        "empty-secret": ("settings", "data.application.yaml: in its text jwt_secret is empty"),
        "gitops-two-owners": ("dns", "'external-dns' of this stack installs the same chart"),
        "registry-pull-secret-missing": ("private", "it pulls from ghcr.io, which asks for a login"),
        "config-change-without-restart": ("reader", "its containers read the ConfigMap 'reader' of this stack"),
        "gitops-project-whitelist": ("shop", "spec.namespaceResourceWhitelist: the stack brings the Gateway API"),
        "discontinued-image": ("broker", "Bitnami took its versioned images away"),
    },
    "edge": {
        "pod-identity-namespace-mismatch": ("karpenter", "is for 'karpenter' in namespace 'kube-system'"),
        "public-registry-credentials": ("crds", "credentials for public.ecr.aws, a public registry"),
        "stale-vpc-id": ("aws-load-balancer-controller", "the id vpc-... in it is of no network that this stack makes"),
        "webhook-not-ready": ("inner", "a fail-closed webhook of 'aws-load-balancer-controller' judges it"),
        "vpc-delete-blocked": ("leftover", "does not depend on 'aws-load-balancer-controller'"),
        "istio-gateway-chart-in-ambient": ("ingress", "'ztunnel' puts the mesh in ambient mode"),
        "crd-not-installed": ("monitor", "nothing in the stack brings the kind ServiceMonitor"),
        "subnet-tags-missing": ("untagged", "no subnet of the stack carries the tag karpenter.sh/discovery"),
        "security-group-selector": ("groupless", "no security group of the stack carries the tag"),
        "ami-version-skew": ("old", "Bottlerocket 1.50.0 has no image for Kubernetes 1.36"),
        "image-architecture-mismatch": ("foreign", "an image of it is for amd64 by its name, and the nodes are arm64"),
        "efa-not-identified": ("training", "no device plugin for EFA is in the cluster"),
        "incompatible-requirements": ("elsewhere", "no node of the stack can take its pods"),
        "startup-taint-deadlock": ("waiting", "the startup taint node.cilium.io/agent-not-ready stays"),
    },
}

NOT_PLAYED = {"chart-image-swap", "datastore-security-group-mismatch", "db-instance-class-prefix"}
"""The rehearsal knows neither other publishers' charts nor databases: their own tests alone show them."""


def preview(program: str) -> tuple[int, dict[str, Any]]:
    """As the command tells it."""
    command = [sys.executable, "-m", "pokayoke", "rehearse", "dev", "--until", "preview", "--fresh", "--json"]
    arguments = ["--program", str(PROGRAMS / program), "--policy-pack", str(REPOSITORY / "policies")]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def refused(violations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in violations if one["level"] == "mandatory"]


def require_each_mistake(violations: list[dict[str, Any]], mistakes: Mapping[str, tuple[str, str]]) -> None:
    """Each is refused by its own policy, and nothing else is."""
    found = {(one["policy"], one["urn"].rpartition("::")[2]) for one in refused(violations)}
    assert found == {(slug, resource) for slug, (resource, _) in mistakes.items()}
    assert {one["policy"] for one in violations if one["level"] == "advisory"} <= PRACTICES.keys()
    for slug, (_, text) in mistakes.items():
        said = [one["message"] for one in violations if one["policy"] == slug]
        assert any(text in message for message in said)
        assert all(f"[{slug}]. " in message for message in said)


def test_every_policy_of_the_pack_has_its_mistake() -> None:
    told = [slug for mistakes in REFUSED.values() for slug in mistakes]
    assert sorted([*told, *NOT_PLAYED]) == sorted(
        {policy.name for policy in policies(date(2026, 11, 21))} - PRACTICES.keys()
    )
    assert {folder.name for folder in PROGRAMS.iterdir()} == {*REFUSED, SOUND}


@pytest.mark.parametrize("program", [one for one in REFUSED if one != COMMANDED])
def test_each_mistake_is_refused_in_the_preview_and_by_its_own_policy_alone(stage: Stage, program: str) -> None:
    folder = PROGRAMS / program
    config = yaml.safe_load((folder / "Pulumi.dev.yaml").read_text())["config"]
    result = stage.preview((folder / "__main__.py").read_text(), config)
    assert not result.ok
    assert result.failed == ()
    require_each_mistake([asdict(one) for one in result.violations], REFUSED[program])


def test_the_command_tells_each_mistake() -> None:
    code, document = preview(COMMANDED)
    (act,) = document["acts"]
    assert code != 0
    assert act["failed"] == []
    require_each_mistake(act["violations"], REFUSED[COMMANDED])


def test_a_careful_program_of_the_same_resources_is_refused_nothing() -> None:
    code, document = preview(SOUND)
    (act,) = document["acts"]
    assert refused(act["violations"]) == []
    assert (code, act["failed"]) == (0, [])
