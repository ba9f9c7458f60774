"""The part of a stack with every resource that practices look at."""

from typing import Any

LABELS = {"app": "guard"}
STATEMENT = '{"Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}'
DISK = {"deviceName": "/dev/xvda", "ebs": {"encrypted": "false", "volumeType": "gp2", "snapshotId": ""}}
METADATA = {"httpEndpoint": "enabled", "httpTokens": "optional", "httpPutResponseHopLimit": 2}
ADVISED: list[tuple[str, dict[str, Any]]] = [
    (
        "aws:eks/cluster:Cluster",
        {
            "name": "other",
            "version": "1.27",
            "vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/1"]},
            "enabledClusterLogTypes": ["api"],
            "encryptionConfig": {"provider": {"keyArn": "x"}, "resources": ["secrets"]},
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
        },
    ),
    ("kubernetes:core/v1:ConfigMap", {"metadata": {"name": "aws-auth", "namespace": "kube-system"}}),
    (
        "aws:ec2/launchTemplate:LaunchTemplate",
        {
            "id": "lt-2",
            "metadataOptions": METADATA,
            "blockDeviceMappings": [DISK],
            "networkInterfaces": [{"associatePublicIpAddress": "true"}],
        },
    ),
    (
        "aws:eks/nodeGroup:NodeGroup",
        {"launchTemplate": {"id": "lt-2"}, "remoteAccess": {"ec2SshKey": "x", "sourceSecurityGroupIds": ["sg-1"]}},
    ),
    (
        "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
        {
            "spec": {
                "amiSelectorTerms": [{"name": "x-*"}, {"tags": {"a": "b"}}],
                "metadataOptions": METADATA,
                "blockDeviceMappings": [DISK],
                "associatePublicIPAddress": True,
            }
        },
    ),
    ("aws:ebs/volume:Volume", {"encrypted": False}),
    (
        "kubernetes:storage.k8s.io/v1:StorageClass",
        {"provisioner": "ebs.csi.aws.com", "parameters": {"type": "gp2"}, "volumeBindingMode": "Immediate"},
    ),
]
PRIVILEGED = {
    "hostNetwork": True,
    "nodeSelector": {"karpenter.sh/capacity-type": "spot", "karpenter.sh/nodepool": "spot"},
    "volumes": [{"hostPath": {"path": "/"}, "persistentVolumeClaim": {"claimName": "x"}}],
    "securityContext": {"windowsOptions": {"hostProcess": True}},
    "containers": [{"securityContext": {"privileged": True, "capabilities": {"add": ["ALL"]}}}],
}
ADVISED += [
    (
        "kubernetes:karpenter.sh/v1:NodePool",
        {
            "metadata": {"name": "spot"},
            "spec": {
                "template": {
                    "metadata": {"labels": LABELS},
                    "spec": {
                        "requirements": [
                            {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["spot"]},
                            {"key": "karpenter.k8s.aws/instance-cpu", "operator": "Gt", "values": ["4"]},
                        ]
                    },
                }
            },
        },
    ),
    ("aws:eks/nodeGroup:NodeGroup", {"capacityType": "SPOT", "instanceTypes": ["m7g.large"]}),
    (
        "kubernetes:apps/v1:StatefulSet",
        {
            "metadata": {"name": "db", "namespace": "default"},
            "spec": {"replicas": 2, "template": {"metadata": {"labels": LABELS}, "spec": PRIVILEGED}},
        },
    ),
    (
        "kubernetes:policy/v1:PodDisruptionBudget",
        {"metadata": {"namespace": "default"}, "spec": {"minAvailable": "100%", "selector": {"matchLabels": LABELS}}},
    ),
    (
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        {
            "metadata": {"namespace": "default"},
            "spec": {"minReplicas": 2, "scaleTargetRef": {"kind": "StatefulSet", "name": "db"}},
        },
    ),
]
TRUST = {"Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.eks.x", "Service": "pods.eks.amazonaws.com"}
ADVISED += [
    (
        "aws:iam/role:Role",
        {
            "name": "app",
            "assumeRolePolicy": {
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": TRUST,
                        "Action": ["sts:AssumeRole"],
                        "Condition": {"StringLike": {"oidc.eks.x:sub": "*"}},
                    }
                ]
            },
            "inlinePolicies": [{"name": "x", "policy": STATEMENT}],
        },
    ),
    (
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
        {"metadata": {"name": "wide"}, "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]},
    ),
    (
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
        {
            "roleRef": {"kind": "ClusterRole", "name": "wide"},
            "subjects": [{"kind": "ServiceAccount", "name": "x", "namespace": "default"}],
        },
    ),
]
ADVISED += [
    (
        "aws:ecr/repository:Repository",
        {"name": "web", "imageScanningConfiguration": {"scanOnPush": "false"}, "imageTagMutability": "MUTABLE"},
    ),
    (
        "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
        {"rules": [{"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "web*"}]}]},
    ),
    ("aws:ecr/lifecyclePolicy:LifecyclePolicy", {"repository": "other"}),
]
RANGES = {"protocol": "tcp", "fromPort": 22, "toPort": "30000", "cidrBlocks": ["0.0.0.0/0"], "ipv6CidrBlocks": ["::/0"]}
OPEN = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ["*"]}, "Action": "kms:Decrypt", "Resource": "*"}]}
ADVISED += [
    ("aws:ec2/securityGroup:SecurityGroup", {"ingress": [RANGES]}),
    ("aws:ec2/securityGroupRule:SecurityGroupRule", {"type": "ingress", **RANGES}),
    ("aws:kms/key:Key", {"id": "key-1", "policy": OPEN, "customerMasterKeySpec": "SYMMETRIC_DEFAULT"}),
    (
        "aws:sqs/queue:Queue",
        {"id": "queue", "arn": "arn:queue", "sqsManagedSseEnabled": False, "kmsMasterKeyId": "key-1"},
    ),
    ("aws:sqs/queuePolicy:QueuePolicy", {"queueUrl": "queue", "policy": OPEN}),
    ("aws:cloudwatch/eventTarget:EventTarget", {"arn": "arn:queue"}),
    ("aws:cloudwatch/logGroup:LogGroup", {"name": "/aws/eks/other/cluster", "retentionInDays": 0}),
    ("aws:ec2/vpc:Vpc", {"id": "vpc-1", "enableDnsHostnames": False, "enableDnsSupport": False}),
    ("aws:ec2/flowLog:FlowLog", {"vpcId": "vpc-2"}),
    (
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        {"vpcEndpointType": "Interface", "serviceName": "com.amazonaws.eu-west-1.sts", "privateDnsEnabled": False},
    ),
    ("aws:iam/accessKey:AccessKey", {"user": "pipeline"}),
]
ADVISED += [
    (
        "kubernetes:helm.sh/v3:Release",
        {"chart": "karpenter", "name": "karpenter", "values": {"settings": {"interruptionQueue": "events"}}},
    ),
    (
        "aws:cloudwatch/eventRule:EventRule",
        {"name": "spot", "eventPattern": {"detail-type": ["EC2 Spot Instance Interruption Warning"]}},
    ),
    ("aws:cloudwatch/eventTarget:EventTarget", {"rule": "spot", "arn": "arn:events"}),
    ("aws:sqs/queue:Queue", {"name": "events", "arn": "arn:events"}),
    (
        "kubernetes:karpenter.sh/v1:NodePool",
        {
            "metadata": {"name": "old"},
            "spec": {
                "template": {"spec": {"expireAfter": "Never", "nodeClassRef": {"name": "old"}}},
                "disruption": {"budgets": [{"nodes": "0", "reasons": ["Empty"], "schedule": "@daily"}]},
            },
        },
    ),
    (
        "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
        {"metadata": {"name": "old"}, "spec": {"amiSelectorTerms": [{"id": "ami-1"}]}},
    ),
    (
        "kubernetes:core/v1:Pod",
        {"metadata": {"annotations": {"karpenter.sh/do-not-disrupt": "true"}}, "spec": {}},
    ),
]
CONTEXT = {"runAsNonRoot": False, "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "Unconfined"}}
ADVISED += [
    (
        "kubernetes:core/v1:Pod",
        {"spec": {"securityContext": CONTEXT, "os": {"name": "linux"}, "containers": [{"securityContext": CONTEXT}]}},
    ),
    (
        "kubernetes:core/v1:Namespace",
        {"metadata": {"name": "shop", "labels": {"pod-security.kubernetes.io/enforce": "privileged"}}},
    ),
]
HOOKS = [{"timeoutSeconds": 30, "rules": [{"apiGroups": ["*"], "resources": ["*"]}], "matchConditions": []}]
ADVISED += [
    ("kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration", {"webhooks": HOOKS}),
    ("kubernetes:policy/v1beta1:PodDisruptionBudget", {"apiVersion": "policy/v1beta1", "spec": {}}),
    (
        "kubernetes:rbac.authorization.k8s.io/v1:Role",
        {
            "metadata": {"name": "wide", "namespace": "shop"},
            "rules": [
                {"apiGroups": [""], "resources": ["serviceaccounts/token"], "verbs": ["create"], "resourceNames": []}
            ],
        },
    ),
    (
        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
        {
            "metadata": {"namespace": "shop"},
            "roleRef": {"kind": "Role", "name": "wide"},
            "subjects": [{"kind": "ServiceAccount", "name": "x", "namespace": "shop"}],
        },
    ),
]
ADVISED += [
    (
        "aws:dsql/cluster:Cluster",
        {
            "identifier": "orders",
            "region": "us-east-1",
            "multiRegionProperties": {"witnessRegion": "us-east-1"},
            "kmsEncryptionKey": "arn:aws:kms:us-west-2:123456789012:key/x",
            "deletionProtectionEnabled": True,
            "forceDestroy": True,
        },
    ),
    ("aws:dsql/clusterPolicy:ClusterPolicy", {"identifier": "orders", "policy": OPEN}),
]
STRICT = {"enableNetworkPolicy": "false", "env": {"ENABLE_POD_ENI": "true"}}
ADVISED += [
    ("aws:eks/addon:Addon", {"addonName": "coredns", "configurationValues": {"autoScaling": {"minReplicas": 1}}}),
    ("aws:eks/addon:Addon", {"addonName": "vpc-cni", "clusterName": "other", "configurationValues": STRICT}),
    ("aws:eks/addon:Addon", {"addonName": "aws-ebs-csi-driver", "resolveConflictsOnCreate": "NONE"}),
]
ADVISED += [
    (
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        {
            "principalArn": "arn:aws:iam::123456789012:user/me",
            "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            "accessScope": {"type": "cluster"},
        },
    ),
    ("aws:eks/accessEntry:AccessEntry", {"userName": "eks:me", "type": "EC2_LINUX", "kubernetesGroups": ["x"]}),
]
ALB = {"alb.ingress.kubernetes.io/target-type": "instance", "alb.ingress.kubernetes.io/group.name": "edge"}
ADVISED += [
    (
        "kubernetes:helm.sh/v3:Release",
        {
            "chart": "aws-load-balancer-controller",
            "values": {"replicaCount": 1, "hostNetwork": False, "vpcTags": {}, "defaultTargetType": "instance"},
        },
    ),
    (
        "kubernetes:networking.k8s.io/v1:Ingress",
        {"metadata": {"namespace": "shop", "annotations": ALB}, "spec": {"ingressClassName": "alb"}},
    ),
    (
        "kubernetes:gateway.networking.k8s.io/v1:Gateway",
        {"spec": {"listeners": [{"allowedRoutes": {"namespaces": {"from": "All"}}}]}},
    ),
    ("kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams", {"spec": {"group": {"name": "edge"}}}),
    (
        "kubernetes:helm.sh/v3:Release",
        {
            "chart": "external-dns",
            "values": {"txtOwnerId": "default", "policy": "sync", "domainFilters": [], "extraArgs": {"a": "b"}},
        },
    ),
    ("kubernetes:helm.sh/v3:Release", {"chart": "oci://registry/istio/ztunnel"}),
    (
        "kubernetes:security.istio.io/v1:PeerAuthentication",
        {"metadata": {"namespace": "istio-system"}, "spec": {"mtls": {"mode": "DISABLE"}, "selector": {}}},
    ),
    (
        "kubernetes:security.istio.io/v1:AuthorizationPolicy",
        {
            "metadata": {"namespace": "shop"},
            "spec": {
                "rules": [
                    {
                        "to": [{"operation": {"methods": ["GET"]}}],
                        "from": [{"source": {"principals": ["*"]}}],
                        "when": [{"key": "source.ip"}],
                    }
                ]
            },
        },
    ),
    (
        "kubernetes:core/v1:Namespace",
        {"metadata": {"name": "mesh", "labels": {"istio.io/dataplane-mode": "ambient"}}},
    ),
    (
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        {
            "metadata": {"namespace": "mesh"},
            "spec": {"podSelector": {"matchLabels": LABELS}, "ingress": [{"ports": [{"port": 80, "endPort": 90}]}]},
        },
    ),
]
VARIABLES = [{"name": "API_KEY", "value": "x", "valueFrom": {"secretKeyRef": {"name": "x"}}}]
ADVISED += [
    ("kubernetes:core/v1:Pod", {"spec": {"containers": [{"env": VARIABLES}]}}),
    ("kubernetes:helm.sh/v3:Release", {"chart": "x", "values": {"env": VARIABLES}}),
    (
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        {"clusterName": "other", "namespace": "x", "serviceAccount": "default", "roleArn": "arn:aws:iam::1:role/x"},
    ),
]
SERVED = {"containers": [{"name": "web", "ports": [{"name": "http", "containerPort": 80}], "lifecycle": {}}]}
ADVISED += [
    ("aws:ec2/natGateway:NatGateway", {"id": "nat-1", "subnetId": "subnet-1"}),
    ("aws:lb/loadBalancer:LoadBalancer", {"internal": "false", "loadBalancerType": "network"}),
    ("aws:backup/plan:Plan", {"id": "plan-1", "rules": [{"copyActions": [{"destinationVaultArn": "x"}]}]}),
    (
        "aws:backup/selection:Selection",
        {"planId": "plan-1", "resources": ["x"], "selectionTags": [{"key": "Name", "value": "x"}]},
    ),
    (
        "kubernetes:core/v1:Service",
        {"metadata": {"name": "web"}, "spec": {"selector": LABELS, "ports": [{"port": 80, "targetPort": "http"}]}},
    ),
    (
        "kubernetes:apps/v1:Deployment",
        {"metadata": {"name": "web"}, "spec": {"template": {"metadata": {"labels": LABELS}, "spec": SERVED}}},
    ),
]
