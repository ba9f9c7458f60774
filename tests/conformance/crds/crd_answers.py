"""Answers of the API server's own code (k8s.io/apiextensions-apiserver v0.36.3, with the upstream CRDs), as recorded by
recorder/record.py."""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from crd_cases import Case

_GATEWAY, _BALANCER = "gateway-api-standard/gateway.networking.k8s.io_", "aws-load-balancer-controller/"

FAMILIES = {
    "karpenter": {
        "EC2NodeClass": "karpenter/karpenter.k8s.aws_ec2nodeclasses.yaml",
        "NodePool": "karpenter/karpenter.sh_nodepools.yaml",
        "NodeClaim": "karpenter/karpenter.sh_nodeclaims.yaml",
    },
    "gateway_api": {
        "GatewayClass": f"{_GATEWAY}gatewayclasses.yaml",
        "Gateway": f"{_GATEWAY}gateways.yaml",
        "HTTPRoute": f"{_GATEWAY}httproutes.yaml",
        "TLSRoute": f"{_GATEWAY}tlsroutes.yaml",
        "ReferenceGrant": f"{_GATEWAY}referencegrants.yaml",
    },
    "load_balancer": {
        "LoadBalancerConfiguration": f"{_BALANCER}gateway.k8s.aws_loadbalancerconfigurations.yaml",
        "TargetGroupConfiguration": f"{_BALANCER}gateway.k8s.aws_targetgroupconfigurations.yaml",
        "ListenerRuleConfiguration": f"{_BALANCER}gateway.k8s.aws_listenerruleconfigurations.yaml",
        "TargetGroupBinding": f"{_BALANCER}elbv2.k8s.aws_targetgroupbindings.yaml",
        "IngressClassParams": f"{_BALANCER}elbv2.k8s.aws_ingressclassparams.yaml",
    },
}
"""Where the upstream CRD of each kind stands, by whose kinds they are."""

FILES = {kind: name for files in FAMILIES.values() for kind, name in files.items()}


@cache
def recorded_answers(family: str) -> dict[str, dict[str, Any]]:
    """The recording, by the cases' names."""
    return json.loads(recording(family).read_text(encoding="utf-8"))


def recording(family: str) -> Path:
    """Where the answers on a family's kinds are recorded."""
    return Path(__file__).parent / "recorded" / f"{family}.json"


def answers_on(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Names and answers of the cases of a kind."""
    (family,) = (family for family, files in FAMILIES.items() if kind in files)
    return ((name, answer) for name, answer in recorded_answers(family).items() if name.startswith(f"{kind} "))


def digest(case: Case) -> str:
    """What tells whether the case that was asked about is the one at hand."""
    said = json.dumps([case.object, case.before], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]
