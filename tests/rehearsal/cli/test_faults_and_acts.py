"""What the options of a rehearsal mean, and which acts a stack's life has."""

import json

import pytest

from pokayoke.acts import PLATFORM, acts_of
from pokayoke.failing import CommandError
from pokayoke.faults import fault
from pokayoke_rehearsal.plan import Expectation, FaultRequest

URN = "urn:pulumi:dev::shop::my:index:Net$aws:ec2/vpc:Vpc::net"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("net", FaultRequest("net")),
        ("aws:ec2/vpc:Vpc", FaultRequest("aws:ec2/vpc:Vpc")),
        (URN, FaultRequest(URN)),
        (f"{URN}@create", FaultRequest(URN, "create")),
        (f"{URN}@delete=still in use: a=b", FaultRequest(URN, "delete", "still in use: a=b")),
        ("net=no room", FaultRequest("net", None, "no room")),
        ("net@update", FaultRequest("net", "update")),
        ("net=", FaultRequest("net", None, "")),
        ("user@example.com", FaultRequest("user@example.com")),
        ("user@example.com@create=x", FaultRequest("user@example.com", "create", "x")),
        ("key=value@update", FaultRequest("key=value", "update")),
        ("net@created", FaultRequest("net@created")),
        ("net@create=two\nlines", FaultRequest("net", "create", "two\nlines")),
    ],
)
def test_a_fault_names_resource_operation_and_message(text, expected):
    assert fault(text) == expected


@pytest.mark.parametrize("text", ["", "@create", "=message", "@delete=message"])
def test_a_fault_on_nothing_is_refused(text):
    with pytest.raises(CommandError, match="it names no resource"):
        fault(text)


def names(config, until=None):
    return [act.name for act in acts_of(config, until=until)]


def platform(**said):
    return {PLATFORM: json.dumps(said)}


LIFE = ["preview", "up", "second up", "operate", "destroy"]


@pytest.mark.parametrize("lifecycle", ["disposable", "retained"])
def test_a_change_by_hand_is_found_and_repaired_before_anything_is_destroyed(lifecycle):
    acts = acts_of(platform(lifecycle=lifecycle), drift=True)
    assert [(act.act, act.expect) for act in acts[4:6]] == [
        ("refresh", Expectation.FOUND),
        ("up", Expectation.REPAIRED),
    ]
    assert [act for act in acts if act not in acts[4:6]] == list(acts_of(platform(lifecycle=lifecycle)))


@pytest.mark.parametrize(
    "config",
    [
        {},
        {PLATFORM: "not json"},
        {PLATFORM: "[1]"},
        platform(lifecycle="disposable"),
        platform(lifecycle="retained", allow_destroy=True),
        {"other:platform": json.dumps({"lifecycle": "retained"})},
    ],
)
def test_what_protects_nothing_is_simply_destroyed(config):
    assert names(config) == LIFE


def test_what_is_retained_refuses_destroy_until_its_protection_is_lifted():
    config = platform(name="p", lifecycle="retained")
    acts = acts_of(config)
    assert [act.name for act in acts] == [*LIFE[:-1], "refused destroy", "allow destroy", "destroy"]
    refused, allow, destroy = acts[4:]
    assert (refused.act, refused.expect) == ("destroy", Expectation.REFUSED)
    assert (allow.act, allow.expect) == ("up", Expectation.ONLY_PROTECTION)
    assert json.loads(allow.config[PLATFORM]) == {"name": "p", "lifecycle": "retained", "allow_destroy": True}
    assert destroy.expect is Expectation.NOTHING_LEFT
    assert not destroy.config


@pytest.mark.parametrize(("until", "count"), [("preview", 1), ("up", 2), ("second-up", 3), ("operate", 4)])
@pytest.mark.parametrize("lifecycle", ["disposable", "retained"])
def test_a_rehearsal_ends_after_the_act_that_was_said(lifecycle, until, count):
    assert names(platform(lifecycle=lifecycle), until) == LIFE[:count]
