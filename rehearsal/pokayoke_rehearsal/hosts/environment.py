"""The environment of processes that must not see the user's accounts and clusters."""

import os
from collections.abc import Mapping

_PREFIXES = ("AWS_", "PULUMI_", "BOTO_", "KUBE_")
_NAMES = frozenset({"KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "HELM_KUBECONTEXT"})


def scrubbed(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without accounts, clusters, profiles and Pulumi's own variables.

    The files in the home folder that the AWS and Kubernetes clients fall back to are put out of reach as well, and the
    instance metadata service, so that a program which talks to AWS by itself finds no credentials at all.
    """
    kept = {
        name: value
        for name, value in environment.items()
        if name not in _NAMES and not name.upper().startswith(_PREFIXES)
    }
    return kept | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "KUBECONFIG": os.devnull,
        # Its log of connections that end is about nothing but our own processes.
        "GRPC_VERBOSITY": "NONE",
    }
