"""The class of volumes that a claim gets when it names none."""

import pulumi
import pulumi_kubernetes as kubernetes


def default_storage_class(
    name: str, *, provider: kubernetes.Provider, driver: pulumi.Resource, parent: pulumi.Resource
) -> kubernetes.storage.v1.StorageClass:
    """Encrypted gp3, placed in the zone of the pod that first needs it.

    The `gp2` class that EKS leaves in a new cluster is no default since Kubernetes 1.30, so there is one default
    (Amazon EKS user guide, Kubernetes versions, 1.30).
    """
    return kubernetes.storage.v1.StorageClass(
        f"{name}-gp3",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name="gp3", annotations={"storageclass.kubernetes.io/is-default-class": "true"}
        ),
        provisioner="ebs.csi.aws.com",
        parameters={"type": "gp3", "encrypted": "true"},
        volume_binding_mode="WaitForFirstConsumer",
        allow_volume_expansion=True,
        opts=pulumi.ResourceOptions(parent=parent, provider=provider, depends_on=[driver]),
    )
