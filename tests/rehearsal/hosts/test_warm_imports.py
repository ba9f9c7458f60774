"""What a program will import is found in its sources and imported ahead."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pokayoke_rehearsal.hosts.imports import Use, uses_of_program


@pytest.fixture
def uses(tmp_path):
    """The uses of a program of some files."""

    def of(files, entry="."):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return set(uses_of_program(tmp_path / entry))

    return of


def test_attributes_of_a_module_are_uses_of_it(uses):
    found = uses({"__main__.py": "import pulumi_aws as aws\nvpc = aws.ec2.Vpc('a')\n"})
    assert {Use("pulumi_aws"), Use("pulumi_aws", ("ec2", "Vpc"))} <= found


def test_what_is_imported_from_a_module_is_a_use_of_it_too(uses):
    found = uses({"__main__.py": "from pulumi_aws import ec2 as net\nnet.Subnet\nfrom pokayoke_eks import Cluster\n"})
    assert {Use("pulumi_aws", ("ec2", "Subnet")), Use("pokayoke_eks", ("Cluster",))} <= found


def test_imports_inside_functions_count(uses):
    assert Use("pulumi_eks") in uses({"__main__.py": "def f():\n    import pulumi_eks\n"})


def test_the_programs_own_modules_are_read_and_not_imported(uses):
    found = uses(
        {
            "__main__.py": "import helper\nfrom parts import network\nfrom parts.deep import dns\n",
            "helper.py": "import pulumi_kubernetes as k8s\nk8s.core.v1.Namespace\n",
            "parts/__init__.py": "",
            "parts/network.py": "from . import names\nimport pulumi_random\n",
            "parts/names.py": "import pulumi_tls\n",
            "parts/deep/dns.py": "import pulumi_dns\n",
        }
    )
    assert {use.module for use in found} == {"pulumi_kubernetes", "pulumi_random", "pulumi_tls", "pulumi_dns"}
    assert Use("pulumi_kubernetes", ("core", "v1", "Namespace")) in found


def test_the_standard_library_is_there_anyway(uses):
    assert uses({"__main__.py": "import json, os.path\nfrom collections import abc\n"}) == set()


def test_a_single_file_is_a_program(uses):
    assert Use("pulumi_aws") in uses({"app.py": "import pulumi_aws", "__main__.py": "import pulumi_eks"}, "app.py")


def test_a_broken_source_is_left_for_the_program_to_tell(uses):
    assert uses({"__main__.py": "import helper\nimport pulumi_aws", "helper.py": "def ("}) == {Use("pulumi_aws")}


PROGRAM = """
import pulumi_aws as aws, pulumi_missing
from helper import nothing
aws.kms.Key("key")
"""


def test_a_warm_parent_has_loaded_what_is_used_but_no_thread_and_no_module_of_the_program(tmp_path):
    (tmp_path / "__main__.py").write_text(PROGRAM)
    (tmp_path / "helper.py").write_text("raise SystemExit('imported')")
    code = f"""
import json, sys, threading
from pathlib import Path
from pokayoke_rehearsal.hosts.imports import warm
warm(Path({str(tmp_path)!r}))
tasks = Path("/proc/self/task")
print(json.dumps({{
    "threads": len(list(tasks.iterdir())) if tasks.exists() else threading.active_count(),
    "used": "pulumi_aws.kms.key" in sys.modules,
    "unused": "pulumi_aws.ec2.vpc" in sys.modules,
    "own": "helper" in sys.modules,
}}))
"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, cwd=Path("/")
    )
    assert json.loads(ran.stdout) == {"threads": 1, "used": True, "unused": False, "own": False}
