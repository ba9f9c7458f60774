"""Configs as a user writes them."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
from registrations import Registered

REGION = "ap-northeast-2"
NAMED: dict[str, Any] = {"name": "demo", "region": REGION}
NETWORK: dict[str, Any] = {"cidr": "10.0.0.0/16", "zones": ["a", "b", "c"]}
CLUSTER: dict[str, Any] = {
    "kubernetes": "1.36",
    "bottlerocket": "1.65.0-0be31b34",
    "api_access": {"public": ["203.0.113.0/24"]},
    "admins": ["arn:aws:iam::123456789012:role/platform"],
}

Build = Callable[..., Registered]


def here() -> pulumi.ResourceOptions:
    """The options that put resources into the region."""
    return pulumi.ResourceOptions(provider=aws.Provider("region", region=REGION))
