"""What is loaded when: the pure part of the library never touches a provider's SDK."""

import importlib.util
import subprocess
import sys

import pytest

import pokayoke_eks
from pokayoke_eks import config

PURE = (
    "pokayoke_eks",
    "pokayoke_eks.catalogue",
    "pokayoke_eks.config",
    "pokayoke_eks.instances",
    "pokayoke_eks.rules.names",
    "pokayoke_eks.rules.system_nodes",
)
BLOCKER = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BLOCKED:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Blocker())
"""


def run(code: str, *blocked: str) -> str:
    program = f"BLOCKED = {blocked!r}\n{BLOCKER}\n{code}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("module", PURE)
def test_the_pure_part_imports_without_pulumi(module: str) -> None:
    run(f"import {module}", "pulumi", "pulumi_aws", "pulumi_eks", "pulumi_kubernetes", "grpc", "boto3", "yaml")


def test_rules_catalogue_and_instances_need_nothing_but_python() -> None:
    modules = "pokayoke_eks.catalogue, pokayoke_eks.instances, pokayoke_eks.rules.system_nodes"
    run(f"import {modules}", "pulumi", "pulumi_aws", "pulumi_eks", "pulumi_kubernetes", "pydantic", "pydantic_core")


def test_a_config_is_read_without_pulumi() -> None:
    code = (
        "from datetime import date\n"
        "from pokayoke_eks import PlatformConfig\n"
        "from pokayoke_eks.config import load\n"
        "print(len(load({}, today=date(2026, 11, 21)).errors))"
    )
    assert run(code, "pulumi", "pulumi_aws", "pulumi_eks", "pulumi_kubernetes") == "7"


def test_every_exported_name_has_a_home_and_an_unknown_one_is_an_attribute_error() -> None:
    assert set(pokayoke_eks.__all__) <= set(dir(pokayoke_eks))
    assert set(pokayoke_eks.__all__) == set(pokayoke_eks._HOME)
    for name, home in pokayoke_eks._HOME.items():
        assert importlib.util.find_spec(f"pokayoke_eks.{home}") is not None
        assert home != "config" or getattr(pokayoke_eks, name) is getattr(config, name)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = pokayoke_eks.Nothing
