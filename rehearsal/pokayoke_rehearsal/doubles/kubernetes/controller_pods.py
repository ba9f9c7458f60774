"""What a controller's pod has to work with: its environment, a way to AWS, and somebody to be there."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.controller_aws import Aws
from pokayoke_rehearsal.doubles.kubernetes.pod_identity import ADDRESS, CREDENTIALS, agent_runs_on
from pokayoke_rehearsal.doubles.kubernetes.store.admission import ready_endpoints
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    condition,
    fields,
    items,
    labels_of,
    name_of,
    namespace_of,
    text,
)
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.principals import Caller

CRASHED = "CrashLoopBackOff"
NO_CREDENTIALS = (
    "get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found, operation error "
    "ec2imds: GetMetadata, canceled, context deadline exceeded"
)
"""The end of what the AWS SDK says of a call that nobody makes."""


class ObstacleError(Exception):
    """Why a controller does not run, as its waiting container shows it."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(f"[{reason}] {message}")
        self.reason, self.message = reason, message


class CredentialsError(Exception):
    """Why a pod's call to AWS has nobody to be made as, as the AWS SDK words it."""


class ControllerPod:
    """One placed pod of a controller, of the EKS cluster `name`. Raises ObstacleError when its node is not ready."""

    def __init__(self, cluster: Cluster, pod: Object, account: Account, name: str, image: str) -> None:
        self._cluster, self._pod, self._account = cluster, pod, account
        node = cluster.find_named("", "Node", text(at(pod, "spec", "nodeName")))
        ready = condition(node or {}, "Ready")
        if node is None or ready is None or ready.get("status") != "True":
            raise ObstacleError("NodeNotReady", "node is not ready")
        self._node, self._eks = node, account.eks_cluster(name)
        own = [
            fields(item) for item in items(at(pod, "spec", "containers")) if text(at(item, "image")).startswith(image)
        ]
        stated = [fields(item) for one in own for item in items(one.get("env"))]
        self.environment = {text(one.get("name")): text(one.get("value")) for one in stated if text(one.get("value"))}
        self.arguments = arguments(pod, image)
        """Flags by name, without their dashes."""

    @property
    def region(self) -> str:
        """What the environment says of the region, else what the metadata service does; empty for neither."""
        stated = self.environment.get("AWS_REGION") or self.environment.get("AWS_DEFAULT_REGION")
        return stated or (self._account.region if self.reaches_metadata else "")

    @property
    def reaches_metadata(self) -> bool:
        """Whether the instance's metadata service answers it: from the host's network, or over a second hop."""
        group = self._group
        return bool(at(self._pod, "spec", "hostNetwork")) or (group is not None and group[1] > 1)

    @property
    def instance(self) -> str:
        """The id of the instance that it runs on."""
        return text(at(self._node, "spec", "providerID")).rsplit("/", 1)[-1]

    def unreachable(self, host: str) -> str:
        """Why it does not reach a host of AWS, empty when it does."""
        policy, host_network = at(self._pod, "spec", "dnsPolicy"), bool(at(self._pod, "spec", "hostNetwork"))
        own_dns = policy == "Default" or (host_network and policy != "ClusterFirstWithHostNet")
        service = self._cluster.find_named("", "Service", "kube-dns", "kube-system")
        if not own_dns and (service is None or not ready_endpoints(self._cluster, service)):
            return f"dial tcp: lookup {host}: i/o timeout"
        if not self._account.way_out(self._account.subnet_of(self.instance)):
            return f"dial tcp {host}:443: i/o timeout"
        return ""

    def caller(self, region: str) -> Caller | None:
        """Who it is in AWS: by Pod Identity where credentials were injected when it was admitted, else as its node.

        None when it is nobody. Raises CredentialsError."""
        if CREDENTIALS in self.environment:
            return self._by_pod_identity()
        group = self._group
        role = self._account.role(group[0]) if group is not None and self.reaches_metadata else None
        return None if role is None else Caller(role, region, {})

    def aws(self, account: Account, problem: str) -> Aws:
        """AWS for whoever runs in it; `problem` is why its calls do not get there, empty when they do."""
        caller = None
        try:
            caller = self.caller(account.region)
        except CredentialsError as error:
            problem = problem or f"get identity: get credentials: {error}"
        if caller is None:
            problem = problem or NO_CREDENTIALS
        return Aws(account, caller, problem, name_of(self._pod))

    @property
    def _group(self) -> tuple[str, int] | None:
        if self._eks is None:
            return None
        return self._eks.group_of(labels_of(self._node).get("eks.amazonaws.com/nodegroup", ""))

    def _by_pod_identity(self) -> Caller:
        if not agent_runs_on(self._cluster, text(at(self._pod, "spec", "nodeName"))):
            told = f'failed to load credentials, Get "{ADDRESS}": dial tcp 169.254.170.23:80: i/o timeout'
            raise CredentialsError(told)
        namespace, service_account = namespace_of(self._pod), text(at(self._pod, "spec", "serviceAccountName"))
        role = self._eks.association(namespace, service_account) if self._eks is not None else None
        if self._eks is None or role is None:
            raise _refused("ResourceNotFoundException", "no association found for the service account")
        caller = self._account.assume_pod_role(role, self._eks, namespace, service_account)
        if caller is None:
            told = f"Unauthorized Exception! EKS does not have permissions to assume the associated role {role}."
            raise _refused("AccessDeniedException", told)
        return caller


def placed(cluster: Cluster, image: str) -> list[Object]:
    """The placed pods that run an image."""
    return [pod for pod in cluster.list("", "Pod") if text(at(pod, "spec", "nodeName")) and runs(pod, image)]


def runs(pod: Object, image: str) -> bool:
    """Whether a pod has a container of an image."""
    return any(text(at(item, "image")).startswith(image) for item in items(at(pod, "spec", "containers")))


def arguments(pod: Object, image: str) -> dict[str, str]:
    """The flags of the containers that run an image, by name, without their dashes."""
    own = [item for item in items(at(pod, "spec", "containers")) if text(at(item, "image")).startswith(image)]
    return dict(_argument(text(item)) for one in own for item in items(at(one, "args")))


def _refused(code: str, message: str) -> CredentialsError:
    refused = f"failed to load credentials, [400 Bad Request] {code}: {message}"
    return CredentialsError(f"failed to refresh cached credentials, {refused}")


def _argument(stated: str) -> tuple[str, str]:
    name, _, value = stated.lstrip("-").partition("=")
    return name, value
