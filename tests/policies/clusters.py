"""A cluster in a stack, and what runs in it, for the tests of policies between resources."""

from dataclasses import replace
from typing import Any

from analyzing import RELEASE, Resource

AMOUNTS = {"requests": {"cpu": "100m"}, "limits": {"memory": "64Mi"}}
LBC = "aws-load-balancer-controller"
CLUSTER = Resource(
    "aws:eks/cluster:Cluster",
    "cluster",
    {"name": "demo", "version": "1.36", "upgradePolicy": {"supportType": "STANDARD"}},
)
KUBERNETES = Resource("pulumi:providers:kubernetes", "kubernetes", after=("cluster",))
AGENT = Resource(
    "aws:eks/addon:Addon",
    "agent",
    {"clusterName": "demo", "addonName": "eks-pod-identity-agent"},
    sources={"clusterName": "cluster"},
)
IN_CLUSTER = (CLUSTER, KUBERNETES, AGENT)
TWO_CLUSTERS = (
    *(Resource(CLUSTER.type, name, {"name": name}) for name in ("one", "two")),
    *(Resource(KUBERNETES.type, f"in-{name}", {}, after=(name,)) for name in ("one", "two")),
)
"""With a provider each; `within` puts resources into one of them."""


def within(where: str, *resources: Resource) -> list[Resource]:
    """The same, in one of two clusters."""
    return [replace(one, provider=f"in-{where}") for one in resources]


def obj(name: str, kind: str, *after: str, api: str = "v1", **said: Any) -> Resource:
    """A Kubernetes object: `kind` in `api`; `metadata` is completed with the name."""
    metadata = {"name": name, **said.pop("metadata", {})}
    module = api if "/" in api else f"core/{api}"
    content = {"apiVersion": api, "kind": kind, "metadata": metadata, **said}
    return Resource(f"kubernetes:{module}:{kind}", name, content, after=after, provider=said.pop("of", "kubernetes"))


def release(name: str, chart: str, *after: str, values: dict[str, Any] | None = None, **said: Any) -> Resource:
    """A release of a chart."""
    given = {"resources": AMOUNTS, "controller": {"resources": AMOUNTS}, **(values or {})}
    content = {"chart": chart, "name": name, "namespace": "kube-system", "values": given, **said}
    return Resource(RELEASE, name, content, after=after, provider="kubernetes")


def identity(account: str, name: str = "identity", namespace: str = "kube-system") -> Resource:
    """A Pod Identity association."""
    said = {"clusterName": "demo", "namespace": namespace, "serviceAccount": account}
    kind = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    return Resource(kind, name, said, sources={"clusterName": "cluster"})


def lbc(*after: str, mutator: bool = False, **said: Any) -> tuple[Resource, Resource]:
    """The load balancer controller with its identity; by default its webhook for Services is off."""
    values = {"enableServiceMutatorWebhook": mutator, "serviceAccount": {"name": LBC}, **said.pop("values", {})}
    return identity(LBC, "for-lbc"), release("lbc", LBC, "for-lbc", *after, values=values, **said)


def service(*after: str, name: str = "web", annotations: dict[str, Any] | None = None, **spec: Any) -> Resource:
    """A Service of type LoadBalancer."""
    metadata = {"namespace": "web", "annotations": annotations or {}}
    return obj(name, "Service", *after, metadata=metadata, spec={"type": "LoadBalancer", **spec})


def webhook(where: str = "guard", **said: Any) -> tuple[Resource, ...]:
    """A webhook that the stack registers itself, its Service and the pods behind it."""
    labels = {"app": "guard"}
    container = {"name": "guard", "image": "guard:1", "resources": {"requests": {"cpu": 1}, "limits": {"memory": 1}}}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    pods = obj("pods", "Deployment", api="apps/v1", metadata={"namespace": where}, spec={"template": template})
    front = obj("front", "Service", metadata={"namespace": where}, spec={"selector": labels})
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["services"]}
    one = {"name": "x", "rules": [rule], "clientConfig": {"service": {"name": "front", "namespace": where}}, **said}
    kind = "ValidatingWebhookConfiguration"
    return pods, front, obj("hook", kind, "pods", "front", api="admissionregistration.k8s.io/v1", webhooks=[one])


def ingress(*after: str, **spec: Any) -> Resource:
    """An Ingress of class alb."""
    return obj("ingress", "Ingress", *after, api="networking.k8s.io/v1", spec={"ingressClassName": "alb", **spec})


def gateway(*after: str, annotations: dict[str, Any] | None = None, **spec: Any) -> Resource:
    """A Gateway of class istio."""
    metadata = {"annotations": annotations} if annotations else {}
    said = {"gatewayClassName": "istio", **spec}
    return obj("gateway", "Gateway", *after, api="gateway.networking.k8s.io/v1", metadata=metadata, spec=said)


def crds(*after: str) -> Resource:
    """A manifest of which nothing is known yet: it may bring any kind."""
    return Resource("kubernetes:yaml/v2:ConfigFile", "gateway-api", after=after, provider="kubernetes")
