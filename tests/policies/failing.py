"""The smallest stack in which each policy of a documented failure has something to refuse."""

import json
from typing import Any

from analyzing import RELEASE, UNKNOWN, Resource
from clusters import AGENT, AMOUNTS, CLUSTER, IN_CLUSTER, KUBERNETES, identity, ingress, lbc, obj, release
from clusters import service as balanced
from networks import VPC, association, node_group, route, subnet, table

KINDS = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
LISTED = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["m7g.large"]}]
NETWORK = (VPC, subnet(), table(), association(), route())
HERE = Resource(
    CLUSTER.type,
    "cluster",
    {**CLUSTER.properties, "vpcConfig": {"subnetIds": [UNKNOWN]}},
    sources={"vpcConfig": "private"},
)
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
ISTIO = "https://istio-release.storage.googleapis.com/charts"


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


def dsql(name: str, *after: str) -> Resource:
    """One of two clusters."""
    said = {"multiRegionProperties": {"witnessRegion": "ap-northeast-3"}}
    return Resource("aws:dsql/cluster:Cluster", name, said, after=after)


def peering(own: str, other: str) -> Resource:
    """The peering of one of them."""
    said = {"identifier": UNKNOWN, "clusters": [UNKNOWN], "witnessRegion": "ap-northeast-3"}
    kind = "aws:dsql/clusterPeering:ClusterPeering"
    return Resource(kind, f"{own}-peering", said, sources={"identifier": own, "clusters": other})


def record(name: str, host: str, zone: str) -> Resource:
    """An alias."""
    return Resource("aws:route53/record:Record", name, {"type": "A", "aliases": [{"name": host, "zoneId": zone}]})


def application(kind: str, **spec: Any) -> Resource:
    """What Argo CD shall bring."""
    return obj("app", kind, api="argoproj.io/v1alpha1", spec={"generators": [], **spec})


BITNAMI = "oci://registry-1.docker.io/bitnamicharts/rabbitmq"
LOGIN = json.dumps({"auths": {"https://ghcr.io": {"auth": "eDp5"}}})
CONTROLLER = "k8s-shop-web-0a1b2c3d4e-0123456789abcdef.elb.ap-northeast-2.amazonaws.com"
FAILING: dict[str, tuple[Resource, ...]] = {
    "extended-support": (Resource(CLUSTER.type, "cluster", {"version": "1.36", "upgradePolicy": {}}),),
    "ami-architecture-mismatch": (
        Resource(
            "aws:eks/nodeGroup:NodeGroup", "group", {"amiType": "AL2023_ARM_64_STANDARD", "instanceTypes": ["m5.large"]}
        ),
    ),
    "pod-identity-namespace-mismatch": (
        *IN_CLUSTER,
        identity("karpenter", namespace="karpenter"),
        release("karpenter", "oci://public.ecr.aws/karpenter/karpenter", "identity"),
    ),
    "duplicate-node-role": (role("nodes"), Resource("aws:iam/role:Role", "other", {"name": "Nodes"})),
    "unbounded-instance-size": (pool(requirements=[]),),
    "unresolved-placeholder": (obj("web", "ConfigMap", metadata={"labels": {"cluster": "${cluster_name}"}}),),
    "public-registry-credentials": (
        Resource(RELEASE, "app", {"chart": "oci://public.ecr.aws/some/chart", "repositoryOpts": {"password": UNKNOWN}}),
    ),
    "missing-resource-limits": (web(resources={"requests": {"cpu": 1}}),),
    "webhook-not-ready": (*IN_CLUSTER, *lbc("agent", mutator=True), obj("plain", "Service", spec={"ports": []})),
    "in-tree-load-balancer": (*IN_CLUSTER, balanced()),
    "lbc-iam-incomplete": (
        role("controller", inlinePolicies=[{"name": "a", "policy": json.dumps(TRUST)}]),
        Resource(
            "aws:eks/podIdentityAssociation:PodIdentityAssociation",
            "identity",
            {"namespace": "kube-system", "serviceAccount": "aws-load-balancer-controller", "roleArn": UNKNOWN},
            sources={"roleArn": "controller"},
        ),
    ),
    "nlb-tls-termination": (
        balanced(
            annotations={"service.beta.kubernetes.io/aws-load-balancer-ssl-ports": "443"},
            loadBalancerClass="service.k8s.aws/nlb",
        ),
    ),
    "istio-gateway-chart-in-ambient": (
        *IN_CLUSTER,
        release("ztunnel", "ztunnel", repositoryOpts={"repo": ISTIO}),
        release("ingress", "gateway", repositoryOpts={"repo": ISTIO}, values={"service": {"type": "ClusterIP"}}),
    ),
    "stale-dns-record": (record("by-hand", CONTROLLER, "ZIBE1TIR4HY56"),),
    "alias-zone-mismatch": (record("alias", "own-0123456789abcdef.elb.ap-northeast-2.amazonaws.com", "ZWKZPGTI48KDX"),),
    "dsql-delete-deadlock": (
        dsql("seoul"),
        dsql("tokyo", "seoul"),
        peering("seoul", "tokyo"),
        peering("tokyo", "seoul"),
    ),
    "network-policy-blocks-api-server": (
        obj("deny", "NetworkPolicy", api="networking.k8s.io/v1", spec={"podSelector": {}, "policyTypes": ["Egress"]}),
    ),
    "registry-not-empty": (Resource("aws:ecr/repository:Repository", "images", {}),),
    "state-bucket-not-empty": (Resource("aws:s3/bucket:Bucket", "state", {"forceDestroy": False}),),
    "stale-vpc-id": (VPC, obj("map", "ConfigMap", data={"vpc": "vpc-0123456789abcdef0"})),
    "control-plane-ports-blocked": (
        CLUSTER,
        Resource("aws:ec2/securityGroup:SecurityGroup", "group", {"vpcId": UNKNOWN}),
        Resource(
            "aws:ec2/launchTemplate:LaunchTemplate",
            "template",
            {"vpcSecurityGroupIds": [UNKNOWN]},
            sources={"vpcSecurityGroupIds": "group"},
        ),
        node_group(launchTemplate={"id": UNKNOWN}, sources={"launchTemplate": "template"}),
    ),
    "no-egress": (CLUSTER, VPC, subnet(), table(), association(), node_group("private")),
    "crd-not-installed": (
        *IN_CLUSTER,
        obj("monitor", "ServiceMonitor", api="monitoring.coreos.com/v1", spec={"endpoints": []}),
    ),
    "vpc-delete-blocked": (*IN_CLUSTER, *lbc("agent"), ingress()),
    "subnet-tags-missing": (
        *(*NETWORK, HERE, KUBERNETES, AGENT, KINDS),
        node_class(subnetSelectorTerms=[{"tags": {"karpenter.sh/discovery": "demo"}}]),
    ),
    "security-group-selector": (
        *(*NETWORK, HERE, KUBERNETES, AGENT, KINDS),
        node_class(securityGroupSelectorTerms=[{"tags": {"karpenter.sh/discovery": "demo"}}]),
    ),
    "node-role-policies-missing": (
        CLUSTER,
        role("node-role"),
        node_group(nodeRoleArn=UNKNOWN, sources={"nodeRoleArn": "node-role"}),
    ),
    "startup-taint-deadlock": (
        *(*IN_CLUSTER, KINDS),
        pool("kinds", startupTaints=[{"key": "example.com/not-ready", "effect": "NoSchedule"}]),
    ),
    "ami-version-skew": (*IN_CLUSTER, KINDS, node_class(amiSelectorTerms=[{"alias": "bottlerocket@v1.50.0"}])),
    "user-data-invalid": (
        *IN_CLUSTER,
        KINDS,
        node_class(userData="[settings"),
    ),
    "subnet-ip-exhaustion": (
        *(CLUSTER, VPC, subnet(cidrBlock="10.0.1.0/28"), table(), association(), route()),
        node_group(
            "private",
            instanceTypes=["m7i.large"],
            amiType="AL2023_x86_64_STANDARD",
            scalingConfig={"minSize": 1, "maxSize": 3, "desiredSize": 1},
        ),
    ),
    "incompatible-requirements": (
        *(*IN_CLUSTER, KINDS, pool("kinds")),
        web(nodeSelector={"kubernetes.io/arch": "amd64"}),
    ),
    "applicationset-kustomize-images": (
        application("ApplicationSet", template={"spec": {"source": {"kustomize": {"images": [{"name": "shop"}]}}}}),
    ),
    "db-instance-class-prefix": (Resource("aws:rds/instance:Instance", "database", {"instanceClass": "t3.large"}),),
    "mutable-image-tag": (web(image="registry.example.com/shop:latest"),),
    "discontinued-image": (web(image="docker.io/bitnami/rabbitmq:4.1.3-debian-12-r1"),),
    "chart-image-swap": (
        Resource(RELEASE, "broker", {"chart": BITNAMI, "values": {"image": {"repository": "library/rabbitmq"}}}),
    ),
    "kafka-advertised-address": (web(env=[{"name": "KAFKA_CFG_LISTENERS", "value": "PLAINTEXT://:9092"}]),),
    "empty-secret": (obj("secret", "Secret", data={"password": ""}),),
    "gitops-two-owners": (
        *IN_CLUSTER,
        release("monitoring", "kube-prometheus-stack", namespace="monitoring"),
        application(
            "Application",
            source={"repoURL": "https://example.com", "chart": "kube-prometheus-stack"},
            destination={"server": "https://kubernetes.default.svc", "namespace": "monitoring"},
        ),
    ),
    "registry-pull-secret-missing": (
        *IN_CLUSTER,
        obj("pull", "Secret", type="kubernetes.io/dockerconfigjson", stringData={".dockerconfigjson": LOGIN}),
        web(image="ghcr.io/example/orders:1.0.0"),
    ),
    "efa-not-identified": (
        *IN_CLUSTER,
        web(resources={"requests": {"cpu": "1"}, "limits": {"memory": "1Gi", "vpc.amazonaws.com/efa": "1"}}),
    ),
    "datastore-security-group-mismatch": (
        VPC,
        subnet(),
        HERE,
        Resource(
            "aws:ec2/securityGroup:SecurityGroup", "store", {"vpcId": UNKNOWN, "ingress": []}, sources={"vpcId": "vpc"}
        ),
        Resource(
            "aws:elasticache/replicationGroup:ReplicationGroup",
            "cache",
            {"securityGroupIds": [UNKNOWN]},
            sources={"securityGroupIds": "store"},
        ),
    ),
    "config-change-without-restart": (
        obj("settings", "ConfigMap", data={"LOG_LEVEL": "info"}),
        web(env=[{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "LOG_LEVEL"}}}]),
    ),
    "gitops-project-whitelist": (
        obj("route", "HTTPRoute", api="gateway.networking.k8s.io/v1", spec={"parentRefs": []}),
        application("AppProject", namespaceResourceWhitelist=[{"group": "apps", "kind": "Deployment"}]),
    ),
    "image-architecture-mismatch": (
        *(*IN_CLUSTER, KINDS, pool("kinds")),
        web(image="registry.example.com/shop:1.0.0-amd64"),
    ),
}
