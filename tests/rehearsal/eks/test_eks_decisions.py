"""Which children a cluster or node group gets, argument group by argument group."""

import base64
import json
from typing import Any

import grpc
import pytest
from eks_monitor import RecordingMonitor, construct, struct
from eks_recording import run
from eks_vocabulary import (
    API,
    CLUSTER,
    CORE,
    LEAN,
    MANAGED,
    NETWORK,
    ROLE,
    ROLE_MAPPINGS,
    THE_CLUSTER,
    THE_ROLE,
    V2,
    VPC,
    WITH_NODES,
    cluster,
    computed,
    managed,
)
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

LEAN_CHILDREN = {"demo-eksRole", "demo-eksRole-role", "demo-eksRole-4b490823", "demo-eksCluster", "demo-eks-k8s"}


def test_the_lean_form_has_five_children(build: Any) -> None:
    assert set(build(cluster(LEAN))) == LEAN_CHILDREN


def test_a_cluster_role_of_ones_own_replaces_the_component_and_its_children(build: Any) -> None:
    children = build(cluster(LEAN, ROLE, serviceRole=THE_ROLE))

    assert set(children) == {"demo-eksCluster", "demo-eks-k8s"}
    assert children["demo-eksCluster"]["inputs"]["roleArn"].endswith(":role/node-role-861beb6")


def test_the_creator_stays_administrator_whatever_the_mode(build: Any) -> None:
    access = build(cluster(LEAN))["demo-eksCluster"]["inputs"]["accessConfig"]

    assert access == {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True}


def test_without_a_mode_nothing_is_said_of_access_and_aws_auth_is_written(build: Any) -> None:
    children = build(cluster(NETWORK))

    assert "accessConfig" not in children["demo-eksCluster"]["inputs"]
    assert children["demo-nodeAccess"]["inputs"]["metadata"]["name"] == "aws-auth"


def test_api_mode_writes_no_aws_auth(build: Any) -> None:
    assert "demo-nodeAccess" not in build(cluster(WITH_NODES))


def test_default_nodes_get_in_by_an_access_entry_in_api_mode(build: Any) -> None:
    children = build(cluster(WITH_NODES))

    assert children["demo-defaultNodeGroupInstanceRole"]["inputs"]["type"] == "EC2_LINUX"


def test_role_mappings_come_before_the_nodes_own(build: Any) -> None:
    text = build(cluster(NETWORK, roleMappings=ROLE_MAPPINGS))["demo-nodeAccess"]["inputs"]["data"]["mapRoles"]

    assert text.startswith(
        "- rolearn: arn:aws:iam::123456789012:role/ops\n  username: ops\n  groups:\n    - system:masters"
    )
    assert "username: system:node:{{EC2PrivateDNSName}}" in text


def test_an_entrys_policies_are_associations_below_it(build: Any) -> None:
    policies = {"view": {"policyArn": "arn:view", "accessScope": {"type": "cluster"}}}
    entries = {"admin": {"principalArn": "arn:admin", "accessPolicies": policies}}
    children = build(cluster(LEAN, accessEntries=entries))

    assert children["demo-admin-view"]["parent"] == "aws:eks/accessEntry:AccessEntry::demo-admin"
    assert "accessPolicies" not in children["demo-admin"]["inputs"]


def test_use_default_vpc_cni_means_no_vpc_cni_add_on(build: Any) -> None:
    assert "demo-vpc-cni" not in build(cluster(API, useDefaultVpcCni=True))
    assert "demo-vpc-cni" in build(cluster({**API, "useDefaultVpcCni": False}))


def test_coredns_comes_only_where_something_can_run_it_or_when_asked_for(build: Any) -> None:
    assert "demo-coredns" not in build(cluster(API))
    assert "demo-coredns" in build(cluster(API, corednsAddonOptions={"enabled": True}))
    assert "demo-coredns" in build(cluster(API, corednsAddonOptions={"configurationValues": {}}))
    assert "demo-coredns" in build(cluster(WITH_NODES))
    assert "demo-coredns" not in build(cluster(WITH_NODES, corednsAddonOptions={"enabled": False}))


def test_coredns_on_fargate_is_told_so_and_waits_for_the_profile(build: Any) -> None:
    coredns = build(cluster(WITH_NODES, fargate=True))["demo-coredns"]

    assert json.loads(coredns["inputs"]["configurationValues"]) == {"computeType": "Fargate"}
    assert "aws:eks/fargateProfile:FargateProfile::demo-fargateProfile" in coredns["dependsOn"]


def test_fargate_has_no_default_nodes_but_keeps_their_role(build: Any) -> None:
    children = build(cluster(NETWORK, fargate=True))

    assert "demo-launchTemplate" not in children
    assert "demo-instanceRole-role" in children


def test_auto_mode_leaves_add_ons_and_security_groups_to_eks(build: Any) -> None:
    children = build(cluster(WITH_NODES, autoMode={"enabled": True}))

    assert not {"demo-kube-proxy", "demo-vpc-cni", "demo-eksClusterSecurityGroup", "demo-launchTemplate"} & set(
        children
    )
    inputs = children["demo-eksCluster"]["inputs"]
    assert inputs["bootstrapSelfManagedAddons"] is False
    assert inputs["computeConfig"]["nodePools"] == ["general-purpose", "system"]
    assert inputs["kubernetesNetworkConfig"]["elasticLoadBalancing"] == {"enabled": True}


def test_in_a_preview_auto_mode_settings_are_known_or_unknown_together(build: Any) -> None:
    inputs = build(cluster(WITH_NODES, autoMode={"enabled": True}), preview=True)["demo-eksCluster"]["inputs"]

    assert len({inputs[name] for name in ("computeConfig", "storageConfig", "kubernetesNetworkConfig")}) == 1


def test_storage_classes_wait_for_access_and_use_the_clusters_provider(build: Any) -> None:
    children = build(cluster(NETWORK, storageClasses="gp2"))

    assert "kubernetes:core/v1:ConfigMap::demo-nodeAccess" in children["demo-gp2"]["dependsOn"]
    assert children["demo-gp2"]["provider"] == "pulumi:providers:kubernetes::demo-eks-k8s"
    annotations = children["demo-gp2"]["inputs"]["metadata"]["annotations"]
    assert annotations == {"storageclass.kubernetes.io/is-default-class": "true"}


def test_tags_win_over_the_tags_of_one_kind_but_not_over_the_name(build: Any) -> None:
    arguments = {"tags": {"team": "x"}, "clusterTags": {"team": "y", "a": "b"}}

    assert build(cluster(LEAN, **arguments))["demo-eksCluster"]["inputs"]["tags"] == {
        "Name": "demo-eksCluster",
        "team": "x",
        "a": "b",
    }


def test_an_oidc_provider_needs_no_network(build: Any) -> None:
    provider = build(cluster(LEAN, createOidcProvider=True))["demo-oidcProvider"]["inputs"]

    assert provider["clientIdLists"] == ["sts.amazonaws.com"]
    assert len(provider["thumbprintLists"]) == 1


def test_the_operators_profile_is_in_the_components_own_kubeconfig_only(double: str) -> None:
    with RecordingMonitor() as monitor:
        response = construct(double, monitor, CLUSTER, "demo", LEAN, config={"aws:profile": "ops"})

    own = next(entry.inputs["kubeconfig"] for entry in monitor.registered if "kubeconfig" in entry.inputs)
    assert '"--profile","ops"' in own
    assert "ops" not in response.state.fields["kubeconfigJson"].string_value


def test_the_kubeconfig_method_answers_with_the_callers_role_and_profile(double: str) -> None:
    with RecordingMonitor() as monitor:
        run(double, cluster(LEAN), monitor)
        urn = monitor.registered[0].urn
        request = provider_pb2.CallRequest(
            tok="eks:index:Cluster/getKubeconfig",
            args=struct({"__self__": monitor.reference(urn), "roleArn": "arn:ops", "profileName": "ops"}),
            monitorEndpoint=monitor.address,
        )
        with grpc.insecure_channel(double) as channel:
            answer = provider_pb2_grpc.ResourceProviderStub(channel).Call(request)

    document = json.loads(getattr(answer, "return").fields["result"].string_value)
    assert document["users"][0]["user"]["exec"]["args"][-4:] == ["--role", "arn:ops", "--profile", "ops"]


def test_children_have_the_versions_of_the_components_own_sdks(build: Any) -> None:
    versions = {record["sdk_version"] for record in build(cluster(NETWORK)).values() if record["custom"]}

    assert versions == {"7.25.0", "4.21.1"}


def test_children_use_the_provider_that_the_component_was_given(build: Any) -> None:
    aws = "urn:pulumi:dev::eks-cases::pulumi:providers:aws::seoul"
    children = build(cluster(API), providers={"aws": f"{aws}::id"})

    chosen = {record["provider"] for record in children.values() if record["type"].startswith("aws:")}
    assert chosen == {"pulumi:providers:aws::seoul"}
    assert children["demo-vpc-cni"]["type"] == "aws:eks/addon:Addon"


def test_protection_is_inherited_by_every_child(build: Any) -> None:
    assert all(record["protect"] for record in build(cluster(API), protect=True).values())


def test_a_preview_registers_every_child_that_up_registers(build: Any) -> None:
    assert set(build(cluster(NETWORK), preview=True)) == set(build(cluster(NETWORK)))


def test_an_unknown_network_does_not_hide_a_child(build: Any) -> None:
    program = cluster(NETWORK, VPC, vpcId=computed(), privateSubnetIds=computed())

    assert set(build(program, preview=True)) == set(build(cluster(NETWORK)))


def test_a_managed_group_is_filled_up_with_the_default_sizes(build: Any) -> None:
    group = build(managed(scalingConfig={"minSize": 3}))["mng"]

    assert group["inputs"]["scalingConfig"] == {"desiredSize": 2, "minSize": 3, "maxSize": 2}


def test_a_managed_group_takes_the_clusters_version_unless_it_has_a_template(build: Any) -> None:
    assert build(managed())["mng"]["inputs"]["version"] == "1.34"
    assert "version" not in build(managed(launchTemplate={"id": "lt-1", "version": "1"}))["mng"]["inputs"]


def test_with_user_data_of_its_own_a_managed_group_names_its_image_and_nothing_else(build: Any) -> None:
    children = build(managed(kubeletExtraArgs="--x", amiType="AL2023_x86_64_STANDARD", releaseVersion="r"))

    assert not {"amiType", "version", "releaseVersion"} & set(children["mng"]["inputs"])
    assert children["mng-launchTemplate"]["inputs"]["imageId"].startswith("ami-")


def test_bottlerocket_settings_are_merged_with_what_the_node_must_know(build: Any) -> None:
    settings = {"settings": {"kubernetes": {"max-pods": 110}, "kernel": {"lockdown": "integrity"}}}
    children = build(managed(operatingSystem="Bottlerocket", bottlerocketSettings=settings))

    text = base64.b64decode(children["mng-launchTemplate"]["inputs"]["userData"]).decode()
    assert 'cluster-dns-ip = "172.20.0.10"' in text
    assert "max-pods = 110" in text
    assert '[settings.kernel]\nlockdown = "integrity"' in text


def test_a_disk_size_moves_into_the_template_that_is_made(build: Any) -> None:
    children = build(managed(diskSize=40, enableIMDSv2=True))

    assert "diskSize" not in children["mng"]["inputs"]
    assert children["mng-launchTemplate"]["inputs"]["blockDeviceMappings"] == [
        {"deviceName": "/dev/xvda", "ebs": {"volumeSize": 40}}
    ]


def test_an_add_on_is_registered_below_its_cluster(build: Any) -> None:
    program = [*cluster(API), ("eks:index:Addon", "ebs", {"cluster": THE_CLUSTER, "addonName": "aws-ebs-csi-driver"})]

    assert build(program)["ebs"]["parent"] == "eks:index:Addon::ebs"


@pytest.mark.parametrize("chosen", [THE_CLUSTER, CORE], ids=["cluster", "core"])
def test_a_managed_group_waits_for_the_cluster_however_it_was_named(build: Any, chosen: dict[str, Any]) -> None:
    program = [*cluster(API, ROLE), (MANAGED, "mng", {"cluster": chosen, "nodeRole": THE_ROLE})]

    assert "aws:eks/cluster:Cluster::demo-eksCluster" in build(program)["mng"]["dependsOn"]


def test_nodes_start_only_once_they_can_reach_the_api_server(build: Any) -> None:
    template = build([*cluster(NETWORK), (V2, "nodes", {"cluster": THE_CLUSTER})])["nodes-launchTemplate"]

    assert "aws:ec2/securityGroupRule:SecurityGroupRule::nodes-eksClusterIngressRule" in template["dependsOn"]
