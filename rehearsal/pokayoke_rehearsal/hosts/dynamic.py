"""Dynamic resources: their provider's code runs in a process of its own, and finds the rehearsal's world for AWS."""

import os
from collections.abc import Callable
from pathlib import Path

from pokayoke_rehearsal.hosts.environment import scrubbed
from pokayoke_rehearsal.hosts.plugin import PluginProcess

PACKAGE = "pulumi-python"


class DynamicHost(PluginProcess):
    """`pulumi.dynamic` as a process, in the program's folder: so what a provider pickled by reference is found.

    A provider that sleeps there waits for something to happen in the world; see `dynamic_process`.
    """

    def __init__(self, program: Path, *, project: str, output: Callable[[str], None] = lambda _: None) -> None:
        super().__init__(
            "the host of dynamic resources",
            "pokayoke_rehearsal.hosts.dynamic_process",
            warm=["pulumi.dynamic.dynamic", "dill"],
            folder=program,
            environment=scrubbed(os.environ) | {"PULUMI_PROJECT": project},
            output=output,
        )

    async def serve(self, aws_endpoint: str, world: str = "") -> str:
        """Serves, with the world as AWS and its double at the address `world`; gives the address."""
        return await self.release(environment={**aws_environment(aws_endpoint), "POKAYOKE_WORLD": world})


def aws_environment(aws_endpoint: str) -> dict[str, str]:
    """What leads boto3 to the world: its endpoint, and credentials that are worth nothing anywhere else.

    No region: a provider that does not say one is as wrong here as it is against AWS.
    """
    return {
        "AWS_ENDPOINT_URL": aws_endpoint,
        "AWS_ACCESS_KEY_ID": "rehearsal",
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
