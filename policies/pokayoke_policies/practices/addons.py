"""What is asked of add-ons: that EKS keeps them, that they outlive a pod, and that they act under their own name."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.json_text import from_json
from pokayoke_eks.rules.quantities import quantity
from pokayoke_policies.eks import ADDON, CLUSTER, Association, associations, cluster_of
from pokayoke_policies.inventory import installs_near, known_map, objects_near
from pokayoke_policies.near import Near, hashable
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, standing
from pokayoke_policies.raw import UNKNOWN, NotKnownError, over, stated
from pokayoke_policies.references import is_given
from pokayoke_policies.stack import Member, Stack

_DNS, _NETWORK, _PROXY = "coredns", "vpc-cni", "kube-proxy"
_COPIES = (_NETWORK, _PROXY, _DNS)
"""What EKS puts into a cluster by itself, without keeping it (EKS user guide, "Amazon EKS add-ons")."""
_OTHERS = ("cilium", "calico", "tigera-operator", "aws-vpc-cni")
"""Charts of other network plugins; Cilium takes kube-proxy's place too, where it is told to."""
_ACCOUNTS = {
    "aws-ebs-csi-driver": "ebs-csi-controller-sa",
    "aws-efs-csi-driver": "efs-csi-controller-sa",
    "aws-mountpoint-s3-csi-driver": "s3-csi-driver-sa",
    "amazon-cloudwatch-observability": "cloudwatch-agent",
    "vpc-cni": "aws-node",
}
"""The service account under which an add-on calls AWS (EKS user guide, "AWS add-ons")."""

MANAGED = Practice(
    "eks-addons-managed",
    "Parts of the cluster itself are copies that nobody updates",
    "they stay what they were on the first day, while the control plane moves on",
    "Make aws.eks.Addon with addonName vpc-cni, kube-proxy and coredns, each with resolveConflictsOnCreate: OVERWRITE.",
    "EKS best practices, networking/vpc-cni and upgrades",
)
FIRST = Practice(
    "addon-overwrites-first",
    "An add-on is made over a copy that is there already",
    "its creation fails on the first field in which the two differ",
    "Set resolveConflictsOnCreate: OVERWRITE, or bootstrapSelfManagedAddons: false in the cluster.",
    "EKS API reference, CreateAddon; EKS user guide, determine fields you can customize for add-ons",
)
DNS = Practice(
    "coredns-resilient",
    "All names of a cluster depend on one pod",
    "while that pod moves, nothing in the cluster finds anything",
    'Set configurationValues: {"replicaCount": 2}, or {"autoScaling": {"enabled": true, "minReplicas": 2}}.',
    "EKS best practices, scalability/cluster-services and reliability/dataplane",
)
IDENTITY = Practice(
    "addon-own-identity",
    "An add-on acts under the name of its node, or not at all",
    "what it may do, every pod of the node may; with a hop limit of 1 it may nothing",
    "Set podIdentityAssociations: [{serviceAccount: NAME, roleArn: ROLE.arn}].",
    "EKS best practices, security/iam and networking/vpc-cni; EKS user guide, AWS add-ons; CIS 5.2.1",
)
POLICIES = Practice(
    "cni-enforces-policies",
    "Network policies are stored and not enforced",
    "everything is open that looks closed",
    'Set configurationValues: {"enableNetworkPolicy": "true"} in the add-on vpc-cni.',
    "EKS best practices, security/network and networking/sgpp; CIS 4.3.1; CIS 5.4.4",
)


def clusters_are_kept_whole(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """What EKS copies into a cluster is an add-on of the stack, unless something else does its work."""

    def judged(cluster: Member) -> Iterator[tuple[str, Finding]]:
        if _is_auto(cluster):
            return
        names = stack.once(_names)
        own = {name for where in (cluster.urn, None) for name in names.get(where, ())}
        if UNKNOWN in own:
            raise NotKnownError(("addonName",))
        others = {one.chart for one in installs_near(stack, cluster.urn, *_OTHERS)}
        instead = {_NETWORK: bool(others), _PROXY: "cilium" in others, _DNS: False}
        missing = [one for one in _COPIES if one not in own and not instead[one]]
        if missing:
            problem = f"no Addon of the stack keeps {' and '.join(missing)}"
            yield cluster.urn, MANAGED.finding("", problem)

    yield from over(stack.of_type(CLUSTER), judged)


def addons_overwrite(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """An add-on whose copy EKS made takes it over."""

    def judged(addon: Member) -> Iterator[tuple[str, Finding]]:
        cluster = stack.members.get(cluster_of(stack, addon) or "")
        if cluster is None or stated(addon.properties, "addonName") not in _COPIES:
            return
        # Left out, EKS copies (EKS API reference, CreateCluster), and an add-on changes nothing (CreateAddon).
        if by_spelling(stated(cluster.properties, "bootstrapSelfManagedAddons")) is False or _is_auto(cluster):
            return
        said = stated(addon.properties, "resolveConflictsOnCreate")
        if said != "OVERWRITE":
            how = standing(said, "NONE", "NONE")
            yield addon.urn, FIRST.finding("resolveConflictsOnCreate", how)

    yield from over(stack.of_type(ADDON), judged)


def names_outlive_a_pod(addon: Mapping[str, Any]) -> Iterator[Finding]:
    """CoreDNS has two replicas at least. Left out, it has (EKS user guide, "Manage CoreDNS")."""
    if stated(addon, "addonName") != _DNS:
        return
    values = _values(addon)
    scaling = known_map(values.get("autoScaling"))
    scaled = by_spelling(scaling.get("enabled")) is True
    place, said = (
        ("autoScaling.minReplicas", scaling.get("minReplicas"))
        if scaled
        else ("replicaCount", values.get("replicaCount"))
    )
    least = quantity(said)
    if least is not None and least < 2:
        yield DNS.finding(f"configurationValues.{place}", "it is less than two")


def addons_have_roles(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Add-ons that call AWS have a role, by themselves or by an association beside them."""

    def judged(addon: Member) -> Iterator[tuple[str, Finding]]:
        said = addon.properties
        name = str(stated(said, "addonName"))
        if name not in _ACCOUNTS:
            return
        if any(is_given(said.get(key)) for key in ("podIdentityAssociations", "serviceAccountRoleArn")):
            return
        cluster = cluster_of(stack, addon)
        near = stack.once(_by_account)
        if any(near.of(cluster, one) for one in (_ACCOUNTS[name], UNKNOWN)):
            return
        yield addon.urn, IDENTITY.finding("podIdentityAssociations", f"it is left out, and so is a role for {name}")

    yield from over(stack.of_type(ADDON), judged)


def _by_account(stack: Stack) -> Near[Association]:
    return Near((one.account, one.cluster, one) for one in associations(stack))


def policies_are_enforced(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Where a stack brings network policies, its add-on for the network enforces them."""

    def judged(addon: Member) -> Iterator[tuple[str, Finding]]:
        cluster = cluster_of(stack, addon)
        if not any(objects_near(stack, cluster, "networking.k8s.io/NetworkPolicy")):
            return
        if stated(addon.properties, "addonName") != _NETWORK:
            return
        if any(installs_near(stack, cluster, *_OTHERS)):
            return
        values = _values(addon.properties)
        if by_spelling(values.get("enableNetworkPolicy")) is not True:
            problem = "the stack brings network policies, and enableNetworkPolicy is not on"
            yield addon.urn, POLICIES.finding("configurationValues", problem)
        env = known_map(values.get("env"))
        if (
            by_spelling(env.get("ENABLE_POD_ENI")) is True
            and env.get("POD_SECURITY_GROUP_ENFORCING_MODE") != "standard"
        ):
            problem = "pods with security groups of their own are in strict mode, in which policies do not hold"
            remedy = 'Set env: {"POD_SECURITY_GROUP_ENFORCING_MODE": "standard"}.'
            yield addon.urn, POLICIES.finding("configurationValues.env", problem, remedy)

    yield from over(stack.of_type(ADDON), judged)


RULES = (
    Rule(MANAGED.slug, stack=(clusters_are_kept_whole,), practice=MANAGED),
    Rule(FIRST.slug, stack=(addons_overwrite,), practice=FIRST),
    Rule(DNS.slug, judges={ADDON: (names_outlive_a_pod,)}, practice=DNS),
    Rule(IDENTITY.slug, stack=(addons_have_roles,), practice=IDENTITY),
    Rule(POLICIES.slug, stack=(policies_are_enforced,), practice=POLICIES),
)


def _is_auto(cluster: Member) -> bool:
    """Whether EKS runs all of it itself (EKS Auto Mode)."""
    return by_spelling(stated(cluster.properties, "computeConfig", "enabled")) is True


def _names(stack: Stack) -> dict[str | None, set[Hashable]]:
    """The names of add-ons, by cluster."""
    found: dict[str | None, set[Hashable]] = {}
    for one in stack.of_type(ADDON):
        found.setdefault(cluster_of(stack, one), set()).add(hashable(one.properties.get("addonName")))
    return found


def _values(addon: Mapping[str, Any]) -> dict[str, Any]:
    """What an add-on is configured with; empty where that is no JSON, which the service refuses."""
    return known_map(from_json(stated(addon, "configurationValues")))
