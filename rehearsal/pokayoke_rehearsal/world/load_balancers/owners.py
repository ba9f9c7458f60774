"""For whom the AWS Load Balancer Controller made a thing, by the tags that it gives to all of them.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/deploy/tracking.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.world.load_balancers import interfaces

_CLUSTER = "elbv2.k8s.aws/cluster"
_KINDS = {
    "service.k8s.aws/stack": "Service",
    "ingress.k8s.aws/stack": "Ingress",
    "gateway.k8s.aws.nlb/stack": "Gateway",
    "gateway.k8s.aws.alb/stack": "Gateway",
}


def owner(service: str, backend: Any, thing: Any) -> str:
    """`made for Service default/web of cluster demo`; empty for a thing that the controller did not make."""
    tags = _tags(service, backend, thing)
    cluster = tags.get(_CLUSTER)
    if cluster is None:
        return ""
    asked = next((f"{kind} {tags[key]}" for key, kind in _KINDS.items() if key in tags), "the load balancers")
    return f"made for {asked} of cluster {cluster}"


def _tags(service: str, backend: Any, thing: Any) -> Mapping[str, str]:
    if service == "elbv2":
        return backend.tagging_service.get_tag_dict_for_resource(thing.arn)
    if service != "ec2":
        return {}
    if str(getattr(thing, "description", "")).startswith("ELB "):
        return _tags_of_balancer(backend, thing.description)
    return backend.tags.get(getattr(thing, "id", ""), {})


def _tags_of_balancer(ec2: Any, description: str) -> Mapping[str, str]:
    from moto.elbv2.models import elbv2_backends

    elb: Any = elbv2_backends[ec2.account_id][ec2.region_name]
    held = [arn for arn in elb.load_balancers if interfaces.describes(arn) == description]
    return elb.tagging_service.get_tag_dict_for_resource(held[0]) if held else {}
