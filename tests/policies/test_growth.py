"""What a policy does to judge a stack grows as the stack does: counted in calls, whatever else the machine does."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import FrameType, MappingProxyType
from typing import Any

import pytest
from analyzing import UNKNOWN, Resource
from clusters import IN_CLUSTER, LBC, lbc, obj, release, webhook
from examples import example
from judging import TODAY, members

from pokayoke_policies.pack import rules
from pokayoke_policies.policy import Rule
from pokayoke_policies.raw import NotKnownError
from pokayoke_policies.stack import Stack

FEW = 12
MOST_AT_TWICE = 2.1
"""Times the calls, for twice the resources. Those below came to between 2.12 and 4.5 once."""
SHARED = ("pulumi:providers:", "aws:eks/cluster:Cluster")
"""What copies have in common."""
RULES = {rule.slug: rule for rule in rules(TODAY)}
ONCE_WORSE = (
    *("dsql-delete-deadlock", "network-policy-blocks-api-server"),
    *("crd-not-installed", "startup-taint-deadlock", "incompatible-requirements", "gitops-two-owners"),
    *("registry-pull-secret-missing", "image-architecture-mismatch", "config-change-without-restart"),
    *("addon-own-identity", "rbac-no-escalation", "kp-lifetime-bounded", "mesh-policy-admits-hbone"),
    *("dsql-backed-up", "workload-available", "kp-interruption-on"),
)
"""Policies that have gone over the whole stack for each resource."""
OF_CLUSTERS = (
    *("datastore-security-group-mismatch", "node-role-policies-missing", "lbc-iam-incomplete"),
    *("subnet-tags-missing", "security-group-selector", "eks-addons-managed", "pod-identity-namespace-mismatch"),
)
"""Those that have done so for each cluster: these are copied too."""


@pytest.mark.parametrize("slug", [*ONCE_WORSE, *OF_CLUSTERS])
def test_a_policy_does_twice_as_much_for_twice_the_resources(slug: str) -> None:
    shown, shared = example(slug), () if slug in OF_CLUSTERS else SHARED
    beside = (*IN_CLUSTER, *lbc()) if slug == "lbc-iam-incomplete" else ()
    for resources in ((*beside, *shown.failing), (*beside, *shown.passing)):
        assert_linear(slug, lambda number, of=resources: copies(of, number, shared), shown.settings)


@pytest.mark.parametrize("slug", ["kp-interruption-on", "gitops-two-owners"])
def test_what_is_not_known_yet_is_no_more_work(slug: str) -> None:
    shown = example(slug)
    hidden = [replace(one, properties=unknown(one.properties)) for one in shown.failing]
    assert_linear(slug, lambda number: copies(hidden, number, SHARED), shown.settings)


@pytest.mark.parametrize("slug", ["workload-available", "pdb-drainable"])
def test_pods_are_selected_by_what_few_selectors_name(slug: str) -> None:
    assert_linear(slug, each(selected), {"stacks": ["*"]})


def test_a_network_policy_meets_those_of_the_same_label() -> None:
    def made(name: str) -> Iterator[Resource]:
        spec = {"podSelector": {"matchLabels": {"app": name}}, "policyTypes": ["Egress"], "egress": []}
        yield obj(f"policy-{name}", "NetworkPolicy", api="networking.k8s.io/v1", spec=spec)

    assert_linear("network-policy-blocks-api-server", each(made))


@pytest.mark.parametrize("slug", ["incompatible-requirements", "image-architecture-mismatch"])
@pytest.mark.parametrize("own", ["pools", "clusters"])
def test_pods_meet_the_pools_that_they_may_mean(slug: str, own: str) -> None:
    assert_linear(slug, each(of_a_team if own == "pools" else of_a_cluster, *IN_CLUSTER))


@pytest.mark.parametrize("own", ["labels", "clusters", "none"])
@pytest.mark.parametrize("register", ["chart", "stack"])
def test_objects_meet_the_webhooks_that_may_judge_them(register: str, own: str) -> None:
    def made(name: str) -> Iterator[Resource]:
        labels = {"labels": {"team": name}} if own == "labels" else {}
        of_labels = {"objectSelector": {"matchLabels": labels["labels"]}} if own == "labels" else {}
        hooks = [*registered(name, **of_labels)] if register == "stack" else [controller(name)]
        provider = f"provider-{name}" if own == "clusters" else ""
        yield from cluster_of_its_own(name) if own == "clusters" else ()
        yield from (replace(one, provider=provider) for one in hooks)
        for before in ((), (hooks[0].name,)):
            plain = obj(f"web-{name}-{len(before)}", "Service", *before, metadata=labels, spec={"type": "ClusterIP"})
            yield replace(plain, provider=provider)

    assert_linear("webhook-not-ready", each(made))


def test_where_no_webhook_is_no_object_is_asked() -> None:
    def made(number: int) -> list[Resource]:
        return [obj(f"web-{name}", "Service", spec={}) for name in range(number)]

    assert calls("webhook-not-ready", {}, made(2), again=True) == calls("webhook-not-ready", {}, made(20), again=True)


def test_nodes_start_in_the_subnets_that_their_classes_may_select() -> None:
    def made(name: str) -> Iterator[Resource]:
        terms = [{"tags": {"team": UNKNOWN}}]
        yield Resource("aws:ec2/subnet:Subnet", f"subnet-{name}", {"tags": UNKNOWN})
        yield Resource("aws:ec2/subnet:Subnet", f"other-{name}", {"tags": {"team": UNKNOWN}})
        yield obj(f"class-{name}", "EC2NodeClass", api="karpenter.k8s.aws/v1", spec={"subnetSelectorTerms": terms})

    assert_linear("no-egress", each(made))


@pytest.mark.parametrize("own", ["labels", "clusters"])
@pytest.mark.parametrize("slug", ["spot-not-stateful", "startup-taint-deadlock", "lb-target-ip"])
def test_what_runs_meets_what_it_may_mean(slug: str, own: str) -> None:
    def made(name: str) -> Iterator[Resource]:
        provider = f"provider-{name}" if own == "clusters" else ""
        yield from cluster_of_its_own(name) if own == "clusters" else ()
        labels = {"stage": "live", "team": name}
        yield replace(deployment(f"pods-{name}", {"nodeSelector": labels, "volumes": []}), provider=provider)
        yield pool(name, {"metadata": {"labels": labels}, "spec": {"startupTaints": [{"key": f"taint-{name}"}]}})
        yield obj(f"agent-{name}", "DaemonSet", api="apps/v1", spec={"template": {"spec": {"tolerations": []}}})
        yield replace(controller(name), provider=provider)
        yield obj(f"front-{name}", "Service", spec={"type": "LoadBalancer", "loadBalancerClass": "service.k8s.aws/nlb"})

    assert_linear(slug, each(made))


def test_nodes_without_taints_ask_no_agent() -> None:
    def made(name: str) -> Iterator[Resource]:
        yield pool(name, {"spec": {}})
        needed = {"priorityClassName": "system-node-critical"}
        yield obj(f"agent-{name}", "DaemonSet", api="apps/v1", spec={"template": {"spec": needed}})

    assert_linear("startup-taint-deadlock", each(made))


def unknown(value: Any, key: str = "") -> Any:
    """A value as a preview has it before anything is there: what kind it is of is known, and not much else."""
    if isinstance(value, dict):
        return {name: unknown(inner, name) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [unknown(inner, key) for inner in value]
    return value if key in ("apiVersion", "kind", "name", "chart") else UNKNOWN


def controller(name: str) -> Resource:
    return release(f"lbc-{name}", LBC, values={"enableServiceMutatorWebhook": True})


def registered(name: str, **said: Any) -> Iterator[Resource]:
    """A webhook, with pods of its own."""
    pods, front, hook = webhook(name, **said)
    yield replace(pods, name=f"pods-{name}")
    yield replace(front, name=f"front-{name}")
    yield replace(hook, name=f"hook-{name}", after=(f"pods-{name}", f"front-{name}"))


def of_a_team(name: str) -> Iterator[Resource]:
    """A pool with labels and taints of its own, pods that ask for it, and pods that ask for one that is not there."""
    labels, taint = {"stage": "live", "team": name}, {"key": name, "effect": "NoSchedule"}
    yield pool(name, {"metadata": {"labels": labels}, "spec": {"requirements": [], "taints": [taint]}})
    for asked in (name, f"no-{name}"):
        selector = {"nodeSelector": {**labels, "team": asked}, "tolerations": [{"key": name, "operator": "Exists"}]}
        yield deployment(f"pods-{asked}", selector)


def of_a_cluster(name: str) -> Iterator[Resource]:
    """A cluster, pods in it for which no pool is there, and a pool that may be in any."""
    yield from cluster_of_its_own(name)
    yield replace(deployment(f"pods-{name}", {"nodeSelector": {"team": "lost"}}), provider=f"provider-{name}")
    yield replace(pool(name, {"spec": {"requirements": []}}), provider="")


def cluster_of_its_own(name: str) -> Iterator[Resource]:
    yield Resource("aws:eks/cluster:Cluster", f"cluster-{name}", {"name": name})
    yield Resource("pulumi:providers:kubernetes", f"provider-{name}", after=(f"cluster-{name}",))


def pool(name: str, template: dict[str, Any]) -> Resource:
    return obj(f"pool-{name}", "NodePool", api="karpenter.sh/v1", spec={"template": template})


def deployment(name: str, pods: dict[str, Any]) -> Resource:
    return obj(name, "Deployment", api="apps/v1", spec={"template": {"spec": {"containers": [], **pods}}})


def selected(name: str) -> Iterator[Resource]:
    """Pods of an application of many, with what selects them."""
    labels = {"application": "shop", "name": name}
    pods = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "main"}]}}
    for kind, spec in {
        "apps/v1:Deployment": {"replicas": 2, "template": pods},
        "core/v1:Service": {"selector": labels, "ports": [{"port": 80}]},
        "policy/v1:PodDisruptionBudget": {"selector": {"matchLabels": labels}, "maxUnavailable": 1},
    }.items():
        group, own = kind.removeprefix("core/").split(":")
        said = {"apiVersion": group, "kind": own, "metadata": {"name": name}, "spec": spec}
        yield Resource(f"kubernetes:{kind}", f"{own}-{name}", said)


def copies(resources: Sequence[Resource], number: int, shared: tuple[str, ...]) -> Iterator[Resource]:
    """So many of each resource but for those of shared types, under names of their own."""
    own = {one.name for one in resources if not one.type.startswith(shared)}
    said = {text for one in resources if one.name in own for text in names(one)}
    yield from (one for one in resources if one.name not in own)
    for copy in range(number):

        def renamed(value: Any, copy: int = copy) -> Any:
            if isinstance(value, dict):
                return {key: renamed(inner) for key, inner in value.items()}
            if isinstance(value, (list, tuple)):
                return type(value)(map(renamed, value))
            return f"{value}-{copy}" if isinstance(value, str) and value in (said | own) else value

        for one in resources:
            if one.name in own:
                leaning = {key: renamed(getattr(one, key)) for key in ("after", "sources", "parent", "provider")}
                properties, outputs = renamed(one.properties), renamed(one.outputs)
                yield replace(one, name=renamed(one.name), properties=properties, outputs=outputs, **leaning)


def names(one: Resource) -> list[str]:
    metadata = one.properties.get("metadata")
    said = [one.properties.get("name"), metadata.get("name") if isinstance(metadata, dict) else None]
    return [text for text in said if isinstance(text, str)]


def each(made: Callable[[str], Iterable[Resource]], *beside: Resource) -> Callable[[int], Iterable[Resource]]:
    """So many of what is made by name, beside some resources. No name comes twice: what is remembered of one is no help
    with the next."""
    return lambda number: (*beside, *(one for name in range(number) for one in made(f"{number}-{name}")))


def assert_linear(
    slug: str, made: Callable[[int], Iterable[Resource]], settings: Mapping[str, Any] = MappingProxyType({})
) -> None:
    # The first is for what is loaded at its first use.
    _, few, twice = (calls(slug, settings, list(made(number))) for number in (1, FEW, 2 * FEW))
    assert 2 * FEW < twice < MOST_AT_TWICE * few


def calls(slug: str, settings: Mapping[str, Any], resources: Sequence[Resource], *, again: bool = False) -> int:
    """How many functions are called while a policy judges a stack; or judges it again."""
    counted = 0

    def count(_: FrameType, event: str, __: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    rule, stack, before = RULES[slug].under(settings), Stack(members(tuple(resources))), sys.getprofile()
    assert all(one.properties is not None for one in stack.members.values())
    if again:
        judge(rule, stack)
    sys.setprofile(count)
    try:
        judge(rule, stack)
    finally:
        sys.setprofile(before)
    return counted


def judge(rule: Rule, stack: Stack) -> None:
    for one in rule.stack:
        try:
            assert all(one(stack))
        except NotKnownError:
            continue
