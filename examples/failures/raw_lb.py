"""The load balancer controller and what asks it for balancers, as somebody writes them by hand. Beside raw.py."""

import json

import pulumi
import pulumi_kubernetes as k8s
import raw

from pokayoke_eks.iam.load_balancer_controller import controller_policy

NAME = "aws-load-balancer-controller"
ROLES = {"public": {"kubernetes.io/role/elb": "1"}, "private": {"kubernetes.io/role/internal-elb": "1"}}


def policy(without=()):
    """All that the controller may do, less some actions; one that ends with a star takes all that begin so."""
    found = []
    for one in controller_policy("aws")["Statement"]:
        actions = [action for action in one["Action"] if not any(_covers(star, action) for star in without)]
        if actions:
            found.append({**one, "Action": actions})
    return json.dumps({"Version": "2012-10-17", "Statement": found})


def _covers(star, action):
    return action.startswith(star[:-1]) if star.endswith("*") else action == star


class Controller:
    """The controller with its identity; each argument is something that one can forget or get wrong."""

    def __init__(
        self, cluster, *depends, without=(), values=None, vpc=None, region=raw.REGION, identity=True, **release
    ):
        self.role, _ = raw.role("lbc", "pods.eks.amazonaws.com", actions=("sts:AssumeRole", "sts:TagSession"))
        allowed = raw.aws.iam.RolePolicy("lbc", role=self.role.name, policy=policy(without), opts=raw.here)
        said = {"cluster_name": cluster.eks.name, "namespace": "kube-system", "service_account": NAME}
        made = raw.aws.eks.PodIdentityAssociation("lbc", role_arn=self.role.arn, **said, opts=raw.after(allowed))
        network = cluster.network.vpc.id if vpc is None else vpc
        stated = {"clusterName": raw.NAME, "region": region, "vpcId": network, **(values or {})}
        before = [*([made] if identity else []), *cluster.network.ready, *depends]
        self.release = controller(cluster, *before, values=stated, **release)


def controller(cluster, *depends, values, **release):
    """The release of the controller's chart alone, told these values."""
    return k8s.helm.v3.Release(
        "lbc",
        name=NAME,
        chart=NAME,
        version="3.5.0",
        namespace="kube-system",
        repository_opts={"repo": "https://aws.github.io/eks-charts"},
        values={"resources": raw.LIMITED, **values},
        opts=cluster.after(*depends),
        **release,
    )


def pods(cluster, *depends, name="web"):
    """Pods that answer in plain HTTP, for Services that select them by `app`."""
    return raw.deployment(cluster, *depends, name=name, cpu="100m", nodeSelector={})


def service(
    cluster, *depends, name="web", namespace="default", annotations=None, ports=(80,), wait=True, host="", **spec
):
    """A Service with the load balancer class of the controller; `spec` lies over its own. ExternalDNS reads `host`."""
    said = {
        "type": "LoadBalancer",
        "loadBalancerClass": "service.k8s.aws/nlb",
        "ports": [{"name": f"p{port}", "port": port, "targetPort": 8080} for port in ports],
        **spec,
    }
    prefix = "service.beta.kubernetes.io/aws-load-balancer-"
    marks = {f"{prefix}{key}": value for key, value in (annotations or {}).items()}
    if host:
        marks["external-dns.kubernetes.io/hostname"] = host
    if not wait:
        marks["pulumi.com/skipAwait"] = "true"
    return k8s.core.v1.Service(
        name,
        metadata={"name": name, "namespace": namespace, "annotations": marks},
        spec={key: value for key, value in said.items() if value is not None},
        opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=list(depends)),
    )


def ingress(cluster, *depends, name="web", annotations=None, host="web.example.com", wait=True):
    """An Ingress of the controller's class that leads to the Service `web`."""
    marks = {f"alb.ingress.kubernetes.io/{key}": value for key, value in (annotations or {}).items()}
    if not wait:
        marks["pulumi.com/skipAwait"] = "true"
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    return k8s.networking.v1.Ingress(
        name,
        metadata={"name": name, "namespace": "default", "annotations": marks},
        spec={
            "ingressClassName": "alb",
            "rules": [{"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}],
        },
        opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=list(depends)),
    )


def gateway_kinds(cluster):
    """The kinds of Gateway API, and the controller's own for them."""
    own = f"https://raw.githubusercontent.com/kubernetes-sigs/{NAME}/v3.5.0/helm/{NAME}/crds/gateway-crds.yaml"
    standard = "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.1/standard-install.yaml"
    return [
        k8s.yaml.v2.ConfigFile(name, file=file, opts=cluster.after()) for name, file in (("gw", standard), ("own", own))
    ]


def custom(cluster, kind, name, api="gateway.networking.k8s.io/v1", *, after=(), wait="", namespace="default", **spec):
    """An object of a custom kind; `wait` is a condition that it is to have."""
    marks = {"annotations": {"pulumi.com/waitFor": f"condition={wait}"}} if wait else {}
    where = {"namespace": namespace} if namespace else {}
    return k8s.apiextensions.CustomResource(
        f"{kind}-{name}".lower(),
        api_version=api,
        kind=kind,
        metadata={"name": name, **where, **marks},
        spec=spec,
        opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=list(after)),
    )


def gateway_class(cluster, *depends, name="alb", wait=True):
    said = {"controllerName": f"gateway.k8s.aws/{name}"}
    waits = "Accepted" if wait else ""
    return custom(cluster, "GatewayClass", name, after=depends, wait=waits, namespace="", **said)


def gateway(cluster, *depends, name="web", of="alb", protocol="HTTP", port=80, wait=True, **spec):
    """A Gateway with one listener."""
    listener = {"name": "main", "protocol": protocol, "port": port}
    waits = "Programmed" if wait else ""
    return custom(
        cluster, "Gateway", name, after=depends, wait=waits, gatewayClassName=of, listeners=[listener], **spec
    )


def http_route(cluster, *depends, name="web", parent="web"):
    """Everything of a host to the Service `web`."""
    rules = [{"backendRefs": [{"name": "web", "port": 80}]}]
    said = {"parentRefs": [{"name": parent}], "hostnames": ["web.example.com"], "rules": rules}
    return custom(cluster, "HTTPRoute", name, after=depends, **said)
