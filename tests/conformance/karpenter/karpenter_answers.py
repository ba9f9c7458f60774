"""Answers of the API server's own code (k8s.io/apiextensions-apiserver v0.36.3, with the CRDs of Karpenter v1.14.1), as
recorded by recorder/record.py."""

import hashlib
import json
from pathlib import Path
from typing import Any

from karpenter_cases import Case

ANSWERS = Path(__file__).with_name("recorded_answers.json")

FILES = {
    "EC2NodeClass": "karpenter.k8s.aws_ec2nodeclasses.yaml",
    "NodePool": "karpenter.sh_nodepools.yaml",
    "NodeClaim": "karpenter.sh_nodeclaims.yaml",
}
"""Where the upstream CRD of each kind stands."""


def recorded_answers() -> dict[str, dict[str, Any]]:
    """The recording, by the cases' names."""
    return json.loads(ANSWERS.read_text(encoding="utf-8"))


def digest(case: Case) -> str:
    """What tells whether the case that was asked about is the one at hand."""
    said = json.dumps([case.object, case.before], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]
