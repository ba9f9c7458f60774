"""Namespace, service account, role and association are one value: there is no way to let them disagree."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from configs import CLUSTER, NAMED, NETWORK, here
from registrations import Registered, record

from pokayoke_eks import Cluster, ClusterConfig, IdentityConfig, Network, NetworkConfig, WorkloadIdentity
from pokayoke_eks.config import ConfigErrors
from pokayoke_eks.rules import names

ACCOUNT = "kubernetes:core/v1:ServiceAccount"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
NAMESPACE = "kubernetes:core/v1:Namespace"
POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"
WAITING = "pulumi-python:dynamic/pokayoke:Waiting"

READ: dict[str, Any] = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*"}]}
Make = Callable[[Cluster], object]


def on_a_cluster(make: Make, lifecycle: str = "disposable") -> Registered:
    shared = {**NAMED, "lifecycle": lifecycle}

    def program() -> None:
        network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), here())
        cluster = Cluster("demo", ClusterConfig.model_validate({**shared, **CLUSTER}), network=network, opts=here())
        make(cluster)

    return record(program)


def identity(
    cluster: Cluster,
    namespace: str = "shop",
    service_account: str = "orders",
    pod_security: str = "baseline",
    **options: Any,
) -> WorkloadIdentity:
    said = {"namespace": namespace, "service_account": service_account, "pod_security": pod_security}
    config = IdentityConfig.model_validate(said)
    return WorkloadIdentity(service_account, config, cluster=cluster, policies={"read": READ}, **options)


@pytest.fixture(scope="module")
def made() -> Registered:
    return on_a_cluster(identity)


def test_the_association_joins_the_service_account_that_is_made_with_the_role_that_admits_it(made: Registered) -> None:
    association = made.one(ASSOCIATION)
    account = made.one(ACCOUNT).inputs["metadata"]
    assert (association.inputs["namespace"], association.inputs["serviceAccount"]) == ("shop", "orders")
    assert account == {"name": "orders", "namespace": "shop"}
    role = made.one(ROLE, name="demo-apne2-shop-orders")
    assert association.inputs["roleArn"].endswith(f"/{role.name}")
    statement = json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]
    assert statement["Principal"] == {"Service": "pods.eks.amazonaws.com"}
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert statement["Condition"]["StringEquals"] == {
        "aws:SourceAccount": "123456789012",
        "aws:RequestTag/eks-cluster-arn": "arn:aws:eks:ap-northeast-2:123456789012:cluster/demo",
        "aws:RequestTag/kubernetes-namespace": "shop",
        "aws:RequestTag/kubernetes-service-account": "orders",
    }


def test_what_the_role_may_do_is_attached_before_the_association_is_there(made: Registered) -> None:
    policy = made.one(POLICY, name="demo-apne2-shop-orders-read")
    assert json.loads(policy.inputs["policy"]) == READ
    (attachment,) = [one for one in made.of_type(ATTACHMENT) if one.inputs["role"] == "demo-apne2-shop-orders"]
    assert attachment.inputs["policyArn"].endswith(f"/{policy.name}")
    assert made.goes_before(made.one(ASSOCIATION), attachment)


def test_the_namespace_is_held_to_a_pod_security_standard(made: Registered) -> None:
    level = "pod-security.kubernetes.io/enforce"
    assert made.one(NAMESPACE).inputs["metadata"]["labels"] == {level: "baseline"}
    agents = on_a_cluster(lambda cluster: identity(cluster, pod_security="privileged"))
    assert agents.one(NAMESPACE).inputs["metadata"]["labels"] == {level: "privileged"}
    with pytest.raises(ConfigErrors, match="Write one of restricted, baseline, privileged"):
        IdentityConfig.model_validate({"namespace": "shop", "service_account": "orders", "pod_security": "none"})


def test_an_association_is_seen_before_it_is_used(made: Registered) -> None:
    (visible,) = [one for one in made.of_type(WAITING) if one.inputs["beforeReady"]]
    assert visible.inputs["beforeReady"] == [
        {"kind": "association-visible", "cluster": "demo", "namespace": "shop", "serviceAccount": "orders"}
    ]
    assert made.goes_before(visible, made.one(ASSOCIATION))


def test_an_association_is_made_while_nodes_start(made: Registered) -> None:
    group = made.one("aws:eks/nodeGroup:NodeGroup")
    assert not made.goes_before(made.one(ASSOCIATION), group)


def test_what_runs_as_the_identity_waits_for_all_of_it_and_for_the_agent() -> None:
    def make(cluster: Cluster) -> None:
        pulumi.CustomResource(
            "test:index:Thing", "thing", {}, pulumi.ResourceOptions(depends_on=identity(cluster).ready)
        )

    made = on_a_cluster(make)
    thing = made.one("test:index:Thing")
    for one in (
        made.one(ACCOUNT),
        made.one(NAMESPACE),
        made.one(ASSOCIATION),
        made.one(POLICY),
        made.one("aws:eks/addon:Addon", addonName="eks-pod-identity-agent"),
        made.one("aws:eks/nodeGroup:NodeGroup"),
        *(one for one in made.of_type(WAITING) if one.inputs["beforeReady"]),
    ):
        assert made.goes_before(thing, one), one.name


def test_kube_system_is_there_already_and_is_not_made() -> None:
    made = on_a_cluster(lambda cluster: identity(cluster, "kube-system"))
    assert not made.of_type(NAMESPACE)
    assert made.one(ACCOUNT).inputs["metadata"]["namespace"] == "kube-system"


def test_two_identities_share_a_namespace_that_one_of_them_makes() -> None:
    def make(cluster: Cluster) -> None:
        first = identity(cluster)
        second = identity(cluster, service_account="stock", beside=first)
        identity(cluster, service_account="mail", beside=second)

    made = on_a_cluster(make)
    namespace = made.one(NAMESPACE)
    for account in made.of_type(ACCOUNT):
        assert made.goes_before(account, namespace)
    assert len(made.of_type(ACCOUNT)) == len({one.inputs["name"] for one in made.of_type(POLICY)}) == 3


def test_an_identity_beside_another_lives_in_its_namespace() -> None:
    def make(cluster: Cluster) -> None:
        identity(cluster, "market", "stock", beside=identity(cluster))

    with pytest.raises(ValueError, match="beside shop/orders, but in market"):
        on_a_cluster(make)


@pytest.mark.parametrize(
    ("field", "value"),
    [("namespace", "${namespace}"), ("namespace", "Shop"), ("service_account", ""), ("service_account", "a" * 64)],
)
def test_a_name_that_kubernetes_does_not_take_is_refused_before_anything_is_made(field: str, value: str) -> None:
    with pytest.raises(ConfigErrors, match=field):
        IdentityConfig.model_validate({"namespace": "shop", "service_account": "orders", field: value})


def test_an_identity_is_protected_as_its_cluster_is() -> None:
    made = on_a_cluster(identity, "retained")
    component = made.one("pokayoke-eks:index:WorkloadIdentity")
    inside = [one for one in made if component.urn in (one.urn, one.parent)]
    assert len(inside) == 8
    assert all(one.protect for one in inside)


@pytest.mark.parametrize("stated", ["nothing", "provider", "providers"])
def test_an_identity_is_made_where_its_cluster_is_unless_another_provider_is_stated(
    stated: str, recwarn: pytest.WarningsRecorder
) -> None:
    def make(cluster: Cluster) -> None:
        other = pulumi.ResourceOptions(provider=aws.Provider("other", region=NAMED["region"]))
        options = {
            "nothing": None,
            "provider": other,
            "providers": pulumi.ResourceOptions(providers=[other.provider] if other.provider else []),
        }
        identity(cluster, opts=options[stated])

    made = on_a_cluster(make)
    component = made.one("pokayoke-eks:index:WorkloadIdentity")
    makers = {one.provider.rpartition("::")[0] for one in made if one.parent == component.urn and "aws" in one.type}
    assert [urn.rpartition("::")[2] for urn in makers] == ["region" if stated == "nothing" else "other"]
    assert not [one for one in recwarn if "conflict" in str(one.message)]


def test_the_longest_names_still_fit_and_stay_apart() -> None:
    cluster, namespace = "c" * 45, "n" * 63
    roles = [names.workload_role_name(cluster, "ap-northeast-2", namespace, f"{'s' * 62}{end}") for end in "ab"]
    policies = [names.workload_policy_name(roles[0], f"{'p' * 100}{end}") for end in "ab"]
    assert [len(one) for one in roles] == [64, 64]
    assert [len(one) for one in policies] == [128, 128]
    assert len({*roles, *policies}) == 4
