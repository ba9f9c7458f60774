"""What a cluster promises: the failures that no argument of it can write."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from configs import CLUSTER, NETWORK, Build, here
from registrations import CONTROL_PLANE, Registered, Registration, record

from pokayoke_eks import Cluster, ClusterConfig, Network, NetworkConfig
from pokayoke_eks.cluster.control_plane import without_implicit_admin

ADDON = "aws:eks/addon:Addon"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ENTRY = "aws:eks/accessEntry:AccessEntry"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
NODE_ADDONS = ("vpc-cni", "kube-proxy", "eks-pod-identity-agent")
POD_ADDONS = ("coredns", "metrics-server", "aws-ebs-csi-driver")


def attached(made: Registered, role: str) -> set[str]:
    return {
        one.inputs["policyArn"].rpartition("/")[2] for one in made.of_type(ATTACHMENT) if one.inputs["role"] == role
    }


def role(made: Registered, purpose: str) -> Registration:
    return made.one("aws:iam/role:Role", name=f"demo-apne2-{purpose}")


# The control plane


def test_whoever_creates_the_cluster_is_no_administrator_for_that(disposable: Registered) -> None:
    assert disposable.one(CONTROL_PLANE).inputs["accessConfig"] == {
        "authenticationMode": "API",
        "bootstrapClusterCreatorAdminPermissions": False,
    }


def test_the_transform_touches_nothing_but_the_control_plane() -> None:
    untouched = pulumi.ResourceTransformArgs(True, "aws:iam/role:Role", "role", {}, pulumi.ResourceOptions())
    assert without_implicit_admin(untouched) is None


def test_the_private_endpoint_is_on_and_the_public_one_answers_the_stated_ranges_only(disposable: Registered) -> None:
    vpc = disposable.one(CONTROL_PLANE).inputs["vpcConfig"]
    assert vpc["endpointPrivateAccess"] is True
    assert vpc["publicAccessCidrs"] == ["203.0.113.0/24"]


def test_the_component_is_not_made_to_poll_the_endpoint_from_the_operator_s_machine(disposable: Registered) -> None:
    assert "endpointPublicAccess" not in disposable.one("eks:index:Cluster").inputs


def test_a_private_cluster_has_no_public_endpoint(cluster: Build) -> None:
    vpc = cluster(api_access="private").one(CONTROL_PLANE).inputs["vpcConfig"]
    assert vpc["endpointPrivateAccess"] is True
    assert vpc["endpointPublicAccess"] is False
    assert "publicAccessCidrs" not in vpc


def test_secrets_are_encrypted_by_a_key_that_rotates(disposable: Registered) -> None:
    key = disposable.one("aws:kms/key:Key")
    assert key.inputs["enableKeyRotation"] is True
    assert disposable.one(CONTROL_PLANE).inputs["encryptionConfig"] == {
        "provider": {"keyArn": f"arn:aws:kms:ap-northeast-2:123456789012:key/{key.name}"},
        "resources": ["secrets"],
    }


@pytest.mark.parametrize(("lifecycle", "days"), [("disposable", 7), ("retained", 30)])
def test_a_retained_cluster_s_key_can_be_taken_back_longest(cluster: Build, lifecycle: str, days: int) -> None:
    assert cluster(lifecycle).one("aws:kms/key:Key").inputs["deletionWindowInDays"] == days


def test_every_log_is_kept_for_a_while_and_none_for_ever(disposable: Registered) -> None:
    types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
    assert disposable.one(CONTROL_PLANE).inputs["enabledClusterLogTypes"] == types
    assert disposable.one("aws:cloudwatch/logGroup:LogGroup", name="/aws/eks/demo/cluster").inputs["retentionInDays"]


def test_the_cluster_s_role_may_not_make_its_log_group_again(disposable: Registered) -> None:
    policy = disposable.one("aws:iam/rolePolicy:RolePolicy", role=role(disposable, "cluster").inputs["name"])
    statement = json.loads(policy.inputs["policy"])["Statement"][0]
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Deny", ["logs:CreateLogGroup"], ["*"])


def test_the_cluster_s_role_is_ours_and_no_more_than_a_cluster_s(disposable: Registered) -> None:
    given = disposable.one("eks:index:Cluster")
    assert given.inputs["serviceRole"]["urn"] == role(disposable, "cluster").urn
    assert attached(disposable, "demo-apne2-cluster") == {"AmazonEKSClusterPolicy"}


def test_the_component_brings_nothing_of_its_own_but_the_control_plane(disposable: Registered) -> None:
    given = disposable.one("eks:index:Cluster").inputs
    assert given["skipDefaultNodeGroup"] is True
    assert given["skipDefaultSecurityGroups"] is True
    assert given["createInstanceRole"] is False
    assert given["useDefaultVpcCni"] is True
    assert given["kubeProxyAddonOptions"]["enabled"] is given["corednsAddonOptions"]["enabled"] is False


def test_the_service_range_is_the_one_that_was_compared_with_the_vpc(cluster: Build) -> None:
    made = cluster(service_cidr="172.30.0.0/16").one(CONTROL_PLANE)
    assert made.inputs["kubernetesNetworkConfig"] == {"serviceIpv4Cidr": "172.30.0.0/16"}


@pytest.mark.parametrize(
    ("lifecycle", "allow_destroy", "protected"),
    [("disposable", False, False), ("retained", False, True), ("retained", True, False)],
)
def test_what_is_retained_is_protected_to_the_last_leaf(
    cluster: Build, lifecycle: str, allow_destroy: bool, protected: bool
) -> None:
    made = cluster(lifecycle, allow_destroy=allow_destroy)
    assert made.one(CONTROL_PLANE).inputs["deletionProtection"] is protected
    component = made.one("pokayoke-eks:index:Cluster")
    inside = [one for one in made if component.urn in (one.urn, one.parent)] + [made.one(CONTROL_PLANE)]
    assert {one.protect for one in inside} == {protected}


def test_allowing_the_destroy_changes_protection_and_nothing_else(cluster: Build) -> None:
    before, after = (cluster("retained", allow_destroy=allowed) for allowed in (False, True))
    changed = {
        (one.type, key)
        for one, other in zip(sorted(before, key=by_urn), sorted(after, key=by_urn), strict=True)
        for key in {*one.inputs, *other.inputs}
        if one.inputs.get(key) != other.inputs.get(key)
    }
    assert changed == {("eks:index:Cluster", "deletionProtection"), (CONTROL_PLANE, "deletionProtection")}


def by_urn(one: Registration) -> str:
    return one.urn


def test_protection_can_be_had_for_what_is_disposable_too(cluster: Build) -> None:
    assert cluster(opts=pulumi.ResourceOptions(protect=True)).one(NODE_GROUP).protect is True


# Access


def test_every_admin_administrates_the_whole_cluster_and_nobody_else_does(cluster: Build) -> None:
    admins = ["arn:aws:iam::123456789012:role/platform", "arn:aws:iam::210987654321:role/ops/platform"]
    made = cluster(admins=admins)
    assert sorted(one.inputs["principalArn"] for one in made.of_type(ENTRY)) == admins
    for arn in admins:
        association = made.one("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", principalArn=arn)
        assert association.inputs["policyArn"].endswith(":cluster-access-policy/AmazonEKSClusterAdminPolicy")
        assert association.inputs["accessScope"] == {"type": "cluster"}
        assert made.goes_before(association, made.one(ENTRY, principalArn=arn))


def test_no_two_resources_claim_one_role(retained: Registered) -> None:
    names = [one.inputs["name"] for one in retained.of_type("aws:iam/role:Role")]
    assert len(names) == len(set(names)) == 5


def test_nothing_enters_the_cluster_before_it_may(disposable: Registered) -> None:
    provider = disposable.one("pulumi:providers:kubernetes")
    for one in (*disposable.of_type(ENTRY), disposable.one("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")):
        assert one.urn in provider.depends_on


def test_the_kubeconfig_is_unknown_until_the_program_may_enter(disposable: Registered) -> None:
    """Else a preview after an `up` that failed in between would ask an API server that does not let it in."""
    entry = disposable.one("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
    provider = disposable.one("pulumi:providers:kubernetes")
    assert entry.urn in provider.by_property["kubeconfig"]


def test_the_kubeconfig_holds_no_secret_and_asks_for_a_token_in_the_cluster_s_region(disposable: Registered) -> None:
    config = json.loads(disposable.one("pulumi:providers:kubernetes").inputs["kubeconfig"])
    user = config["users"][0]["user"]
    assert list(user) == ["exec"]
    assert user["exec"]["command"] == "aws"
    assert user["exec"]["args"][2:6] == ["--cluster-name", "demo", "--region", "ap-northeast-2"]
    assert config["clusters"][0]["cluster"]["server"] == "https://example.eks.amazonaws.com"


# Nodes


def test_the_nodes_role_may_what_a_node_must_and_no_more(disposable: Registered) -> None:
    assert attached(disposable, "demo-apne2-system-nodes") == {
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
    }
    group = disposable.one(NODE_GROUP)
    assert group.inputs["nodeRoleArn"].endswith(f"/{role(disposable, 'system-nodes').name}")
    for one in disposable.of_type(ATTACHMENT):
        if one.inputs["role"] == "demo-apne2-system-nodes":
            assert one.urn in group.depends_on


def test_nodes_stand_in_the_private_subnets_with_the_cluster_s_own_security_group(disposable: Registered) -> None:
    assert disposable.one(NODE_GROUP).inputs["subnetIds"] == [f"demo-private-{zone}-id" for zone in "abc"]
    template = disposable.one(TEMPLATE).inputs
    assert not {"vpcSecurityGroupIds", "securityGroupNames", "networkInterfaces"} & template.keys()


def test_nodes_run_a_stated_release_of_the_cluster_s_kubernetes(disposable: Registered) -> None:
    group = disposable.one(NODE_GROUP).inputs
    assert group["releaseVersion"] == CLUSTER["bottlerocket"]
    assert group["version"] == CLUSTER["kubernetes"]


def test_two_nodes_always_and_one_replaced_at_a_time(disposable: Registered) -> None:
    group = disposable.one(NODE_GROUP).inputs
    assert group["scalingConfig"]["minSize"] == group["scalingConfig"]["desiredSize"] == 2
    assert group["scalingConfig"]["maxSize"] > 2
    assert group["updateConfig"] == {"maxUnavailable": 1}
    assert group["nodeRepairConfig"] == {"enabled": True}


def test_pods_never_reach_the_node_s_credentials(disposable: Registered) -> None:
    assert disposable.one(TEMPLATE).inputs["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
    }


def test_both_of_bottlerocket_s_volumes_are_encrypted(disposable: Registered) -> None:
    volumes = {one["deviceName"]: one["ebs"] for one in disposable.one(TEMPLATE).inputs["blockDeviceMappings"]}
    assert volumes.keys() == {"/dev/xvda", "/dev/xvdb"}
    for volume in volumes.values():
        assert (volume["encrypted"], volume["volumeType"]) == ("true", "gp3")


def test_a_new_instance_type_rolls_through_the_group_instead_of_replacing_it(disposable: Registered) -> None:
    group, template = disposable.one(NODE_GROUP), disposable.one(TEMPLATE)
    assert "instanceTypes" not in group.inputs
    assert template.inputs["instanceType"]
    assert group.inputs["launchTemplate"] == {"id": f"{template.name}-id", "version": "1"}


def test_everything_of_the_platform_that_has_a_place_is_placed_on_the_system_nodes(disposable: Registered) -> None:
    group = disposable.one(NODE_GROUP).inputs
    (taint,) = group["taints"]
    for name in POD_ADDONS:
        placed = placement(configuration(disposable, name))
        assert placed["nodeSelector"].items() <= group["labels"].items()
        assert {"key": taint["key"], "operator": "Exists"} in placed["tolerations"]
        assert placed["resources"]["requests"] == placed["resources"]["limits"]


def configuration(made: Registered, name: str) -> dict[str, Any]:
    return json.loads(made.one(ADDON, addonName=name).inputs["configurationValues"])


def placement(values: dict[str, Any]) -> dict[str, Any]:
    return values.get("controller", values)


# Add-ons


def test_add_ons_take_over_the_copies_that_eks_installed(disposable: Registered) -> None:
    names = {one.inputs["addonName"] for one in disposable.of_type(ADDON)}
    assert names == {*NODE_ADDONS, *POD_ADDONS}
    for one in disposable.of_type(ADDON):
        assert one.inputs["resolveConflictsOnCreate"] == one.inputs["resolveConflictsOnUpdate"] == "OVERWRITE"


def test_versions_are_what_the_config_says_or_eks_s_default(cluster: Build) -> None:
    made = cluster(addons={"vpc-cni": "v1.22.4-eksbuild.3"})
    assert made.one(ADDON, addonName="vpc-cni").inputs["addonVersion"] == "v1.22.4-eksbuild.3"
    assert "addonVersion" not in made.one(ADDON, addonName="coredns").inputs


def test_addresses_are_given_out_in_blocks(disposable: Registered) -> None:
    environment = configuration(disposable, "vpc-cni")["env"]
    assert environment == {"ENABLE_PREFIX_DELEGATION": "true", "WARM_PREFIX_TARGET": "1"}


def test_dns_never_waits_for_nodes_that_wait_for_it(disposable: Registered) -> None:
    group = disposable.one(NODE_GROUP)
    for name in NODE_ADDONS:
        assert disposable.goes_before(group, disposable.one(ADDON, addonName=name))
    for name in POD_ADDONS:
        assert group.urn in disposable.one(ADDON, addonName=name).depends_on


@pytest.mark.parametrize(
    ("addon", "label", "policy"),
    [("aws-ebs-csi-driver", "ebs-csi", "AmazonEBSCSIDriverPolicy"), ("vpc-cni", "vpc-cni", "AmazonEKS_CNI_Policy")],
)
def test_an_add_on_s_role_admits_exactly_the_account_that_the_add_on_is_given(
    disposable: Registered, addon: str, label: str, policy: str
) -> None:
    made = disposable.one(ADDON, addonName=addon)
    (association,) = made.inputs["podIdentityAssociations"]
    own = role(disposable, label)
    assert association["roleArn"].endswith(f"/{own.name}")
    statement = json.loads(own.inputs["assumeRolePolicy"])["Statement"][0]
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert statement["Condition"]["StringEquals"] == {
        "aws:SourceAccount": "123456789012",
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:ap-northeast-2:123456789012:cluster/demo",
        "aws:RequestTag/kubernetes-namespace": "kube-system",
        "aws:RequestTag/kubernetes-service-account": association["serviceAccount"],
    }
    assert attached(disposable, f"demo-apne2-{label}") == {policy}
    (attachment,) = disposable.of_type(ATTACHMENT, role=f"demo-apne2-{label}")
    assert disposable.goes_before(made, attachment)


def test_the_network_plugin_gets_its_role_on_a_node_that_is_not_ready(disposable: Registered) -> None:
    """Without the agent it starts as nobody, and without it no node becomes ready."""
    agent = disposable.one(ADDON, addonName="eks-pod-identity-agent")
    assert configuration(disposable, "eks-pod-identity-agent") == {"tolerations": [{"operator": "Exists"}]}
    assert disposable.goes_before(disposable.one(ADDON, addonName="vpc-cni"), agent)


def test_a_claim_without_a_class_gets_an_encrypted_volume_in_its_pod_s_zone(disposable: Registered) -> None:
    made = disposable.one("kubernetes:storage.k8s.io/v1:StorageClass").inputs
    assert made["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert made["parameters"] == {"type": "gp3", "encrypted": "true"}
    assert made["volumeBindingMode"] == "WaitForFirstConsumer"


# In a program


def test_what_waits_for_the_cluster_waits_for_nodes_dns_identities_and_access() -> None:
    def program() -> None:
        shared = {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable"}
        network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), here())
        ready = Cluster("demo", ClusterConfig.model_validate({**shared, **CLUSTER}), network=network).ready
        aws.kms.Key("app", opts=pulumi.ResourceOptions(depends_on=ready))

    made = record(program)
    app = next(one for one in made if one.name == "app")
    waited = {one.name for one in made if one.urn in app.depends_on}
    assert {"demo-system", "demo-coredns", "demo-eks-pod-identity-agent", "demo-vpc-cni"} <= waited
    assert any(name.startswith("demo-admin-") for name in waited)
