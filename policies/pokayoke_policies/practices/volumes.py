"""What is asked of disks: those of nodes, and those that pods claim."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.eks import NODE_GROUP
from pokayoke_policies.node_groups import LAUNCH_TEMPLATE, template_of
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, each
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_of, mapping_of, stated
from pokayoke_policies.selection import KARPENTERS_CLASS
from pokayoke_policies.stack import Stack

_VOLUME = "aws:ebs/volume:Volume"
_BY_DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault"
_DRIVER = "ebs.csi.aws.com"
_IN_TREE = "kubernetes.io/aws-ebs"
_BOTTLEROCKET = ("/dev/xvda", "/dev/xvdb")
"""Its two volumes, the system's and that of images and pods (Bottlerocket README, "Default Volumes")."""

ENCRYPTED = Practice(
    "nodes-volumes-encrypted",
    "Disks are not encrypted",
    "a snapshot or a disk that somebody gets hold of tells all that was written to it",
    'Set ebs: {encrypted: true, volumeType: "gp3"} for every device, both of /dev/xvda and /dev/xvdb for Bottlerocket.',
    "EKS best practices, security/data and cost/cost_opt_storage; EC2.7; Karpenter, NodeClasses",
)
STORAGE_CLASS = Practice(
    "storageclass-sound",
    "A storage class makes disks that nobody would ask for",
    "left to the defaults a disk is unencrypted, or waits in a zone in which its pod cannot start",
    'Set provisioner: ebs.csi.aws.com, parameters: {type: gp3, encrypted: "true"}, '
    "volumeBindingMode: WaitForFirstConsumer.",
    "EKS best practices, reliability/dataplane and cost/cost_opt_storage; EBS CSI driver, parameters",
)


def disks_of_templates(template: Mapping[str, Any]) -> Iterator[Finding]:
    """Every disk that a launch template lists."""
    yield from _unencrypted(template.get("blockDeviceMappings"), "blockDeviceMappings")


def disks_of_classes(node_class: Mapping[str, Any]) -> Iterator[Finding]:
    """Every disk that a node class lists; without a list Karpenter encrypts. A list takes the place of all defaults, so
    that of Bottlerocket names both."""
    place = "spec.blockDeviceMappings"
    mappings = stated(node_class, "spec", "blockDeviceMappings")
    yield from _unencrypted(mappings, place)
    if mappings and _is_bottlerocket(node_class):
        yield from _left_out(mappings, place)


def disks_of_node_groups(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Managed node groups whose disks are left to the account's default, which is off unless the stack turns it on."""
    if any(by_spelling(one.properties.get("enabled")) is not False for one in stack.of_type(_BY_DEFAULT)):
        return
    templates = list(stack.of_type(LAUNCH_TEMPLATE))
    unknown: NotKnownError | None = None
    for group in stack.of_type(NODE_GROUP):
        try:
            named = mapping_of(group.properties.get("launchTemplate"), "launchTemplate")
            template = template_of(group, templates) if named else None
            mappings = (
                list_of(template.properties.get("blockDeviceMappings"), "blockDeviceMappings") if template else []
            )
        except NotKnownError as error:
            unknown = error
            continue
        if not named:
            problem = "it is left out, and the disks that EKS gives its nodes follow the account's default, off"
            yield group.urn, ENCRYPTED.finding("launchTemplate", problem)
        elif template and not mappings:
            problem = "it is left out, and disks follow the account's default, off"
            yield template.urn, ENCRYPTED.finding("blockDeviceMappings", problem)
        elif template and str(group.properties.get("amiType")).startswith("BOTTLEROCKET"):
            yield from ((template.urn, one) for one in _left_out(mappings, "blockDeviceMappings"))
    if unknown:
        raise unknown


def disk_is_encrypted(volume: Mapping[str, Any]) -> Iterator[Finding]:
    """A disk of its own."""
    encrypted = stated(volume, "encrypted")
    if by_spelling(encrypted) is not True and not volume.get("snapshotId"):
        yield ENCRYPTED.finding("encrypted", "it is off" if encrypted is not None else "it is left out")


def class_is_sound(storage_class: Mapping[str, Any]) -> Iterator[Finding]:
    """A storage class of EBS: the driver's, encrypted, bound where its pod is."""
    provisioner = stated(storage_class, "provisioner")
    if provisioner == _IN_TREE:
        yield STORAGE_CLASS.finding("provisioner", "it names the driver that was part of Kubernetes once")
    if provisioner not in (_IN_TREE, _DRIVER):
        return
    parameters = mapping_of(storage_class.get("parameters"), "parameters")
    if parameters.get("encrypted") is not UNKNOWN and by_spelling(parameters.get("encrypted")) is not True:
        yield STORAGE_CLASS.finding("parameters.encrypted", 'it is not "true"')
    if parameters.get("type") == "gp2":
        yield STORAGE_CLASS.finding("parameters.type", "gp2 costs more and does less than gp3")
    # Left out, it is Immediate (Kubernetes API reference, StorageClass).
    if stated(storage_class, "volumeBindingMode") in (None, "Immediate"):
        yield STORAGE_CLASS.finding("volumeBindingMode", "it is Immediate, by default or by word")
    if UNKNOWN in (parameters.get("encrypted"), parameters.get("type")):
        raise NotKnownError(("parameters",))


RULES = (
    Rule(
        ENCRYPTED.slug,
        judges={LAUNCH_TEMPLATE: (disks_of_templates,), _VOLUME: (disk_is_encrypted,)},
        kinds={KARPENTERS_CLASS: (disks_of_classes,)},
        stack=(disks_of_node_groups,),
        practice=ENCRYPTED,
    ),
    Rule(
        STORAGE_CLASS.slug,
        kinds={"storage.k8s.io/StorageClass": (class_is_sound,)},
        practice=STORAGE_CLASS,
    ),
)


def _unencrypted(mappings: Any, place: str) -> Iterator[Finding]:
    unknown: NotKnownError | None = None
    for index, one in each(list_of(mappings, place)):
        at = f"{place}[{index}].ebs"
        try:
            ebs = mapping_of(one.get("ebs"), at)
            # A disk from a snapshot is as the snapshot is; a device without `ebs` is an instance's own.
            if not ebs or ebs.get("snapshotId") or ebs.get("snapshotID"):
                continue
            encrypted = stated(ebs, "encrypted")
        except NotKnownError as error:
            unknown = error
            continue
        if by_spelling(encrypted) is not True:
            yield ENCRYPTED.finding(f"{at}.encrypted", "it is left out" if encrypted is None else "it is off")
    if unknown:
        raise unknown


def _left_out(mappings: Any, place: str) -> Iterator[Finding]:
    devices = [mapping_of(one).get("deviceName") for one in list_of(mappings) if one is not UNKNOWN]
    missing = [one for one in _BOTTLEROCKET if one not in devices]
    if len(missing) == 1 and UNKNOWN not in devices:
        yield ENCRYPTED.finding(place, f"it lists no {missing[0]}, which then follows the account's default, off")


def _is_bottlerocket(node_class: Mapping[str, Any]) -> bool:
    spec = mapping_of(node_class.get("spec"), "spec")
    aliases = [one.get("alias") for _, one in each(list_of(spec.get("amiSelectorTerms"), "spec", "amiSelectorTerms"))]
    named = [str(one).lower() for one in (spec.get("amiFamily"), *aliases)]
    return any(one.startswith("bottlerocket") for one in named)
