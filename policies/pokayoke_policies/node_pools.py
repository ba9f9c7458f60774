"""The policy `unbounded-instance-size`: a NodePool says how large its nodes may be, one by one and together."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding

from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_at, mapping_at, mapping_of

_AUTO_MODE = "eks.amazonaws.com/"
_KARPENTER = "karpenter.k8s.aws/"


def size_and_sum_are_bounded(node_pool: Mapping[str, Any]) -> Iterator[Finding]:
    """A list of instance types, sizes or vCPU counts, no open range, and a limit on CPU."""
    # Loads pydantic, with the models beside it: only where there is a NodePool to judge.
    from pokayoke_eks.rules import karpenter

    requirements = [_requirement(one) for one in list_at(node_pool, "spec", "template", "spec", "requirements")]
    spec = mapping_at(node_pool, "spec")
    known = {
        "replicas": spec.get("replicas"),
        "limits": mapping_at(spec, "limits"),
        "template": {"spec": {"requirements": requirements}},
    }
    judged = {"spec": {key: value for key, value in known.items() if value is not None}}
    yield from (one.placed for one in karpenter.unbounded_instance_size(judged))


RULE = Rule("unbounded-instance-size", kinds={"karpenter.sh/NodePool": (size_and_sum_are_bounded,)})


def _requirement(raw: Any) -> dict[str, Any]:
    """A requirement under Karpenter's own keys; EKS Auto Mode knows the same ones under its domain (EKS user guide,
    "Create a node pool for EKS Auto Mode")."""
    one = mapping_of(raw, "requirements")
    for key in ("key", "operator", "values"):
        if one.get(key) is UNKNOWN:
            raise NotKnownError(("requirements", key))
    key = one.get("key")
    if isinstance(key, str) and key.startswith(_AUTO_MODE):
        return {**one, "key": _KARPENTER + key.removeprefix(_AUTO_MODE)}
    return one
