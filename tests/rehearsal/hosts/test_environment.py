"""The environment of the processes beside the engine."""

import os
from pathlib import Path

from pokayoke_rehearsal.hosts.environment import caching_bytecode, scrubbed


def test_accounts_clusters_and_pulumis_variables_go_and_the_rest_stays():
    environment = {
        "PATH": "/bin",
        "HOME": "/home/me",
        "AWS_PROFILE": "prod",
        "aws_session_token": "t",
        "PULUMI_CONFIG_PASSPHRASE": "p",
        "KUBECONFIG": "/k",
        "KUBERNETES_SERVICE_HOST": "10.0.0.1",
        "BOTO_CONFIG": "/b",
    }
    left = scrubbed(environment)
    assert {name: left[name] for name in ("PATH", "HOME")} == {"PATH": "/bin", "HOME": "/home/me"}
    assert set(left) - {"PATH", "HOME"} == {
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_EC2_METADATA_DISABLED",
        "KUBECONFIG",
        "GRPC_VERBOSITY",
    }
    assert left["KUBECONFIG"] == left["AWS_CONFIG_FILE"] == left["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_bytecode_that_may_not_lie_beside_the_sources_has_a_place_of_its_own():
    kept = caching_bytecode({"PYTHONDONTWRITEBYTECODE": "1", "XDG_CACHE_HOME": "/cache", "LOCALAPPDATA": "/cache"})
    assert "PYTHONDONTWRITEBYTECODE" not in kept
    assert Path(kept["PYTHONPYCACHEPREFIX"]).is_relative_to("/cache/pokayoke")


def test_who_keeps_bytecode_or_says_where_is_left_alone():
    for environment in ({"PATH": "/bin"}, {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "/mine"}):
        assert caching_bytecode(environment) == environment
