"""Fifteen defects of comparable projects, none of which ours can have: tested over all that both environments register.

Who reaches what, in AWS's accounts and in the cluster, comes first; then what changes when nothing was changed.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from environments import run
from pydantic import ValidationError
from registrations import CONTROL_PLANE, Registered, Registration

from pokayoke_eks.config import ClusterConfig, load
from pokayoke_eks.crds import Disruption
from pokayoke_eks.rules import releases

ADDON = "aws:eks/addon:Addon"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ENTRY = "aws:eks/accessEntry:AccessEntry"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
POLICY = "aws:iam/policy:Policy"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
PROVIDER = "pulumi:providers:kubernetes"
RELEASE = "kubernetes:helm.sh/v3:Release"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"

MANAGED_POLICY_LIMIT = 6144
"""IAM quotas: characters of a managed policy, white space not counted."""
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def environments(dev: Registered, prod: Registered) -> tuple[Registered, Registered]:
    return dev, prod


Environments = tuple[Registered, Registered]


# What Karpenter hears and may do


@pytest.mark.upstream
def test_no_event_rule_waits_for_a_detail_type_that_no_service_sends(environments: Environments, shared: Path) -> None:
    sent = json.loads((shared / "data" / "iam" / "karpenter" / "eventbridge-rules.json").read_text())
    expected = sorted(json.dumps(rule["EventPattern"]) for rule in sent.values())
    for made in environments:
        for queue in made.of_type("aws:sqs/queue:Queue"):
            targets = [
                one
                for one in made.of_type("aws:cloudwatch/eventTarget:EventTarget")
                if queue.urn in one.by_property["arn"]
            ]
            rules = [rule for one in targets for rule in made if rule.urn in one.by_property["rule"]]
            assert sorted(rule.inputs["eventPattern"] for rule in rules) == expected


@pytest.mark.parametrize(
    "action",
    [
        "iam:ListInstanceProfiles",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribePlacementGroups",
        "ec2:DescribeCapacityReservations",
    ],
)
def test_karpenter_may_ask_what_its_newer_versions_ask(environments: Environments, action: str) -> None:
    for made in environments:
        for role in _roles_of(made, "karpenter"):
            (statement,) = [one for one in _allowed(made, role) if action in one["Action"]]
            assert statement["Resource"] == ["*"]
            assert set(statement.get("Condition", {})) <= {"StringEquals"}
            assert set(statement.get("Condition", {}).get("StringEquals", {})) <= {"aws:RequestedRegion"}


def test_every_policy_fits_what_iam_takes_of_the_longest_name_that_is_legal(
    repository: Path, platforms: dict[str, Any]
) -> None:
    small = {key: value for key, value in platforms["dev"].items() if key not in ("dsql", "edge", "registry")}
    (refused,) = load({**small, "name": "c" * 100}, today=TODAY).errors
    length = re.search(r"at most (\d+) characters", str(refused))
    assert length is not None
    policies = run(repository, {**small, "name": "c" * int(length.group(1))}).of_type(POLICY)
    assert len(policies) == 6
    for one in policies:
        assert len("".join(one.inputs["policy"].split())) <= MANAGED_POLICY_LIMIT, one.name


def test_a_node_s_expiry_is_a_setting_of_the_node_and_no_disruption(environments: Environments) -> None:
    for made in environments:
        pools = [one.inputs["spec"] for one in made.of_type(NODE_POOL)]
        assert pools
        for spec in pools:
            assert spec["disruption"].keys() == {"consolidationPolicy", "consolidateAfter", "budgets"}
            assert spec["template"]["spec"]["expireAfter"]
    with pytest.raises(ValidationError, match="expireAfter"):
        Disruption.model_validate({"consolidateAfter": "1m", "expireAfter": "720h"})


# Who may what in the cluster and the account


def test_there_is_no_aws_auth_in_which_a_group_could_be_misspelt(environments: Environments) -> None:
    for made in environments:
        for one in made.of_type(CONTROL_PLANE):
            assert one.inputs["accessConfig"]["authenticationMode"] == "API"
        for one in made.of_type("eks:index:Cluster"):
            assert not {"roleMappings", "userMappings", "instanceRoles"} & one.inputs.keys()
        for one in made.of_type(ENTRY):
            assert not {"kubernetesGroups", "userName"} & one.inputs.keys()
        names = {one.inputs["metadata"]["name"] for one in made if one.type.startswith("kubernetes:core/v1:ConfigMap")}
        assert "aws-auth" not in names
    said = {word for name in ClusterConfig.model_fields for word in name.split("_")}
    assert not said & {"auth", "group", "groups", "user", "users", "mapping", "mappings"}


@pytest.mark.parametrize("action", ["elasticloadbalancing:DescribeListenerAttributes", "ec2:GetSecurityGroupsForVpc"])
def test_the_load_balancer_controller_may_ask_what_its_newer_versions_ask(
    environments: Environments, action: str
) -> None:
    """Without the first, reconciliation stops; without the second, no balancer is made."""
    for made in environments:
        for role in _roles_of(made, "aws-load-balancer-controller"):
            (statement,) = [one for one in _allowed(made, role) if action in one["Action"]]
            assert (statement["Resource"], statement.get("Condition")) == (["*"], None)


def test_a_release_waits_for_all_that_its_role_may_do(environments: Environments) -> None:
    for made in environments:
        waited = 0
        for association in made.of_type(ASSOCIATION):
            (role,) = [one for one in made.of_type(ROLE) if one.urn in association.by_property["roleArn"]]
            (identity,) = [one for one in made if one.urn == association.parent]
            account = association.inputs["serviceAccount"]
            (release,) = [
                one
                for one in made.of_type(RELEASE, namespace=association.inputs["namespace"])
                if one.parent == identity.parent
                and one.inputs.get("values", {}).get("serviceAccount", {}).get("name") == account
            ]
            attachments = _attached(made, role)
            assert attachments
            waited += len(attachments)
            assert [one.name for one in attachments if not made.goes_before(release, one)] == []
        assert waited == 8 * len(made.of_type(CONTROL_PLANE))
        for driver in made.of_type(ADDON, addonName="aws-ebs-csi-driver"):
            roles = [one for one in made.of_type(ROLE) if one.urn in driver.by_property["podIdentityAssociations"]]
            attachments = [attachment for role in roles for attachment in _attached(made, role)]
            assert attachments
            assert [one.name for one in attachments if not made.goes_before(driver, one)] == []


def test_every_role_is_somebody_s(environments: Environments) -> None:
    """What is attached to a role, or names it in a document, does not use it. A profile is used by a node class."""
    for made in environments:
        roles = made.of_type(ROLE)
        assert roles
        assert [one.name for one in roles if not any(_uses(made, one))] == []


def _uses(made: Registered, role: Registration) -> Iterator[Registration]:
    for one in made:
        given = {key for key, urns in one.by_property.items() if role.urn in urns}
        if one.type == PROFILE and given:
            yield from (it for it in made.of_type(NODE_CLASS) if one.urn in it.by_property["spec"])
        elif given & {"nodeRoleArn", "roleArn", "iamRoleArn", "podIdentityAssociations"} or _is_run_by(one, role):
            yield one


def _is_run_by(one: Registration, role: Registration) -> bool:
    """A component gets the role itself, whole."""
    return one.inputs.get("serviceRole", {}).get("urn") == role.urn


def test_nodes_hold_what_nodes_need_and_no_service_s_full_access(environments: Environments) -> None:
    for made in environments:
        nodes = [one for one in made.of_type(ROLE) if '"ec2.amazonaws.com"' in one.inputs["assumeRolePolicy"]]
        assert len(nodes) == 2 * len(made.of_type(CONTROL_PLANE))
        for role in nodes:
            policies = {one.inputs["policyArn"] for one in _attached(made, role)}
            assert {arn.rpartition("/")[2] for arn in policies} <= {
                "AmazonEKSWorkerNodePolicy",
                "AmazonEC2ContainerRegistryPullOnly",
                "AmazonSSMManagedInstanceCore",
            }
            assert {arn.split(":")[4] for arn in policies} == {"aws"}
            assert not [one.name for one in made.of_type(ROLE_POLICY) if role.urn in one.by_property["role"]]
            assert not {"inlinePolicies", "managedPolicyArns"} & role.inputs.keys()


# What comes before what


def test_dns_comes_after_the_nodes_that_carry_it(environments: Environments) -> None:
    for made in environments:
        for dns in made.of_type(ADDON, addonName="coredns"):
            (group,) = [one for one in made.of_type(NODE_GROUP) if one.parent == dns.parent]
            assert made.goes_before(dns, group)
            needed = [one for one in made.of_type(ADDON) if one.parent == dns.parent and made.goes_before(group, one)]
            assert {one.inputs["addonName"] for one in needed} == {"vpc-cni", "kube-proxy", "eks-pod-identity-agent"}


def test_the_way_in_stays_until_nothing_of_ours_is_left_inside(environments: Environments) -> None:
    for made in environments:
        for provider in made.of_type(PROVIDER):
            inside = [one for one in made if one.provider.rpartition("::")[0] == provider.urn]
            access = [
                one
                for one in made
                if one.type in (ENTRY, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
                and one.parent == provider.parent
            ]
            assert len(inside) > 30
            assert len(access) == 2
            early = [(one.name, way.name) for one in inside for way in access if not made.goes_before(one, way)]
            assert early == []


def test_a_node_carries_one_security_group_and_only_eks_s_own_is_tagged_for_the_cluster(
    environments: Environments,
) -> None:
    for made in environments:
        for one in made.of_type("eks:index:Cluster"):
            assert one.inputs["skipDefaultSecurityGroups"] is True
        for one in made.of_type("aws:ec2/launchTemplate:LaunchTemplate"):
            assert not {"vpcSecurityGroupIds", "securityGroupNames", "networkInterfaces"} & one.inputs.keys()
        classes = made.of_type(NODE_CLASS)
        assert classes
        for one in classes:
            assert one.inputs["spec"]["securityGroupSelectorTerms"] == [{"id": "sg-made-by-eks"}]
        groups = [one for one in made if one.type.rpartition(":")[2].endswith("SecurityGroup")]
        tagged = [*groups, *made.of_type("aws:ec2/tag:Tag")]
        assert tagged
        assert [one.name for one in tagged if "kubernetes.io/cluster/" in json.dumps(dict(one.inputs))] == []


# What moves although nobody moved it, and what never moves


def test_the_provider_of_the_cluster_is_known_by_a_literal_whatever_becomes_of_the_kubeconfig(
    environments: Environments, platforms: dict[str, Any]
) -> None:
    """pulumi-kubernetes replaces a provider, and all that is in its cluster, whose identity it cannot know."""
    for made, platform in zip(environments, platforms.values(), strict=True):
        providers = made.of_type(PROVIDER)
        assert {one.inputs["clusterIdentifier"] for one in providers} == {
            f"{region}/{platform['name']}" for region in platform["regions"]
        }
        for one in providers:
            assert one.by_property["kubeconfig"]
            assert not one.by_property["clusterIdentifier"]


def test_no_add_on_follows_what_is_newest_on_the_day_of_a_run(
    repository: Path, platforms: dict[str, Any], environments: Environments
) -> None:
    """Its version is the config's, or EKS's choice at its creation, which stays. Whoever looks the newest one up moves
    it in a run that changed nothing; a program under these mocks that asks the account for one fails."""
    for made in environments:
        for one in made.of_type("eks:index:Cluster"):
            given = one.inputs
            assert (given["useDefaultVpcCni"], given["kubeProxyAddonOptions"]["enabled"]) == (True, False)
            assert given["corednsAddonOptions"]["enabled"] is False
        assert not [one.name for one in made.of_type(ADDON) if "addonVersion" in one.inputs]
    small = {key: value for key, value in platforms["dev"].items() if key in ("name", "lifecycle", "regions", "admins")}
    stated = {"vpc-cni": "v1.22.4-eksbuild.3", "coredns": "v1.14.6-eksbuild.4"}
    kept = {key: platforms["dev"][key] for key in ("kubernetes", "bottlerocket", "api_access")}
    made = run(repository, {**small, **kept, "pools": [], "addons": stated})
    versions = {one.inputs["addonName"]: one.inputs.get("addonVersion") for one in made.of_type(ADDON)}
    assert {name: version for name, version in versions.items() if version} == stated


def test_every_node_runs_the_release_that_the_config_must_state(
    environments: Environments, platforms: dict[str, Any]
) -> None:
    for made, platform in zip(environments, platforms.values(), strict=True):
        stated = platform["bottlerocket"]
        groups = made.of_type(NODE_GROUP)
        assert {(one.inputs["releaseVersion"], one.ignore_changes) for one in groups} == {(stated, ())}
        for one in made.of_type(NODE_CLASS):
            assert one.inputs["spec"]["amiSelectorTerms"] == [{"alias": releases.bottlerocket_alias(stated)}]
        unstated = {key: value for key, value in platform.items() if key != "bottlerocket"}
        assert [error.path for error in load(unstated, today=TODAY).errors] == ["bottlerocket"]


def _roles_of(made: Registered, service_account: str) -> list[Registration]:
    """The role of this service account, of each cluster."""
    found = [
        role
        for association in made.of_type(ASSOCIATION, serviceAccount=service_account)
        for role in made.of_type(ROLE)
        if role.urn in association.by_property["roleArn"]
    ]
    assert len(found) == len(made.of_type(CONTROL_PLANE))
    return found


def _attached(made: Registered, role: Registration) -> list[Registration]:
    return [one for one in made.of_type(ATTACHMENT) if role.urn in one.by_property["role"]]


def _allowed(made: Registered, role: Registration) -> list[dict[str, Any]]:
    """The statements of the policies that are attached to a role."""
    urns = {urn for one in _attached(made, role) for urn in one.by_property["policyArn"]}
    policies = [one for one in made.of_type(POLICY) if one.urn in urns]
    return [statement for one in policies for statement in json.loads(one.inputs["policy"])["Statement"]]
