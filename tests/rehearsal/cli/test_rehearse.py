"""`pokayoke rehearse`, from what is typed to exit code, folder and document."""

import json
import os
import signal
import threading
from contextlib import suppress

import pytest

from pokayoke_rehearsal.hosts import world
from pokayoke_rehearsal.rehearse import Rehearsal

THREE = """
group = Group("group")
a = Thing("a", value="1", opts=ResourceOptions(parent=group))
b = Thing("b", value=a.computed, opts=ResourceOptions(parent=group))
c = Thing("c", value=b.computed)
export("end", c.computed)
print("the program was here")
"""


def test_a_whole_life_leaves_exit_code_zero_a_report_one_document_and_no_folder(shop):
    shop.program(THREE)
    ran = shop.rehearse("--json")
    assert ran.code == 0, ran.err
    document = ran.document
    assert [act["name"] for act in document["acts"]] == ["preview", "up", "second up", "operate", "destroy"]
    summaries = [act["summary"] for act in document["acts"]]
    assert summaries == [{"create": 5}, {"create": 5}, {"same": 5}, {}, {"delete": 5}]
    assert document["ok"]
    assert not document["interrupted"]
    assert not document["resumed"]
    assert document["kept"] is None
    assert document["resourcesByType"] == {
        "echo:index:Thing": 3,
        "pulumi:providers:echo": 1,
        "pulumi:pulumi:Stack": 1,
        "shop:index:Group": 1,
    }
    assert ran.act("up")["outputs"] == {"end": "c-1-computed"}
    assert ran.act("operate")["story"] == {
        "headline": "3 things live",
        "lines": ["a came first"],
        "troubles": [],
        "usdPerHour": 0.25,
        "warnings": ["c-1 is large"],
    }
    left = ran.act("destroy")["left"]
    assert (left["state"], left["world"]) == ([], [])
    assert [key["service"] for key in left["keysPendingDeletion"]] == ["kms"]
    assert [zone["note"] for zone in left["presumed"]] == ["example.com"]
    assert not (shop.folder / ".pokayoke").exists()
    assert ran.err.startswith("shop dev: preview, up, second up, operate, destroy\n")
    for told in (
        "ok   preview          5 to create",
        "ok   second up        no change (5 unchanged)",
        "ok   operate          3 things live",
        "Operating\n  a came first\n",
        "Warnings of the API server\n  warning: c-1 is large\n",
        "ok   destroy          5 deleted, nothing left",
        "3  echo:Thing",
        "no pack was given",
        "kms key 1234 in eu-west-1 (7 days): waits for its deletion, as in AWS",
        "presumed to be there, and left as it was: hosted zone example.com",
        "ms a resource",
        "✔ dev: preview, up, second up, operate and destroy went as they must",
        "the program was here",
    ):
        assert told in ran.err
    assert "\x1b[" not in ran.err


def test_a_second_up_with_changes_falls_short_and_is_destroyed_all_the_same(shop):
    shop.program('Thing("a", value=os.urandom(4).hex())')
    ran = shop.rehearse("--json")
    assert ran.code == 1
    assert ran.act("second up")["shortcomings"] == ["changes what nobody changed: update echo:index:Thing a [value]"]
    assert ran.act("destroy")["ok"]
    assert not shop.state.exists()


def test_what_does_not_live_as_it_was_asked_to_falls_short_and_is_destroyed_all_the_same(shop):
    shop.program('Thing("sick")')
    ran = shop.rehearse()
    assert ran.code == 1
    assert "FAIL operate          1 troubles: 1 things live" in ran.out
    assert "Troubles\n  thing sick-1 is not well\n" in ran.out
    assert "✘ dev: fell short in operate" in ran.out
    assert not shop.state.exists()


def test_what_destroy_leaves_in_the_world_falls_short(shop):
    shop.program('Thing("a", value="1", opts=ResourceOptions(retain_on_delete=True))')
    ran = shop.rehearse()
    assert ran.code == 1
    assert "left behind: echo thing a-1" in ran.out
    assert "✘ dev: fell short in destroy" in ran.out


def test_a_creation_that_a_kill_interrupted_is_pending_until_it_is_cleared(shop):
    shop.program(THREE)
    assert shop.rehearse("--until", "up", "--keep").code == 0
    file = shop.state / "state.json"
    state = json.loads(file.read_text())
    resource = {"urn": "urn:pulumi:dev::shop::echo:index:Thing::d", "type": "echo:index:Thing", "custom": True}
    state["deployment"]["pending_operations"] = [{"type": "creating", "resource": resource}]
    file.write_text(json.dumps(state))

    warned = shop.rehearse("--until", "up", "--keep")
    assert f"{resource['urn']}, interrupted while creating" in warned.out
    cleared = shop.rehearse("--clear-pending-creates", "--until", "up", "--keep", "--json")
    assert [act["name"] for act in cleared.document["acts"]] == ["refresh", "preview", "up"]
    assert f"no longer pending: the creation of {resource['urn']}" in cleared.err
    assert "interrupted while" not in cleared.err
    assert json.loads(file.read_text())["deployment"]["pending_operations"] == []


def test_a_fault_ends_readably_and_the_next_run_resumes_with_nothing_created_twice(shop):
    shop.program(THREE)
    failed = shop.rehearse("--fail", "b@create=no room for b", "--json")
    assert failed.code == 1
    assert failed.act("up")["shortcomings"] == ["create of echo:index:Thing b failed: no room for b"]
    assert [act["name"] for act in failed.document["acts"]] == ["preview", "up"]
    assert failed.document["kept"] == str(shop.state)
    assert shop.ids == {"a": "a-1"}

    kept = shop.rehearse("--until", "up", "--keep", "--json")
    assert kept.code == 0
    assert kept.document["resumed"]
    assert shop.ids == {"a": "a-1", "b": "b-1", "c": "c-1"}

    finished = shop.rehearse("--json")
    assert finished.code == 0
    assert finished.document["resumed"]
    assert finished.act("up")["summary"] == {"same": 5}
    assert not shop.state.exists()


def test_a_destroy_that_failed_is_finished_before_a_life_begins_anew(shop):
    shop.program(THREE)
    assert shop.rehearse("--fail", "b@delete", "--json").code == 1
    finished = shop.rehearse("--clear-pending-creates", "--json")
    assert finished.code == 0
    acts = [act["name"] for act in finished.document["acts"]]
    assert acts == ["refresh", "rest of destroy", "preview", "up", "second up", "operate", "destroy"]
    assert finished.act("up")["summary"] == {"create": 5}
    assert not shop.state.exists()


def test_a_fault_that_nothing_meets_falls_short(shop):
    shop.program(THREE)
    ran = shop.rehearse("--fail", "nobody@delete")
    assert ran.code == 1
    assert "--fail nobody: no operation of this rehearsal is on a resource of that URN, name or type" in ran.out


def test_a_state_is_dropped_when_its_world_has_died_or_when_asked(shop):
    shop.program(THREE)
    assert shop.rehearse("--until", "up", "--keep").code == 0
    os.kill(shop.world, signal.SIGKILL)
    ran = shop.rehearse("--json", "--until", "up", "--keep")
    assert ran.code == 0
    assert not ran.document["resumed"]
    assert ran.act("up")["summary"] == {"create": 5}
    assert "its world is gone: starting anew" in ran.err

    first = shop.world
    ran = shop.rehearse("--json", "--until", "preview", "--fresh")
    assert (ran.code, ran.act("preview")["summary"]) == (0, {"create": 5})
    with suppress(ChildProcessError):  # unless somebody has taken note of its end already
        os.waitpid(first, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_a_world_that_dies_under_a_rehearsal_is_told_in_one_sentence(shop, monkeypatch):
    shop.program(THREE)
    assert shop.rehearse("--until", "up", "--keep").code == 0
    os.kill(shop.world, signal.SIGKILL)

    async def living(found):
        return True

    monkeypatch.setattr(world, "_answers", living)
    ran = shop.rehearse("--until", "up")
    assert ran.code == 1
    assert "the provider does not answer" in ran.out


def test_ctrl_c_lets_what_runs_end_keeps_the_state_and_the_next_run_finishes(shop, monkeypatch, tmp_path):
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    shop.program(
        'a = Thing("a", value="1")\n'
        f'b = Thing("b", value=a.computed, waitFor={str(gate)!r})\n'
        'Thing("c", value=b.computed)'
    )
    interrupted = threading.Event()
    interrupt = Rehearsal.interrupt
    monkeypatch.setattr(Rehearsal, "interrupt", lambda self: (interrupt(self), interrupted.set()))

    def press() -> None:
        with gate.open("w"):  # opens when the world begins to create b
            os.kill(os.getpid(), signal.SIGINT)
            interrupted.wait()

    pressing = threading.Thread(target=press)
    pressing.start()
    ran = shop.rehearse("--json")
    pressing.join()
    assert ran.code == 130
    assert ran.document["interrupted"]
    assert shop.ids == {"a": "a-1", "b": "b-1"}

    monkeypatch.undo()
    shop.program(THREE.replace("parent=group", "depends_on=[group]"))
    resumed = shop.rehearse("--json")
    assert resumed.code == 0, resumed.err
    assert resumed.document["resumed"]


def test_the_text_of_a_config_error_comes_out_unchanged_and_without_a_trace(shop):
    text = (
        "regions.ap-northeast-2.cidr: overlaps 172.20.0.0/16, which is for services [cidr-overlap]. Choose another.\n"
        "admins: is empty [no-admin]. Name a role."
    )
    shop.program(f"raise pulumi.RunError({text!r})")
    ran = shop.rehearse()
    assert ran.code == 1
    assert f"\n{text}\n✘ dev: fell short in preview\n" in ran.out
    assert "Traceback" not in ran.out + ran.err
    assert not shop.state.exists()


def test_everything_that_no_double_knows_is_named_at_once(shop):
    shop.program(
        'pulumi.CustomResource("random:index:Pet", "pet")\n'
        'pulumi.CustomResource("tls:index:Key", "key")\n'
        'pulumi.runtime.invoke_async\nThing("a")'
    )
    ran = shop.rehearse()
    assert ran.code == 1
    for name in ("random:index:Pet", "tls:index:Key"):
        assert name in ran.out


PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy
def check(args, report):
    if args.resource_type == "echo:index:Thing" and args.props.get("value") == "bad":
        report("it is bad")
PolicyPack("rules", [ResourceValidationPolicy("no-bad", "Nothing is bad.", check)],
           enforcement_level=EnforcementLevel.MANDATORY)
"""


def test_a_pack_beside_the_project_refuses_in_the_preview(shop):
    pack = shop.folder / "policies"
    pack.mkdir()
    (pack / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (pack / "__main__.py").write_text(PACK)
    shop.program('Thing("a", value="bad")')
    ran = shop.rehearse()
    assert ran.code == 1
    assert "echo:index:Thing a violates no-bad" in ran.out
    assert "✘ dev: fell short in preview" in ran.out

    shop.program('Thing("a", value="good")')
    ran = shop.rehearse("--policy-pack", str(pack))
    assert ran.code == 0
    assert f"no findings ({pack})" in ran.out

    (shop.folder / "rules.json").write_text('{"all": "advisory"}')
    shop.program('Thing("a", value="bad")')
    configured = ("--policy-pack-config", str(shop.folder / "rules.json"))
    ran = shop.rehearse("--policy-pack", str(pack), *configured, "--until", "preview")
    assert ran.code == 0
    assert "no-bad" in ran.out


def test_what_is_retained_refuses_its_destroy_until_its_protection_is_lifted(shop):
    (shop.folder / "Pulumi.yaml").write_text("name: pokayoke-eks\nruntime: python\n")
    shop.config(platform={"lifecycle": "retained"})
    shop.program(
        'lifted = pulumi.Config("pokayoke-eks").require_object("platform").get("allow_destroy", False)\n'
        'a = Thing("a", deletionProtection=not lifted, opts=ResourceOptions(protect=not lifted))\n'
        'Thing("b", value=a.computed)'
    )
    ran = shop.rehearse("--json")
    assert ran.code == 0, ran.err
    assert [(act["name"], act["summary"]) for act in ran.document["acts"]] == [
        ("preview", {"create": 3}),
        ("up", {"create": 3}),
        ("second up", {"same": 3}),
        ("operate", {}),
        ("refused destroy", {}),
        ("allow destroy", {"same": 2, "update": 1}),
        ("destroy", {"delete": 3}),
    ]
    shop.program('Thing("a", value="1")')
    unprotected = shop.rehearse("--json")
    assert unprotected.code == 1
    assert unprotected.document["acts"][-1]["name"] == "refused destroy"
    assert unprotected.document["acts"][-1]["shortcomings"] == [
        "it was not refused although the stack is to be protected"
    ]


def test_lifting_the_protection_may_not_change_anything_else(shop):
    (shop.folder / "Pulumi.yaml").write_text("name: pokayoke-eks\nruntime: python\n")
    shop.config(platform={"lifecycle": "retained"})
    shop.program(
        'platform = pulumi.Config("pokayoke-eks").require_object("platform")\n'
        'Thing("a", value=len(platform), opts=ResourceOptions(protect="allow_destroy" not in platform))'
    )
    ran = shop.rehearse("--json")
    assert ran.code == 1
    assert ran.act("allow destroy")["shortcomings"] == [
        "changes more than protection: update echo:index:Thing a [value]"
    ]
    assert ran.act("destroy")["ok"]
