"""What is asked of disks: those of nodes, and those that pods claim."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.eks import NODE_GROUP
from pokayoke_policies.node_groups import LAUNCH_TEMPLATE, template_of
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, each, standing
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_at, mapping_at, mapping_of, over, stated
from pokayoke_policies.selection import KARPENTERS_CLASS
from pokayoke_policies.stack import Member, Stack

_VOLUME = "aws:ebs/volume:Volume"
_BY_DEFAULT = "aws:ebs/encryptionByDefault:EncryptionByDefault"
_DRIVER = "ebs.csi.aws.com"
_IN_TREE = "kubernetes.io/aws-ebs"
_MAPPINGS = "blockDeviceMappings"
_SNAPSHOT = ("snapshotId", "snapshotID")
"""A launch template's, and a node class's."""
_OFF = "the account's default, off"
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
    yield from _unencrypted(list_at(template, _MAPPINGS), _MAPPINGS)


def disks_of_classes(node_class: Mapping[str, Any]) -> Iterator[Finding]:
    """Every disk that a node class lists; without a list Karpenter encrypts. A list takes the place of all defaults, so
    that of Bottlerocket names both."""
    mappings, place = list_at(node_class, "spec", _MAPPINGS), f"spec.{_MAPPINGS}"
    yield from _unencrypted(mappings, place)
    if mappings and _is_bottlerocket(node_class):
        yield from _left_out(mappings, place)


def disks_of_node_groups(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Managed node groups whose disks are left to the account's default, which is off unless the stack turns it on."""
    if any(by_spelling(one.properties.get("enabled")) is not False for one in stack.of_type(_BY_DEFAULT)):
        return

    def judged(group: Member) -> Iterator[tuple[str, Finding]]:
        if not mapping_at(group.properties, "launchTemplate"):
            yield group.urn, ENCRYPTED.finding("launchTemplate", f"it is left out, and disks follow {_OFF}")
        elif template := template_of(stack, group):
            yield from ((template.urn, one) for one in _of_group(template, group))

    yield from over(stack.of_type(NODE_GROUP), judged)


def disk_is_encrypted(volume: Mapping[str, Any]) -> Iterator[Finding]:
    """A disk of its own."""
    encrypted = stated(volume, "encrypted")
    if by_spelling(encrypted) is not True and not volume.get("snapshotId"):
        yield ENCRYPTED.finding("encrypted", standing(encrypted, _OFF, "off"))


def class_names_the_driver(storage_class: Mapping[str, Any]) -> Iterator[Finding]:
    """A storage class of EBS is the CSI driver's."""
    if stated(storage_class, "provisioner") == _IN_TREE:
        yield STORAGE_CLASS.finding("provisioner", "it names the driver that was part of Kubernetes once")


def class_encrypts(storage_class: Mapping[str, Any]) -> Iterator[Finding]:
    """Its disks are encrypted."""
    if _is_of_ebs(storage_class) and by_spelling(stated(storage_class, "parameters", "encrypted")) is not True:
        yield STORAGE_CLASS.finding("parameters.encrypted", 'it is not "true"')


def class_is_of_today(storage_class: Mapping[str, Any]) -> Iterator[Finding]:
    """Its disks are not of a type that costs more and does less."""
    if _is_of_ebs(storage_class) and stated(storage_class, "parameters", "type") == "gp2":
        yield STORAGE_CLASS.finding("parameters.type", "gp2 costs more and does less than gp3")


def class_waits_for_a_pod(storage_class: Mapping[str, Any]) -> Iterator[Finding]:
    """Its disks are made where their pod is."""
    # Left out, it is Immediate (Kubernetes API reference, StorageClass).
    if _is_of_ebs(storage_class) and stated(storage_class, "volumeBindingMode") in (None, "Immediate"):
        yield STORAGE_CLASS.finding("volumeBindingMode", "it is Immediate, by default or by word")


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
        kinds={
            "storage.k8s.io/StorageClass": (
                *(class_names_the_driver, class_encrypts),
                *(class_is_of_today, class_waits_for_a_pod),
            )
        },
        practice=STORAGE_CLASS,
    ),
)


def _unencrypted(mappings: list[Any], place: str) -> Iterator[Finding]:
    def judged(listed: tuple[int, dict[str, Any]]) -> Iterator[Finding]:
        index, one = listed
        ebs = mapping_at(one, "ebs")
        # A disk from a snapshot is as the snapshot is; a device without `ebs` is an instance's own.
        if ebs and not any(ebs.get(key) for key in _SNAPSHOT):
            encrypted = stated(ebs, "encrypted")
            if by_spelling(encrypted) is not True:
                yield ENCRYPTED.finding(f"{place}[{index}].ebs.encrypted", standing(encrypted, _OFF, "off"))

    yield from over(each(mappings), judged)


def _of_group(template: Member, group: Member) -> Iterator[Finding]:
    mappings = list_at(template.properties, _MAPPINGS)
    if not mappings:
        yield ENCRYPTED.finding(_MAPPINGS, f"it is left out, and disks follow {_OFF}")
    elif str(group.properties.get("amiType")).startswith("BOTTLEROCKET"):
        yield from _left_out(mappings, _MAPPINGS)


def _left_out(mappings: list[Any], place: str) -> Iterator[Finding]:
    devices = [mapping_of(one).get("deviceName") for one in mappings]
    missing = [one for one in _BOTTLEROCKET if one not in devices]
    if len(missing) == 1 and UNKNOWN in devices:
        raise NotKnownError((place,))
    if len(missing) == 1:
        yield ENCRYPTED.finding(place, f"it lists no {missing[0]}, which then follows {_OFF}")


def _is_bottlerocket(node_class: Mapping[str, Any]) -> bool:
    aliases = [one.get("alias") for _, one in each(list_at(node_class, "spec", "amiSelectorTerms"))]
    named = [str(one).lower() for one in (stated(node_class, "spec", "amiFamily"), *aliases)]
    return any(one.startswith("bottlerocket") for one in named)


def _is_of_ebs(storage_class: Mapping[str, Any]) -> bool:
    return stated(storage_class, "provisioner") in (_IN_TREE, _DRIVER)
