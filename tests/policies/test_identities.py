"""The policy `pod-identity-namespace-mismatch`, between the resources of a stack."""

import dataclasses
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack, Resource
from judging import refused

SLUG = "pod-identity-namespace-mismatch"
AMOUNTS = {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}
CLUSTER = Resource("aws:eks/cluster:Cluster", "cluster", {"name": "demo"})
KUBERNETES = Resource("pulumi:providers:kubernetes", "kubernetes", after=("cluster",))


def addon(name: str, **fields: Any) -> Resource:
    said = {"clusterName": "demo", "addonName": name, **fields}
    return Resource("aws:eks/addon:Addon", name, said, sources={"clusterName": "cluster"})


AGENT = addon("eks-pod-identity-agent")
BASE = (CLUSTER, KUBERNETES, AGENT)


def association(namespace: Any = "kube-system", account: Any = "karpenter", name: str = "identity") -> Resource:
    said = {"clusterName": "demo", "namespace": namespace, "serviceAccount": account}
    return Resource(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation", name, said, sources={"clusterName": "cluster"}
    )


def karpenter(namespace: Any = "kube-system", *after: str, **values: Any) -> Resource:
    said = {
        "chart": "oci://public.ecr.aws/karpenter/karpenter",
        "name": "karpenter",
        "namespace": namespace,
        "values": {"controller": {"resources": AMOUNTS}, **values},
    }
    return Resource(RELEASE, "release", said, after=after or ("identity",), provider="kubernetes")


def test_an_association_for_the_releases_own_service_account_made_before_it_passes(pack: Pack) -> None:
    assert pack.of_stack(*BASE, association(), karpenter()) == {}


def test_an_association_for_another_namespace_is_refused_as_in_the_log(pack: Pack) -> None:
    found = pack.of_stack(*BASE, association("kube-system"), karpenter("karpenter"))
    ((name, message),) = found.pop(SLUG)
    assert name == "release"
    assert "run as 'karpenter' in namespace 'karpenter'" in message
    assert "the association 'identity' is for 'karpenter' in namespace 'kube-system'" in message
    assert found == {}


def test_what_an_unconfigured_provider_tells_nothing_of_is_judged_by_its_inputs(pack: Pack) -> None:
    """Before the cluster is there, the engine hands out empty outputs for all that is in it."""
    release = dataclasses.replace(karpenter("karpenter"), outputs=None)
    ((name, message),) = pack.of_stack(*BASE, association("kube-system"), release)[SLUG]
    assert name == "release"
    assert "is for 'karpenter' in namespace 'kube-system'" in message


def test_a_state_whose_inputs_were_never_shown_is_judged_by_its_outputs() -> None:
    fresh = Pack()
    stack = (*BASE, association("kube-system"), karpenter("karpenter"))
    assert SLUG in fresh.of_stack(*stack, shown=False)


def test_an_association_for_another_service_account_is_refused(pack: Pack) -> None:
    for values in ({"serviceAccount": {"name": "controller"}}, {"serviceAccount": {"create": False}}):
        ((_, message),) = pack.of_stack(*BASE, association(), karpenter(**values))[SLUG]
        assert "is for 'karpenter' in namespace 'kube-system'" in message
    named = {"serviceAccount": {"name": "controller"}}
    assert pack.of_stack(*BASE, association(account="controller"), karpenter(**named)) == {}


def test_a_release_without_any_association_is_refused(pack: Pack) -> None:
    ((name, message),) = pack.of_stack(*BASE, karpenter("kube-system", "kubernetes"))[SLUG]
    assert name == "release"
    assert "has no Pod Identity association" in message


def test_an_association_of_another_controller_is_not_held_against_a_release(pack: Pack) -> None:
    balancer = Resource(
        RELEASE,
        "balancer",
        {
            "chart": "aws-load-balancer-controller",
            "name": "aws-load-balancer-controller",
            "namespace": "kube-system",
            "values": {"resources": AMOUNTS, "enableServiceMutatorWebhook": False},
        },
        after=("for-balancer",),
        provider="kubernetes",
    )
    theirs = association(account="aws-load-balancer-controller", name="for-balancer")
    assert pack.of_stack(*BASE, association(), karpenter(), theirs, balancer) == {}
    ((name, message),) = pack.of_stack(*BASE, karpenter("kube-system", "kubernetes"), theirs, balancer)[SLUG]
    assert name == "release"
    assert "has no Pod Identity association" in message


def test_an_association_that_is_made_beside_the_release_is_refused(pack: Pack) -> None:
    ((name, message),) = pack.of_stack(*BASE, association(), karpenter("kube-system", "kubernetes"))[SLUG]
    assert name == "release"
    assert "its association 'identity' is not made before it" in message


def test_a_release_may_wait_by_way_of_others_and_of_components(pack: Pack) -> None:
    wait = Resource("pulumi-python:dynamic/pokayoke:Waiting", "wait", after=("identity",))
    assert pack.of_stack(*BASE, association(), wait, karpenter("kube-system", "wait")) == {}
    component = Resource("my:index:Identity", "component")
    inside = Resource(association().type, "identity", association().properties, parent="component")
    assert pack.of_stack(*BASE, component, inside, karpenter("kube-system", "component")) == {}
    around = Resource("my:index:Karpenter", "around", after=("identity",))
    child = karpenter("kube-system", "kubernetes")
    child = Resource(child.type, "release", child.properties, parent="around", after=(), provider="kubernetes")
    assert pack.of_stack(*BASE, association(), around, child) == {}


def test_without_the_agent_add_on_associations_have_no_effect(pack: Pack) -> None:
    ((name, message),) = pack.of_stack(CLUSTER, KUBERNETES, association(), karpenter())[SLUG]
    assert name == "cluster"
    assert "eks-pod-identity-agent is not installed" in message
    auto = Resource(CLUSTER.type, "cluster", {"name": "demo", "computeConfig": {"enabled": True}})
    assert pack.of_stack(auto, KUBERNETES, association(), karpenter()) == {}
    chart = Resource(RELEASE, "agent", {"chart": "eks-pod-identity-agent", "name": "a"}, provider="kubernetes")
    assert pack.of_stack(CLUSTER, KUBERNETES, chart, association(), karpenter()) == {}
    driver = addon("aws-ebs-csi-driver", podIdentityAssociations=[{"serviceAccount": "ebs-csi-controller-sa"}])
    assert SLUG in pack.of_stack(CLUSTER, driver)
    assert SLUG not in pack.of_stack(CLUSTER, addon("aws-ebs-csi-driver"))


def test_other_credentials_are_credentials(pack: Pack) -> None:
    irsa = {"serviceAccount": {"annotations": {"eks.amazonaws.com/role-arn": UNKNOWN}}}
    assert SLUG in pack.of_stack(*BASE, karpenter("kube-system", "kubernetes"))
    annotated = {"serviceAccount": {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/k"}}}
    keys = {"controller": {"resources": AMOUNTS, "env": [{"name": "AWS_ACCESS_KEY_ID", "value": UNKNOWN}]}}
    for values in (irsa, annotated, keys, {"hostNetwork": True}):
        assert pack.of_stack(*BASE, karpenter("kube-system", "kubernetes", **values)) == {}


def test_what_another_stack_makes_is_not_judged(pack: Pack) -> None:
    elsewhere = Resource("pulumi:providers:kubernetes", "kubernetes")
    assert pack.of_stack(elsewhere, karpenter("kube-system", "kubernetes")) == {}


def test_each_of_two_clusters_needs_its_own_association(pack: Pack) -> None:
    tokyo = Resource(CLUSTER.type, "tokyo", {"name": "demo"})
    there = Resource("pulumi:providers:kubernetes", "there", after=("tokyo",))
    agent = Resource(AGENT.type, "agent", AGENT.properties, sources={"clusterName": "tokyo"})
    release = Resource(RELEASE, "second", karpenter().properties, after=("identity",), provider="there")
    ((name, message),) = pack.of_stack(*BASE, tokyo, there, agent, association(), karpenter(), release)[SLUG]
    assert name == "second"
    assert "has no Pod Identity association" in message
    told = pack.of_stack(*BASE, tokyo, there, agent, association(UNKNOWN), release)
    assert [name for name, _ in told[SLUG]] == ["second"]
    for other in (association("other", "karpenter"), association("kube-system", "other")):
        ((_, message),) = pack.of_stack(*BASE, tokyo, there, agent, other, release)[SLUG]
        assert "has no Pod Identity association" in message


def test_what_preview_cannot_tell_is_said_to_be_unknown(pack: Pack) -> None:
    for stack in (
        (association(UNKNOWN), karpenter("karpenter")),
        (association(), karpenter(UNKNOWN)),
        (association(), karpenter(serviceAccount={"name": UNKNOWN})),
        (association(), karpenter(serviceAccount=UNKNOWN)),
    ):
        assert set(pack.of_stack(*BASE, *stack)) == {"unknown"}


def workload(name: str, account: str, namespace: str = "apps", *after: str, **pod: Any) -> Resource:
    template = {"metadata": {"labels": pod.pop("labels", {})}, "spec": {"serviceAccountName": account, **pod}}
    said = {"metadata": {"name": name, "namespace": namespace}, "spec": {"template": template}}
    return Resource("kubernetes:apps/v1:Deployment", name, said, after=after, provider="kubernetes")


def test_a_controller_is_known_by_its_label_in_whatever_chart_renders_it(pack: Pack) -> None:
    labels = {"app.kubernetes.io/name": "karpenter"}
    rendered = workload("karpenter", "karpenter", "karpenter", "identity", labels=labels)
    ((name, message),) = pack.of_stack(*BASE, association("kube-system"), rendered)[SLUG]
    assert name == "karpenter"
    assert "is for 'karpenter' in namespace 'kube-system'" in message
    assert pack.of_stack(*BASE, association("karpenter"), rendered) == {}


@pytest.mark.parametrize(("argument", "refused"), [("--provider=aws", True), ("--provider=google", False)])
def test_external_dns_calls_aws_when_it_says_so(argument: str, refused: bool, pack: Pack) -> None:
    labels = {"app.kubernetes.io/name": "external-dns"}
    rendered = workload("dns", "external-dns", "dns", labels=labels, containers=[{"args": [argument]}])
    assert (SLUG in pack.of_stack(*BASE, rendered)) == refused
    release = Resource(
        RELEASE,
        "dns",
        {"chart": "external-dns", "name": "dns", "values": {"provider": {"name": argument.partition("=")[2]}}},
        provider="kubernetes",
    )
    assert (SLUG in pack.of_stack(*BASE, release)) == refused


def test_any_workload_with_an_association_waits_for_it(pack: Pack) -> None:
    mine = association("apps", "app")
    assert pack.of_stack(*BASE, mine, workload("app", "app", "apps", "identity")) == {}
    ((name, _),) = pack.of_stack(*BASE, mine, workload("app", "app"))[SLUG]
    assert name == "app"


def account(name: str, namespace: str, **annotations: str) -> Resource:
    metadata = {"name": name, "namespace": namespace, "annotations": annotations}
    return Resource("kubernetes:core/v1:ServiceAccount", f"sa-{name}", {"metadata": metadata}, provider="kubernetes")


def test_an_association_that_misses_a_service_account_of_the_stack_is_refused(pack: Pack) -> None:
    ((name, message),) = pack.of_stack(*BASE, association("default", "app"), account("app", "apps"))[SLUG]
    assert name == "identity"
    assert "is in namespace 'apps', not 'default' ('sa-app')" in message
    ((_, message),) = pack.of_stack(*BASE, association("apps", "ap"), account("app", "apps"))[SLUG]
    assert "of namespace 'apps' is 'app', not 'ap' ('sa-app')" in message


def test_an_association_whose_account_may_come_from_elsewhere_passes(pack: Pack) -> None:
    mine = association("apps", "api")
    assert pack.of_stack(*BASE, mine) == {}
    assert pack.of_stack(*BASE, mine, account("web", "apps"), account("jobs", "apps")) == {}
    release = Resource(RELEASE, "app", {"chart": "app", "namespace": "apps"}, provider="kubernetes")
    assert pack.of_stack(*BASE, mine, account("web", "apps"), release) == {}
    irsa = {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/x"}
    assert pack.of_stack(*BASE, mine, account("web", "apps", **irsa)) == {}


def test_the_account_that_an_unknown_chart_states_is_known(pack: Pack) -> None:
    values = {"serviceAccount": {"name": "app"}}
    said = {"chart": "app", "name": "a", "namespace": "apps", "values": values}
    release = Resource(RELEASE, "app", said, after=("identity",), provider="kubernetes")
    assert pack.of_stack(*BASE, association("apps", "app"), release) == {}
    ((name, message),) = pack.of_stack(*BASE, association("web", "app"), release)[SLUG]
    assert name == "identity"
    assert "is in namespace 'apps', not 'web'" in message


TOKYO = (
    Resource(CLUSTER.type, "tokyo", {"name": "tokyo"}),
    Resource("pulumi:providers:kubernetes", "there", after=("tokyo",)),
)
"""A second cluster, and the way into it."""


def judged(*resources: Resource) -> set[str]:
    return refused(*resources).get(SLUG, set())


def there(one: Resource, name: str = "") -> Resource:
    """The same in the second cluster."""
    sources = {"clusterName": "tokyo"} if one.sources else {}
    said = {**one.properties, "clusterName": "tokyo"} if one.sources else one.properties
    return dataclasses.replace(one, name=name or one.name, properties=said, sources=sources, provider="there")


def test_accounts_of_another_cluster_are_neither_used_nor_missed() -> None:
    around = (*BASE, *TOKYO, there(AGENT, "agent-there"))
    assert judged(*around, association("default", "app"), there(account("app", "apps"))) == set()
    # Used in the other cluster alone, it misses the account of its own.
    twin = there(account("app", "apps"), "sa-there")
    assert judged(*around, association("apps", "app"), twin, account("app", "web")) == {"identity"}
    # The account has an association in the other cluster alone.
    other = there(association("web", "app"), "identity-there")
    assert judged(*around, association("default", "app"), other, account("app", "web")) == {"identity"}


def test_every_association_that_misses_is_told() -> None:
    second = association("default", "web", name="second")
    accounts = (account("app", "apps"), account("web", "apps"))
    assert judged(*BASE, association("default", "app"), second, *accounts) == {"identity", "second"}


def test_an_account_that_an_add_on_has_taken_is_not_missed() -> None:
    driver = addon("aws-ebs-csi-driver", podIdentityAssociations=[{"serviceAccount": "ebs"}])
    assert judged(*BASE, driver, association("default", "ebs"), account("ebs", "kube-system")) == set()
    assert judged(*BASE, driver, account("ebs", "default")) == set(), "what EKS makes for an add-on fits it"
    assert judged(*BASE, association("default", "ebs"), account("ebs", "kube-system")) == {"identity"}


def test_default_accounts_and_those_of_other_namespaces_are_not_meant() -> None:
    assert judged(*BASE, association("web", "default"), account("default", "apps")) == set()
    assert judged(*BASE, association("apps", "ap"), account("app", "other")) == set()


def test_charts_of_which_nothing_is_known_may_bring_accounts_to_their_namespace() -> None:
    missed = (*BASE, association("default", "ap"), account("app", "default"))
    assert judged(*missed, Resource(RELEASE, "x", {"chart": "x"}, provider="kubernetes")) == set()
    chart = Resource("kubernetes:helm.sh/v4:Chart", "x", {"chart": "x"}, provider="kubernetes")
    assert judged(*missed, chart) == set()
    elsewhere = {"chart": "x", "namespace": "y"}
    assert judged(*missed, Resource(RELEASE, "x", elsewhere, provider="kubernetes")) == {"identity"}
    google = {"chart": "external-dns", "namespace": "default", "values": {"provider": {"name": "google"}}}
    assert judged(*missed, Resource(RELEASE, "dns", google, provider="kubernetes")) == {"identity"}


def test_each_cluster_needs_an_agent_of_its_own() -> None:
    mine = association("apps", "app")
    assert judged(CLUSTER, *TOKYO, there(AGENT), mine) == {"cluster"}
    off = dataclasses.replace(CLUSTER, properties={"name": "demo", "computeConfig": {"enabled": False}})
    assert judged(off, mine) == {"cluster"}
    auto = dataclasses.replace(CLUSTER, properties={"name": "demo", "computeConfig": {"enabled": True}})
    assert judged(auto, *TOKYO, mine, there(association("apps", "app"), "second")) == {"tokyo"}
    delivered = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "apps"}}
    gitops = Resource("kubernetes:argoproj.io/v1alpha1:Application", "gitops", delivered, provider="kubernetes")
    assert judged(CLUSTER, KUBERNETES, *TOKYO, gitops, mine) == set()
    assert judged(CLUSTER, KUBERNETES, *TOKYO, there(gitops), mine) == {"cluster"}
