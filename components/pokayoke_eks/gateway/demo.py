"""Something to see behind a gateway until workloads exist."""

import pulumi
import pulumi_kubernetes as kubernetes

from .. import parts
from ..config.gateway import RouteConfig
from ..network_policies import NetworkPolicies
from ..rules.workloads import POD_SECURITY
from .component import PublicGateway

NAME = "demo"
IMAGE = (
    "public.ecr.aws/nginx/nginx-unprivileged:1.30.5-alpine-slim"
    "@sha256:3af0c10d960cc2502427fe1219c52989d309e7d65596869c60a34fd2fa2406f0"
)
"""A static page, for amd64 and arm64, as a user that is not root; the digest is that of the index over both."""
PORT, CONTAINER_PORT = 80, 8080
RESOURCES = {"cpu": "50m", "memory": "32Mi"}
REPLICAS = 2


class DemoBackend(pulumi.ComponentResource):
    """A web page behind a gateway, for all its hosts.

    Creates:
        - the namespace `demo`, in which pods are held to the restricted Pod Security Standard, in the mesh if there is
          one; the gateway reaches them, and nobody else
        - a Deployment of two pods (nginx, requests that are limits) in two zones, of which one stays while nodes are
          replaced, and its Service
        - the route to it

    Args:
        gateway: where it is seen.
        opts: protected as the cluster is, unless these say otherwise.
    """

    ready: list[pulumi.Resource]

    def __init__(self, name: str, *, gateway: PublicGateway, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("pokayoke-eks:index:DemoBackend", name, {}, parts.of(gateway.cluster, opts))
        home = kubernetes.core.v1.Namespace(
            f"{name}-{NAME}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=NAME, labels={**gateway.workload_labels, f"{POD_SECURITY}/enforce": "restricted"}
            ),
            opts=pulumi.ResourceOptions(parent=self, provider=gateway.cluster.provider, depends_on=gateway.ready),
        )
        policies = NetworkPolicies(
            f"{name}-{NAME}",
            gateway.policies(CONTAINER_PORT),
            cluster=gateway.cluster,
            namespace=home,
            opts=pulumi.ResourceOptions(parent=self),
        )
        options = pulumi.ResourceOptions(
            parent=self, provider=gateway.cluster.provider, depends_on=[home, *policies.ready]
        )
        metadata = kubernetes.meta.v1.ObjectMetaArgs(name=NAME, namespace=NAME)
        labels = {"app.kubernetes.io/name": NAME}
        deployment = kubernetes.apps.v1.Deployment(
            f"{name}-{NAME}", metadata=metadata, spec=_deployment(labels), opts=options
        )
        kubernetes.policy.v1.PodDisruptionBudget(
            f"{name}-{NAME}",
            metadata=metadata,
            spec=kubernetes.policy.v1.PodDisruptionBudgetSpecArgs(
                max_unavailable=1, selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=labels)
            ),
            opts=options,
        )
        service = kubernetes.core.v1.Service(
            f"{name}-{NAME}",
            metadata=metadata,
            spec=kubernetes.core.v1.ServiceSpecArgs(
                selector=labels,
                ports=[kubernetes.core.v1.ServicePortArgs(name="http", port=PORT, target_port=CONTAINER_PORT)],
            ),
            opts=options,
        )
        route = RouteConfig.model_validate({"namespace": NAME, "service": NAME, "port": PORT})
        self.ready = gateway.routes(NAME, [route], after=[deployment, service])
        self.register_outputs({})


def _deployment(labels: dict[str, str]) -> kubernetes.apps.v1.DeploymentSpecArgs:
    return kubernetes.apps.v1.DeploymentSpecArgs(
        replicas=REPLICAS,
        selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=labels),
        template=kubernetes.core.v1.PodTemplateSpecArgs(
            metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=labels),
            spec=kubernetes.core.v1.PodSpecArgs(
                automount_service_account_token=False,
                security_context=kubernetes.core.v1.PodSecurityContextArgs(
                    run_as_non_root=True,
                    seccomp_profile=kubernetes.core.v1.SeccompProfileArgs(type="RuntimeDefault"),
                ),
                containers=[_container()],
                topology_spread_constraints=[
                    kubernetes.core.v1.TopologySpreadConstraintArgs(
                        topology_key="topology.kubernetes.io/zone",
                        max_skew=1,
                        when_unsatisfiable="ScheduleAnyway",
                        label_selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=labels),
                    )
                ],
                volumes=[
                    kubernetes.core.v1.VolumeArgs(name="tmp", empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs())
                ],
            ),
        ),
    )


def _container() -> kubernetes.core.v1.ContainerArgs:
    return kubernetes.core.v1.ContainerArgs(
        name=NAME,
        image=IMAGE,
        ports=[kubernetes.core.v1.ContainerPortArgs(name="http", container_port=CONTAINER_PORT)],
        readiness_probe=kubernetes.core.v1.ProbeArgs(
            http_get=kubernetes.core.v1.HTTPGetActionArgs(path="/", port="http")
        ),
        resources=kubernetes.core.v1.ResourceRequirementsArgs(requests=RESOURCES, limits=RESOURCES),
        security_context=kubernetes.core.v1.SecurityContextArgs(
            allow_privilege_escalation=False,
            read_only_root_filesystem=True,
            capabilities=kubernetes.core.v1.CapabilitiesArgs(drop=["ALL"]),
        ),
        volume_mounts=[kubernetes.core.v1.VolumeMountArgs(name="tmp", mount_path="/tmp")],  # noqa: S108 - nginx's own
    )
