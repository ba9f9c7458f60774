"""What is asked of the network: who gets to ports that nobody outside needs, and by which names nodes find AWS."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.ports import lets_through
from pokayoke_eks.rules.quantities import quantity
from pokayoke_policies.eks import CLUSTER
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, standing
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_at, mapping_of, over, stated
from pokayoke_policies.references import is_given
from pokayoke_policies.stack import Member, Stack

from .documents import listed
from .internet import is_everything

_GROUPS = ("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
_DIRECTED = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_SOURCES = ("cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6")
"""Where rules name ranges, in the spellings of all these resources."""
_CLOSED = {"SSH": (22, 22), "remote desktops": (3389, 3389), "the kubelet": (10250, 10250), "NodePorts": (30000, 32767)}
"""Ports that nobody outside needs (EC2.13; EC2.14; Kubernetes documentation, "Ports and Protocols")."""
_VPC, _ENDPOINT = "aws:ec2/vpc:Vpc", "aws:ec2/vpcEndpoint:VpcEndpoint"
_WITHOUT_PRIVATE_NAMES = (".s3", ".dynamodb")
"""Services to which a gateway leads (AmazonS3 and DynamoDB user guides, "AWS PrivateLink")."""

WORLD = Practice(
    "sg-no-world-admin",
    "Ports of administration are open to the whole internet",
    "they are tried within minutes, and one password or flaw is a node",
    'Name the ranges, e.g. cidrBlocks: ["203.0.113.0/24"], or use Session Manager; 443 of a load balancer may be open.',
    "EKS best practices, security/hosts and security/network; EC2.13; EC2.14; EC2.18; EC2.19",
)
DNS = Practice(
    "vpc-dns-attributes",
    "The VPC of a cluster gives its nodes no names",
    "nodes cannot register with the cluster",
    "Set enableDnsHostnames: true, and leave enableDnsSupport on.",
    "EKS user guide, networking requirements for VPC and subnets",
)
ENDPOINT = Practice(
    "endpoint-private-dns",
    "An endpoint is made, and nodes still take the way through the internet",
    "names of the service lead to its public addresses, and traffic is refused or paid for at the NAT gateway",
    "Set privateDnsEnabled: true, and securityGroupIds with a group that admits the nodes on 443.",
    "EKS best practices, networking/subnets; PrivateLink guide, private DNS names",
)


def no_port_is_open(group: Mapping[str, Any]) -> Iterator[Finding]:
    """The rules that a group lists itself."""
    rules = enumerate(list_at(group, "ingress"))
    yield from over(rules, lambda one: _open(mapping_of(one[1]), f"ingress[{one[0]}]"))


def incoming_rule_is_narrow(rule: Mapping[str, Any]) -> Iterator[Finding]:
    """A rule of its own that may be for either direction."""
    if stated(rule, "type") == "ingress":
        yield from _open(rule)


def directed_rule_is_narrow(rule: Mapping[str, Any]) -> Iterator[Finding]:
    """A rule of its own for what comes in."""
    yield from _open(rule)


def networks_of_clusters_have_names(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every VPC of the stack on which a cluster leans."""
    behind = stack.behind(*(cluster.urn for cluster in stack.of_type(CLUSTER)))

    def judged(vpc: Member) -> Iterator[tuple[str, Finding]]:
        for key, default in (("enableDnsHostnames", False), ("enableDnsSupport", True)):
            said = stated(vpc.properties, key)
            if (default if said is None else by_spelling(said)) is False:
                yield vpc.urn, DNS.finding(key, standing(said, "false", "off"))

    yield from over((one for one in stack.of_type(_VPC) if one.urn in behind), judged)


def endpoint_has_names(endpoint: Mapping[str, Any]) -> Iterator[Finding]:
    """An interface endpoint of a service of AWS. Left out, the type is Gateway and the names are the public ones
    (Pulumi's aws.ec2.VpcEndpoint)."""
    service = stated(endpoint, "serviceName")
    if stated(endpoint, "vpcEndpointType") != "Interface" or not _has_private_names(service):
        return
    if not is_given(endpoint.get("securityGroupIds")):
        yield ENDPOINT.finding("securityGroupIds", "it is left out, and the VPC's default group admits only itself")
    said = stated(endpoint, "privateDnsEnabled")
    if by_spelling(said) is not True:
        how = standing(said, "false", "off")
        yield ENDPOINT.finding("privateDnsEnabled", how)


RULES = (
    Rule(
        WORLD.slug,
        judges={
            **dict.fromkeys(_GROUPS, (no_port_is_open,)),
            _RULE: (incoming_rule_is_narrow,),
            _DIRECTED: (directed_rule_is_narrow,),
        },
        practice=WORLD,
    ),
    Rule(DNS.slug, stack=(networks_of_clusters_have_names,), practice=DNS),
    Rule(ENDPOINT.slug, judges={_ENDPOINT: (endpoint_has_names,)}, practice=ENDPOINT),
)


def _open(rule: Mapping[str, Any], place: str = "") -> Iterator[Finding]:
    protocol, first, last = rule.get("protocol", rule.get("ipProtocol")), rule.get("fromPort"), rule.get("toPort")
    known = [rule.get(key) for key in _SOURCES]
    if is_everything(one for said in known for one in listed(said)):
        if UNKNOWN in (protocol, first, last):
            raise NotKnownError(("protocol",))
        reached = [name for name, (low, high) in _CLOSED.items() if _meets(protocol, first, last, low, high)]
        if reached:
            what = "every port" if len(reached) == len(_CLOSED) else " and ".join(reached)
            yield WORLD.finding(place, f"it admits the internet to {what}")
    elif any(said is UNKNOWN or (isinstance(said, list) and UNKNOWN in said) for said in known):
        raise NotKnownError(("cidrBlocks",))


def _has_private_names(service: Any) -> bool:
    said = str(service)
    own = said.startswith("com.amazonaws.") and not said.startswith("com.amazonaws.vpce.")
    return own and not said.endswith(_WITHOUT_PRIVATE_NAMES)


def _meets(protocol: Any, first: Any, last: Any, low: int, high: int) -> bool:
    """Whether a rule's range and another share a port: of the other, the one nearest to where the rule's begins."""
    nearest = min(max(low, int(quantity(first) or low)), high)
    return lets_through(protocol, first, last, nearest)
