"""A stack with every resource that a policy looks at, each with all that is looked at."""

from typing import Any

from analyzing import RELEASE
from every_advised_resource import ADVISED, LABELS, STATEMENT

REQUIREMENTS = [
    {"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]},
    {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["m7g.large"]},
]
POD = {
    "serviceAccountName": "app",
    "nodeSelector": {"a": "b"},
    "affinity": {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}]
            }
        }
    },
    "volumes": [{"name": "a", "image": {"reference": "x:1"}}],
    "containers": [
        {
            "name": "a",
            "image": "a:1",
            "args": ["--provider=aws"],
            "env": [{"name": "KAFKA_NODE_ID", "value": "b"}],
            "envFrom": [{"configMapRef": {"name": "web"}}],
            "volumeMounts": [{"name": "a", "subPath": "x"}],
            "resources": {"limits": {"vpc.amazonaws.com/efa": "1"}},
        }
    ],
}
TEMPLATE = {"metadata": {"labels": {"app.kubernetes.io/name": "external-dns"}, "annotations": {"a": "b"}}, "spec": POD}
KUSTOMIZED = {"path": "x", "kustomize": {"images": ["a=b:1"]}}
TAINT = {"key": "a", "value": "b", "effect": "NoSchedule"}
AGENT = {**POD, "tolerations": [{**TAINT, "operator": "Equal"}], "priorityClassName": "system-node-critical"}
POOL = {
    "apiVersion": "karpenter.sh/v1",
    "kind": "NodePool",
    "metadata": {"name": "p", "annotations": {"pokayoke-eks/startup-taints-removed-by": "a=b"}},
    "spec": {
        "template": {"spec": {"requirements": REQUIREMENTS, "taints": [TAINT], "startupTaints": [TAINT]}},
        "limits": {"cpu": "1"},
        "replicas": 1,
    },
}
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
TLS = {f"{PREFIX}ssl-cert": "x", f"{PREFIX}ssl-ports": "443", f"{PREFIX}type": "external", f"{PREFIX}scheme": "x"}
PORT = {"port": 443, "name": "https", "protocol": "HTTP", "appProtocol": "http"}
HOOK = {
    "failurePolicy": "Fail",
    "rules": [{"apiGroups": [""], "operations": ["*"], "resources": ["services"]}],
    "clientConfig": {"service": {"name": "web", "namespace": "default"}},
    "namespaceSelector": {},
    "objectSelector": {"matchLabels": LABELS, "matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]},
}
EGRESS = {
    "to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}, {"namespaceSelector": {}}],
    "ports": [{"port": 443, "endPort": 444, "protocol": "TCP"}],
}
RULES = [{"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/8"], "self": True}]
ACL = {"ruleNo": 100, "action": "deny", "protocol": "-1", "cidrBlock": "0.0.0.0/0", "ruleAction": "deny"}
EDGE: list[tuple[str, dict[str, Any]]] = [
    (
        "kubernetes:core/v1:Service",
        {
            "metadata": {"name": "web", "namespace": "default", "annotations": TLS, "labels": LABELS},
            "spec": {"type": "LoadBalancer", "loadBalancerClass": "", "ports": [PORT], "selector": LABELS},
        },
    ),
    (
        "kubernetes:networking.k8s.io/v1:Ingress",
        {"metadata": {"annotations": {"kubernetes.io/ingress.class": "alb"}}, "spec": {"ingressClassName": "alb"}},
    ),
    (
        "kubernetes:networking.k8s.io/v1:IngressClass",
        {"metadata": {"name": "alb"}, "spec": {"controller": "ingress.k8s.aws/alb"}},
    ),
    (
        "kubernetes:gateway.networking.k8s.io/v1:Gateway",
        {
            "metadata": {"name": "g", "annotations": TLS},
            "spec": {
                "gatewayClassName": "istio",
                "listeners": [PORT],
                "infrastructure": {"annotations": TLS, "parametersRef": {"name": "web"}},
            },
        },
    ),
    (
        "kubernetes:gateway.networking.k8s.io/v1:GatewayClass",
        {"metadata": {"name": "nlb"}, "spec": {"controllerName": "gateway.k8s.aws/nlb"}},
    ),
    (
        "kubernetes:gateway.k8s.aws/v1:LoadBalancerConfiguration",
        {"spec": {"loadBalancerName": "x", "listenerConfigurations": [{"protocolPort": "TLS:443", "sslPolicy": "x"}]}},
    ),
    ("kubernetes:core/v1:ConfigMap", {"metadata": {"name": "web"}, "data": {"service": "x", "vpc": "vpc-01234567"}}),
    ("kubernetes:core/v1:Namespace", {"metadata": {"labels": {"istio.io/dataplane-mode": "ambient"}}}),
    (
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        {
            "metadata": {"namespace": "kube-system"},
            "spec": {
                "podSelector": {"matchLabels": LABELS, "matchExpressions": []},
                "policyTypes": ["Ingress", "Egress"],
                "egress": [EGRESS],
                "ingress": [{"from": EGRESS["to"], "ports": EGRESS["ports"]}],
            },
        },
    ),
    (
        "kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration",
        {"metadata": {"name": "hook"}, "webhooks": [HOOK]},
    ),
    (
        "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
        {"spec": {"group": "monitoring.coreos.com", "names": {"kind": "ServiceMonitor"}}},
    ),
    ("kubernetes:monitoring.coreos.com/v1:ServiceMonitor", {"metadata": {"name": "x"}}),
    ("kubernetes:yaml/v2:ConfigFile", {"file": "x", "files": ["y"]}),
    (
        RELEASE,
        {
            "chart": "aws-load-balancer-controller",
            "namespace": "kube-system",
            "version": "3.5.0",
            "skipAwait": True,
            "values": {
                "enableServiceMutatorWebhook": True,
                "serviceMutatorWebhookConfig": {"failurePolicy": "Fail"},
                "webhookConfig": {"disableIngressValidation": False},
                "serviceMonitor": {"enabled": True},
                "resources": {},
                "vpcId": "vpc-01234567",
            },
        },
    ),
    (RELEASE, {"chart": "oci://ghcr.io/istio/release/charts/gateway", "values": {"service": {"type": "LoadBalancer"}}}),
    (RELEASE, {"chart": "oci://ghcr.io/istio/release/charts/istiod", "values": {"pilot": {"env": {"a": "b"}}}}),
    (
        "aws:route53/record:Record",
        {"type": "A", "aliases": [{"name": "x-1.elb.us-east-1.amazonaws.com", "zoneId": "Z1"}], "records": ["x"]},
    ),
    ("aws-native:route53:RecordSet", {"type": "CNAME", "resourceRecords": ["x"], "aliasTarget": {"dnsName": "x"}}),
    ("aws-native:route53:RecordSetGroup", {"recordSets": [{"type": "A", "aliasTarget": {"hostedZoneId": "x"}}]}),
]
NETWORK: list[tuple[str, dict[str, Any]]] = [
    ("aws:ec2/vpc:Vpc", {"id": "vpc-1"}),
    ("aws:ec2/subnet:Subnet", {"id": "subnet-1", "vpcId": "vpc-1", "tags": {"a": "b"}, "cidrBlock": "10.0.0.0/28"}),
    ("aws:ec2/routeTable:RouteTable", {"id": "rtb-1", "vpcId": "vpc-1", "routes": [{"cidrBlock": "10.0.0.0/8"}]}),
    ("aws:ec2/routeTableAssociation:RouteTableAssociation", {"subnetId": "subnet-1", "routeTableId": "rtb-1"}),
    ("aws:ec2/route:Route", {"routeTableId": "rtb-1", "destinationCidrBlock": "10.0.0.0/8"}),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcId": "vpc-1", "serviceName": "com.amazonaws.r.s3"}),
    ("aws:ec2/securityGroup:SecurityGroup", {"id": "sg-1", "ingress": RULES, "egress": RULES}),
    ("aws:ec2/securityGroupRule:SecurityGroupRule", {"type": "ingress", "securityGroupId": "sg-1", **RULES[0]}),
    ("aws:ec2/networkAcl:NetworkAcl", {"id": "acl-1", "subnetIds": ["subnet-1"], "ingress": [ACL], "egress": [ACL]}),
    ("aws:ec2/networkAclRule:NetworkAclRule", {"networkAclId": "acl-1", "ruleNumber": 1, "egress": False, **ACL}),
    (
        "aws:ec2/launchTemplate:LaunchTemplate",
        {
            "id": "lt-1",
            "vpcSecurityGroupIds": ["sg-1"],
            "userData": "eA==",
            "imageId": "x",
            "networkInterfaces": [{"interfaceType": "efa"}],
        },
    ),
    (
        "aws:eks/nodeGroup:NodeGroup",
        {
            "subnetIds": ["subnet-1"],
            "launchTemplate": {"id": "lt-1"},
            "clusterName": "demo",
            "amiType": "CUSTOM",
            "scalingConfig": {"maxSize": 50},
            "version": "1.36",
            "releaseVersion": "1.36.1-20261101",
        },
    ),
    (
        "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
        {
            "spec": {
                "subnetSelectorTerms": [{"id": "subnet-1"}, {"tags": {"a": "b"}}],
                "securityGroupSelectorTerms": [{"id": "sg-1"}],
                "amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}],
                "amiFamily": "Bottlerocket",
                "userData": "[settings.kubernetes]",
                "role": "nodes",
            }
        },
    ),
    ("aws:ecr/repository:Repository", {"forceDelete": False}),
    ("aws:s3/bucket:Bucket", {"forceDestroy": False}),
    (
        "aws:dsql/cluster:Cluster",
        {"arn": "c1", "multiRegionProperties": {"witnessRegion": "w"}, "deletionProtectionEnabled": True},
    ),
    ("aws:dsql/cluster:Cluster", {"arn": "c2", "multiRegionProperties": {"witnessRegion": "w", "clusters": ["c1"]}}),
    ("aws:dsql/clusterPeering:ClusterPeering", {"identifier": "c1", "clusters": ["c2"]}),
    ("aws:iam/policy:Policy", {"arn": "p", "policy": STATEMENT}),
    ("aws:iam/rolePolicy:RolePolicy", {"role": "nodes", "policy": STATEMENT}),
    ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"role": "nodes", "policyArn": "p"}),
    ("aws:iam/policyAttachment:PolicyAttachment", {"roles": ["nodes"], "policyArn": "p"}),
    (
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        {
            "clusterName": "demo",
            "namespace": "kube-system",
            "serviceAccount": "aws-load-balancer-controller",
            "roleArn": "nodes",
        },
    ),
]
SHAPES: list[tuple[str, dict[str, Any]]] = [
    (
        "aws-native:eks:Cluster",
        {
            "name": "demo",
            "resourcesVpcConfig": {"subnetIds": ["subnet-1"], "publicAccessCidrs": ["0.0.0.0/0"]},
            "logging": {"clusterLogging": {"enabledTypes": [{"type": "audit"}]}},
            "encryptionConfig": [{"provider": {"keyArn": "x"}, "resources": ["secrets"]}],
            "tags": [{"key": "a", "value": "b"}],
        },
    ),
    ("aws-native:eks:Nodegroup", {"clusterName": "demo", "subnets": ["subnet-1"], "launchTemplate": {"id": "lt-2"}}),
    (
        "aws-native:ec2:LaunchTemplate",
        {
            "launchTemplateId": "lt-2",
            "launchTemplateData": {"securityGroupIds": ["sg-1"], "networkInterfaces": [{"groups": ["sg-1"]}]},
        },
    ),
    ("aws-native:ec2:SecurityGroup", {"groupId": "sg-2", "securityGroupEgress": [{"ipProtocol": "-1", "cidrIp": "x"}]}),
    ("aws-native:iam:Role", {"roleName": "nodes", "policies": [{"policyName": "a", "policyDocument": {}}]}),
    ("kubernetes:apps/v1:DeploymentPatch", {"metadata": {"name": "a"}, "spec": {"template": TEMPLATE}}),
    ("kubernetes:core/v1:ServicePatch", {"metadata": {"annotations": TLS}, "spec": {"type": "LoadBalancer"}}),
    ("kubernetes:karpenter.sh/v1:NodePoolPatch", POOL),
    (
        "kubernetes:helm.sh/v4:Chart",
        {"chart": "gateway", "values": {"service": {"type": "LoadBalancer"}, "objects": [POOL]}},
    ),
]
STACK: list[tuple[str, dict[str, Any]]] = [
    (
        "aws:eks/cluster:Cluster",
        {
            "name": "demo",
            "version": "1.36",
            "upgradePolicy": {"supportType": "STANDARD"},
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
            "computeConfig": {"enabled": False},
            "tags": {"a": "b"},
        },
    ),
    (
        "aws:eks/addon:Addon",
        {
            "clusterName": "demo",
            "addonName": "aws-ebs-csi-driver",
            "podIdentityAssociations": [{"serviceAccount": "x", "roleArn": "y"}],
        },
    ),
    (
        "aws:eks/nodeGroup:NodeGroup",
        {
            "clusterName": "demo",
            "nodeRoleArn": "arn:aws:iam::123456789012:role/nodes",
            "amiType": "BOTTLEROCKET_ARM_64",
            "instanceTypes": ["m7i.large"],
            "launchTemplate": {"id": "lt-1", "name": "x"},
        },
    ),
    ("aws:ec2/launchTemplate:LaunchTemplate", {"id": "lt-1", "instanceType": "m7i.large", "tagSpecifications": []}),
    ("aws:eks/fargateProfile:FargateProfile", {"clusterName": "demo", "podExecutionRoleArn": "x"}),
    ("aws:eks/accessEntry:AccessEntry", {"clusterName": "demo", "principalArn": "x", "accessEntryArn": "y"}),
    (
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        {"clusterName": "demo", "namespace": "default", "serviceAccount": "app", "associationId": "a"},
    ),
    (
        "aws:iam/role:Role",
        {"name": "nodes", "arn": "x", "uniqueId": "y", "assumeRolePolicy": "{}", "inlinePolicies": [{"policy": "{}"}]},
    ),
    (
        "pulumi:providers:aws",
        {"assumeRoles": '[{"roleArn": "x"}]', "assumeRole": {"roleArn": "x"}, "profile": "p", "region": "r"},
    ),
    (
        RELEASE,
        {
            "chart": "oci://public.ecr.aws/karpenter/karpenter",
            "name": "karpenter",
            "namespace": "default",
            "repositoryOpts": {"repo": "https://aws.github.io/x", "username": "u"},
            "valueYamlFiles": [],
            "values": {
                "serviceAccount": {"name": "x", "create": True, "annotations": {"eks.amazonaws.com/role-arn": "x"}},
                "settings": {"clusterName": "demo"},
                "controller": {"resources": {"limits": {"memory": "1Gi"}, "requests": {"cpu": 1}}, "env": []},
                "objects": [POOL],
                "fullnameOverride": "x",
                "nameOverride": "y",
            },
        },
    ),
    (
        RELEASE,
        {"chart": "external-dns", "values": {"provider": {"name": "aws"}, "resources": {}, "domainFilters": ["x"]}},
    ),
    (
        "kubernetes:core/v1:ServiceAccount",
        {"metadata": {"name": "app", "namespace": "default", "annotations": {"eks.amazonaws.com/role-arn": "x"}}},
    ),
    ("kubernetes:apps/v1:Deployment", {"metadata": {"name": "a"}, "spec": {"template": TEMPLATE, "selector": {}}}),
    ("kubernetes:core/v1:Pod", {"metadata": {"name": "a"}, "spec": {**POD, "resources": {"limits": {"cpu": 1}}}}),
    ("kubernetes:apps/v1:DaemonSet", {"metadata": {"name": "a"}, "spec": {"template": {"spec": AGENT}}}),
    (
        "kubernetes:argoproj.io/v1alpha1:ApplicationSet",
        {
            "spec": {
                "generators": [{"list": {"template": {"spec": {"source": KUSTOMIZED}}}}],
                "template": {"spec": {"source": KUSTOMIZED, "sources": [KUSTOMIZED]}},
            }
        },
    ),
    (
        "kubernetes:argoproj.io/v1alpha1:AppProject",
        {"spec": {"namespaceResourceWhitelist": [{"group": "apps", "kind": "*"}], "namespaceResourceBlacklist": []}},
    ),
    ("kubernetes:argoproj.io/v1alpha1:Application", {"spec": {"source": KUSTOMIZED, "destination": {"name": "x"}}}),
    ("aws:rds/instance:Instance", {"instanceClass": "db.t3.large"}),
    ("aws:elasticache/cluster:Cluster", {"securityGroupIds": ["sg-1"]}),
    (
        "kubernetes:core/v1:Secret",
        {"type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": '{"auths": {"ghcr.io": {}}}'}},
    ),
    ("aws:secretsmanager/secretVersion:SecretVersion", {"secretString": '{"password": ""}'}),
    ("aws:ssm/parameter:Parameter", {"type": "SecureString", "value": "x"}),
    ("kubernetes:core/v1:Secret", {"data": {"password": "eA=="}, "stringData": {".env": "PASSWORD="}}),
    (
        RELEASE,
        {
            "chart": "oci://registry-1.docker.io/bitnamicharts/rabbitmq",
            "values": {
                "image": {"registry": "docker.io", "repository": "bitnamilegacy/rabbitmq", "tag": "4", "digest": "x"},
                "global": {"imageRegistry": "x"},
                "sidecars": [{"image": "x:1"}],
            },
        },
    ),
    *EDGE,
    *NETWORK,
    *SHAPES,
    ("kubernetes:core/v1:List", {"items": [POOL, {"apiVersion": "v1", "kind": "Pod", "spec": POD}]}),
    ("kubernetes:karpenter.sh/v1:NodePool", POOL),
    *ADVISED,
]
