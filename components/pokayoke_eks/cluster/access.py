"""Who may enter the cluster, and the way in for the program itself."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from .. import tags
from ..config import ClusterConfig
from ..helm_registry import REGISTRY_CONFIG
from ..iam import managed
from ..rules import arns
from .control_plane import ControlPlane


def admins(
    name: str, config: ClusterConfig, control_plane: ControlPlane, opts: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    """An access entry with the right to administrate the whole cluster for each of `config.admins`."""
    made: list[pulumi.Resource] = []
    for arn in config.admins:
        label = f"{name}-admin-{_label(arn)}"
        entry = aws.eks.AccessEntry(
            label,
            cluster_name=control_plane.name,
            principal_arn=arn,
            type="STANDARD",
            tags=tags.of(config.name, config.tags),
            opts=opts,
        )
        association = aws.eks.AccessPolicyAssociation(
            label,
            cluster_name=control_plane.name,
            principal_arn=arn,
            policy_arn=managed.access_policy_arn(managed.CLUSTER_ADMIN, arns.partition_of(arn)),
            access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[entry])),
        )
        made += [entry, association]
    return made


def provider(
    name: str,
    *,
    cluster: str,
    region: str,
    endpoint: pulumi.Output[str],
    certificate_authority: pulumi.Output[str],
    entered: Sequence[pulumi.Resource] = (),
    opts: pulumi.ResourceOptions,
) -> kubernetes.Provider:
    """The provider of everything in the cluster. It exists only while the program's own access does (`entered`).

    The kubeconfig waits for the first administrator's access, too. Where an earlier `up` failed between the cluster and
    that, a known one would have the next preview ask the API server, which would not let it in.

    `cluster_identifier` is a literal: were it an output, a preview that cannot know it would replace the provider and
    with it every object in the cluster.
    """
    return kubernetes.Provider(
        f"{name}-kubernetes",
        kubeconfig=pulumi.Output.all(endpoint, certificate_authority, *_ids(entered[:2])).apply(
            lambda made: kubeconfig(name=cluster, endpoint=made[0], certificate_authority=made[1], region=region)
        ),
        cluster_identifier=f"{region}/{cluster}",
        helm_release_settings=kubernetes.HelmReleaseSettingsArgs(registry_config_path=REGISTRY_CONFIG),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=list(entered))),
    )


def kubeconfig(*, name: str, endpoint: str, certificate_authority: str, region: str) -> str:
    """A kubeconfig without a secret in it: the token comes from the AWS CLI, whoever runs it."""
    arguments = ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"]
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "clusters": [
                {
                    "name": name,
                    "cluster": {"server": endpoint, "certificate-authority-data": certificate_authority},
                }
            ],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "users": [
                {
                    "name": name,
                    "user": {
                        "exec": {
                            "apiVersion": "client.authentication.k8s.io/v1beta1",
                            "command": "aws",
                            "args": arguments,
                        }
                    },
                }
            ],
        }
    )


def _ids(resources: Sequence[pulumi.Resource]) -> list[pulumi.Output[str]]:
    return [one.id for one in resources if isinstance(one, pulumi.CustomResource)]


def _label(role_arn: str) -> str:
    """`123456789012-platform-admin` for `arn:aws:iam::123456789012:role/platform/admin`."""
    account, resource = role_arn.split(":")[4:6]
    return f"{account}-{resource.removeprefix('role/').replace('/', '-')}"
