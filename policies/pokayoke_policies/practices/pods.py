"""What is asked of pods: that they stay inside of their containers."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.workloads import CONTAINERS, POD_SPECS
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, each, texts
from pokayoke_policies.raw import NotKnownError, known_list, mapping_of, stated

SYSTEM_NAMESPACES = ["kube-system", "istio-system", "amazon-cloudwatch", "amazon-guardduty"]
"""Where agents of the node run: network plugin, storage drivers, ambient mesh (Istio documentation, ambient), AWS's own
agents (EKS user guide, "AWS add-ons")."""
_GROUPS = (*CONTAINERS, "ephemeralContainers")

ISOLATED = Practice(
    "pod-isolated",
    "A pod reaches out of its container into its node",
    "whoever takes the container over has the node, and with it every pod there",
    "Leave out privileged, hostNetwork, hostPID, hostIPC, hostPath volumes and SYS_ADMIN; agents that need them run "
    "in a system namespace.",
    "EKS best practices, security/pods; CIS 4.2.1 to 4.2.4; Kubernetes Pod Security Standards, baseline",
    {"systemNamespaces": texts(SYSTEM_NAMESPACES, "Namespaces in which pods may do all that.")},
)


def isolation(settings: Mapping[str, Any]) -> Rule:
    """Pods outside the system's namespaces keep to their containers."""
    system = set(settings["systemNamespaces"])

    def keeps_to_itself(path: tuple[str, ...], workload: Mapping[str, Any]) -> Iterator[Finding]:
        unknown: list[NotKnownError] = []
        found = list(_reaches_out(mapping_of(stated(workload, *path)), path, unknown))
        if (found or unknown) and _namespace(workload) in system:
            return
        yield from found
        if unknown:
            raise unknown[0]

    return Rule(
        ISOLATED.slug,
        kinds={kind: (partial(keeps_to_itself, path),) for kind, path in POD_SPECS.items()},
        patches=POD_SPECS,
        practice=ISOLATED,
        tuned=isolation,
    )


RULES = (isolation(ISOLATED.set_by({})),)


def _namespace(workload: Mapping[str, Any]) -> str:
    return str(stated(workload, "metadata", "namespace") or "default")


def _reaches_out(spec: Mapping[str, Any], path: tuple[str, ...], unknown: list[NotKnownError]) -> Iterator[Finding]:
    def known(within: Any, *keys: str) -> Any:
        try:
            return stated(mapping_of(within), *keys)
        except NotKnownError:
            unknown.append(NotKnownError((*path, *keys)))
            return None

    place = ".".join(path)
    for key in ("hostNetwork", "hostPID", "hostIPC"):
        if by_spelling(known(spec, key)) is True:
            yield ISOLATED.finding(f"{place}.{key}", "it is on")
    if by_spelling(known(spec, "securityContext", "windowsOptions", "hostProcess")) is True:
        yield ISOLATED.finding(f"{place}.securityContext.windowsOptions.hostProcess", "it is on")
    for index, one in each(known_list(known(spec, "volumes"))):
        if known(one, "hostPath") is not None:
            yield ISOLATED.finding(f"{place}.volumes[{index}].hostPath", "it mounts a folder of the node")
    for group in _GROUPS:
        for index, one in each(known_list(known(spec, group))):
            at = f"{place}.{group}[{index}].securityContext"
            if by_spelling(known(one, "securityContext", "privileged")) is True:
                yield ISOLATED.finding(f"{at}.privileged", "it is on")
            if by_spelling(known(one, "securityContext", "windowsOptions", "hostProcess")) is True:
                yield ISOLATED.finding(f"{at}.windowsOptions.hostProcess", "it is on")
            added = known_list(known(one, "securityContext", "capabilities", "add"))
            too_much = sorted({str(name).removeprefix("CAP_") for name in added} & {"ALL", "SYS_ADMIN"})
            if too_much:
                yield ISOLATED.finding(f"{at}.capabilities.add", f"it holds {too_much[0]}")
