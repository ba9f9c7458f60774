"""The graph of a state, its secrets at rest, and the journal."""

import json
import stat
from pathlib import Path

import pytest

from pokayoke_rehearsal.engine import StateFile
from pokayoke_rehearsal.engine.graph import DependencyGraph, antichains
from pokayoke_rehearsal.engine.secrets import SecretsError, Vault
from pokayoke_rehearsal.engine.state import CREATING, DELETING, Resource, Snapshot
from pokayoke_rehearsal.engine.values import RESOURCE, SIGNATURE, secret


def resource(name: str, *needs: str, parent: str = "", custom: bool = True) -> Resource:
    kind = "echo:index:Thing" if custom else "echo:group:Group"
    return Resource(
        f"urn:pulumi:dev::shop::{kind}::{name}",
        kind,
        custom,
        id=f"{name}-1" if custom else "",
        dependencies=[f"urn:pulumi:dev::shop::{urn}" for urn in needs],
        parent=f"urn:pulumi:dev::shop::{parent}" if parent else "",
    )


def names(resources: set[Resource] | list[Resource]) -> list[str]:
    return sorted(one.name for one in resources)


THING, GROUP = "echo:index:Thing::", "echo:group:Group::"


def test_a_dependency_on_a_component_covers_the_children_that_were_there_before() -> None:
    group = resource("g", custom=False)
    early = resource("early", parent=GROUP + "g")
    user = resource("user", GROUP + "g")
    late = resource("late", parent=GROUP + "g")
    graph = DependencyGraph([group, early, user, late])
    assert names(graph.dependencies_of(user)) == ["early", "g"]


def test_dependents_come_in_the_order_of_the_state() -> None:
    a, b, c = resource("a"), resource("b", THING + "a"), resource("c", THING + "b")
    graph = DependencyGraph([a, b, c, resource("d")])
    assert [one.name for one in graph.depending_on(a)] == ["b", "c"]
    assert names(graph.depending_on(a, ignoring={b.urn})) == []


def test_indirect_dependencies_include_parents_and_leave_the_other_of_a_pair_alone() -> None:
    group = resource("g", custom=False)
    new, old = resource("a", parent=GROUP + "g"), resource("a")
    old.delete = True
    user = resource("u", THING + "a")
    assert graph_of(group, new, old, user).all_dependencies_of(user) == {group, new}


def graph_of(*resources: Resource) -> DependencyGraph:
    return DependencyGraph(list(resources))


def test_deletion_rounds_start_with_what_nothing_needs() -> None:
    a, b, c, d = resource("a"), resource("b", THING + "a"), resource("c", THING + "b"), resource("d")
    rounds = antichains([a, b, c, d], graph_of(a, b, c, d))
    assert [names(one) for one in rounds] == [["c"], ["b"], ["a", "d"]]


def test_secrets_are_not_readable_at_rest_and_open_with_their_key_only(tmp_path: Path) -> None:
    vault = Vault.at(tmp_path / "secret.key")
    sealed = vault.seal({"token": secret({"deep": ["hush"]}), "open": 1})
    assert "hush" not in json.dumps(sealed)
    assert Vault.at(tmp_path / "secret.key").open(sealed) == {"token": secret({"deep": ["hush"]}), "open": 1}
    with pytest.raises(SecretsError):
        Vault.at(tmp_path / "other.key").open(sealed)


def test_only_the_owner_reads_the_key(tmp_path: Path) -> None:
    Vault.at(tmp_path / "deep" / "secret.key")
    assert stat.S_IMODE((tmp_path / "deep" / "secret.key").stat().st_mode) == 0o600


def test_a_state_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    one = resource("a", THING + "b")
    one.inputs = {"token": secret("hush"), "ref": {SIGNATURE: RESOURCE, "urn": "u", "id": "i"}}
    one.outputs, one.protect, one.custom_timeouts = {"n": 1}, True, {"create": 300}
    one.property_dependencies = {"token": []}
    StateFile(tmp_path).save(Snapshot([one]))
    text = (tmp_path / "state.json").read_text()
    assert "hush" not in text
    assert json.loads(text)["version"] == 3
    (back,) = StateFile(tmp_path).load().resources
    assert back.same_as(one)


def test_an_act_that_was_killed_is_folded_into_the_state_when_it_is_loaded(tmp_path: Path) -> None:
    kept, changed, gone, waiting = resource("kept"), resource("changed"), resource("gone"), resource("waiting")
    StateFile(tmp_path).save(Snapshot([kept, changed, gone, waiting]))

    file = StateFile(tmp_path)
    snapshot = file.load()
    journal = file.begin(snapshot)
    base = {one.name: one for one in snapshot.resources}
    journal.end(new=base["kept"].copy(), done=base["kept"])
    update = base["changed"].copy()
    update.outputs = {"new": secret("hush")}
    journal.end(journal.begin(update, "updating"), new=update, done=base["changed"])
    journal.end(journal.begin(base["gone"], DELETING), done=base["gone"])
    fresh = resource("fresh")
    journal.end(journal.begin(fresh, CREATING), new=fresh)
    base["waiting"].delete = True
    replacement = resource("waiting")
    journal.end(journal.begin(replacement, CREATING), new=replacement, changed=[base["waiting"]])
    journal.begin(resource("halfway"), CREATING)
    journal.close()

    assert "hush" not in (tmp_path / "journal.jsonl").read_text()
    loaded = StateFile(tmp_path).load()
    assert [(one.name, one.delete) for one in loaded.resources] == [
        ("kept", False),
        ("changed", False),
        ("fresh", False),
        ("waiting", False),
        ("waiting", True),
    ]
    assert loaded.resources[1].outputs == {"new": secret("hush")}
    assert [(one.resource.name, one.kind) for one in loaded.pending] == [("halfway", CREATING)]
    assert not (tmp_path / "journal.jsonl").exists()


def test_a_line_that_was_being_written_counts_for_nothing(tmp_path: Path) -> None:
    file = StateFile(tmp_path)
    journal = file.begin(file.load())
    journal.end(new=resource("a"))
    journal.close()
    with (tmp_path / "journal.jsonl").open("a") as stream:
        stream.write('{"new":"n2","resour')
    assert names(StateFile(tmp_path).load().resources) == ["a"]


def test_a_journal_of_another_state_is_not_folded(tmp_path: Path) -> None:
    file = StateFile(tmp_path)
    journal = file.begin(file.load())
    journal.end(new=resource("a"))
    journal.close()
    StateFile(tmp_path).save(Snapshot([resource("b")]))
    assert names(StateFile(tmp_path).load().resources) == ["b"]


def test_only_pending_creations_outlive_the_next_act(tmp_path: Path) -> None:
    file = StateFile(tmp_path)
    journal = file.begin(file.load())
    journal.begin(resource("a"), CREATING)
    journal.begin(resource("b"), DELETING)
    journal.close()
    snapshot = StateFile(tmp_path).load()
    assert [one.kind for one in snapshot.pending] == [CREATING, DELETING]
    assert [one.kind for one in file.begin(snapshot).fold().pending] == [CREATING]


def test_who_mentions_a_renamed_resource_mentions_its_new_name(tmp_path: Path) -> None:
    old, user = resource("old"), resource("user", THING + "old")
    file = StateFile(tmp_path)
    file.save(Snapshot([old, user]))
    snapshot = file.load()
    journal = file.begin(snapshot)
    new = resource("new")
    new.aliases = [old.urn]
    journal.end(new=new, done=snapshot.resources[0])
    journal.fold()
    settled = {one.name: one for one in StateFile(tmp_path).load().resources}
    assert settled["user"].dependencies == [new.urn]
    assert settled["new"].aliases == []
