"""What is asked of a network without a way out: a way to each service of AWS that is called from there."""

from collections.abc import Iterator

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.accounts import accounts_of
from pokayoke_policies.eks import ADDON, FARGATE_PROFILE, NODE_GROUP, associations, cluster_of, label, of_cluster
from pokayoke_policies.inventory import Held, Install, cluster_of_provider, installs_near, objects_near
from pokayoke_policies.near import Near
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, each
from pokayoke_policies.raw import UNKNOWN, NotKnownError, known_list, over
from pokayoke_policies.references import is_given, referred, referring
from pokayoke_policies.routes import ENDPOINT, VPC, has_no_way_out, is_isolated_on_purpose, placed
from pokayoke_policies.selection import KARPENTERS_CLASS
from pokayoke_policies.stack import Member, Stack

_KARPENTER = "karpenter"
_BY_CHART = {"aws-load-balancer-controller": "elasticloadbalancing", "cluster-autoscaler": "autoscaling"}
_BY_ADDON = {"amazon-cloudwatch-observability": "logs"}
"""What is called by whom (EKS user guide, "Deploy private clusters with limited internet access")."""

COMPLETE = Practice(
    "endpoints-complete",
    "From a network without a way out, a service of AWS is called to which no endpoint leads",
    "whoever calls it waits for an answer that does not come",
    'Make a VpcEndpoint with vpcEndpointType: Interface and serviceName: "com.amazonaws.REGION.SERVICE".',
    "EKS user guide, private clusters; EKS best practices, networking/subnets and autoscaling/karpenter; Karpenter, "
    "getting started, private clusters",
)


def isolated_networks_lead_to_services(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each network of the stack in which the nodes of a cluster start, all of them without a way out."""

    def judged(home: tuple[str, list[Member]]) -> Iterator[tuple[str, Finding]]:
        cluster, subnets = home
        if not all(has_no_way_out(stack, one) and is_isolated_on_purpose(stack, one) for one in subnets):
            return
        yield from over(objects_near(stack, cluster, KARPENTERS_CLASS), _without_a_role)
        called: dict[str, str] = {}
        for service, by in _called(stack, cluster):
            called.setdefault(service, by)
        networks = {one.urn: one for subnet in subnets for one in referred(stack, subnet, "vpcId", VPC)}
        for network in networks.values():
            for service, by in called.items():
                if not _leads(stack, network, service):
                    problem = f"no VpcEndpoint of it is for {service}, and '{by}' needs one"
                    yield network.urn, COMPLETE.finding("", problem)

    homes: dict[str, list[Member]] = {}
    for member, _, subnets in placed(stack, NODE_GROUP, FARGATE_PROFILE):
        if subnets and (cluster := cluster_of(stack, member) or cluster_of_provider(stack, member)):
            homes.setdefault(cluster, []).extend(subnets)
    yield from over(homes.items(), judged)


RULES = (Rule(COMPLETE.slug, stack=(isolated_networks_lead_to_services,), practice=COMPLETE),)


def _without_a_role(node_class: Held) -> Iterator[tuple[str, Finding]]:
    if is_given(node_class.spec.get("role")):
        problem = "of it Karpenter makes an instance profile, and no endpoint leads to IAM"
        remedy = "Make an InstanceProfile of the role, and set spec.instanceProfile to its name instead."
        yield node_class.member.urn, COMPLETE.finding(f"{node_class.place}spec.role", problem, remedy)


def _leads(stack: Stack, network: Member, service: str) -> bool:
    names = [one.properties.get("serviceName") for one in referring(stack, ENDPOINT, "vpcId", network)]
    if any(str(one).endswith((f".{service}", f".{service}-fips")) for one in names):
        return True
    if UNKNOWN in names:
        raise NotKnownError(("serviceName",))
    return False


def _called(stack: Stack, cluster: str) -> Iterator[tuple[str, str]]:
    """The services that something in a cluster calls, and what does."""
    yield from ((service, label(one.urn)) for service, one in stack.once(_with_roles).of(cluster))
    for addon in of_cluster(stack, ADDON, cluster):
        if is_given(addon.properties.get("serviceAccountRoleArn")):
            yield "sts", label(addon.urn)
        if service := _BY_ADDON.get(str(addon.properties.get("addonName"))):
            yield service, label(addon.urn)
    for install in installs_near(stack, cluster, *_BY_CHART):
        yield _BY_CHART[install.chart], label(install.member.urn)
    for install in installs_near(stack, cluster, _KARPENTER):
        yield from ((service, label(install.member.urn)) for service in _called_by_karpenter(install))
    for node_class in objects_near(stack, cluster, KARPENTERS_CLASS):
        terms = each(known_list(node_class.spec.get("amiSelectorTerms")))
        if any(is_given(one.get("alias")) for _, one in terms):
            yield "ssm", label(node_class.member.urn)


def _with_roles(stack: Stack) -> Near[tuple[str, Member]]:
    """What has a role in a cluster, and the service that gives it its credentials."""
    by_identity = [("eks-auth", one.cluster, one.member) for one in associations(stack)]
    by_account = [("sts", one.cluster, one.member) for one in accounts_of(stack)[0] if one.irsa]
    return Near((None, cluster, (service, one)) for service, cluster, one in (*by_identity, *by_account))


def _called_by_karpenter(install: Install) -> Iterator[str]:
    if is_given(install.value("settings", "interruptionQueue")):
        yield "sqs"
    if install.values is not None and not is_given(install.value("settings", "clusterEndpoint")):
        yield "eks"
