"""What each policy of a documented failure refuses, and pieces to spell it otherwise."""

import json
from typing import Any

from analyzing import Resource
from clusters import AMOUNTS, obj, release
from examples import example
from judging import TODAY

from pokayoke_policies.pack import rules

FAILING = {rule.slug: example(rule.slug).failing for rule in rules(TODAY) if rule.practice is None}
"""By policy, the failing stack of its example."""

CONTROLLER = "k8s-shop-web-0a1b2c3d4e-0123456789abcdef.elb.ap-northeast-2.amazonaws.com"
KINDS = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
LISTED = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["m7g.large"]}]
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}


def pool(*after: str, requirements: Any = None, **spec: Any) -> Resource:
    """A NodePool that is bounded."""
    template = {"spec": {"requirements": LISTED if requirements is None else requirements, **spec}}
    return obj("pool", "NodePool", *after, api="karpenter.sh/v1", spec={"template": template, "limits": {"cpu": "32"}})


def node_class(**spec: Any) -> Resource:
    """An EC2NodeClass after its kind."""
    said = {"amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}], "role": "nodes", **spec}
    return obj("class", "EC2NodeClass", "kinds", api="karpenter.k8s.aws/v1", spec=said)


def role(name: str, **said: Any) -> Resource:
    """A role that somebody may take."""
    return Resource("aws:iam/role:Role", name, {"name": name, "assumeRolePolicy": json.dumps(TRUST), **said})


def web(
    kind: str = "Deployment", resources: Any = AMOUNTS, image: str = "a:1", env: Any = None, **pod: Any
) -> Resource:
    """A workload of one container."""
    containers = [{"name": "a", "image": image, "resources": resources, "env": env or []}]
    return obj(
        "web", kind, api="apps/v1", spec={"selector": {}, "template": {"spec": {"containers": containers, **pod}}}
    )
