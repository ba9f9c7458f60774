"""A small program a policy, refused in the rehearsal's preview: raw resources, the real SDK, the pack as a process."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pokayoke_policies.pack import policies

PROGRAMS = Path(__file__).parent / "programs"
REFUSED = {
    "ami-architecture-mismatch": ("nodes", "amiType is x86_64, but t4g.medium is not"),
    "duplicate-node-role": ("nodes", "claims a role of this name already"),
    "extended-support": ("cluster", "upgradePolicy.supportType is left out, which means EXTENDED"),
    "missing-resource-limits": ("shop", "spec.template.spec.containers[0]: it states no memory limit"),
    "pod-identity-namespace-mismatch": ("karpenter", "is for 'karpenter' in namespace 'kube-system'"),
    "public-registry-credentials": ("crds", "credentials for public.ecr.aws, a public registry"),
    "unbounded-instance-size": ("pool", "instance-cpu Gt is an open range"),
    "unresolved-placeholder": ("class", "'${cluster_name}' was never filled in"),
}


def preview(program: Path, pack: Path) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "pokayoke", "rehearse", "dev", "--until", "preview", "--fresh", "--json"]
    arguments = ["--program", str(program), "--policy-pack", str(pack)]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_every_policy_of_the_pack_has_its_program() -> None:
    assert {policy.name for policy in policies(date(2026, 11, 21))} == set(REFUSED)
    assert {folder.name for folder in PROGRAMS.iterdir()} == set(REFUSED)


@pytest.mark.parametrize("slug", REFUSED)
def test_the_mistake_is_refused_in_the_preview_and_by_its_own_policy_alone(slug: str, repository: Path) -> None:
    code, document = preview(PROGRAMS / slug, repository / "policies")
    (act,) = document["acts"]
    resource, text = REFUSED[slug]
    assert code != 0
    assert act["failed"] == []
    assert {(one["policy"], one["level"]) for one in act["violations"]} == {(slug, "mandatory")}
    said = {one["urn"].rpartition("::")[2]: one["message"] for one in reversed(act["violations"])}
    assert text in said[resource]
