"""The policy `node-role-policies-missing`."""

import json
from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AGENT, CLUSTER, KUBERNETES, TWO_CLUSTERS, obj, release
from judging import members

from pokayoke_policies.eks import label
from pokayoke_policies.node_roles import nodes_may_what_they_must
from pokayoke_policies.stack import Stack

SLUG = "node-role-policies-missing"
AWS_OWN = "arn:aws:iam::aws:policy/"
WORKER, PULL, NETWORK = (
    f"{AWS_OWN}{name}"
    for name in ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy")
)
ALL = (WORKER, PULL, NETWORK)
KINDS = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")


def role(**said: Any) -> Resource:
    return Resource("aws:iam/role:Role", "nodes", {"name": "nodes", **said}, {"arn": UNKNOWN})


def group(**said: Any) -> Resource:
    content = {"clusterName": "demo", "amiType": "CUSTOM", "nodeRoleArn": UNKNOWN, **said}
    return Resource(
        "aws:eks/nodeGroup:NodeGroup", "group", content, sources={"nodeRoleArn": "nodes", "clusterName": "cluster"}
    )


def attachments(*arns: Any, sources: tuple[str, ...] = ()) -> list[Resource]:
    kind = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    named = {"policyArn": sources} if sources else {}
    return [
        Resource(kind, f"a{index}", {"role": "nodes", "policyArn": arn}, sources={"role": "nodes", **named})
        for index, arn in enumerate(arns)
    ]


def document(*actions: str) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]})


BY_HAND = document("ec2:Describe*", "ecr:GetAuthorizationToken", "ecr:Batch*", "ec2:AssignPrivateIpAddresses")


@pytest.mark.parametrize(
    "around",
    [
        [role(), *attachments(*ALL)],
        [role(managedPolicyArns=list(ALL))],
        [role(managedPolicyArns=[WORKER]), *attachments(PULL, NETWORK)],
        [role(managedPolicyArns=[f"{AWS_OWN}AdministratorAccess"])],
        [role(managedPolicyArns=[arn.replace("arn:aws:", "arn:aws-cn:") for arn in ALL])],
        [role(inlinePolicies=[{"name": "own", "policy": BY_HAND}])],
        [role(), Resource("aws:iam/rolePolicy:RolePolicy", "own", {"role": "nodes", "policy": BY_HAND})],
        [
            role(),
            Resource("aws:iam/policy:Policy", "own", {"policy": BY_HAND}),
            *attachments(UNKNOWN, sources=("own",)),
        ],
        [
            role(),
            *(
                Resource("aws:iam/policyAttachment:PolicyAttachment", arn, {"roles": ["nodes"], "policyArn": arn})
                for arn in ALL
            ),
        ],
        [
            role(),
            Resource(
                "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
                "all",
                {"roleName": "nodes", "policyArns": list(ALL)},
            ),
        ],
    ],
    ids=[
        "attachments",
        "listed",
        "both",
        "administrator",
        "china",
        "inline",
        "inline-apart",
        "own-policy",
        "old-attachment",
        "exclusive",
    ],
)
def test_a_role_with_all_of_it_passes_however_it_is_attached(around: list[Resource], pack: Pack) -> None:
    assert pack.of_stack(CLUSTER, *around, group()) == {}


@pytest.mark.parametrize(
    ("arns", "told"),
    [
        ((WORKER,), "lets its nodes pull images or give pods addresses"),
        ((PULL, NETWORK), "lets its nodes register in the cluster"),
        ((WORKER, f"{AWS_OWN}AmazonEC2ContainerRegistryReadOnly"), "lets its nodes give pods addresses"),
        ((), "register in the cluster or pull images or give pods addresses"),
        ((*ALL[:1], *ALL[2:], f"{AWS_OWN}AmazonSSMManagedInstanceCore"), "lets its nodes pull images"),
    ],
    ids=str,
)
def test_what_is_missing_is_named(arns: tuple[str, ...], told: str, pack: Pack) -> None:
    found = pack.of_stack(CLUSTER, role(), *attachments(*arns), group())
    ((name, message),) = found.pop(SLUG)
    assert name == "nodes"
    assert message.startswith("managedPolicyArns: ")
    assert told in message
    assert "Attach Amazon" in message
    assert found == {}


def test_the_network_plugin_may_have_an_identity_of_its_own(pack: Pack) -> None:
    base = (CLUSTER, role(), *attachments(WORKER, PULL), group())
    assert SLUG in pack.of_stack(*base)
    addon = "aws:eks/addon:Addon"
    said = {"clusterName": "demo", "addonName": "vpc-cni"}
    assert SLUG in pack.of_stack(*base, Resource(addon, "cni", said))
    by_irsa = Resource(addon, "cni", {**said, "serviceAccountRoleArn": UNKNOWN})
    assert pack.of_stack(*base, by_irsa) == {}
    given = [{"serviceAccount": "aws-node", "roleArn": UNKNOWN}]
    assert pack.of_stack(*base, AGENT, Resource(addon, "cni", {**said, "podIdentityAssociations": given})) == {}
    kind = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    association = {"clusterName": "demo", "namespace": "kube-system", "serviceAccount": "aws-node"}
    assert pack.of_stack(*base, AGENT, Resource(kind, "for-cni", association)) == {}
    trust = {"StringEquals": {"oidc.example.com:sub": "system:serviceaccount:kube-system:aws-node"}}
    own = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Condition": trust}]}
    assert pack.of_stack(*base, Resource("aws:iam/role:Role", "cni", {"assumeRolePolicy": json.dumps(own)})) == {}


def test_another_network_plugin_needs_nothing_of_the_node(pack: Pack) -> None:
    base = (role(), *attachments(WORKER, PULL), group())
    assert pack.of_stack(CLUSTER, KUBERNETES, *base, release("cilium", "cilium")) == {}
    bare = Resource(CLUSTER.type, "cluster", {**CLUSTER.properties, "bootstrapSelfManagedAddons": False})
    assert pack.of_stack(bare, *base) == {}
    cni = {"clusterName": "demo", "addonName": "vpc-cni"}
    assert SLUG in pack.of_stack(bare, *base, Resource("aws:eks/addon:Addon", "cni", cni))


@pytest.mark.parametrize("how", ["role", "instanceProfile"])
@pytest.mark.parametrize("name", ["nodes", UNKNOWN])
def test_the_nodes_of_a_pool_are_judged_by_role_or_instance_profile(how: str, name: str, pack: Pack) -> None:
    spec = {"amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}], how: name}
    made = obj("class", "EC2NodeClass", "kinds", api="karpenter.k8s.aws/v1", spec=spec)
    named = {"role": "nodes", "instanceProfile": "profile"}[how]
    made = Resource(
        made.type, "class", made.properties, after=made.after, provider="kubernetes", sources={"spec": named}
    )
    profile = Resource(
        "aws:iam/instanceProfile:InstanceProfile",
        "profile",
        {"name": "nodes", "role": "nodes"},
        sources={"role": "nodes"},
    )
    around = (CLUSTER, KUBERNETES, AGENT, KINDS, role(), profile)
    assert pack.of_stack(*around, *attachments(*ALL), made) == {}
    assert SLUG in pack.of_stack(*around, *attachments(WORKER), made)


@pytest.mark.parametrize(("kind", "lacks"), [("EC2_LINUX", True), ("EC2", False), ("STANDARD", False)])
def test_a_role_that_an_access_entry_admits_as_a_node_is_judged(kind: str, lacks: bool, pack: Pack) -> None:
    said = {"clusterName": "demo", "principalArn": UNKNOWN, "type": kind}
    sources = {"principalArn": "nodes", "clusterName": "cluster"}
    entry = Resource("aws:eks/accessEntry:AccessEntry", "entry", said, sources=sources)
    assert (SLUG in pack.of_stack(CLUSTER, role(), *attachments(WORKER, PULL), entry)) == lacks


def test_the_nodes_of_auto_mode_need_the_minimal_policy_and_images(pack: Pack) -> None:
    compute = {"computeConfig": {"enabled": True, "nodeRoleArn": UNKNOWN}}
    cluster = Resource(CLUSTER.type, "cluster", {**CLUSTER.properties, **compute}, sources={"computeConfig": "nodes"})
    minimal = f"{AWS_OWN}AmazonEKSWorkerNodeMinimalPolicy"
    assert pack.of_stack(cluster, role(), *attachments(minimal, PULL)) == {}
    assert SLUG in pack.of_stack(cluster, role(), *attachments(minimal))


def test_what_cannot_be_told_is_not_taken_for_missing(pack: Pack) -> None:
    for around in (
        [role(), *attachments(WORKER, UNKNOWN)],
        [role(inlinePolicies=[{"name": "own", "policy": UNKNOWN}])],
    ):
        assert set(pack.of_stack(CLUSTER, *around, group())) == {"unknown"}
    # What is known is enough.
    assert pack.of_stack(CLUSTER, role(), *attachments(*ALL, UNKNOWN), group()) == {}
    theirs = "arn:aws:iam::123456789012:policy/ours"
    assert pack.of_stack(CLUSTER, role(), *attachments(theirs), group()) == {}
    looked_up = {**group().properties, "nodeRoleArn": "arn:aws:iam::123456789012:role/theirs"}
    assert pack.of_stack(CLUSTER, Resource(group().type, "group", looked_up)) == {}


def lacking(*resources: Resource) -> list[str]:
    return [label(urn) for urn, _ in nodes_may_what_they_must(Stack(members(resources)))]


def test_a_role_is_known_by_its_arn_alone() -> None:
    arn = "arn:aws:iam::123456789012:role/nodes"
    written = replace(group(nodeRoleArn=arn), sources={"clusterName": "cluster"})
    assert lacking(CLUSTER, replace(role(), outputs={"arn": arn}), written) == ["nodes"]


def test_a_component_that_holds_one_role_stands_for_it() -> None:
    part = Resource("my:index:Role", "part")
    of_part = replace(group(), sources={"nodeRoleArn": "part"})
    inside, other = replace(role(), parent="part"), replace(role(name="other"), name="other", parent="part")
    assert lacking(CLUSTER, part, inside, of_part) == ["nodes"]
    assert lacking(CLUSTER, part, inside, other, of_part) == []


NO_ADDRESSES = (role(), *attachments(WORKER, PULL))


def test_identities_of_another_cluster_or_account_give_these_nodes_nothing() -> None:
    around = (*TWO_CLUSTERS, *NO_ADDRESSES, replace(group(), sources={"nodeRoleArn": "nodes", "clusterName": "two"}))
    kind = "aws:eks/podIdentityAssociation:PodIdentityAssociation"

    def told(cluster: str, account: str) -> list[str]:
        said = {"namespace": "kube-system", "serviceAccount": account}
        return lacking(*around, Resource(kind, "for-cni", said, sources={"clusterName": cluster}))

    assert told("two", "aws-node") == []
    assert told("one", "aws-node") == ["nodes"]
    assert told("two", "shop") == ["nodes"]
    cni = {"addonName": "vpc-cni", "serviceAccountRoleArn": UNKNOWN}
    assert lacking(*around, Resource("aws:eks/addon:Addon", "cni", cni, sources={"clusterName": "two"})) == []
    assert lacking(*around, Resource("aws:eks/addon:Addon", "cni", cni, sources={"clusterName": "one"})) == ["nodes"]


def test_another_clusters_network_plugin_and_other_charts_are_no_other_plugin() -> None:
    around = (*TWO_CLUSTERS, *NO_ADDRESSES, replace(group(), sources={"nodeRoleArn": "nodes", "clusterName": "two"}))
    assert lacking(*around, replace(release("cilium", "cilium"), provider="in-one")) == ["nodes"]
    assert lacking(*around, replace(release("cilium", "cilium"), provider="in-two")) == []
    assert lacking(*around, replace(release("shop", "shop"), provider="in-two")) == ["nodes"]
    bare = [replace(one, properties={**one.properties, "bootstrapSelfManagedAddons": False}) for one in around[:2]]
    cni = Resource("aws:eks/addon:Addon", "cni", {"addonName": "vpc-cni"}, sources={"clusterName": "one"})
    assert lacking(*bare, *around[2:], cni) == []
    assert lacking(*bare, *around[2:], replace(cni, sources={"clusterName": "two"})) == ["nodes"]


def test_a_node_class_has_the_role_that_it_names_and_no_other() -> None:
    def of_class(role_of_it: Any, *more: Resource) -> list[str]:
        said = obj("class", "EC2NodeClass", api="karpenter.k8s.aws/v1", spec={"role": role_of_it})
        sources = {"spec": ("nodes", *(one.name for one in more))}
        return lacking(CLUSTER, KUBERNETES, role(), *more, replace(said, sources=sources))

    assert of_class(UNKNOWN) == ["nodes"]
    assert of_class(UNKNOWN, replace(role(name="other"), name="other")) == []
    assert of_class(None) == []


def test_associations_of_an_add_on_that_are_not_known_yet_are_some() -> None:
    cni = {"clusterName": "demo", "addonName": "vpc-cni", "podIdentityAssociations": UNKNOWN}
    assert lacking(CLUSTER, *NO_ADDRESSES, group(), Resource("aws:eks/addon:Addon", "cni", cni)) == []


@pytest.mark.parametrize(
    ("kind", "name", "annotations", "given"),
    [
        ("ServiceAccount", "aws-node", {"eks.amazonaws.com/role-arn": UNKNOWN}, True),
        ("ServiceAccount", "aws-node", {}, False),
        ("ServiceAccount", "shop", {"eks.amazonaws.com/role-arn": UNKNOWN}, False),
        ("ConfigMap", "aws-node", {"eks.amazonaws.com/role-arn": UNKNOWN}, False),
    ],
)
def test_the_plugins_own_account_may_carry_a_role(
    kind: str, name: str, annotations: dict[str, Any], given: bool
) -> None:
    account = obj(name, kind, metadata={"annotations": annotations})
    assert lacking(CLUSTER, KUBERNETES, *NO_ADDRESSES, group(), account) == ([] if given else ["nodes"])


def test_a_role_of_two_kinds_of_nodes_needs_what_either_needs() -> None:
    said = {"clusterName": "demo", "principalArn": UNKNOWN, "type": "EC2"}
    sources = {"principalArn": "nodes", "clusterName": "cluster"}
    auto = Resource("aws:eks/accessEntry:AccessEntry", "entry", said, sources=sources)
    assert lacking(CLUSTER, *NO_ADDRESSES, auto) == []
    assert lacking(CLUSTER, *NO_ADDRESSES, group(), auto) == ["nodes"]


def test_nodes_that_no_group_starts_are_judged_by_the_plugin_of_their_own_cluster() -> None:
    cilium = replace(release("cilium", "cilium"), provider="in-one")
    said = {"principalArn": UNKNOWN, "type": "EC2_LINUX"}
    entry = Resource("aws:eks/accessEntry:AccessEntry", "entry", said)
    pool = obj("class", "EC2NodeClass", api="karpenter.k8s.aws/v1", spec={"role": "nodes"})
    for cluster, told in (("two", ["nodes"]), ("one", [])):
        there = replace(entry, sources={"principalArn": "nodes", "clusterName": cluster})
        assert lacking(*TWO_CLUSTERS, cilium, *NO_ADDRESSES, there) == told
        assert lacking(*TWO_CLUSTERS, cilium, *NO_ADDRESSES, replace(pool, provider=f"in-{cluster}")) == told


def test_the_classes_of_auto_mode_have_no_network_plugin() -> None:
    auto = obj("class", "NodeClass", api="eks.amazonaws.com/v1", spec={"role": "nodes"})
    assert lacking(CLUSTER, KUBERNETES, *NO_ADDRESSES, auto) == []
