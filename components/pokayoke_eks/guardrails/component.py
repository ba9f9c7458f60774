"""Guardrails inside one cluster."""

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi_kubernetes.admissionregistration.v1 import ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding
from pulumi_kubernetes.core.v1 import LimitRange, LimitRangeItemArgs, LimitRangeSpecArgs, Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from .. import parts
from ..catalogue import FAILURES
from ..config.guardrails import ACTIONS, GuardrailsConfig, Mode
from ..handles import ClusterHandle
from ..rules import admission
from ..rules.admission import manifest
from ..rules.workloads import POD_SECURITY

PLATFORM_NAMESPACES = ("kube-system", "kube-public", "kube-node-lease", "istio-system", "external-dns")
"""Where the platform's own objects are, whatever its config says."""
REQUESTS = {"cpu": "100m", "memory": "128Mi"}
UNSTATED: Mapping[Mode, LimitRangeItemArgs] = {
    Mode.WARN: LimitRangeItemArgs(type="Container", default_request=REQUESTS),
    Mode.DENY: LimitRangeItemArgs(type="Container", default_request=REQUESTS, default={"memory": "256Mi"}),
}
"""What a container gets that states nothing; ours: small, so that who needs more has to say so. A limit only where one
has to be stated anyway: pods that request more than a default limit are not let in (Kubernetes documentation, "Limit
Ranges"), and a warning is to stop nobody."""
LETS_IN: Mapping[Mode, Mapping[str, str]] = {
    Mode.WARN: {f"{POD_SECURITY}/warn": "restricted", f"{POD_SECURITY}/audit": "restricted"},
    Mode.DENY: {f"{POD_SECURITY}/enforce": "baseline", f"{POD_SECURITY}/warn": "restricted"},
}
"""What the API server's own Pod Security admission is told of a namespace for applications."""


class Guardrails(pulumi.ComponentResource):
    """What the API server of one cluster refuses, whoever asks: kubectl, Argo CD, Helm or eksctl.

    Creates:
        - a ValidatingAdmissionPolicy and its binding for each documented failure that admission holds; what a policy
          cannot judge, it refuses
        - one more that refuses opt-outs without a reason, or for too long
        - each of the config's namespaces, with a LimitRange that gives a container the amounts that it does not state
          (requests; under `deny` a memory limit too), and labels for Pod Security admission: under `deny` what
          `baseline` forbids is refused; of what `restricted` forbids is warned

    What AWS and the control plane do is not judged, nor is what is being deleted or only written to again as it is. A
    namespace opts out by the label `pokayoke-eks/guardrails-off-until` (a day, UTC) and the annotation
    `pokayoke-eks/guardrails-off-because`; not from what belongs to the platform. In the platform's namespaces only the
    program and what runs there write, apart from leases and events; another program that has to, as
    Prometheus' operator has, is named by its own namespace in `platform_namespaces`.

    An admission policy sees one object and who writes it. So these stay with the policy pack or with you: whether the
    load balancer controller runs; what other network policies allow (one that only adds to another names it in the
    annotation `pokayoke-eks/adds-to`); pods that need the Pod Identity agent; kinds of groups that Kubernetes and the
    platform do not bring. An expression has no clock: an opt-out ends by the times that the API server writes into the
    object that is judged, which holds against forgetting, not against forging; a write that only takes something away
    leaves no time. No policy judges policies: who may delete these, may, and whom `deny` locks out deletes the binding
    that does.

    Args:
        config: whether writes are refused or warned of, who runs `up`, and namespaces for applications.
        cluster: the cluster; Kubernetes 1.30 or newer, which every EKS version in support is.
        opts: made by the cluster's own provider, and protected as it is, unless these say otherwise.
    """

    ready: list[pulumi.Resource]
    """The bindings: what is made after these is judged."""

    def __init__(
        self,
        name: str,
        config: GuardrailsConfig,
        *,
        cluster: ClusterHandle,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("pokayoke-eks:index:Guardrails", name, {}, parts.of(cluster, opts))
        self._name, self._config, self._cluster = name, config, cluster
        platform = (*PLATFORM_NAMESPACES, *config.platform_namespaces)
        drift = admission.drift.guardrail(config.admins, platform)
        opt_out = admission.opt_out.guardrail(config.opt_out_days)
        self.ready = [self._guardrail(one) for one in (*admission.everywhere(), drift, opt_out)]
        for namespace in config.namespaces:
            self._namespace(namespace)
        self.register_outputs({})

    def _guardrail(self, guardrail: admission.Guardrail) -> pulumi.Resource:
        label, metadata = f"{self._name}-{guardrail.name}", ObjectMetaArgs(name=manifest.name_of(guardrail))
        failure = FAILURES.get(guardrail.name)
        said: Any = manifest.policy(guardrail, failure.title if failure else "An opt-out from the guardrails")
        bound: Any = manifest.binding(guardrail, ACTIONS[self._config.mode])
        policy = ValidatingAdmissionPolicy(label, metadata=metadata, spec=said, opts=self._opts(*self._cluster.ready))
        return ValidatingAdmissionPolicyBinding(label, metadata=metadata, spec=bound, opts=self._opts(policy))

    def _namespace(self, name: str) -> None:
        label = f"{self._name}-{name}"
        metadata = ObjectMetaArgs(name=name, labels=dict(LETS_IN[self._config.mode]))
        home = Namespace(label, metadata=metadata, opts=self._opts(*self._cluster.ready))
        LimitRange(
            label,
            metadata=ObjectMetaArgs(name="unstated", namespace=home.metadata.name),
            spec=LimitRangeSpecArgs(limits=[UNSTATED[self._config.mode]]),
            opts=self._opts(home),
        )

    def _opts(self, *needs: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, provider=self._cluster.provider, depends_on=list(needs))
