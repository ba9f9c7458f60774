"""One resource at least of every type of AWS that the double knows, the way programs combine them."""

import json

from aws_cloud import REGION, WORKER_POLICIES, Cloud, cluster, network, node_group, role, trust

ALLOW_ALL = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f rehearsal"
TEMPLATE = {
    "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "from-stack"}}},
    "Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Queue", "QueueName"]}}},
}
PULL = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "ecr:GetDownloadUrlForLayer", "Resource": "*"}
        ],
    }
)
EXPIRY = {
    "id": "old",
    "status": "Enabled",
    "filter": {"prefix": "logs/"},
    "noncurrentVersionExpiration": {"noncurrentDays": 90},
    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
}
OSAKA = {"region": "ap-northeast-3", "registryId": "123456789012"}
LIFECYCLE = {
    "rules": [
        {
            "rulePriority": 1,
            "description": "keep the last hundred images",
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 100},
            "action": {"type": "expire"},
        }
    ]
}


def everything(cloud: Cloud) -> None:
    """Makes them all."""
    subnets = network(cloud)
    _network_extras(cloud)
    _identities(cloud)
    _compute(cloud, subnets)
    _services(cloud)
    _balancing(cloud)
    _names(cloud)
    _databases(cloud)
    _backups(cloud)


def _network_extras(cloud: Cloud) -> None:
    vpc, table = cloud.resources["net-vpc"].id, cloud.resources["net-private"].id
    cloud.create("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default-group", vpcId=vpc)
    https = {"fromPort": 443, "toPort": 443, "protocol": "tcp", "cidrBlocks": ["10.0.0.0/16"]}
    group = cloud.create("aws:ec2/securityGroup:SecurityGroup", "group", vpcId=vpc, ingress=[https]).id
    other = cloud.create("aws:ec2/securityGroup:SecurityGroup", "other", vpcId=vpc, revokeRulesOnDelete=True).id
    rule = {"securityGroupId": group, "type": "egress", "fromPort": 0, "toPort": 0, "protocol": "-1"}
    cloud.create("aws:ec2/securityGroupRule:SecurityGroupRule", "plain", **rule, cidrBlocks=["0.0.0.0/0"])
    one = {"securityGroupId": other, "ipProtocol": "tcp", "fromPort": 53, "toPort": 53}
    cloud.create(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule-in", **one, referencedSecurityGroupId=group
    )
    cloud.create("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "rule-out", **one, cidrIpv4="10.0.0.0/8")
    service = f"com.amazonaws.{REGION}."
    s3 = cloud.create("aws:ec2/vpcEndpoint:VpcEndpoint", "s3", vpcId=vpc, serviceName=service + "s3").id
    kind = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"
    cloud.create(kind, "s3-table", vpcEndpointId=s3, routeTableId=table)
    place = {"vpcId": vpc, "subnetIds": [cloud.resources["net-a"].id], "securityGroupIds": [group]}
    cloud.create(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "sts",
        **place,
        serviceName=service + "sts",
        vpcEndpointType="Interface",
        privateDnsEnabled=True,
    )
    cloud.create(
        "aws:ec2/tag:Tag", "tag", resourceId=cloud.resources["net-a"].id, key="karpenter.sh/discovery", value="x"
    )


def _identities(cloud: Cloud) -> None:
    role(cloud, "worker", "ec2.amazonaws.com", *WORKER_POLICIES)
    role(cloud, "pods", "pods.eks.amazonaws.com")
    role(cloud, "fargate", "eks-fargate-pods.amazonaws.com", "AmazonEKSFargatePodExecutionRolePolicy")
    cloud.create(
        "aws:iam/role:Role",
        "inline",
        assumeRolePolicy=trust("vpc-flow-logs.amazonaws.com"),
        inlinePolicies=[{"name": "logs", "policy": ALLOW_ALL.replace("s3:GetObject", "logs:PutLogEvents")}],
        managedPolicyArns=["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    )
    policy = cloud.create("aws:iam/policy:Policy", "policy", policy=ALLOW_ALL).id
    cloud.create("aws:iam/rolePolicy:RolePolicy", "role-policy", role="pods", policy=ALLOW_ALL)
    cloud.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attachment", role="pods", policyArn=policy)
    cloud.create("aws:iam/instanceProfile:InstanceProfile", "profile", role="worker")
    cloud.create(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        "oidc",
        url="https://oidc.eks.ap-northeast-2.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF",
        clientIdLists=["sts.amazonaws.com"],
        thumbprintLists=["9e99a48a9960b14926bb7f3b02e22da2b0ab7280"],
    )


def _compute(cloud: Cloud, subnets: list[str]) -> None:
    cloud.create("aws:cloudwatch/logGroup:LogGroup", "log-group", name="/vpc/flow", retentionInDays=7)
    log_arn = cloud.resources["log-group"].outputs["arn"]
    flow = {"vpcId": cloud.resources["net-vpc"].id, "trafficType": "ALL", "logDestination": log_arn}
    cloud.create("aws:ec2/flowLog:FlowLog", "flow", **flow, iamRoleArn=cloud.resources["inline"].outputs["arn"])
    disk = {"volumeSize": 20, "volumeType": "gp3", "encrypted": "true", "deleteOnTermination": "true"}
    cloud.create(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "template",
        instanceType="t4g.medium",
        blockDeviceMappings=[{"deviceName": "/dev/xvda", "ebs": disk}],
        metadataOptions={"httpTokens": "required", "httpPutResponseHopLimit": 1},
        tagSpecifications=[{"resourceType": "instance", "tags": {"Name": "node"}}],
        updateDefaultVersion=True,
    )
    template = {"id": cloud.resources["template"].id, "version": "$Latest"}
    cloud.create(
        "aws:autoscaling/group:Group",
        "scaling",
        minSize=0,
        maxSize=1,
        desiredCapacity=0,
        launchTemplate=template,
        vpcZoneIdentifiers=subnets,
    )
    cloud.create("aws:ec2/launchConfiguration:LaunchConfiguration", "old", imageId="ami-1", instanceType="t3.micro")
    cloud.create("aws:ec2/keyPair:KeyPair", "pair", publicKey=PUBLIC_KEY)
    cloud.create("aws:cloudformation/stack:Stack", "stack", templateBody=json.dumps(TEMPLATE))
    cloud.create("aws:kms/key:Key", "key", enableKeyRotation=True, deletionWindowInDays=7)
    cloud.create("aws:kms/alias:Alias", "alias", name="alias/lab", targetKeyId=cloud.resources["key"].id)
    key = {"provider": {"keyArn": cloud.resources["key"].outputs["arn"]}, "resources": ["secrets"]}
    name = cluster(cloud, "lab", subnets, encryptionConfig=key, deletionProtection=False)
    node_group(cloud, "nodes", name, cloud.resources["worker"].outputs["arn"], subnets)
    cloud.create("aws:eks/addon:Addon", "agent", clusterName=name, addonName="eks-pod-identity-agent")
    cloud.create(
        "aws:eks/accessEntry:AccessEntry", "entry", clusterName=name, principalArn="arn:aws:iam::123456789012:role/a"
    )
    cloud.create(
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "entry-admin",
        clusterName=name,
        principalArn="arn:aws:iam::123456789012:role/a",
        policyArn="arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope={"type": "cluster"},
    )
    pods = {"namespace": "default", "serviceAccount": "app", "roleArn": cloud.resources["pods"].outputs["arn"]}
    cloud.create("aws:eks/podIdentityAssociation:PodIdentityAssociation", "association", clusterName=name, **pods)
    fargate = {"podExecutionRoleArn": cloud.resources["fargate"].outputs["arn"], "subnetIds": subnets}
    cloud.create(
        "aws:eks/fargateProfile:FargateProfile",
        "serverless",
        clusterName=name,
        **fargate,
        selectors=[{"namespace": "x"}],
    )


def _services(cloud: Cloud) -> None:
    pattern = json.dumps({"source": ["aws.ec2"]})
    cloud.create("aws:cloudwatch/eventRule:EventRule", "rule", eventPattern=pattern)
    queue = cloud.create("aws:sqs/queue:Queue", "queue", messageRetentionSeconds=300, sqsManagedSseEnabled=True)
    target = {"rule": cloud.resources["rule"].id, "arn": queue.outputs["arn"]}
    cloud.create("aws:cloudwatch/eventTarget:EventTarget", "target", **target)
    cloud.create("aws:sqs/queuePolicy:QueuePolicy", "queue-policy", queueUrl=queue.id, policy=ALLOW_ALL)
    cloud.create("aws:ssm/parameter:Parameter", "parameter", type="String", name="/lab/x", value="1")
    bucket = cloud.create("aws:s3/bucket:Bucket", "bucket", forceDestroy=True).id
    cloud.create("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", bucket=bucket, blockPublicAcls=True)
    cloud.create(
        "aws:s3/bucketVersioning:BucketVersioning",
        "versions",
        bucket=bucket,
        versioningConfiguration={"status": "Enabled"},
    )
    cloud.create(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "encryption",
        bucket=bucket,
        rules=[{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}, "bucketKeyEnabled": True}],
    )
    cloud.create("aws:ecr/repository:Repository", "repository", imageScanningConfiguration={"scanOnPush": True})
    repository = cloud.resources["repository"].id
    cloud.create(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy", "images", repository=repository, policy=json.dumps(LIFECYCLE)
    )
    cloud.create("aws:ecr/repositoryPolicy:RepositoryPolicy", "repository-policy", repository=repository, policy=PULL)
    rules = [{"destinations": [{**OSAKA, "region": "ap-northeast-1"}]}]
    kind = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
    cloud.create(kind, "replication", replicationConfiguration={"rules": rules})
    filters = [{"filter": "*", "filterType": "WILDCARD"}]
    kind = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
    often = {"scanFrequency": "CONTINUOUS_SCAN", "repositoryFilters": filters}
    cloud.create(kind, "scanning", scanType="ENHANCED", rules=[often])
    kind = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    cloud.create(kind, "ownership", bucket=bucket, rule={"objectOwnership": "BucketOwnerEnforced"})
    kind = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    cloud.create(kind, "expiry", bucket=bucket, rules=[EXPIRY])
    cloud.create("aws:s3/bucketPolicy:BucketPolicy", "bucket-policy", bucket=bucket, policy=ALLOW_ALL)
    attributes = [{"name": "LockID", "type": "S"}]
    cloud.create(
        "aws:dynamodb/table:Table", "table", hashKey="LockID", billingMode="PAY_PER_REQUEST", attributes=attributes
    )


def _balancing(cloud: Cloud) -> None:
    places = {"subnets": [cloud.resources["net-a"].id, cloud.resources["net-b"].id], "internal": True}
    groups = {"securityGroups": [cloud.resources["group"].id]}
    balancer = cloud.create("aws:lb/loadBalancer:LoadBalancer", "balancer", **places, **groups)
    here = {"vpcId": cloud.resources["net-vpc"].id, "port": 8080, "protocol": "HTTP", "targetType": "ip"}
    targets = cloud.create("aws:lb/targetGroup:TargetGroup", "targets", **here, healthCheck={"path": "/health"})
    actions = [{"type": "forward", "targetGroupArn": targets.id}]
    front = {"loadBalancerArn": balancer.id, "port": 80, "protocol": "HTTP", "defaultActions": actions}
    cloud.create("aws:lb/listener:Listener", "listener", **front)


def _names(cloud: Cloud) -> None:
    parent = cloud.invoke("aws:route53/getZone:getZone", name="example.com")["zoneId"]
    zone = cloud.create("aws:route53/zone:Zone", "zone", name="dev.example.com")
    record, here = "aws:route53/record:Record", {"zoneId": zone.id, "ttl": 60}
    servers = {"type": "NS", "records": zone.outputs["nameServers"]}
    cloud.create(record, "delegation", zoneId=parent, name="dev.example.com", ttl=60, **servers)
    cloud.create(record, "www", **here, name="www", type="A", records=["203.0.113.1"])
    latency = {"setIdentifier": "seoul", "latencyRoutingPolicies": [{"region": REGION}], "records": ["203.0.113.1"]}
    cloud.create(record, "latency", **here, name="api.dev.example.com", type="A", **latency)
    target = {"name": "www.dev.example.com", "zoneId": zone.id, "evaluateTargetHealth": False}
    cloud.create(record, "apex", zoneId=zone.id, name="dev.example.com", type="A", aliases=[target])
    domains = {"domainName": "dev.example.com", "subjectAlternativeNames": ["*.dev.example.com"]}
    certificate = cloud.create("aws:acm/certificate:Certificate", "certificate", **domains, validationMethod="DNS")
    asked = certificate.outputs["domainValidationOptions"][0]
    proof = {"name": asked["resourceRecordName"], "records": [asked["resourceRecordValue"]], "type": "CNAME"}
    cloud.create(record, "proof", **here, **proof)
    issued = {"certificateArn": certificate.id, "validationRecordFqdns": [cloud.resources["proof"].outputs["fqdn"]]}
    cloud.create("aws:acm/certificateValidation:CertificateValidation", "issued", **issued)


def _databases(cloud: Cloud) -> None:
    cloud.create("aws:dsql/cluster:Cluster", "database", deletionProtectionEnabled=True, forceDestroy=True)
    witness = {"witnessRegion": "ap-northeast-3"}
    seoul = cloud.create("aws:dsql/cluster:Cluster", "seoul", multiRegionProperties=witness)
    both = witness | {"clusters": [seoul.outputs["arn"]]}
    tokyo = cloud.client("dsql", "ap-northeast-1").create_cluster(multiRegionProperties=both)
    peering = {"identifier": seoul.id, "clusters": [tokyo["arn"]]}
    cloud.client("dsql", "ap-northeast-1").update_cluster(
        identifier=tokyo["identifier"], deletionProtectionEnabled=False
    )
    cloud.create("aws:dsql/clusterPeering:ClusterPeering", "peering", **peering, **witness)
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    cloud.create("aws:dsql/clusterPolicy:ClusterPolicy", "closed", identifier=seoul.id, policy=policy)


def _backups(cloud: Cloud) -> None:
    vault = cloud.create("aws:backup/vault:Vault", "vault", name="demo-dsql")
    other = cloud.client("backup", "ap-northeast-1").create_backup_vault(BackupVaultName="demo-dsql")
    copied = {"destinationVaultArn": other["BackupVaultArn"], "lifecycle": {"deleteAfter": 35}}
    daily = {"ruleName": "daily", "targetVaultName": vault.id, "lifecycle": {"deleteAfter": 35}}
    plan = cloud.create("aws:backup/plan:Plan", "plan", name="demo-dsql", rules=[{**daily, "copyActions": [copied]}])
    chosen = {"planId": plan.id, "iamRoleArn": role(cloud, "backups", "backup.amazonaws.com")}
    tags = [{"type": "STRINGEQUALS", "key": "backup", "value": "daily"}]
    arns = [cloud.resources["database"].outputs["arn"]]
    cloud.create("aws:backup/selection:Selection", "selection", **chosen, resources=arns, selectionTags=tags)
    cloud.client("backup", "ap-northeast-1").delete_backup_vault(BackupVaultName="demo-dsql")
