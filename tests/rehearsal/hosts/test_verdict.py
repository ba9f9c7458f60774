"""When an act fell short, and in what."""

import pytest

from pokayoke_rehearsal.engine.events import Act, Diagnostic, Drift, Failure, Result, StepStarted, Violation
from pokayoke_rehearsal.plan import Expectation, Leftover, PlannedAct, Remains
from pokayoke_rehearsal.protection import refusal
from pokayoke_rehearsal.verdict import as_expected, shortcomings

VPC = "urn:pulumi:dev::shop::my:index:Net$aws:ec2/vpc:Vpc::net"
ROLE = "urn:pulumi:dev::shop::aws:iam/role:Role::node"


def result(act=Act.UP, *, ok=True, steps=(), failed=(), diagnostics=(), violations=(), **more):
    told = (tuple(steps), tuple(failed), tuple(diagnostics), tuple(violations))
    return Result(act, ok, {}, *told, {}, 2, 0.1, **more)


def planned(expect=Expectation.DONE, act="up", may_change=()):
    return PlannedAct("the act", act, expect, may_change=frozenset(may_change))


def test_an_act_that_went_well_falls_short_of_nothing():
    assert shortcomings(planned(), result(steps=[StepStarted("create", VPC)])) == ()


def test_a_failed_operation_is_told_with_resource_and_message():
    failed = result(ok=False, failed=[Failure("create", VPC, "no room")])
    assert shortcomings(planned(), failed) == ("create of aws:ec2/vpc:Vpc net failed: no room",)


def test_a_deadlock_is_told_before_what_failed_because_of_it():
    failed = result(ok=False, failed=[Failure("delete", VPC, "timeout")], deadlock=("a waits for b",))
    assert shortcomings(planned(), failed) == (
        "deadlock: a waits for b",
        "delete of aws:ec2/vpc:Vpc net failed: timeout",
    )


def test_a_refresh_finds_all_that_was_changed_by_hand_and_nothing_else():
    refresh = planned(Expectation.FOUND, "refresh")
    found = result(Act.REFRESH, drift=(Drift(VPC, "update", "tags.x", None, "y"),))
    assert shortcomings(refresh, found, by_hand={VPC}) == ()
    assert shortcomings(refresh, found, by_hand={ROLE}) == (
        "changed by hand, and not found: aws:iam/role:Role node",
        "found, but nobody changed it: aws:ec2/vpc:Vpc net tags.x",
    )
    assert shortcomings(refresh, result(Act.REFRESH)) == (
        "the stack has nothing that a rehearsal knows how to change by hand",
    )


def test_a_repair_changes_what_was_changed_by_hand_and_nothing_else():
    repair = planned(Expectation.REPAIRED)
    done = result(steps=[StepStarted("update", VPC, ("tags",)), StepStarted("same", ROLE)])
    assert shortcomings(repair, done, by_hand={VPC}) == ()
    assert shortcomings(repair, done, by_hand={ROLE}) == (
        "changed by hand, and not repaired: aws:iam/role:Role node",
        "changes what nobody changed: update aws:ec2/vpc:Vpc net [tags]",
    )


def test_the_errors_of_a_program_come_out_unchanged():
    text = "a.b: wrong [slug]. Remedy.\nc.d: wrong [other]. Remedy."
    assert shortcomings(planned(), result(ok=False, diagnostics=[Diagnostic("error", text)])) == (text,)


def test_that_a_program_exited_is_told_only_when_it_said_nothing_else():
    exited = Diagnostic("error", "an unhandled error occurred: program exited with non-zero exit code: 1")
    assert shortcomings(planned(), result(ok=False, diagnostics=[Diagnostic("error", "a"), exited])) == ("a",)
    assert shortcomings(planned(), result(ok=False, diagnostics=[exited])) == (exited.message,)


def test_an_act_that_failed_without_a_word_falls_short_all_the_same():
    assert shortcomings(planned(), result(ok=False)) == ("it failed without saying why",)


def test_a_mandatory_violation_falls_short_and_an_advisory_one_does_not():
    found = [Violation("pack", "no-x", level, f"{level} x\nmore", VPC) for level in ("mandatory", "advisory")]
    assert shortcomings(planned(), result(violations=found)) == ("aws:ec2/vpc:Vpc net violates no-x: mandatory x more",)


def test_a_second_up_may_change_nothing_and_every_change_is_listed():
    steps = [StepStarted("same", ROLE), StepStarted("update", VPC, ("tags.x", "tags.y"))]
    assert shortcomings(planned(Expectation.NO_CHANGE), result(steps=steps)) == (
        "changes what nobody changed: update aws:ec2/vpc:Vpc net [tags.x, tags.y]",
    )
    assert shortcomings(planned(Expectation.NO_CHANGE), result(steps=steps[:1])) == ()


def test_a_replacement_is_listed_once():
    steps = [StepStarted(word, VPC, ("cidrBlock",)) for word in ("create-replacement", "replace", "delete-replaced")]
    assert shortcomings(planned(Expectation.NO_CHANGE), result(steps=steps)) == (
        "changes what nobody changed: replace aws:ec2/vpc:Vpc net [cidrBlock]",
    )


def test_a_long_list_of_changes_is_cut_and_counted():
    steps = [StepStarted("create", f"{VPC}-{number}") for number in range(25)]
    found = shortcomings(planned(Expectation.NO_CHANGE), result(steps=steps))
    assert len(found) == 21
    assert found[-1] == "changes what nobody changed: 5 more"


def test_destroy_may_leave_nothing_in_state_and_world():
    remains = Remains(state=[VPC], world=[Leftover("ec2", "subnet", "subnet-1", "eu-west-1", "orphan")])
    assert shortcomings(planned(Expectation.NOTHING_LEFT, "destroy"), result(Act.DESTROY), remains=remains) == (
        "left in the state: aws:ec2/vpc:Vpc net",
        "left behind: ec2 subnet subnet-1 in eu-west-1 (orphan)",
    )


def test_keys_that_wait_for_their_deletion_are_no_shortcoming():
    remains = Remains(pending=[Leftover("kms", "key", "1234", "eu-west-1")])
    assert shortcomings(planned(Expectation.NOTHING_LEFT, "destroy"), result(Act.DESTROY), remains=remains) == ()


REFUSED = planned(Expectation.REFUSED, "destroy")


def test_what_is_protected_refuses_its_destroy_and_that_is_as_it_must_be():
    refused = refusal([{"urn": VPC, "protect": True}, {"urn": ROLE}])
    assert refused is not None
    assert VPC in refused.diagnostics[0].message
    assert shortcomings(REFUSED, refused) == ()
    assert as_expected(REFUSED, refused)


def test_what_is_not_protected_is_not_refused():
    assert refusal([{"urn": VPC}, {"urn": ROLE, "protect": False}]) is None


def test_a_destroy_that_was_to_be_refused_and_was_not_falls_short_and_ends_the_rehearsal():
    assert shortcomings(REFUSED, result(Act.DESTROY)) == ("it was not refused although the stack is to be protected",)
    assert not as_expected(REFUSED, result(Act.DESTROY))


def test_a_destroy_that_failed_for_another_reason_was_not_refused():
    failed = result(Act.DESTROY, ok=False, failed=[Failure("delete", VPC, "DependencyViolation")])
    assert shortcomings(REFUSED, failed) == (
        "it failed, but not since the stack is protected",
        "delete of aws:ec2/vpc:Vpc net failed: DependencyViolation",
    )


def test_a_refusal_that_changed_something_falls_short():
    refused = refusal([{"urn": VPC, "protect": True}])
    assert shortcomings(REFUSED, refused, state_changed=True) == (
        "it was refused, but only after it had changed something",
    )


@pytest.mark.parametrize(
    ("step", "fine"),
    [
        (StepStarted("same", VPC), True),
        (StepStarted("update", VPC, ("deletionProtection",)), True),
        (StepStarted("update", VPC, ("deletionProtection", "tags.x")), False),
        (StepStarted("update", VPC), False),
        (StepStarted("replace", VPC, ("deletionProtection",)), False),
        (StepStarted("create", VPC), False),
    ],
)
def test_lifting_the_protection_may_change_nothing_else(step, fine):
    act = planned(Expectation.ONLY_PROTECTION, may_change=["deletionProtection"])
    assert (shortcomings(act, result(steps=[step])) == ()) is fine


def test_a_component_and_a_providers_configuration_may_change_with_the_protection():
    act = planned(Expectation.ONLY_PROTECTION, may_change=["deletionProtection"])
    component = "urn:pulumi:dev::shop::eks:index:Cluster::c"
    provider = "urn:pulumi:dev::shop::pulumi:providers:pulumi-python::default"
    steps = [StepStarted("update", component), StepStarted("update", provider, ("config",))]
    assert shortcomings(act, result(steps=steps), components={component}) == ()
    replaced = [StepStarted("replace", provider, ("config",)), StepStarted("update", component)]
    assert len(shortcomings(act, result(steps=replaced))) == 2


def test_an_act_that_failed_ends_the_rehearsal_and_a_second_up_with_changes_does_not():
    assert not as_expected(planned(), result(ok=False))
    assert as_expected(planned(Expectation.NO_CHANGE), result(steps=[StepStarted("update", VPC)]))
