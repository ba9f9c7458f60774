"""The same doubles under a real Pulumi CLI, which has to be on the PATH."""

import json
import os
import shutil
import sys

import pytest

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(shutil.which("pulumi") is None, reason="no `pulumi` on the PATH"),
]

PACK = """
from pulumi_policy import EnforcementLevel, PolicyConfigSchema, PolicyPack, ResourceValidationPolicy
def check(args, report):
    if args.resource_type == "echo:index:Thing" and len(args.props["value"]) > args.get_config()["most"]:
        report("it is too long")
most = PolicyConfigSchema({"most": {"type": "integer", "default": 3}})
PolicyPack("rules", [ResourceValidationPolicy("short", "Nothing is long.", check, config_schema=most)],
           enforcement_level=EnforcementLevel.MANDATORY)
"""

TWO = """
group = Group("group")
a = Thing("a", value="1", opts=ResourceOptions(parent=group))
b = Thing("b", value=a.computed, opts=ResourceOptions(parent=group))
export("end", b.computed)
"""


def test_a_whole_life_is_the_same_as_under_the_embedded_engine(shop):
    shop.program(TWO)
    shop.config(color="green", nested={"zones": ["a"]})
    before = {file.name: file.read_text() for file in shop.folder.iterdir()}
    real, embedded = shop.rehearse("--engine", "pulumi", "--json"), shop.rehearse("--json")
    assert real.code == embedded.code == 0, real.err
    for act in ("preview", "up", "second up", "operate", "destroy"):
        ours, theirs = embedded.act(act), real.act(act)
        assert theirs["summary"] == ours["summary"]
        assert theirs["shortcomings"] == ours["shortcomings"] == []
        assert theirs["resources"] == ours["resources"]
    assert real.act("up")["outputs"] == embedded.act("up")["outputs"] == {"end": "b-1-computed"}
    assert real.document["resourcesByType"] == embedded.document["resourcesByType"]
    assert before == {file.name: file.read_text() for file in shop.folder.iterdir() if file.is_file()}


def test_a_package_that_has_no_double_is_refused_even_when_its_plugin_is_installed(shop, monkeypatch, tmp_path):
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "pulumi-resource-random").write_text("#!/bin/sh\necho 1\n")
    (plugins / "pulumi-resource-random").chmod(0o755)
    monkeypatch.setenv("PATH", str(plugins), prepend=os.pathsep)
    shop.program('Thing("a")\npulumi.CustomResource("random:index/randomPet:RandomPet", "pet")')
    ran = shop.rehearse("--engine", "pulumi", "--until", "preview")
    assert ran.code == 1
    assert "random" in ran.out


def test_what_is_protected_refuses_its_destroy_before_anything_goes(shop):
    (shop.folder / "Pulumi.yaml").write_text("name: pokayoke-eks\nruntime: python\n")
    shop.config(platform={"lifecycle": "retained"})
    shop.program(
        'lifted = pulumi.Config().require_object("platform").get("allow_destroy", False)\n'
        'a = Thing("a", deletionProtection=not lifted, opts=ResourceOptions(protect=not lifted))\n'
        'Thing("b", value=a.computed)'
    )
    ran = shop.rehearse("--engine", "pulumi", "--json")
    assert ran.code == 0, ran.err
    assert [act["name"] for act in ran.document["acts"]][4:] == ["refused destroy", "allow destroy", "destroy"]


def test_an_error_of_the_program_comes_out_unchanged(shop):
    shop.program("raise pulumi.RunError('a.b: wrong [slug]. Remedy.')")
    ran = shop.rehearse("--engine", "pulumi")
    assert ran.code == 1
    assert "a.b: wrong [slug]. Remedy.\n" in ran.out
    assert "Traceback" not in ran.out


def test_a_configuration_of_a_pack_holds_as_under_the_embedded_engine(shop):
    pack = shop.folder / "rules"
    pack.mkdir()
    runtime = {"name": "python", "options": {"virtualenv": sys.prefix}}
    (pack / "PulumiPolicy.yaml").write_text(json.dumps({"runtime": runtime}))
    (pack / "__main__.py").write_text(PACK)
    file = shop.folder / "rules.json"
    shop.program('Thing("a", value="long enough")')
    options = ("--until", "preview", "--json", "--policy-pack", str(pack), "--policy-pack-config", str(file))
    for said, level in (
        ({}, "mandatory"),
        ({"all": "advisory"}, "advisory"),
        ({"all": "disabled", "short": {"enforcementLevel": "advisory", "most": 5}}, "advisory"),
        ({"short": {"most": 20}}, None),
        ({"short": {"most": "many"}}, "wrong"),
    ):
        file.write_text(json.dumps(said))
        real, embedded = shop.rehearse("--engine", "pulumi", *options), shop.rehearse(*options)
        assert real.code == embedded.code == (level in ("mandatory", "wrong")), said
        for ran in (real, embedded):
            assert [one["level"] for one in ran.act("preview")["violations"]] == [level][: level not in (None, "wrong")]
            assert ("short: most: " in str(ran.act("preview")["diagnostics"])) is (level == "wrong")
