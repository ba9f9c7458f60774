"""The policy `duplicate-node-role`, between the resources of a stack."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from judging import members

from pokayoke_policies.eks import label
from pokayoke_policies.owners import one_association_a_service_account, one_entry_a_principal, one_role_a_name
from pokayoke_policies.stack import Stack

SLUG = "duplicate-node-role"
ARN = "arn:aws:iam::123456789012:role/nodes"
CLUSTER = Resource(
    "aws:eks/cluster:Cluster",
    "cluster",
    {"name": "demo", "version": "1.36", "upgradePolicy": {"supportType": "STANDARD"}},
)


def provider(name: str, **settings: Any) -> Resource:
    return Resource("pulumi:providers:aws", name, settings)


NODE_POLICIES = [
    f"arn:aws:iam::aws:policy/{name}"
    for name in ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy")
]


def role(name: str, physical: Any = "nodes", **fields: Any) -> Resource:
    by = fields.pop("provider", "")
    said = {"name": physical, "managedPolicyArns": NODE_POLICIES}
    return Resource("aws:iam/role:Role", name, said, {"arn": UNKNOWN, **fields}, provider=by)


def entry(name: str, principal: Any = UNKNOWN, of: str = "role", **fields: Any) -> Resource:
    sources = {"clusterName": "cluster", **({"principalArn": of} if of else {})}
    said = {"clusterName": "demo", "principalArn": principal, **fields}
    return Resource("aws:eks/accessEntry:AccessEntry", name, said, sources=sources)


def node_group(principal: Any = UNKNOWN, of: str = "role", after: tuple[str, ...] = ()) -> Resource:
    sources = {"clusterName": "cluster", **({"nodeRoleArn": of} if of else {})}
    said = {"clusterName": "demo", "nodeRoleArn": principal, "amiType": "CUSTOM"}
    return Resource("aws:eks/nodeGroup:NodeGroup", "group", said, after=after, sources=sources)


def association(name: str, account: str = "app", **fields: Any) -> Resource:
    said = {"clusterName": "demo", "namespace": fields.pop("namespace", "apps"), "serviceAccount": account}
    kind = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    return Resource(kind, name, said, fields, sources={"clusterName": "cluster"})


AGENT = Resource(
    "aws:eks/addon:Addon",
    "agent",
    {"clusterName": "demo", "addonName": "eks-pod-identity-agent"},
    sources={"clusterName": "cluster"},
)


def test_one_owner_of_each_passes(pack: Pack) -> None:
    sound = (CLUSTER, AGENT, role("role"), role("other", "others"), entry("entry"), association("one"))
    assert pack.of_stack(*sound, association("two", "other")) == {}


def test_two_roles_of_one_name_are_refused_before_anything_is_made(pack: Pack) -> None:
    found = pack.of_stack(role("role"), role("second", "Nodes"))
    ((name, message),) = found.pop(SLUG)
    assert name == "second"
    assert "'role' claims a role of this name already: the second one fails with EntityAlreadyExists" in message
    assert found == {}


def test_two_views_of_one_role_are_one_role(pack: Pack) -> None:
    assert pack.of_stack(role("made", uniqueId="AROA1"), role("read", uniqueId="AROA1")) == {}
    assert SLUG in pack.of_stack(role("there", uniqueId="AROA1"), role("new", uniqueId=UNKNOWN))


def test_roles_of_two_accounts_may_share_a_name(pack: Pack) -> None:
    one, other = provider("one", profile="dev", region="a"), provider("other", profile="prod", region="a")
    assert pack.of_stack(one, other, role("a", provider="one"), role("b", provider="other")) == {}
    seoul, tokyo = provider("seoul", region="ap-northeast-2"), provider("tokyo", region="ap-northeast-1")
    assert SLUG in pack.of_stack(seoul, tokyo, role("a", provider="seoul"), role("b", provider="tokyo"))
    hidden = provider("hidden", assumeRoles=UNKNOWN)
    assert pack.of_stack(one, hidden, role("a", provider="one"), role("b", provider="hidden")) == {}


def test_a_name_that_is_not_known_yet_claims_nothing(pack: Pack) -> None:
    assert pack.of_stack(role("a", UNKNOWN), role("b", UNKNOWN)) == {}


def test_two_entries_of_one_principal_are_refused_though_its_arn_is_unknown(pack: Pack) -> None:
    ((name, message),) = pack.of_stack(CLUSTER, role("role"), entry("first"), entry("second"))[SLUG]
    assert name == "second"
    assert "'first' claims an access entry of this principal already" in message
    assert "ResourceInUseException" in message


@pytest.mark.parametrize("arn", [UNKNOWN, ARN])
def test_an_arn_that_is_written_out_is_the_role_of_that_name(arn: str, pack: Pack) -> None:
    nodes = role("role", arn=arn)
    assert SLUG in pack.of_stack(CLUSTER, nodes, entry("first"), entry("second", ARN, of=""))
    elsewhere = entry("second", ARN.replace("nodes", "people"), of="")
    assert pack.of_stack(CLUSTER, nodes, entry("first"), elsewhere) == {}


def test_entries_of_two_clusters_are_two(pack: Pack) -> None:
    other = Resource(CLUSTER.type, "tokyo", {**CLUSTER.properties})
    there = Resource(
        "aws:eks/accessEntry:AccessEntry",
        "there",
        {"clusterName": "demo", "principalArn": ARN},
        sources={"clusterName": "tokyo"},
    )
    assert pack.of_stack(CLUSTER, other, entry("here", ARN, of=""), there) == {}


@pytest.mark.parametrize("principal", [(UNKNOWN, "role"), (ARN, "")])
def test_an_entry_for_the_role_of_a_managed_node_group_is_refused(principal: tuple[str, str], pack: Pack) -> None:
    ((name, message),) = pack.of_stack(CLUSTER, role("role"), entry("entry"), node_group(*principal))[SLUG]
    assert name == "entry"
    assert "EKS itself makes the access entry of this principal, for 'group'" in message


def test_an_entry_that_the_node_group_waits_for_is_taken_by_it(pack: Pack) -> None:
    assert pack.of_stack(CLUSTER, role("role"), entry("entry"), node_group(after=("entry",))) == {}


def test_two_node_groups_may_share_a_role(pack: Pack) -> None:
    again = Resource(node_group().type, "again", node_group().properties, sources=node_group().sources)
    assert pack.of_stack(CLUSTER, role("role"), node_group(), again) == {}


def test_an_entry_for_the_role_of_a_fargate_profile_is_refused(pack: Pack) -> None:
    profile = Resource(
        "aws:eks/fargateProfile:FargateProfile",
        "profile",
        {"clusterName": "demo", "podExecutionRoleArn": UNKNOWN},
        sources={"clusterName": "cluster", "podExecutionRoleArn": "role"},
    )
    assert "for 'profile'" in pack.of_stack(CLUSTER, role("role"), entry("entry"), profile)[SLUG][0][1]


@pytest.mark.parametrize(
    ("access", "refused"),
    [
        (None, True),
        ({"authenticationMode": "API"}, True),
        ({"bootstrapClusterCreatorAdminPermissions": True}, True),
        ({"bootstrapClusterCreatorAdminPermissions": False}, False),
        ({"bootstrapClusterCreatorAdminPermissions": UNKNOWN}, False),
    ],
)
@pytest.mark.parametrize("settings", [{"assumeRoles": f'[{{"roleArn": "{ARN}"}}]'}, {"assumeRole": {"roleArn": ARN}}])
def test_the_creator_has_an_entry_unless_the_cluster_says_no(
    access: Any, refused: bool, settings: dict[str, Any], pack: Pack
) -> None:
    made = Resource(CLUSTER.type, "cluster", {**CLUSTER.properties, "accessConfig": access}, provider="aws")
    found = pack.of_stack(provider("aws", **settings), made, entry("admin", ARN, of=""))
    assert (SLUG in found) == refused
    assert pack.of_stack(provider("aws"), made, entry("admin", ARN, of="")) == {}


def test_two_associations_of_one_service_account_are_refused(pack: Pack) -> None:
    ((name, message),) = pack.of_stack(CLUSTER, AGENT, association("first"), association("second"))[SLUG]
    assert name == "second"
    assert "an association of this service account" in message
    views = (association("first", associationId="a-1"), association("second", associationId="a-1"))
    assert pack.of_stack(CLUSTER, AGENT, *views) == {}


def test_an_add_ons_own_association_counts(pack: Pack) -> None:
    driver = Resource(
        "aws:eks/addon:Addon",
        "driver",
        {
            "clusterName": "demo",
            "addonName": "aws-ebs-csi-driver",
            "podIdentityAssociations": [{"serviceAccount": "ebs-csi-controller-sa", "roleArn": UNKNOWN}],
        },
        sources={"clusterName": "cluster"},
    )
    again = association("again", "ebs-csi-controller-sa", namespace="kube-system")
    ((name, _),) = pack.of_stack(CLUSTER, AGENT, again, driver)[SLUG]
    assert name == "driver"
    assert pack.of_stack(CLUSTER, AGENT, driver) == {}


def test_resources_of_other_types_claim_nothing(pack: Pack) -> None:
    users = [Resource("aws:iam/user:User", name, {"name": "nodes"}) for name in ("a", "b")]
    assert pack.of_stack(*users) == {}


def test_two_roles_that_are_assumed_and_not_known_yet_may_be_of_two_accounts(pack: Pack) -> None:
    hidden = [provider(name, assumeRoles=UNKNOWN) for name in ("one", "other")]
    assert pack.of_stack(*hidden, role("a", provider="one"), role("b", provider="other")) == {}


def test_one_account_is_one_in_whatever_order_its_provider_is_set() -> None:
    def claims(*settings: dict[str, Any]) -> list[str]:
        given = zip(("one", "other"), settings, strict=True)
        roles = role("a", provider="one"), role("b", provider="other")
        stack = Stack(members((*(provider(name, **said) for name, said in given), *roles)))
        return [label(urn) for urn, _ in one_role_a_name(stack)]

    assert claims({"assumeRole": {"a": 1, "b": 2}}, {"assumeRole": {"b": 2, "a": 1}}) == ["b"]
    assert claims({"assumeRole": {"a": UNKNOWN}}, {"assumeRole": {"a": 1}}) == []


def test_entries_of_a_cluster_that_the_stack_does_not_make_are_told_by_its_name(pack: Pack) -> None:
    def there(name: str, cluster: Any = "demo", principal: Any = ARN) -> Resource:
        return Resource(entry("").type, name, {"clusterName": cluster, "principalArn": principal})

    assert [name for name, _ in pack.of_stack(there("a"), there("b"))[SLUG]] == ["b"]
    assert pack.of_stack(there("a"), there("b", "tokyo")) == {}
    assert pack.of_stack(there("a", UNKNOWN), there("b", UNKNOWN)) == {}
    assert pack.of_stack(there("a", principal=UNKNOWN), there("b", principal=UNKNOWN)) == {}


def test_a_role_with_a_path_is_another_than_that_without(pack: Pack) -> None:
    below = ARN.replace("role/", "role/team/")
    written = entry("second", ARN, of="")
    assert pack.of_stack(CLUSTER, role("role", arn=below), entry("first"), written) == {}
    assert SLUG in pack.of_stack(CLUSTER, role("role"), entry("first"), entry("second", below, of=""))


def test_two_views_of_one_entry_are_one_entry(pack: Pack) -> None:
    views = [entry(name, accessEntryArn="arn:aws:eks::entry") for name in ("first", "second")]
    assert pack.of_stack(CLUSTER, role("role"), *views) == {}


def test_the_second_is_told_the_error_and_the_first() -> None:
    entries = Stack(members((CLUSTER, role("role"), entry("first"), entry("second"))))
    ((_, finding),) = one_entry_a_principal(entries)
    assert finding.problem == (
        "principalArn: 'first' claims an access entry of this principal already: the second one fails with "
        "ResourceInUseException"
    )
    assert finding.remedy == "Take this one out, and hand on the other's value: first.principalArn."
    both = Stack(members((CLUSTER, association("first"), association("second"))))
    ((_, finding),) = one_association_a_service_account(both)
    assert finding.problem == (
        "serviceAccount: 'first' claims an association of this service account already: the second one fails with "
        "ResourceInUseException"
    )
    assert finding.remedy == "Take this one out, and hand on the other's value: first.roleArn."


def test_associations_are_of_the_cluster_that_they_lean_on_else_of_that_which_they_name() -> None:
    def made(name: str, cluster: Any = "demo", account: str = "app", **sources: str) -> Resource:
        said = {"clusterName": cluster, "namespace": "apps", "serviceAccount": account}
        return Resource(association("").type, name, said, sources=sources)

    def second(*resources: Resource) -> list[str]:
        return [label(urn) for urn, _ in one_association_a_service_account(Stack(members(resources)))]

    clusters = [Resource(CLUSTER.type, name, CLUSTER.properties) for name in ("one", "two")]
    assert second(*clusters, made("a", clusterName="one"), made("b", clusterName="two")) == []
    later = [made(name, UNKNOWN, clusterName="one") for name in ("a", "b")]
    assert second(*clusters, *later) == ["b"]
    assert second(made("a"), made("b")) == ["b"]
    assert second(made("a"), made("b", "tokyo")) == []
    assert second(made("a", account=UNKNOWN), made("b", account=UNKNOWN)) == []
