"""What is asked of how nodes start: their metadata service, their subnets, their ports."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.quantities import quantity
from pokayoke_policies.eks import NODE_GROUP, label
from pokayoke_policies.node_groups import LAUNCH_TEMPLATE
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, each, number
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_at, list_of, mapping_at, stated
from pokayoke_policies.routes import is_public, placed
from pokayoke_policies.selection import AUTO_MODES_CLASS, KARPENTERS_CLASS
from pokayoke_policies.stack import Member, Stack

_LAUNCH_CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration"

METADATA = Practice(
    "nodes-imds-closed",
    "Pods reach the credentials of their node",
    "with tokens optional, or a hop to spare, any pod may act as its node",
    'Set metadataOptions: {httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1}.',
    "EKS best practices, security/iam; EC2.8",
    {"mostHops": number(1, 1, "The largest hop limit; 2 lets pods off the host's network through.")},
)
PRIVATE = Practice(
    "nodes-private",
    "Nodes stand in the public internet",
    "whatever listens on a node is one security group rule away from everybody",
    "Set associatePublicIpAddress: false, and start nodes in subnets whose way out is a NAT gateway.",
    "EKS best practices, security/hosts; CIS 5.4.3; EC2.15; EC2.25",
)
SSH = Practice(
    "nodes-no-open-ssh",
    "Nodes admit SSH from everywhere",
    "EKS then makes a security group that opens port 22 to the world",
    "Leave remoteAccess out and use Session Manager, or set remoteAccess.sourceSecurityGroupIds.",
    "EKS best practices, security/hosts; EKS API reference, RemoteAccessConfig",
)


def metadata_service(settings: Mapping[str, Any]) -> Rule:
    """Tokens are required, and end at the node. Tokens and hops are judged together: one without the other leaves the
    node's credentials in reach."""
    most = settings["mostHops"]

    def of_template(template: Mapping[str, Any]) -> Iterator[Finding]:
        # Left out, the image's or the account's own default holds, by which tokens may be optional; hops are 1 then
        # (EC2 API reference, LaunchTemplateInstanceMetadataOptionsRequest).
        yield from judged(mapping_at(template, "metadataOptions"), "metadataOptions", None)

    def of_class(node_class: Mapping[str, Any]) -> Iterator[Finding]:
        # Left out, Karpenter requires tokens and allows one hop (Karpenter 1.14, NodeClasses, spec.metadataOptions).
        said = mapping_at(node_class, "spec", "metadataOptions")
        yield from judged(said, "spec.metadataOptions", "required")

    def judged(options: Mapping[str, Any], place: str, default: str | None) -> Iterator[Finding]:
        if stated(options, "httpEndpoint") == "disabled":
            problem = "it is disabled, and a node that cannot read its metadata does not join"
            yield METADATA.finding(f"{place}.httpEndpoint", problem)
            return
        tokens, hops = options.get("httpTokens") or default, options.get("httpPutResponseHopLimit")
        if tokens not in ("required", UNKNOWN):
            how = "it is left out, and nothing else requires tokens" if tokens is None else "tokens are optional"
            yield METADATA.finding(f"{place}.httpTokens", how)
        allowed = quantity(hops)
        if allowed is not None and allowed > most:
            yield METADATA.finding(f"{place}.httpPutResponseHopLimit", f"it is more than {most:g}")
        if UNKNOWN in (tokens, hops):
            raise NotKnownError(("metadataOptions",))

    return Rule(
        METADATA.slug,
        judges=dict.fromkeys((LAUNCH_TEMPLATE, _LAUNCH_CONFIGURATION), (of_template,)),
        kinds={KARPENTERS_CLASS: (of_class,)},
        patches=(KARPENTERS_CLASS,),
        practice=METADATA,
        tuned=metadata_service,
    )


def template_asks_for_no_public_address(template: Mapping[str, Any]) -> Iterator[Finding]:
    """No network interface of a launch template has one."""
    for index, one in each(list_at(template, "networkInterfaces")):
        if by_spelling(stated(one, "associatePublicIpAddress")) is True:
            yield PRIVATE.finding(f"networkInterfaces[{index}].associatePublicIpAddress", "it is on")


def configuration_asks_for_none(configuration: Mapping[str, Any]) -> Iterator[Finding]:
    """Nor a launch configuration."""
    if by_spelling(stated(configuration, "associatePublicIpAddress")) is True:
        yield PRIVATE.finding("associatePublicIpAddress", "it is on")


def class_asks_for_none(node_class: Mapping[str, Any]) -> Iterator[Finding]:
    """Nor a node class, Karpenter's or Auto Mode's."""
    for path in (("spec", "associatePublicIPAddress"), ("spec", "advancedNetworking", "associatePublicIPAddress")):
        if by_spelling(stated(node_class, *path)) is True:
            yield PRIVATE.finding(".".join(path), "it is on")


def nodes_are_in_private_subnets(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No subnet of the stack in which nodes start gives public addresses or leads to an internet gateway. A public
    subnet without nodes is sound."""
    known: dict[str, str | None] = {}
    for member, place, subnets in placed(stack, NODE_GROUP):
        for subnet in subnets:
            if subnet.urn not in known:
                known[subnet.urn] = _why_public(stack, subnet)
            if why := known[subnet.urn]:
                yield member.urn, PRIVATE.finding(place, f"the subnet '{label(subnet.urn)}' {why}")


def ssh_is_for_named_groups(group: Mapping[str, Any]) -> Iterator[Finding]:
    """A key for SSH comes with the security groups that may use it."""
    access = mapping_at(group, "remoteAccess")
    sources = access.get("sourceSecurityGroupIds")
    if access.get("ec2SshKey") and sources is not UNKNOWN and not list_of(sources):
        yield SSH.finding("remoteAccess.sourceSecurityGroupIds", "it is left out beside a key")


RULES = (
    metadata_service(METADATA.set_by({})),
    Rule(
        PRIVATE.slug,
        judges={
            LAUNCH_TEMPLATE: (template_asks_for_no_public_address,),
            _LAUNCH_CONFIGURATION: (configuration_asks_for_none,),
        },
        kinds=dict.fromkeys((KARPENTERS_CLASS, AUTO_MODES_CLASS), (class_asks_for_none,)),
        patches=(KARPENTERS_CLASS, AUTO_MODES_CLASS),
        stack=(nodes_are_in_private_subnets,),
        practice=PRIVATE,
    ),
    Rule(SSH.slug, judges={NODE_GROUP: (ssh_is_for_named_groups,)}, practice=SSH),
)


def _why_public(stack: Stack, subnet: Member) -> str | None:
    # Left out, a subnet gives none (EC2 API reference, Subnet.MapPublicIpOnLaunch).
    if by_spelling(subnet.properties.get("mapPublicIpOnLaunch")) is True:
        return "gives public addresses"
    return "leads to an internet gateway" if is_public(stack, subnet) else None
