"""One mistake under every legal spelling of its values: each is refused like the others."""

import base64
import json
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Resource
from clusters import CLUSTER, IN_CLUSTER, obj, release, service
from failing import CONTROLLER, KINDS, LISTED, node_class, pool, role, web
from judging import refused
from networks import node_group

CHART = "kubernetes:helm.sh/v4:Chart"
GROUP = "aws:eks/nodeGroup:NodeGroup"
NLB = "service.beta.kubernetes.io/aws-load-balancer-"
RECORD = "aws:route53/record:Record"
CPU = "karpenter.k8s.aws/instance-cpu"
Cases = dict[str, tuple[Resource, ...]]


def needs(key: str, operator: str, *values: Any) -> Resource:
    """A pool of one requirement."""
    return pool(requirements=[{"key": key, "operator": operator, "values": list(values)}])


def limited(**limits: Any) -> Resource:
    """A pool with these limits."""
    template = {"spec": {"requirements": LISTED}}
    return obj("pool", "NodePool", api="karpenter.sh/v1", spec={"template": template, **limits})


def balanced(*ports: Any, **annotations: Any) -> Resource:
    """A Service at an NLB with these annotations."""
    said = {f"{NLB}{key.replace('_', '-')}": value for key, value in annotations.items()}
    spec: dict[str, Any] = {"ports": list(ports)} if ports else {}
    return service(annotations=said, loadBalancerClass="service.k8s.aws/nlb", **spec)


def public(kind: str, **options: Any) -> Resource:
    """A chart of Karpenter's with these options."""
    return Resource(kind, "chart", {"chart": "karpenter", "repositoryOpts": options})


def from_template(data: str) -> tuple[Resource, ...]:
    """Nodes of Amazon Linux 2023 with user data."""
    template = Resource("aws:ec2/launchTemplate:LaunchTemplate", "template", {"userData": data})
    said = {"launchTemplate": {"id": UNKNOWN}, "amiType": "AL2023_x86_64_STANDARD"}
    return CLUSTER, template, node_group(**said, sources={"launchTemplate": "template"})


def to_nothing(kind: str) -> tuple[Resource, ...]:
    """Nodes with a network policy of this shape."""
    return (obj("deny", "NetworkPolicy", api="networking.k8s.io/v1", spec={"podSelector": {}, **json.loads(kind)}),)


CASES: dict[str, Cases] = {
    "extended-support": {
        "left-out": (Resource(CLUSTER.type, "x", {"version": "1.36"}),),
        "null": (Resource(CLUSTER.type, "x", {"version": "1.36", "upgradePolicy": None}),),
        "null-inside": (Resource(CLUSTER.type, "x", {"version": "1.36", "upgradePolicy": {"supportType": None}}),),
        "said": (Resource(CLUSTER.type, "x", {"version": "1.36", "upgradePolicy": {"supportType": "EXTENDED"}}),),
        "of-old-version": (
            Resource(CLUSTER.type, "x", {"version": "1.29", "upgradePolicy": {"supportType": "STANDARD"}}),
        ),
    },
    "ami-architecture-mismatch": {
        "default-image": (Resource(GROUP, "x", {"instanceTypes": ["m7g.large"]}),),
        "default-type": (Resource(GROUP, "x", {"amiType": "AL2023_ARM_64_STANDARD"}),),
        "both-architectures": (Resource(GROUP, "x", {"instanceTypes": ["m7g.large", "m5.large"]}),),
        "in-a-pool": (
            pool(requirements=[{"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]}, *LISTED]),
        ),
    },
    "missing-resource-limits": {
        "null": (web(resources=None),),
        "empty": (web(resources={}),),
        "null-limits": (web(resources={"limits": None}),),
        "limits-without-memory": (web(resources={"limits": {"cpu": 1}}),),
        "requests-alone": (web(resources={"requests": {"cpu": 1.0, "memory": "1Gi"}}),),
        "init-container": (web(initContainers=[{"name": "b"}]),),
        "stateful-set": (web(kind="StatefulSet", resources={}),),
        "job": (obj("x", "Job", api="batch/v1", spec={"template": {"spec": {"containers": [{"name": "a"}]}}}),),
        "extra-object": (
            Resource(
                RELEASE,
                "x",
                {
                    "chart": "x",
                    "values": {"extra": [{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}]}}]},
                },
            ),
        ),
        "values": (release("x", "oci://public.ecr.aws/karpenter/karpenter", values={"controller": {}}),),
    },
    "unbounded-instance-size": {
        "greater-than": (needs(CPU, "Gt", "2"),),
        "less-than": (needs(CPU, "Lt", "64"),),
        "number": (needs(CPU, "Gt", 2),),
        "auto-mode": (needs("eks.amazonaws.com/instance-cpu", "Gt", "2"),),
        "all-but-one": (needs("node.kubernetes.io/instance-type", "NotIn", "m5.large"),),
        "families": (needs("karpenter.k8s.aws/instance-family", "In", "m5"),),
        "no-limits": (limited(),),
        "null-limits": (limited(limits=None),),
        "limits-of-memory-alone": (limited(limits={"memory": "1Gi"}),),
    },
    "unresolved-placeholder": {
        "shell": (Resource("aws:ec2/subnet:Subnet", "x", {"tags": {"a": "${CLUSTER}"}}),),
        "helm": (Resource("aws:iam/role:Role", "x", {"name": "{{ name }}"}),),
        "native-tags": (Resource("aws-native:ec2:Subnet", "x", {"tags": [{"key": "a", "value": "${CLUSTER}"}]}),),
        "document": (Resource("aws:iam/role:Role", "x", {"assumeRolePolicy": '{"a": "${account_id}"}'}),),
        "node-class": (
            KINDS,
            node_class(role="Role-${CLUSTER_NAME}"),
        ),
        "key": (obj("x", "Namespace", metadata={"labels": {"${KEY}": "a"}}),),
    },
    "public-registry-credentials": {
        f"{kind.partition('/')[2]}-{'-'.join(options)}": (
            public(kind, repo="oci://public.ecr.aws/karpenter", **options),
        )
        for kind in (RELEASE, CHART)
        for options in ({"username": "AWS"}, {"password": UNKNOWN}, {"username": "AWS", "password": "x"})
    },
    "nlb-tls-termination": {
        "ports-without-certificate": (balanced(ssl_ports="443"),),
        "port-as-number": (balanced(ssl_ports=443),),
        "old-policy": (balanced(ssl_cert="a", ssl_ports="443", ssl_negotiation_policy="ELBSecurityPolicy-2016-08"),),
        "no-policy": (balanced({"port": 443.0}, ssl_cert="a", ssl_ports="443"),),
        "another-port": (
            balanced(
                {"port": 443.0},
                ssl_cert="a",
                ssl_ports="8443",
                ssl_negotiation_policy="ELBSecurityPolicy-TLS13-1-2-2021-06",
            ),
        ),
        "unknown-word": (balanced(scheme="Internet-facing"),),
        "in-values": (
            Resource(RELEASE, "x", {"chart": "x", "values": {"service": {"annotations": {f"{NLB}ssl-ports": 443.0}}}}),
        ),
    },
    "in-tree-load-balancer": {
        "class-empty": (*IN_CLUSTER, service(loadBalancerClass="")),
        "class-null": (*IN_CLUSTER, service(loadBalancerClass=None)),
        "old-annotation": (*IN_CLUSTER, service(annotations={f"{NLB}type": "nlb"})),
        "chart-by-default": (*IN_CLUSTER, release("x", "ingress-nginx")),
        "chart-by-values": (*IN_CLUSTER, release("x", "nginx", values={"service": {"type": "LoadBalancer"}})),
    },
    "stale-dns-record": {
        "cname": (Resource(RECORD, "x", {"type": "CNAME", "records": [CONTROLLER]}),),
        "absolute-and-in-capitals": (Resource(RECORD, "x", {"type": "CNAME", "records": [f"{CONTROLLER.upper()}."]}),),
        "dualstack": (Resource(RECORD, "x", {"type": "A", "aliases": [{"name": f"dualstack.{CONTROLLER}"}]}),),
        "native": (
            Resource("aws-native:route53:RecordSet", "x", {"type": "A", "aliasTarget": {"dnsName": CONTROLLER}}),
        ),
    },
    "user-data-invalid": {
        "base64": from_template(base64.b64encode(b"hello").decode()),
        "plain": from_template("#!/bin/bash"),
        "toml": (
            KINDS,
            node_class(userData="[settings"),
        ),
        "by-family": (
            KINDS,
            node_class(userData="hello", amiFamily="AL2023", amiSelectorTerms=[{"id": "ami-1"}]),
        ),
    },
    "network-policy-blocks-api-server": {
        "no-rules": to_nothing('{"policyTypes": ["Egress"]}'),
        "null-rules": to_nothing('{"policyTypes": ["Egress"], "egress": null}'),
        "by-its-rules": to_nothing('{"egress": [{"to": [{"ipBlock": {"cidr": "192.0.2.0/24"}}]}]}'),
        "both-ways": to_nothing('{"policyTypes": ["Ingress", "Egress"], "egress": []}'),
        "dns-alone": to_nothing(
            '{"policyTypes": ["Egress"], "egress": [{"ports": [{"port": 53.0, "protocol": "UDP"}]}]}'
        ),
    },
    "crd-not-installed": {
        "in-a-list": (
            *IN_CLUSTER,
            Resource(
                "kubernetes:monitoring.coreos.com/v1:ServiceMonitorList",
                "x",
                {"items": [{"metadata": {"name": "a"}}]},
                provider="kubernetes",
            ),
        ),
        "by-values": (
            *IN_CLUSTER,
            release("x", "aws-load-balancer-controller", values={"serviceMonitor": {"enabled": True}}),
        ),
    },
}


@pytest.mark.parametrize(
    ("slug", "spelling"), [(slug, spelling) for slug, cases in CASES.items() for spelling in cases]
)
def test_a_mistake_is_refused_under_every_spelling(slug: str, spelling: str) -> None:
    assert slug in refused(*CASES[slug][spelling])


TOO_LITTLE = {"Effect": "Allow", "Action": "ec2:Describe*", "Resource": "*"}
DOCUMENT = {"Version": "2012-10-17", "Statement": [TOO_LITTLE]}
DOCUMENTS: dict[str, Any] = {
    "python": json.dumps(DOCUMENT),
    "typescript": json.dumps(DOCUMENT, separators=(",", ":")),
    "helper": json.dumps({"Statement": [{"Sid": "", **TOO_LITTLE}], "Version": "2012-10-17"}, indent=2),
    "one-statement": json.dumps({**DOCUMENT, "Statement": TOO_LITTLE}),
    "mapping": DOCUMENT,
    "all-but-some": json.dumps(
        {"Statement": [{"Effect": "Allow", "NotAction": ["elasticloadbalancing:*"], "Resource": "*"}]}
    ),
    "denied": json.dumps(
        {
            "Statement": [
                {"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": ["acm:*"], "Resource": ["*"]},
            ]
        }
    ),
}
POLICY, INLINE = "aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"
ATTACHED: dict[str, Any] = {
    "inline": lambda said: (role("controller", inlinePolicies=[{"name": "a", "policy": said}]),),
    "inline-beside": lambda said: (
        role("controller"),
        Resource(INLINE, "inline", {"role": "controller", "policy": said}, sources={"role": "controller"}),
    ),
    "attachment": lambda said: (
        role("controller"),
        Resource(POLICY, "policy", {"policy": said}),
        Resource(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "attached",
            {"role": UNKNOWN, "policyArn": UNKNOWN},
            sources={"role": "controller", "policyArn": "policy"},
        ),
    ),
    "attachment-to-several": lambda said: (
        role("controller"),
        Resource(POLICY, "policy", {"policy": said}),
        Resource(
            "aws:iam/policyAttachment:PolicyAttachment",
            "attached",
            {"roles": ["controller"], "policyArn": UNKNOWN},
            sources={"policyArn": "policy"},
        ),
    ),
    "managed": lambda said: (
        Resource(POLICY, "policy", {"policy": said}),
        role("controller", managedPolicyArns=[UNKNOWN]),
    ),
}
SUBJECT = "system:serviceaccount:kube-system:aws-load-balancer-controller"
TAKEN: dict[str, Any] = {
    "pod-identity": Resource(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "identity",
        {"namespace": "kube-system", "serviceAccount": "aws-load-balancer-controller", "roleArn": UNKNOWN},
        sources={"roleArn": "controller"},
    ),
    "irsa": {"StringEquals": {"issuer.example.com:sub": SUBJECT}},
    "irsa-of-several": {"StringLike": {"issuer.example.com:sub": ["system:serviceaccount:a:b", SUBJECT]}},
}


@pytest.mark.parametrize("taken", TAKEN)
@pytest.mark.parametrize("attached", ATTACHED)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_role_that_may_too_little_is_refused_however_it_is_written(document: str, attached: str, taken: str) -> None:
    said, beside = ATTACHED[attached](DOCUMENTS[document]), TAKEN[taken]
    if isinstance(beside, Resource):
        resources = (*said, beside)
    else:
        trust = {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Condition": beside}}
        resources = tuple(
            Resource(one.type, one.name, {**one.properties, "assumeRolePolicy": json.dumps(trust)}, sources=one.sources)
            if one.name == "controller"
            else one
            for one in said
        )
    if attached == "managed":
        resources = tuple(
            Resource(one.type, one.name, one.properties, sources={"managedPolicyArns": "policy"})
            if one.name == "controller"
            else one
            for one in resources
        )
    assert refused(*resources)["lbc-iam-incomplete"] == {"controller"}
