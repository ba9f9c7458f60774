"""An account that moto plays, and stack files beside it."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from pokayoke_rehearsal.world.quick_start import hasten

REGIONS = ("ap-northeast-2", "ap-northeast-1")


@cache
def client(service: str, region: str) -> Any:
    """Clients are made once: that takes longer than what they do here."""
    return boto3.client(service, region_name=region, aws_access_key_id="testing", aws_secret_access_key="testing")


@pytest.fixture
def account() -> Iterator[Callable[[str, str], Any]]:
    """Gives the client of a service in a region of an empty account."""
    # moto reads and makes much anew for each account otherwise, of which nobody asks for anything.
    hasten()
    with mock_aws():
        yield client


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """A folder with the stack file of a platform in two regions."""
    regions = "".join(
        f"      {region}: {{cidr: 10.{number}.0.0/16, zones: [a, c]}}\n" for number, region in enumerate(REGIONS)
    )
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "config:\n"
        "  pokayoke-eks:platform:\n"
        "    name: demo\n"
        "    lifecycle: disposable\n"
        "    regions:\n"
        f"{regions}"
        '    kubernetes: "1.36"\n'
        "    bottlerocket: 1.65.0-0be31b34\n"
        "    api_access: private\n"
        "    admins: [arn:aws:iam::123456789012:role/platform]\n"
        "    pools:\n"
        "      - {name: general, instances: [m7g.large, c7g.large, r7g.large], limits: {cpu: 8, memory: 32Gi}}\n"
    )
    return tmp_path
