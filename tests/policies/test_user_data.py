"""The policy `user-data-invalid`."""

import base64
import gzip
from dataclasses import replace
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack, Resource
from judging import in_one_line

SLUG = "user-data-invalid"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
TOML = "[settings.kubernetes]\nmax-pods = 50\n"
SCRIPT = "#!/bin/bash\necho hello\n"
CONFIG = "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    config: {maxPods: 50}\n"


def mime(*parts: tuple[str, str], boundary: str = "//") -> str:
    body = "".join(f"--//\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    return f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{boundary}"\n\n{body}--//--\n'


WHOLE = mime(("text/x-shellscript", SCRIPT), ("application/node.eks.aws", CONFIG))


def node_class(data: Any, alias: Any = "bottlerocket@v1.65.0", **said: Any) -> dict[str, Any]:
    terms = [{"alias": alias}] if alias else [{"id": "ami-1"}]
    spec = {"userData": data, "amiSelectorTerms": terms, **said}
    return {"apiVersion": "karpenter.k8s.aws/v1", "kind": "EC2NodeClass", "metadata": {"name": "x"}, "spec": spec}


@pytest.mark.parametrize(
    ("alias", "data"),
    [
        ("bottlerocket@v1.65.0", TOML),
        ("bottlerocket@latest", ""),
        ("bottlerocket@latest", None),
        ("al2023@latest", WHOLE),
        ("al2023@latest", SCRIPT),
        ("al2023@latest", CONFIG),
        ("al2@latest", SCRIPT),
        ("al2@latest", WHOLE),
        ("windows2022@latest", "<powershell>x</powershell>"),
        (None, "anything: [goes"),
    ],
    ids=in_one_line,
)
def test_user_data_in_the_form_of_its_family_passes(alias: Any, data: Any, pack: Pack) -> None:
    assert SLUG not in pack.refusals(NODE_CLASS, node_class(data, alias))


@pytest.mark.parametrize(
    ("alias", "data", "told"),
    [
        ("bottlerocket@v1.65.0", "[settings.kubernetes\nmax-pods = 50", "it is no TOML (at line 1, column 21)"),
        ("bottlerocket@v1.65.0", SCRIPT, "it is no TOML"),
        ("bottlerocket@v1.65.0", "[settings.kubernetes]\nmax-pods = many", "it is no TOML"),
        ("bottlerocket@v1.65.0", "[kubernetes]\nmax-pods = 50", "tables beside [settings]"),
        ("bottlerocket@v1.65.0", "settings = 1", "its settings are no table"),
        ("bottlerocket@v1.65.0", "[settings]\nkubernetes = 1", "settings.kubernetes is no table"),
        ("al2023@latest", TOML, "neither MIME multi-part, nor a script, nor a NodeConfig"),
        ("al2023@latest", "kind: [", "nor a NodeConfig in YAML"),
        ("al2023@latest", f"    {WHOLE}", "it is neither MIME multi-part"),
        ("al2023@latest", mime(("text/x-shellscript", SCRIPT), boundary="other"), "has no parts"),
        ("al2023@latest", mime(("application/node.eks.aws", "kind: NodeConfig")), "nor a NodeConfig"),
        ("al2@latest", "echo hello", "neither a MIME multi-part message nor a script"),
    ],
    ids=in_one_line,
)
def test_user_data_that_its_family_does_not_read_is_refused(alias: str, data: str, told: str, pack: Pack) -> None:
    found = pack.refusals(NODE_CLASS, node_class(data, alias))
    (message,) = found.pop(SLUG)
    assert message.startswith("spec.userData: ")
    assert told in message
    assert found == {}


def test_the_family_may_be_stated_beside_an_image_by_its_id(pack: Pack) -> None:
    (message,) = pack.refusals(NODE_CLASS, node_class("settings", None, amiFamily="Bottlerocket"))[SLUG]
    assert message.partition(f" [{SLUG}]")[0] == (
        "spec.userData: it is no TOML (at end of document), and Bottlerocket nodes read no other"
    )
    assert SLUG not in pack.refusals(NODE_CLASS, node_class(SCRIPT, None, amiFamily="Custom"))


def test_a_node_class_is_judged_in_whatever_resource_it_comes(pack: Pack) -> None:
    broken = node_class(SCRIPT)
    assert SLUG in pack.refusals("kubernetes:core/v1:List", {"items": [broken]})
    assert SLUG in pack.refusals(RELEASE, {"chart": "x", "values": {"objects": [broken]}})


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("ami_type", "data", "told"),
    [
        ("BOTTLEROCKET_x86_64", encoded(TOML), ""),
        ("BOTTLEROCKET_x86_64", encoded(SCRIPT), "userData: it is no TOML"),
        ("AL2023_x86_64_STANDARD", encoded(WHOLE), ""),
        ("AL2023_x86_64_STANDARD", encoded(SCRIPT), "it is no MIME multi-part message, and AL2023 nodes take no other"),
        (None, encoded(SCRIPT), "it is no MIME multi-part message"),
        ("AL2_x86_64", encoded(TOML), "it is no MIME multi-part message"),
        ("AL2023_x86_64_STANDARD", SCRIPT, "it is not in base64"),
        ("WINDOWS_CORE_2022_x86_64", encoded("<powershell>x</powershell>"), ""),
        ("AL2023_x86_64_STANDARD", None, ""),
        ("AL2023_x86_64_STANDARD", "", ""),
        ("AL2023_x86_64_STANDARD", 5, ""),
    ],
    ids=in_one_line,
)
def test_a_launch_template_is_read_as_the_image_type_of_its_group(
    ami_type: Any, data: Any, told: str, pack: Pack
) -> None:
    found = pack.of_stack(*started(data, ami_type)).get(SLUG, [])
    assert [name for name, _ in found] == (["template"] if told else [])
    assert told in (found[0][1] if found else "")
    assert all(f" (of the node group 'group') [{SLUG}]" in message for _, message in found)


def test_with_an_image_of_ones_own_user_data_is_ones_own_too(pack: Pack) -> None:
    for ami_type in (None, "CUSTOM", "BOTTLEROCKET_x86_64"):
        assert SLUG not in pack.of_stack(*started(encoded(SCRIPT), ami_type, imageId="ami-1"))
    compressed = base64.b64encode(gzip.compress(WHOLE.encode())).decode()
    assert pack.of_stack(*started(compressed, None, imageId="ami-1")) == {}
    assert SLUG in pack.of_stack(*started(encoded(mime(boundary="other")), None, imageId="ami-1"))


def test_what_cannot_be_told_is_said_once(pack: Pack) -> None:
    assert pack.refusals(NODE_CLASS, node_class(UNKNOWN))["unknown"].count(SLUG) == 1
    assert SLUG in pack.refusals(NODE_CLASS, node_class(TOML, UNKNOWN))["unknown"]
    assert set(pack.of_stack(*started(UNKNOWN, None))) == {"unknown"}
    template, nodes = started(None, None)
    assert pack.of_stack(template, replace(nodes, properties={"instanceTypes": ["m7i.large"]}, sources={})) == {}
    assert pack.of_stack(replace(nodes, sources={})) == {}, "the template may be another stack's"


def started(data: Any, ami_type: Any, **said: Any) -> tuple[Resource, Resource]:
    template = Resource("aws:ec2/launchTemplate:LaunchTemplate", "template", {"userData": data, **said})
    group = {"amiType": ami_type, "instanceTypes": ["m7i.large"], "launchTemplate": {"id": UNKNOWN}}
    kind = "aws:eks/nodeGroup:NodeGroup"
    return template, Resource(kind, "group", group, sources={"launchTemplate": "template"})
