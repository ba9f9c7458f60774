"""For whom a cluster's controller made a thing, by the tags that it gives to all of them.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/deploy/tracking; and for what EKS makes by itself,
kubernetes/cloud-provider-aws, pkg/providers/v1/tags.go.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.world.load_balancers import interfaces

_CLUSTER = "elbv2.k8s.aws/cluster"
_IN_TREE, _CLUSTER_OF_EKS = "kubernetes.io/service-name", "kubernetes.io/cluster/"
_KINDS = {
    "service.k8s.aws/stack": "Service",
    "ingress.k8s.aws/stack": "Ingress",
    "gateway.k8s.aws.nlb/stack": "Gateway",
    "gateway.k8s.aws.alb/stack": "Gateway",
}


def owner(service: str, backend: Any, thing: Any) -> str:
    """`made for Service default/web of cluster demo`; empty for a thing that no controller made."""
    tags = _tags(service, backend, thing)
    if _IN_TREE in tags:
        own = next((key for key in tags if key.startswith(_CLUSTER_OF_EKS)), "")
        return f"made for Service {tags[_IN_TREE]} of cluster {own.removeprefix(_CLUSTER_OF_EKS)}"
    cluster = tags.get(_CLUSTER)
    if cluster is None:
        return ""
    asked = next((f"{kind} {tags[key]}" for key, kind in _KINDS.items() if key in tags), "the load balancers")
    return f"made for {asked} of cluster {cluster}"


def _tags(service: str, backend: Any, thing: Any) -> Mapping[str, str]:
    if service == "elbv2":
        return backend.tagging_service.get_tag_dict_for_resource(thing.arn)
    if service == "elb":
        return getattr(thing, "tags", {})
    if service != "ec2":
        return {}
    if str(getattr(thing, "description", "")).startswith("ELB "):
        return _tags_of_balancer(backend, thing.description)
    return backend.tags.get(getattr(thing, "id", ""), {})


def _tags_of_balancer(ec2: Any, description: str) -> Mapping[str, str]:
    from moto.elb.models import elb_backends
    from moto.elbv2.models import elbv2_backends

    classic: Any = elb_backends[ec2.account_id][ec2.region_name].load_balancers
    if (found := classic.get(description.removeprefix("ELB "))) is not None:
        return found.tags
    elb: Any = elbv2_backends[ec2.account_id][ec2.region_name]
    held = [arn for arn in elb.load_balancers if interfaces.describes(arn) == description]
    return elb.tagging_service.get_tag_dict_for_resource(held[0]) if held else {}
