"""What changes things of one's own in AWS, and can be allowed of named things alone.

Source: Service Authorization Reference (June 2026), "Actions, resources, and condition keys" of each service: access
level Write or Permissions management, with a resource type. Of each service those are here that policies of workloads
name; what has a practice of its own (`iam:PassRole`, `route53:ChangeResourceRecordSets`, `dsql:DbConnect`) is not.
"""

from .iam_actions import of_service

SCOPED = frozenset[str]().union(
    of_service(
        "ec2",
        "AssignPrivateIpAddresses AssociateIamInstanceProfile AttachNetworkInterface AttachVolume "
        "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateFleet CreateImage "
        "CreateLaunchTemplate CreateNetworkInterface CreateRoute CreateSecurityGroup CreateSnapshot "
        "CreateVolume DeleteLaunchTemplate DeleteNetworkInterface DeleteRoute DeleteSecurityGroup "
        "DeleteSnapshot DeleteVolume DeregisterImage DetachNetworkInterface DetachVolume "
        "ModifyInstanceAttribute ModifyInstanceMetadataOptions ModifyNetworkInterfaceAttribute "
        "ModifySnapshotAttribute ModifyVolume RebootInstances ReplaceIamInstanceProfileAssociation "
        "ReplaceRoute RevokeSecurityGroupEgress RevokeSecurityGroupIngress RunInstances StartInstances "
        "StopInstances TerminateInstances UnassignPrivateIpAddresses",
    ),
    of_service(
        "s3",
        "AbortMultipartUpload CreateBucket DeleteBucket DeleteBucketPolicy DeleteObject DeleteObjectVersion "
        "PutBucketAcl PutBucketPolicy PutBucketPublicAccessBlock PutBucketVersioning "
        "PutEncryptionConfiguration PutLifecycleConfiguration PutObject PutObjectAcl "
        "PutReplicationConfiguration ReplicateDelete ReplicateObject RestoreObject",
    ),
    of_service(
        "dynamodb",
        "BatchWriteItem CreateTable DeleteItem DeleteTable PartiQLDelete PartiQLInsert PartiQLUpdate PutItem "
        "PutResourcePolicy UpdateItem UpdateTable UpdateTimeToLive",
    ),
    of_service(
        "sqs",
        "AddPermission ChangeMessageVisibility CreateQueue DeleteMessage DeleteQueue PurgeQueue "
        "RemovePermission SendMessage SetQueueAttributes",
    ),
    of_service(
        "sns",
        "AddPermission CreateTopic DeleteTopic Publish RemovePermission SetTopicAttributes Subscribe",
    ),
    of_service(
        "kms",
        "CreateGrant Decrypt DisableKey Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext PutKeyPolicy "
        "ReEncryptFrom ReEncryptTo ScheduleKeyDeletion Sign",
    ),
    of_service(
        "secretsmanager",
        "CreateSecret DeleteResourcePolicy DeleteSecret PutResourcePolicy PutSecretValue RestoreSecret "
        "RotateSecret UpdateSecret UpdateSecretVersionStage",
    ),
    of_service(
        "ssm",
        "CreateAssociation CreateDocument DeleteDocument DeleteParameter DeleteParameters PutParameter "
        "SendCommand StartAutomationExecution StartSession UpdateDocument",
    ),
    of_service(
        "ecr",
        "BatchDeleteImage CompleteLayerUpload CreateRepository DeleteLifecyclePolicy DeleteRepository "
        "DeleteRepositoryPolicy InitiateLayerUpload PutImage PutImageTagMutability PutLifecyclePolicy "
        "SetRepositoryPolicy UploadLayerPart",
    ),
    of_service(
        "route53",
        "AssociateVPCWithHostedZone DeleteHealthCheck DeleteHostedZone DisableHostedZoneDNSSEC "
        "DisassociateVPCFromHostedZone UpdateHealthCheck",
    ),
    of_service(
        "iam",
        "AddRoleToInstanceProfile AddUserToGroup AttachGroupPolicy AttachRolePolicy AttachUserPolicy "
        "CreateAccessKey CreateInstanceProfile CreateLoginProfile CreatePolicy CreatePolicyVersion CreateRole "
        "CreateUser DeleteInstanceProfile DeletePolicy DeleteRole DeleteRolePermissionsBoundary "
        "DeleteRolePolicy DetachRolePolicy PutGroupPolicy PutRolePermissionsBoundary PutRolePolicy "
        "PutUserPolicy RemoveRoleFromInstanceProfile SetDefaultPolicyVersion UpdateAssumeRolePolicy "
        "UpdateLoginProfile UpdateRole",
    ),
    of_service(
        "dsql",
        "AddPeerCluster DeleteCluster DeleteClusterPolicy PutClusterPolicy RemovePeerCluster StartRestoreJob "
        "UpdateCluster",
    ),
    of_service(
        "sts",
        "AssumeRole",
    ),
)
"""By the names that policies have for them."""

OF_CONTROLLERS = frozenset(
    {
        of_service("ec2", "AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress"),
        of_service("ec2", "CreateSecurityGroup"),
        of_service(
            "ec2",
            "AssignPrivateIpAddresses AttachNetworkInterface CreateNetworkInterface DeleteNetworkInterface "
            "DescribeInstances DescribeInstanceTypes DescribeNetworkInterfaces DescribeSecurityGroups DescribeSubnets "
            "DescribeTags DetachNetworkInterface ModifyNetworkInterfaceAttribute UnassignPrivateIpAddresses",
        ),
        of_service(
            "ec2",
            "AssignIpv6Addresses DescribeInstances DescribeInstanceTypes DescribeNetworkInterfaces "
            "DescribeSecurityGroups DescribeSubnets DescribeTags ModifyNetworkInterfaceAttribute",
        ),
        of_service("ec2", "CreateSnapshot CreateTags CreateVolume DeleteSnapshot DescribeSnapshots DescribeVolumes"),
    }
)
"""The actions of whole statements that controllers ask for on every resource: AWS Load Balancer Controller
(`docs/install/iam_policy.json`), Amazon VPC CNI (`docs/iam-policy.md`, IPv4 and IPv6), Velero's plugin for AWS
(`README.md`)."""
