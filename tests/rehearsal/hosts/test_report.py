"""What a rehearsal shows."""

import io

import pytest
from rich.console import Console

from pokayoke_rehearsal.engine.events import Act, Diagnostic, Result, StepEnded, StepStarted, Violation
from pokayoke_rehearsal.plan import ActOutcome, Expectation, Outcome, PlannedAct
from pokayoke_rehearsal.report.live import LiveTree
from pokayoke_rehearsal.report.plain import PlainLines
from pokayoke_rehearsal.report.progress import Progress
from pokayoke_rehearsal.report.summary import show
from pokayoke_rehearsal.report.words import changes, seconds, short_type

HEAD = "urn:pulumi:dev::shop::"
TWO_REGIONS = [
    ("my:index:Net", "demo-a"),
    ("my:index:Net", "demo-b"),
    ("my:index:Net$aws:ec2/vpc:Vpc", "demo-a-vpc"),
    ("my:index:Net$aws:ec2/vpc:Vpc", "demo-b-vpc"),
    ("my:index:Net$my:index:Part$aws:ec2/subnet:Subnet", "demo-b-1"),
    ("pulumi:providers:aws", "default"),
    ("pulumi:providers:eks", "default"),
    ("aws:iam/role:Role", "lone"),
]


def run(progress, resources, operation="create"):
    for kind, name in resources:
        progress.feed(StepStarted(operation, f"{HEAD}{kind}::{name}"))
        progress.feed(StepEnded(operation, f"{HEAD}{kind}::{name}", 0.1))
    return {group.title: group.done for group in progress.groups.values()}


def test_resources_are_grouped_by_their_outermost_component_and_providers_are_one_group():
    assert run(Progress(), TWO_REGIONS) == {
        "my:Net demo-a": {"create": 2},
        "my:Net demo-b": {"create": 3},
        "providers": {"create": 2},
        "aws:iam:Role lone": {"create": 1},
    }


def test_a_destroy_which_comes_to_components_last_knows_them_from_the_act_before():
    before = Progress()
    run(before, TWO_REGIONS)
    titles = run(Progress(before=before), reversed(TWO_REGIONS), "delete")
    assert titles["my:Net demo-a"] == {"delete": 2}
    assert titles["my:Net demo-b"] == {"delete": 3}


def test_the_stack_itself_is_not_shown():
    assert run(Progress(), [("pulumi:pulumi:Stack", "shop-dev")]) == {}


def test_what_runs_and_what_failed_is_told_apart_from_what_is_done():
    now = [0.0]
    progress = Progress(lambda: now[0])
    urn = f"{HEAD}aws:iam/role:Role::a"
    progress.feed(StepStarted("create", urn))
    now[0] = 2.5
    (group,) = progress.groups.values()
    assert [progress.since(row) for row in group.running] == [2.5]
    progress.feed(StepEnded("create", urn, 2.5, "EntityAlreadyExists"))
    assert (group.running, group.done) == ([], {})
    assert [row.error for row in group.failed] == ["EntityAlreadyExists"]


@pytest.mark.parametrize(
    ("token", "short"),
    [
        ("aws:ec2/vpc:Vpc", "aws:ec2:Vpc"),
        ("aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch:LogGroup"),
        ("my:index:Net", "my:Net"),
        ("kubernetes:storage.k8s.io/v1:StorageClass", "kubernetes:storage.k8s.io/v1:StorageClass"),
        ("pulumi:providers:aws", "pulumi:providers:aws"),
    ],
)
def test_types_are_written_without_the_part_that_repeats(token, short):
    assert short_type(token) == short


def test_counts_are_told_in_words():
    counts = {"same": 2, "create": 3, "delete": 1, "replace": 4, "update": 5}
    assert changes(counts, preview=False) == "3 created, 5 updated, 4 replaced, 1 deleted, 2 unchanged"
    assert changes(counts, preview=True) == "3 to create, 5 to update, 4 to replace, 1 to delete, 2 unchanged"
    assert changes({}, preview=False) == "nothing to do"


@pytest.mark.parametrize(("amount", "told"), [(0.123, "0.12 s"), (12.34, "12.3 s"), (125.4, "2 min 5 s")])
def test_times_are_told_as_people_read_them(amount, told):
    assert seconds(amount) == told


def ended(planned, shortcomings=(), violations=(), **changed):
    result = Result(Act.UP, not shortcomings, changed, (), (), (), tuple(violations), {}, 3, 1.5)
    return ActOutcome(planned, result, tuple(shortcomings))


UP = PlannedAct("up", "up")


def test_plain_lines_tell_changes_output_and_the_end_and_remarks_once_and_nothing_of_what_stays():
    lines = []
    plain = PlainLines(lines.append)
    plain.act_started(UP)
    urn = f"{HEAD}aws:iam/role:Role::a"
    for operation in ("same", "create"):
        plain.event(StepStarted(operation, urn))
        plain.event(StepEnded(operation, urn, 0.25))
    plain.event(Diagnostic("warning", "soon out of support", urn))
    plain.event(Diagnostic("warning", "soon out of support", urn))
    plain.event(Diagnostic("error", "told with the act"))
    plain.event(Violation("pack", "no-x", "advisory", "x is there", urn))
    plain.output("hello")
    plain.act_ended(ended(UP, ["create of a failed: no"], create=1))
    assert lines == [
        "up  + aws:iam:Role a  0.25 s",
        "up  warning: aws:iam:Role a: soon out of support",
        "up  advisory: aws:iam:Role a: no-x: x is there",
        "up  | hello",
        "FAIL up               failed: 1 created  1.5 s",
        "create of a failed: no",
    ]


def live(height=20):
    console = Console(file=io.StringIO(), force_terminal=True, width=100, height=height, color_system=None)
    tree = LiveTree(console)
    tree.act_started(UP)
    return console, tree


def test_the_tree_shows_components_with_what_runs_in_them():
    console, tree = live()
    for kind, name in TWO_REGIONS:
        tree.event(StepStarted("create", f"{HEAD}{kind}::{name}"))
    tree.event(StepEnded("create", f"{HEAD}{TWO_REGIONS[2][0]}::demo-a-vpc", 1.0))
    tree.tick()
    shown = console.file.getvalue()
    assert "1 created, 1 running" in shown
    assert "+ aws:ec2:Subnet demo-b-1" in shown
    tree.act_ended(ended(UP, create=8))
    tree.close()
    assert "✔ up               8 created  1.5 s" in console.file.getvalue()


def test_the_tree_never_outgrows_the_terminal():
    console, tree = live(height=12)
    for number in range(30):
        for part in range(5):
            tree.event(StepStarted("create", f"{HEAD}my:index:Net$aws:ec2/vpc:Vpc::net{number}-{part}"))
            tree.event(StepStarted("create", f"{HEAD}my:index:Net::net{number}"))
    console.file.truncate(0)
    console.file.seek(0)
    with console.capture() as captured:
        console.print(tree._tree())
    tree.close()
    assert captured.get().count("\n") <= 12


def test_a_message_is_never_wrapped_or_taken_for_markup():
    console, tree = live()
    text = "a.b: [red]wrong[/red] [slug]. " + "long " * 60
    tree.act_ended(ended(UP, [text.strip()]))
    assert text.strip() in console.file.getvalue()


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome("shop", "dev", [ended(UP)]), "✔ dev: up went well"),
        (Outcome("shop", "dev", [ended(UP, ["no"])]), "✘ dev: fell short in up"),
        (Outcome("shop", "dev", [ended(UP)], shortcomings=["--fail x: nobody"]), "--fail x: nobody\n✘ dev: fell short"),
        (Outcome("shop", "dev", [], interrupted=True), "✘ dev: interrupted"),
        (
            Outcome("shop", "dev", [ended(UP, ["no"])], kept="/some/where"),
            "state and world are kept in /some/where: the next rehearsal of the stack goes on there",
        ),
    ],
)
def test_the_summary_ends_with_the_verdict(outcome, told):
    console = Console(file=io.StringIO(), width=100)
    show(outcome, console)
    assert told in console.file.getvalue()


def test_the_summary_names_findings_once_though_every_act_has_them():
    found = Violation("pack", "no-x", "advisory", "x is\nthere", f"{HEAD}aws:iam/role:Role::a")
    acts = [
        ended(UP, violations=[found]),
        ended(PlannedAct("second up", "up", Expectation.NO_CHANGE), violations=[found]),
    ]
    console = Console(file=io.StringIO(), width=100)
    show(Outcome("shop", "dev", acts, packs=["policies"]), console)
    assert console.file.getvalue().count("advisory  no-x  aws:iam:Role a: x is there") == 1
