"""ExternalDNS and Istio as somebody installs them by hand. Beside raw.py."""

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s
import raw

from pokayoke_eks.iam.document import text
from pokayoke_eks.iam.external_dns import records_policy

DOMAIN = "dev.example.com"


class ExternalDns:
    """A zone, and ExternalDNS with its identity."""

    def __init__(self, cluster, **zone):
        self.zone = aws.route53.Zone("zone", name=DOMAIN, **zone, opts=raw.here)
        role, _ = raw.role("dns", "pods.eks.amazonaws.com", actions=("sts:AssumeRole", "sts:TagSession"))
        policy = self.zone.arn.apply(lambda arn: text(records_policy(arn, ("A", "AAAA", "CNAME"))))
        allowed = aws.iam.RolePolicy("dns", role=role.name, policy=policy, opts=raw.here)
        said = {"cluster_name": cluster.eks.name, "namespace": "kube-system", "service_account": "external-dns"}
        identity = aws.eks.PodIdentityAssociation("dns", role_arn=role.arn, **said, opts=raw.after(allowed))
        # Its domain's parent is a zone of the account too, and not for it to read.
        self.release = external_dns(cluster, identity, extraArgs={"zone-id-filter": self.zone.zone_id})


def external_dns(cluster, *depends, namespace="kube-system", **values):
    """The release, which follows Services."""
    return k8s.helm.v3.Release(
        f"dns-{namespace}",
        name="external-dns",
        chart="external-dns",
        version="1.22.0",
        namespace=namespace,
        repository_opts={"repo": "https://kubernetes-sigs.github.io/external-dns/"},
        values={
            "resources": raw.LIMITED,
            "sources": ["service"],
            "policy": "sync",
            "txtOwnerId": "demo",
            "domainFilters": [DOMAIN],
            "env": [{"name": "AWS_REGION", "value": raw.REGION}],
            **values,
        },
        opts=cluster.after(*cluster.network.ready, *depends),
    )


def named_service(cluster, *depends, host=f"tcp.{DOMAIN}", target="elsewhere.example.net"):
    """A Service with a host; where it leads is said outright, so that nobody need make a balancer."""
    marks = {"external-dns.kubernetes.io/hostname": host, "external-dns.kubernetes.io/target": target}
    return k8s.core.v1.Service(
        "tcp",
        metadata={"name": "tcp", "namespace": "default", "annotations": {**marks, "pulumi.com/skipAwait": "true"}},
        spec={"type": "LoadBalancer", "loadBalancerClass": "example.com/none", "ports": [{"port": 5432}]},
        opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=list(depends)),
    )


def istio(cluster, chart, *depends, **values):
    """A release of one of Istio's charts, of the version and from the repository of the log."""
    return k8s.helm.v3.Release(
        chart,
        name=chart,
        chart=chart,
        version="1.28.2",
        namespace="istio-system",
        create_namespace=True,
        repository_opts={"repo": "https://istio-release.storage.googleapis.com/charts"},
        values=values,
        opts=cluster.after(*depends),
    )
