"""Every type that the double knows is made, read, changed, found unchanged and deleted, and nothing of it stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from aws_cloud import REGION, WORKER_POLICIES, Cloud, cluster, network, node_group, role, trust

from pokayoke_rehearsal.doubles.aws.types import TYPES
from pokayoke_rehearsal.doubles.base import UNKNOWN

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


@pytest.fixture(scope="module")
def full(cloud: Cloud) -> Iterator[Cloud]:
    """One resource at least of every type, the way programs combine them."""
    subnets = network(cloud)
    _network_extras(cloud)
    _identities(cloud)
    _compute(cloud, subnets)
    _services(cloud)
    _balancing(cloud)
    _names(cloud)
    _databases(cloud)
    return cloud


def test_every_type_is_made(full: Cloud) -> None:
    made = {resource.urn.split("::")[2] for resource in full.resources.values()}
    assert made == {kind.pulumi_type for kind in TYPES.values()}


def test_every_resource_has_an_id_and_nothing_unknown(full: Cloud) -> None:
    for name, resource in full.resources.items():
        assert resource.id, name
        assert UNKNOWN not in resource.outputs.values(), name


def test_every_computed_output_is_known_after_up_or_does_not_apply(full: Cloud) -> None:
    optional = {"clusterId", "configurationValues", "nodeRepairConfig", "inlinePolicies", "hostedZoneId"}
    optional |= {"instanceId", "instanceOwnerId", "privateDns", "ptrRecord"}
    for name, resource in full.resources.items():
        kind = TYPES[resource.urn.split("::")[2]]
        missing = set(kind.computed) - set(resource.outputs) - optional
        assert not missing, name


def test_every_resource_is_found_again_as_it_was_made(full: Cloud) -> None:
    for name, resource in full.resources.items():
        found = full.read(name)
        assert found is not None, name
        assert found.get("arn") == resource.outputs.get("arn"), name


def test_every_resource_is_unchanged_by_a_second_up(full: Cloud) -> None:
    for name, resource in full.resources.items():
        assert not full.diff(name, **resource.inputs).changed, name


def test_a_preview_of_every_type_knows_its_inputs_and_nothing_computed(full: Cloud) -> None:
    for name, resource in list(full.resources.items()):
        kind = TYPES[resource.urn.split("::")[2]]
        outputs = full.preview(kind.pulumi_type, name, **resource.inputs)
        for key in kind.computed:
            if key not in resource.inputs:
                assert outputs[key] is UNKNOWN, (name, key)
        assert resource.inputs.keys() <= outputs.keys()


def test_tags_of_every_tagged_type_change_in_place(full: Cloud) -> None:
    for name, resource in list(full.resources.items()):
        if not TYPES[resource.urn.split("::")[2]].tagged:
            continue
        inputs = {key: value for key, value in resource.inputs.items() if key != "tags"}
        changed = full.diff(name, **inputs, tags={"team": "a", "stage": "dev"})
        assert changed.changed, name
        assert not changed.replacing, name
        assert full.update(name, **inputs, tags={"team": "a", "stage": "dev"}).outputs["tagsAll"]["team"] == "a"
        assert full.update(name, **inputs, tags={"team": "b"}).outputs["tagsAll"] == {"team": "b"}, name
        tags = (full.read(name) or {}).get("tags", {"team": "b"})
        assert (tags.get("team"), tags.get("stage")) == ("b", None), name


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("group", {"ingress": [{"fromPort": 80, "toPort": 80, "protocol": "tcp", "cidrBlocks": ["10.0.0.0/8"]}]}),
        ("rule-in", {"description": "from the office"}),
        ("template", {"instanceType": "t4g.large"}),
        ("policy", {"policy": ALLOW_ALL.replace("GetObject", "PutObject")}),
        ("key", {"description": "for secrets", "enableKeyRotation": False}),
        ("log-group", {"retentionInDays": 30}),
        ("parameter", {"value": "other"}),
        ("queue", {"visibilityTimeoutSeconds": 60}),
        ("rule", {"description": "more"}),
        ("nodes", {"labels": {"role": "system"}, "scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 1}}),
        ("repository", {"imageTagMutability": "IMMUTABLE"}),
        ("repository-policy", {"policy": PULL.replace("GetDownloadUrlForLayer", "BatchGetImage")}),
        ("replication", {"replicationConfiguration": {"rules": [{"destinations": [OSAKA]}]}}),
        ("scanning", {"scanType": "BASIC", "rules": []}),
        ("ownership", {"rule": {"objectOwnership": "BucketOwnerPreferred"}}),
        ("expiry", {"rules": [{**EXPIRY, "status": "Disabled"}]}),
        ("bucket-policy", {"policy": ALLOW_ALL.replace("GetObject", "PutObject")}),
        ("balancer", {"enableDeletionProtection": False, "idleTimeout": 30}),
        ("targets", {"deregistrationDelay": 30, "healthCheck": {"path": "/ready", "protocol": "HTTP"}}),
        ("listener", {"port": 81}),
        ("zone", {"comment": "of the platform"}),
        ("www", {"records": ["203.0.113.2"]}),
        ("www", {"type": "TXT", "records": ["none"]}),
        ("latency", {"setIdentifier": "korea"}),
        ("database", {"deletionProtectionEnabled": False}),
        ("lab", {"upgradePolicy": {"supportType": "STANDARD"}}),
    ],
)
def test_what_can_change_in_place_does(full: Cloud, name: str, change: dict[str, Any]) -> None:
    inputs = full.resources[name].inputs | change
    found = full.diff(name, **inputs)
    assert found.changed
    assert not found.replacing
    before = full.resources[name].inputs
    full.update(name, **inputs)
    assert not full.diff(name, **inputs).changed
    full.update(name, **before)


def test_a_route_can_turn_to_another_gateway(full: Cloud) -> None:
    before = full.resources["net-nat-out"].inputs
    here = {key: before[key] for key in ("routeTableId", "destinationCidrBlock")}
    after = here | {"gatewayId": full.resources["net-igw"].id}
    assert not full.diff("net-nat-out", **after).replacing
    full.update("net-nat-out", **after)
    routes = full.invoke("aws:ec2/getRouteTable:getRouteTable", routeTableId=here["routeTableId"])["routes"]
    assert {route["gatewayId"] for route in routes} >= {after["gatewayId"]}
    full.update("net-nat-out", **before)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("net-vpc", {"cidrBlock": "10.1.0.0/16"}),
        ("net-a", {"availabilityZone": f"{REGION}b"}),
        ("net-nat", {"subnetId": "subnet-1"}),
        ("nodes", {"instanceTypes": ["m7g.large"]}),
        ("lab", {"roleArn": "arn:aws:iam::123456789012:role/other"}),
        ("queue", {"name": "other"}),
        ("queue", {"region": "ap-northeast-1"}),
        ("association", {"namespace": "other"}),
        ("balancer", {"internal": False}),
        ("targets", {"port": 8081}),
        ("zone", {"name": "other.example.com"}),
        ("www", {"name": "web"}),
        ("certificate", {"subjectAlternativeNames": []}),
        ("database", {"multiRegionProperties": {"witnessRegion": "ap-northeast-3"}}),
    ],
)
def test_what_cannot_change_in_place_replaces(full: Cloud, name: str, change: dict[str, Any]) -> None:
    found = full.diff(name, **(full.resources[name].inputs | change))
    assert {path.split("[")[0] for path in found.replacing} == set(change)


def test_destroy_leaves_nothing_but_a_key_that_waits_for_its_deletion(full: Cloud) -> None:
    key = full.resources["key"].id
    _delete_peer(full)
    for name in reversed(list(full.resources)):
        full.delete(name)
    left, pending = full.world.leftovers()
    assert left == []
    assert [(found.service, found.kind, found.id, found.region) for found in pending] == [("kms", "key", key, REGION)]


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


def _delete_peer(cloud: Cloud) -> None:
    peer = cloud.resources["peering"].inputs["clusters"][0].rpartition("/")[2]
    cloud.client("dsql", "ap-northeast-1").delete_cluster(identifier=peer)
