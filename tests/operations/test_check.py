"""The pack over what no engine shows: an exported stack, and plain manifests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from pokayoke.check.command import check
from pokayoke.failing import CommandError

BARE = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"template": {"spec": {"containers": [{"name": "web", "image": "registry.example.com/web:1.0.0"}]}}},
}
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": '"hunter2"'}


def resource(kind: str, name: str, inputs: dict[str, Any], **said: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::shop::{kind}::{name}"
    return {"urn": urn, "type": kind, "custom": True, "inputs": inputs, "outputs": {}, **said}


def state_of(folder: Path, *resources: dict[str, Any]) -> Path:
    file = folder / "stack.json"
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": list(resources)}}))
    return file


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return json.loads(capsys.readouterr().out)["findings"]


def test_an_exported_stack_is_judged_resource_by_resource_and_as_a_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`extended-support` shows in one resource, `duplicate-node-role` between two."""
    role = {"name": "nodes", "assumeRolePolicy": "{}"}
    cluster = resource("aws:eks/cluster:Cluster", "main", {"name": "demo", "version": "1.36"})
    roles = [resource("aws:iam/role:Role", name, role) for name in ("one", "other")]
    assert check(state=state_of(tmp_path, cluster, *roles), form="json") == 1
    found = {(one["policy"], one["resource"]) for one in told(capsys)}
    assert ("extended-support", "aws:eks/cluster:Cluster main") in found
    assert any(policy == "duplicate-node-role" for policy, _ in found)


def test_a_sound_stack_has_no_finding_and_what_is_to_be_deleted_is_not_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = {"name": "demo", "version": "1.36", "upgradePolicy": {"supportType": "STANDARD"}}
    gone = [resource("aws:eks/cluster:Cluster", name, {"name": "old"}, delete=True) for name in ("old", "main")]
    assert check(state=state_of(tmp_path, resource("aws:eks/cluster:Cluster", "main", sound), *gone), form="json") == 0
    assert {(one["resource"], one["level"]) for one in told(capsys)} == {("aws:eks/cluster:Cluster main", "advisory")}


def test_a_secret_of_a_state_is_never_told_though_the_export_shows_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = {"auth": {"password": SECRET}, "clusterName": SECRET}
    release = resource(
        "kubernetes:helm.sh/v3:Release", "lbc", {"chart": "aws-load-balancer-controller", "values": values}
    )
    cluster = resource("aws:eks/cluster:Cluster", "main", {"name": SECRET, "upgradePolicy": SECRET})
    check(state=state_of(tmp_path, release, cluster), form="text")
    out = capsys.readouterr().out
    assert "hunter2" not in out
    assert "advisory: aws:eks/cluster:Cluster main: upgradePolicy" in out


def test_manifests_are_judged_wherever_they_lie_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    below = tmp_path / "apps" / "shop"
    below.mkdir(parents=True)
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": ["web.yaml"],
    }
    documents = [kustomization, {"replicaCount": 2}, BARE, {"apiVersion": "v1", "kind": "List", "items": [BARE]}]
    (below / "web.yaml").write_text(yaml.safe_dump_all(documents, sort_keys=False))
    assert check(manifests=tmp_path, form="json") == 1
    found = [one for one in told(capsys) if one["level"] == "mandatory"]
    assert {(one["policy"], one["resource"]) for one in found} == {
        ("missing-resource-limits", "kubernetes:apps/v1:Deployment shop/web")
    }
    lines = (below / "web.yaml").read_text().splitlines()
    assert {one["file"] for one in found} == {str(below / "web.yaml")}
    assert [lines[one["line"] - 1].strip() for one in found] == ["- name: web", "- name: web"]


POD = """apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - name: sound
      image: registry.example.com/a:1
      resources: {requests: {cpu: 1}, limits: {memory: 1Gi}}
    - name: bare
      image: registry.example.com/a:1
"""


def mandatory(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int | None, str]]:
    return [(one["file"], one["line"], one["policy"]) for one in told(capsys) if one["level"] == "mandatory"]


def test_a_finding_is_told_at_the_line_of_its_property(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in a list, and where a key holds dots; from the working folder, as code scanning looks for it."""
    monkeypatch.chdir(tmp_path)
    dotted = "metadata:\n  name: a\n  labels:\n    a: b\n    example.com/team.of: '${TEAM}'\n"
    listed = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  data: {}\n" + "".join(
        f"  {line}\n" for line in dotted.splitlines()
    )
    (tmp_path / "all.yaml").write_text(f"# ours\n---\n{POD}---\n{listed}")
    assert check(manifests=tmp_path / "all.yaml", form="json") == 1
    assert mandatory(capsys) == [
        ("all.yaml", 11, "missing-resource-limits"),
        ("all.yaml", 24, "unresolved-placeholder"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "wrong"),
    [
        (b"apiVersion: v1\nkind: Pod\n spec: [\n", 3, "it cannot be read: "),
        (b"apiVersion: v1\nmetadata:\n  name: {{ x }}y\n", 3, "of a chart, check what `helm template` writes"),
        (b"apiVersion: v1\nkind: caf\xe9\n", None, "can't decode byte 0xe9"),
        (None, None, "it cannot be read: No such file"),
    ],
    ids=["broken", "template", "latin-1", "link-to-nothing"],
)
def test_a_file_that_cannot_be_read_is_told_and_the_others_are_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, line: int | None, wrong: str
) -> None:
    broken = tmp_path / "a.yaml"
    broken.symlink_to("nowhere") if content is None else broken.write_bytes(content)
    (tmp_path / "b.yaml").write_text(POD)
    assert check(manifests=tmp_path, form="json") == 1
    first, second, *_ = (one for one in told(capsys) if one["level"] == "mandatory")
    assert (first["policy"], first["file"], first["line"]) == ("unreadable", str(broken), line)
    assert wrong in first["message"]
    assert second["policy"] == "missing-resource-limits"


def test_json_and_other_encodings_of_unicode_are_manifests_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(yaml.safe_load(POD), indent="\t"))
    (tmp_path / "b.yaml").write_bytes(POD.encode("utf-16"))
    (tmp_path / "c.yaml").write_bytes(POD.encode("utf-8-sig"))
    assert check(manifests=tmp_path, form="json") == 1
    assert [(Path(file).name, line) for file, line, _ in mandatory(capsys)] == [
        ("a.json", 21),
        ("b.yaml", 9),
        ("c.yaml", 9),
    ]


def test_what_never_reaches_a_cluster_as_it_is_written_is_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kustomization = {
        "patches": [{"path": "more.yaml"}, {"patch": "- op: remove"}, {"path": "sub/./other.yaml"}],
        "patchesStrategicMerge": ["old.yaml", "kind: Pod\nspec: {}\n"],
    }
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: a\n",
        "chart/templates/pod.yaml": "apiVersion: v1\n{{- if x }}",
        "chart/crds/pod.yaml": POD,
        "templates/pod.yaml": POD,
        ".hidden/pod.yaml": POD,
        ".pod.yaml": POD,
        "values.yaml": "a: !Custom [",
        "tsconfig.json": "// no manifest",
        "overlay/kustomization.yml": yaml.safe_dump(kustomization),
        **{f"overlay/{name}.yaml": POD for name in ("more", "old", "sub/other", "sub/more")},
        "broken/kustomization.yaml": "patches: [",
        "broken/pod.yaml": POD,
        "odd/kustomization.yaml": "- patches",
        "odd/pod.yml": POD,
        "notes.txt": POD,
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    assert check(manifests=tmp_path, form="json") == 1
    assert {Path(file).relative_to(tmp_path).as_posix() for file, _, _ in mandatory(capsys)} == {
        *("chart/crds/pod.yaml", "templates/pod.yaml", "overlay/sub/more.yaml", "broken/pod.yaml", "odd/pod.yml")
    }


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("gone", "there is no such file or folder"), ("a.yaml", "it holds no Kubernetes object; of a chart, check what")],
)
def test_nothing_to_judge_is_one_clear_error(tmp_path: Path, name: str, wrong: str) -> None:
    (tmp_path / "a.yaml").write_text("just: values")
    with pytest.raises(CommandError, match=wrong):
        check(manifests=tmp_path / name, form="text")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"deployment": []}', '{"deployment": {"resources": [{"type": 1}]}}'])
def test_a_state_that_is_none_is_one_clear_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "stack.json").write_text(text)
    with pytest.raises(CommandError, match="pulumi stack export"):
        check(state=tmp_path / "stack.json", form="text")


@pytest.mark.parametrize(("version", "read"), [(3, True), (4, True), (5, False)])
def test_a_state_of_a_later_form_is_not_guessed_at(tmp_path: Path, version: int, read: bool) -> None:
    file = tmp_path / "stack.json"
    file.write_text(json.dumps({"version": version, "deployment": {"manifest": {}}}))
    if read:
        assert check(state=file, form="text") == 0
        return
    with pytest.raises(CommandError, match="version 5, and this command reads up to 4"):
        check(state=file, form="text")


def configured(folder: Path, **policies: Any) -> Path:
    file = folder / "policies.json"
    file.write_text(json.dumps({name.replace("_", "-"): said for name, said in policies.items()}))
    return file


LEGACY = {"resource": "shop/w*", "reason": "goes with the next release", "until": "2999-01-31"}


@pytest.mark.parametrize(
    ("said", "code", "levels"),
    [
        ({}, 1, {"mandatory"}),
        ({"missing_resource_limits": "advisory"}, 0, {"advisory"}),
        ({"missing_resource_limits": "disabled"}, 0, set[str]()),
        ({"all": "disabled"}, 0, set[str]()),
        ({"all": "advisory", "missing_resource_limits": "mandatory"}, 1, {"mandatory"}),
        ({"missing_resource_limits": {"exemptions": [LEGACY]}}, 0, set[str]()),
        ({"missing_resource_limits": {"exemptions": [{**LEGACY, "resource": "other"}]}}, 1, {"mandatory"}),
        ({"missing_resource_limits": {"enforcementLevel": "remediate"}}, 1, {"mandatory"}),
    ],
    ids=lambda one: json.dumps(one)[:60] if isinstance(one, dict) else "",
)
def test_levels_and_exemptions_are_those_of_a_preview(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], said: dict[str, Any], code: int, levels: set[str]
) -> None:
    (tmp_path / "web.yaml").write_text(yaml.safe_dump(BARE))
    assert check(manifests=tmp_path / "web.yaml", config=configured(tmp_path, **said), form="json") == code
    assert {one["level"] for one in told(capsys) if one["policy"] == "missing-resource-limits"} == levels


def test_a_practice_may_be_made_mandatory_and_what_is_not_told_stays_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "web.yaml").write_text(yaml.safe_dump(BARE))
    assert check(manifests=tmp_path / "web.yaml", config=configured(tmp_path, all="mandatory"), form="json") == 1
    assert ("pod-hardened", "mandatory") in {(one["policy"], one["level"]) for one in told(capsys)}
    cluster = resource("aws:eks/cluster:Cluster", "main", {"version": "1.36", "upgradePolicy": SECRET})
    check(state=state_of(tmp_path, cluster), config=configured(tmp_path, extended_support="mandatory"), form="json")
    assert {one["level"] for one in told(capsys) if one["policy"] == "extended-support"} == {"advisory"}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"no_such": "advisory"}, "no-such: the pack has no such policy"),
        ({"no_egress": "loud"}, "'loud' is no enforcement level"),
        ({"no_egress": {"exemptions": [{"resource": "a"}]}}, r"no-egress: exemptions\[0\]: 'reason' is a required"),
    ],
    ids=["policy", "level", "exemption"],
)
def test_a_wrong_configuration_is_one_clear_error(tmp_path: Path, said: dict[str, Any], wrong: str) -> None:
    with pytest.raises(CommandError, match=wrong):
        check(manifests=tmp_path, config=configured(tmp_path, **said), form="text")


def test_a_preview_is_configured_itself(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="to the preview that wrote the events"):
        check(events=tmp_path / "events.json", config=configured(tmp_path), form="text")


@pytest.mark.parametrize("both", [True, False])
def test_one_thing_is_checked_at_a_time(tmp_path: Path, both: bool) -> None:
    with pytest.raises(CommandError, match="--state FILE, --manifests DIR or --events FILE"):
        check(state=tmp_path if both else None, events=tmp_path if both else None, form="text")


def test_what_a_real_preview_found_is_written_in_the_same_forms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Events as pulumi 3.260 writes them (sdk/go/common/apitype/events.go); another pack's findings count too."""
    urn = "urn:pulumi:dev::shop::aws:eks/cluster:Cluster::main"
    finding = {"resourceUrn": urn, "message": "<{%reset%}>no limit<{%reset%}>", "color": "raw", "policyPackName": "x"}
    events = [
        {"resourcePreEvent": {"metadata": {"op": "create", "urn": urn}}},
        {"policyEvent": {**finding, "policyName": "of-another-pack", "enforcementLevel": "mandatory"}},
        {"policyEvent": {**finding, "policyName": "extended-support", "enforcementLevel": "advisory"}},
    ]
    (tmp_path / "events.json").write_text("\n".join(map(json.dumps, events)))
    assert check(events=tmp_path / "events.json", form="sarif") == 1
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert [(one["ruleId"], one["level"]) for one in run["results"]] == [
        ("of-another-pack", "error"),
        ("extended-support", "note"),
    ]
    (tmp_path / "events.json").write_text("no events")
    with pytest.raises(CommandError, match="event log"):
        check(events=tmp_path / "events.json", form="text")
