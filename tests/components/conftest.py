"""What comes of a config."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from configs import CLUSTER, NAMED, NETWORK, Build, here
from edges import LIFECYCLES, VARIANTS, Edges, Stated, edge
from edges import stated as everything_stated
from environments import run
from registrations import Registered, record

from company import Performers
from pokayoke_eks import Cluster, ClusterConfig, Network, NetworkConfig


@pytest.fixture(scope="session")
def network() -> Build:
    """What a network registers, with these fields of its config."""

    def build(lifecycle: str = "disposable", **fields: Any) -> Registered:
        config = NetworkConfig.model_validate({**NAMED, **NETWORK, "lifecycle": lifecycle, **fields})
        return record(lambda: Network("demo", config, here()))

    return _once(build)


@pytest.fixture(scope="session")
def cluster() -> Build:
    """What a cluster and the network under it register, with these fields of the cluster's config."""

    def build(
        lifecycle: str = "disposable", *, opts: pulumi.ResourceOptions | None = None, **fields: Any
    ) -> Registered:
        shared = {**NAMED, "lifecycle": lifecycle}
        config = ClusterConfig.model_validate({**shared, **CLUSTER, **fields})

        def program() -> None:
            region = here()
            network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), region)
            Cluster("demo", config, network=network, opts=pulumi.ResourceOptions.merge(region, opts))

        return record(program)

    return _once(build)


def _once(build: Build) -> Build:
    """The same build, which registers what it was asked for before no second time."""
    built: dict[str, Registered] = {}

    def found(lifecycle: str = "disposable", **fields: Any) -> Registered:
        if "opts" in fields:
            return build(lifecycle, **fields)
        asked = repr((lifecycle, sorted(fields.items())))
        if asked not in built:
            built[asked] = build(lifecycle, **fields)
        return built[asked]

    return found


@pytest.fixture(scope="session")
def performers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Performers]:
    """The processes of a rehearsal. Who plants something in their world compares what is left with what was there."""
    performers = Performers(tmp_path_factory.mktemp("performed"))
    yield performers
    performers.close()


@pytest.fixture(scope="session")
def retained(cluster: Build) -> Registered:
    return cluster("retained")


@pytest.fixture(scope="session")
def disposable(cluster: Build) -> Registered:
    return cluster("disposable")


@pytest.fixture(scope="session")
def edges() -> Edges:
    """What platforms with a gateway register: of each variant, in each lifecycle."""
    return {(variant, lifecycle): edge(variant, lifecycle) for variant in VARIANTS for lifecycle in LIFECYCLES}


@pytest.fixture(scope="session")
def stated() -> dict[str, Stated]:
    """What platforms register whose gateway says everything about itself: one of each variant."""
    return {variant: everything_stated(variant) for variant in VARIANTS}


@pytest.fixture(scope="session")
def platforms(repository: Path) -> dict[str, Any]:
    """What the stack files say."""
    return {
        stack: yaml.safe_load((repository / f"Pulumi.{stack}.yaml").read_text())["config"]["pokayoke-eks:platform"]
        for stack in ("dev", "prod")
    }


@pytest.fixture(scope="session")
def dev(repository: Path, platforms: dict[str, Any]) -> Registered:
    """What the program registers for the stack `dev`."""
    return run(repository, platforms["dev"])


@pytest.fixture(scope="session")
def prod(repository: Path, platforms: dict[str, Any]) -> Registered:
    """What the program registers for the stack `prod`."""
    return run(repository, platforms["prod"])
