"""What is asked of pods and their namespaces by the Pod Security Standards: what a container gives up of its own."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.quantities import quantity
from pokayoke_eks.rules.workloads import CONTAINERS, POD_SECURITY, POD_SPECS
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, switch, texts
from pokayoke_policies.raw import UNKNOWN, NotKnownError, entries_at, list_of, mapping_at, mapping_of, over, stated

from .pods import SYSTEM_NAMESPACES

_ENFORCE = f"{POD_SECURITY}/enforce"
_LEVELS = ("baseline", "restricted")

HARDENED = Practice(
    "pod-hardened",
    "A container keeps rights that it was never asked whether it needs",
    "a flaw in it starts from root, with every right that the container runtime gives away by default",
    "Set securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, "
    "seccompProfile: {type: RuntimeDefault}}.",
    "EKS best practices, security/pods; CIS 4.2.5; Kubernetes Pod Security Standards, restricted",
    {
        "systemNamespaces": texts(SYSTEM_NAMESPACES, "Namespaces whose pods are not judged."),
        "readOnlyRoot": switch(default=False, description="Whether readOnlyRootFilesystem is asked for too."),
        "noToken": switch(default=False, description="Whether automountServiceAccountToken: false is asked for too."),
    },
)
NAMESPACE = Practice(
    "ns-pod-security",
    "A namespace lets any pod in, privileged ones too",
    "whoever may make a pod there has the node that it runs on",
    f"Set metadata.labels: {{{_ENFORCE}: restricted}}, or baseline where that is too much.",
    "EKS best practices, security/pods; CIS 4.2.1 to 4.2.5; Kubernetes documentation, Pod Security Admission",
    {"systemNamespaces": texts(SYSTEM_NAMESPACES, "Namespaces that may let privileged pods in.")},
)


def hardening(settings: Mapping[str, Any]) -> Rule:
    """Pods outside the system's namespaces say what they do without."""
    system = set(settings["systemNamespaces"])

    def gives_up(path: tuple[str, ...], workload: Mapping[str, Any]) -> Iterator[Finding]:
        found: list[Finding] = []
        unknown: NotKnownError | None = None
        try:
            found.extend(keeps(path, mapping_at(workload, *path)))
        except NotKnownError as error:
            unknown = error
        # A namespace that is not known matters only to pods that are not hardened.
        if (found or unknown) and str(stated(workload, "metadata", "namespace") or "default") in system:
            return
        yield from found
        if unknown is not None:
            raise unknown

    def keeps(path: tuple[str, ...], spec: Mapping[str, Any]) -> Iterator[Finding]:
        if settings["noToken"] and by_spelling(stated(spec, "automountServiceAccountToken")) is not False:
            yield HARDENED.finding(".".join((*path, "automountServiceAccountToken")), "it is left out, or on")
        pods_own = mapping_at(spec, "securityContext")
        windows = stated(spec, "os", "name") == "windows"

        def judged(found: tuple[tuple[str, ...], Any]) -> Iterator[Finding]:
            at, container = found
            context = _Context(pods_own, mapping_at(mapping_of(container), "securityContext"))
            kept = [one for one, of_linux in context.kept() if not (windows and of_linux)]
            if settings["readOnlyRoot"] and context.root_is_written():
                kept.append("it may write over its own files")
            if kept:
                yield HARDENED.finding(".".join((*path, *at, "securityContext")), " and ".join(kept))
            if context.unknown:
                raise NotKnownError(("securityContext", context.unknown[0]))

        yield from over(entries_at(spec, (), *CONTAINERS), judged)

    return Rule(
        HARDENED.slug,
        kinds={kind: (partial(gives_up, path),) for kind, path in POD_SPECS.items()},
        practice=HARDENED,
        tuned=hardening,
    )


def admission(settings: Mapping[str, Any]) -> Rule:
    """Namespaces say what pods they let in, and only the system's let all in."""
    system = set(settings["systemNamespaces"])

    def lets_in(namespace: Mapping[str, Any]) -> Iterator[Finding]:
        level = stated(namespace, "metadata", "labels", _ENFORCE)
        place = f"metadata.labels.{_ENFORCE}"
        if level is None:
            yield NAMESPACE.finding(place, "it is left out, and nothing is enforced")
        elif level not in _LEVELS and str(stated(namespace, "metadata", "name")) not in system:
            yield NAMESPACE.finding(place, f"it is neither {' nor '.join(_LEVELS)}")

    return Rule(NAMESPACE.slug, kinds={"core/Namespace": (lets_in,)}, practice=NAMESPACE, tuned=admission)


RULES = (hardening(HARDENED.set_by({})), admission(NAMESPACE.set_by({})))


class _Context:
    """What a container's security context says, and what is not known of it."""

    def __init__(self, pod: Mapping[str, Any], own: Mapping[str, Any]) -> None:
        self._pod, self._own = pod, own
        self.unknown: list[str] = []

    def kept(self) -> Iterator[tuple[str, bool]]:
        """What it keeps, each with whether that is asked of Linux alone (Kubernetes documentation, "Pod Security
        Standards", restricted). Left out, the image's user holds, escalation is allowed, the runtime's capabilities
        stay and there is no seccomp profile (Kubernetes API reference, SecurityContext)."""
        if self._may_be_root():
            yield "it may run as root", False
        if self._is_other(self._said("allowPrivilegeEscalation"), wanted=False):
            yield "it may gain rights", True
        dropped = self._said("capabilities", "drop")
        listed = [UNKNOWN] if dropped is UNKNOWN else list_of(dropped)
        if not any(one in ("ALL", UNKNOWN) for one in listed):
            yield "it drops no capabilities", True
        if self._said("seccompProfile", "type", inherited=True) not in (UNKNOWN, "RuntimeDefault", "Localhost"):
            yield "it may call all of the kernel", True

    def root_is_written(self) -> bool:
        """Whether its own files are not read-only."""
        return self._is_other(self._said("readOnlyRootFilesystem"), wanted=True)

    def _may_be_root(self) -> bool:
        user = self._said("runAsUser", inherited=True)
        if user is UNKNOWN or (quantity(user) or 0) > 0:
            return False
        return self._is_other(self._said("runAsNonRoot", inherited=True), wanted=True)

    def _said(self, *keys: str, inherited: bool = False) -> Any:
        """What the container says, which goes before what its pod does."""
        try:
            return stated(self._pod if inherited and keys[0] not in self._own else self._own, *keys)
        except NotKnownError:
            self.unknown.append(keys[0])
            return UNKNOWN

    @staticmethod
    def _is_other(said: Any, *, wanted: bool) -> bool:
        return said is not UNKNOWN and by_spelling(said) is not wanted
