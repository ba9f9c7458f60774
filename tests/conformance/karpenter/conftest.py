"""The upstream definitions that these tests compare with."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from karpenter_answers import FILES
from karpenter_oracle import Oracle
from ruamel.yaml import YAML


@pytest.fixture(scope="session")
def oracles(shared: Path) -> Mapping[str, Oracle]:
    """A judge of each kind, by its upstream CustomResourceDefinition."""
    folder = shared / "data" / "crds" / "karpenter"
    return {kind: Oracle(YAML(typ="safe").load(folder / name)) for kind, name in FILES.items()}
