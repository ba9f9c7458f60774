"""What is asked of a cluster's control plane."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.eks import ACCESS_ENTRY, CLUSTER, cluster_of
from pokayoke_policies.policy import Judge, Rule
from pokayoke_policies.practice import Practice, by_spelling, standing, switch, texts
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_of, mapping_of, over, stated
from pokayoke_policies.stack import Member, Stack

from .internet import is_everything

ACCESS_POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
ADMINISTRATORS = ("/AmazonEKSClusterAdminPolicy", "/AmazonEKSAdminPolicy")
_MAP = "core/ConfigMap"

ENDPOINT_OPEN = Practice(
    "eks-endpoint-not-open",
    "The API endpoint is open to the whole internet",
    "whoever has a leaked token or finds a flaw in the API server needs no network to use it",
    'Set vpcConfig.publicAccessCidrs, e.g. ["203.0.113.0/24"], or vpcConfig.endpointPublicAccess: false.',
    "EKS best practices, security/iam and networking/subnets; CIS 5.4.1; EKS.1",
)
ENDPOINT_PRIVATE = Practice(
    "eks-private-endpoint-on",
    "Nodes reach the API server by the public endpoint",
    "they leave the VPC to reach it, and cannot join once the public ranges leave out their NAT gateways",
    "Set vpcConfig.endpointPrivateAccess: true.",
    "EKS best practices, networking/subnets; CIS 5.4.2",
)
AUDIT_LOG = Practice(
    "eks-audit-log-on",
    "The control plane keeps no audit log",
    "nobody can tell afterwards who did what",
    'Set enabledClusterLogTypes: ["audit", "authenticator"].',
    "EKS best practices, security/detective; CIS 2.1.1; EKS.8",
    {"logTypes": texts(["audit"], "The types of log that a cluster must send.")},
)
ACCESS_BY_API = Practice(
    "eks-auth-api-only",
    "Access to the cluster is kept in the ConfigMap aws-auth",
    "a slip in that ConfigMap locks everybody out, and no log or policy of AWS shows who may what",
    "Set accessConfig.authenticationMode: API, and make access entries.",
    "EKS best practices, security/iam; CIS 4.1.7",
)
CREATOR = Practice(
    "eks-creator-not-admin",
    "Who creates the cluster is its administrator besides those that are named",
    "that right is written nowhere",
    "Set accessConfig.bootstrapClusterCreatorAdminPermissions: false, and an access entry for each administrator.",
    "EKS best practices, security/iam",
)
OWN_KEY = Practice(
    "eks-cmk-when-required",
    "Secrets are not encrypted by a key of one's own",
    "whoever owns the key decides who may read what it seals, and of a version before 1.28 nothing is sealed at all",
    'Set encryptionConfig: {provider: {keyArn: KEY}, resources: ["secrets"]}; it cannot be undone.',
    "EKS user guide, envelope encryption; CIS 5.3.1; EKS.3",
    {"required": switch(default=False, description="Whether an own key is asked for where EKS has its own.")},
)

_SEALED_SINCE = (1, 28)
"""EKS encrypts everything in etcd from this version on (EKS user guide, "Default envelope encryption")."""


def endpoint_is_not_open(cluster: Mapping[str, Any]) -> Iterator[Finding]:
    """The public endpoint admits less than the internet, however that is cut into ranges."""
    # Left out, it is public and open (EKS API reference, VpcConfigRequest).
    if by_spelling(stated(cluster, "vpcConfig", "endpointPublicAccess")) is False:
        return
    ranges = list_of(stated(cluster, "vpcConfig", "publicAccessCidrs"))
    if not ranges:
        yield ENDPOINT_OPEN.finding("vpcConfig.publicAccessCidrs", "it is left out, which means 0.0.0.0/0")
        return
    if is_everything(one for one in ranges if isinstance(one, str)):
        yield ENDPOINT_OPEN.finding("vpcConfig.publicAccessCidrs", "its ranges together are the internet")
    elif UNKNOWN in ranges:
        raise NotKnownError(("vpcConfig", "publicAccessCidrs"))


def private_endpoint_is_on(cluster: Mapping[str, Any]) -> Iterator[Finding]:
    """The API server has an address in the VPC."""
    said = stated(cluster, "vpcConfig", "endpointPrivateAccess")
    if by_spelling(said) is not True:
        how = standing(said, "false", "off")
        yield ENDPOINT_PRIVATE.finding("vpcConfig.endpointPrivateAccess", how)


def access_is_by_api(cluster: Mapping[str, Any]) -> Iterator[Finding]:
    """The authentication mode is API alone."""
    # Left out, EKS takes CONFIG_MAP (EKS API reference, CreateAccessConfigRequest).
    mode = stated(cluster, "accessConfig", "authenticationMode")
    if mode is None:
        yield ACCESS_BY_API.finding("accessConfig.authenticationMode", "it is left out, which means CONFIG_MAP")
    elif mode in ("CONFIG_MAP", "API_AND_CONFIG_MAP"):
        yield ACCESS_BY_API.finding("accessConfig.authenticationMode", f"it is {mode}")


def no_map_of_users(config_map: Mapping[str, Any]) -> Iterator[Finding]:
    """Nobody writes the ConfigMap aws-auth."""
    if stated(config_map, "metadata", "name") != "aws-auth":
        return
    if stated(config_map, "metadata", "namespace") == "kube-system":
        yield ACCESS_BY_API.finding(
            "metadata.name", "it is the ConfigMap that maps users", "Make access entries of it."
        )


def audit_log(settings: Mapping[str, Any]) -> Rule:
    """The types of log that the settings name are sent."""

    def types_are_sent(cluster: Mapping[str, Any]) -> Iterator[Finding]:
        sent = list_of(stated(cluster, "enabledClusterLogTypes"))
        missing = [one for one in settings["logTypes"] if one not in sent]
        if missing and UNKNOWN in sent:
            raise NotKnownError(("enabledClusterLogTypes",))
        if missing:
            yield AUDIT_LOG.finding("enabledClusterLogTypes", f"it does not hold {' and '.join(missing)}")

    return _on_cluster(AUDIT_LOG, types_are_sent, tuned=audit_log)


def own_key(settings: Mapping[str, Any]) -> Rule:
    """A cluster states a key where the settings ask for one, and where EKS does not encrypt by itself."""

    def a_key_is_stated(cluster: Mapping[str, Any]) -> Iterator[Finding]:
        version = None if settings["required"] else stated(cluster, "version")
        if not settings["required"] and not _is_before(version, _SEALED_SINCE):
            return
        config = stated(cluster, "encryptionConfig")
        if config is None:
            yield OWN_KEY.finding("encryptionConfig", "it is left out")
            return
        # A key that is not known yet is one.
        provider = mapping_of(config).get("provider")
        if provider is not UNKNOWN and not mapping_of(provider).get("keyArn"):
            yield OWN_KEY.finding("encryptionConfig.provider.keyArn", "it is left out")
        elif "secrets" not in list_of(stated(cluster, "encryptionConfig", "resources")):
            yield OWN_KEY.finding("encryptionConfig.resources", "it does not hold secrets")

    return _on_cluster(OWN_KEY, a_key_is_stated, tuned=own_key)


def creator_has_no_right_beside_others(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """A cluster with access entries for administrators gives its creator none; one without any keeps the creator's."""
    named = {cluster_of(stack, one) for one in stack.of_type(ACCESS_POLICY) if _is_for_administrators(one)}
    # An entry of which it is not told for which cluster may be for any, and groups may be administrators.
    perhaps = {cluster_of(stack, one) for one in stack.of_type(ACCESS_POLICY, ACCESS_ENTRY) if not _is_of_nodes(one)}
    place = "accessConfig.bootstrapClusterCreatorAdminPermissions"

    def judged(cluster: Member) -> Iterator[tuple[str, Finding]]:
        said = stated(cluster.properties, *place.split("."))
        if by_spelling(said) is False:
            if not perhaps & {cluster.urn, None}:
                problem = "it is off, and no access entry of the stack lets anybody in"
                yield cluster.urn, CREATOR.finding(place, problem, "Make an access entry for an administrator.")
        elif cluster.urn in named:
            how = standing(said, "true", "on")
            yield cluster.urn, CREATOR.finding(place, how)

    yield from over(stack.of_type(CLUSTER), judged)


def _on_cluster(practice: Practice, judge: Judge, **more: Any) -> Rule:
    return Rule(practice.slug, judges={CLUSTER: (judge,)}, practice=practice, **more)


RULES = (
    _on_cluster(ENDPOINT_OPEN, endpoint_is_not_open),
    _on_cluster(ENDPOINT_PRIVATE, private_endpoint_is_on),
    audit_log(AUDIT_LOG.set_by({})),
    _on_cluster(ACCESS_BY_API, access_is_by_api, kinds={_MAP: (no_map_of_users,)}, patches=(_MAP,)),
    Rule(CREATOR.slug, practice=CREATOR, stack=(creator_has_no_right_beside_others,)),
    own_key(OWN_KEY.set_by({})),
)


def _is_before(version: Any, since: tuple[int, int]) -> bool:
    parts = str(version).split(".")
    return len(parts) == 2 and all(one.isdigit() for one in parts) and (int(parts[0]), int(parts[1])) < since


def _is_for_administrators(association: Member) -> bool:
    policy = association.properties.get("policyArn")
    return isinstance(policy, str) and policy.endswith(ADMINISTRATORS)


def _is_of_nodes(member: Member) -> bool:
    # Left out, the type is STANDARD (EKS API reference, CreateAccessEntry).
    return member.properties.get("type") not in (None, UNKNOWN, "STANDARD")
