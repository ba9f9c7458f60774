"""What the pods of one namespace may do on the network."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.core.v1 import Namespace
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import NetworkPolicy, NetworkPolicySpecArgs

from .. import parts
from ..config.network_policies import NetworkPoliciesConfig
from ..handles import ClusterHandle
from ..identity import WorkloadIdentity
from ..rules.admission.network_policies import ADDS_TO
from . import allowed, baseline

_BASELINE = "baseline"


class NetworkPolicies(pulumi.ComponentResource):
    """The network policies of one namespace, for all of its pods.

    Creates:
        - the policy `baseline`: nothing in and nothing out, but for what every pod needs: out to the API server (its
          Service's address and the control plane's subnets, 443), DNS (53, UDP and TCP) and the Pod Identity agent
          (169.254.170.23, 80); in from the control plane's subnets to the webhooks' ports; in the mesh HBONE (15008)
          both ways and the kubelet's probes, which come from 169.254.7.127 there
        - the policy `allowed`: what the config states besides; an annotation says that it only adds to the other

    No argument takes any of the baseline away, and policies only ever add up. The add-on vpc-cni enforces them.

    Args:
        config: what is allowed besides.
        cluster: whose API server and control plane are meant.
        namespace: whose pods these are: a namespace, or the one that was made with an identity.
        opts: made by the cluster's own provider, and protected as it is, unless these say otherwise.

    Raises:
        ValueError: the namespace is kube-system, whose pods are not the platform's alone.
    """

    ready: list[pulumi.Resource]
    """The policies: pods that are to start under them depend on these."""

    def __init__(
        self,
        name: str,
        config: NetworkPoliciesConfig,
        *,
        cluster: ClusterHandle,
        namespace: Namespace | WorkloadIdentity,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        home = namespace.home if isinstance(namespace, WorkloadIdentity) else namespace
        if home is None:
            raise ValueError(f"{name}: kube-system holds pods of many owners, and its policies would bind all of them")
        super().__init__("pokayoke-eks:index:NetworkPolicies", name, {}, parts.of(cluster, opts))
        self._name, self._cluster, self._namespace = name, cluster, home
        self.ready = [self._policy(_BASELINE, baseline.policy(config, cluster))]
        if config.ingress or config.egress:
            self.ready.append(self._policy("allowed", allowed.policy(config), {ADDS_TO: _BASELINE}))
        self.register_outputs({})

    def _policy(
        self, policy: str, spec: NetworkPolicySpecArgs, annotations: Mapping[str, str] | None = None
    ) -> NetworkPolicy:
        return NetworkPolicy(
            f"{self._name}-{policy}",
            metadata=ObjectMetaArgs(
                name=policy,
                namespace=self._namespace.metadata.name,
                annotations=dict(annotations) if annotations else None,
            ),
            spec=spec,
            opts=pulumi.ResourceOptions(
                parent=self, provider=self._cluster.provider, depends_on=[self._namespace, *self._cluster.ready]
            ),
        )
