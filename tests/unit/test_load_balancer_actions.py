"""What a role lacks for the load balancer controller that runs under it."""

import pytest

from pokayoke_eks.rules.load_balancer_actions import ALWAYS, SINCE, SWITCHED, incomplete, needed

ATTRIBUTES, GROUPS = "elasticloadbalancing:DescribeListenerAttributes", "ec2:GetSecurityGroupsForVpc"


@pytest.mark.parametrize(
    ("chart", "attributes", "groups"),
    [
        ("1.8.3", False, False),
        ("1.9.0", True, False),
        ("v1.10.0", True, True),
        ("2.9.0", True, False),
        ("3.0.0", True, True),
        ("latest", True, True),
        (None, True, True),
    ],
)
def test_a_chart_of_a_version_needs_what_came_by_then(chart: str | None, attributes: bool, groups: bool) -> None:
    actions = needed({}, chart)
    assert ((ATTRIBUTES in actions), (GROUPS in actions)) == (attributes, groups)
    assert actions >= ALWAYS


def test_what_is_switched_off_is_not_needed() -> None:
    off = needed(dict.fromkeys(SWITCHED, False), None)
    assert off == ALWAYS | set(SINCE)
    assert needed({}, None) == off | {one for actions in SWITCHED.values() for one in actions}
    assert needed({"enableShield": None, "enableWaf": True}, None) == needed({}, None)


@pytest.mark.parametrize(("lacking", "more"), [(3, ""), (4, ""), (5, " and 1 more"), (6, " and 2 more")])
def test_four_missing_actions_are_named_and_the_others_counted(lacking: int, more: str) -> None:
    missing, given = sorted(needed({}, None))[:lacking], sorted(needed({}, None))[lacking:]
    finding = incomplete([{"Effect": "Allow", "Action": given, "Resource": "*"}], {}, None)
    assert finding is not None
    assert finding.problem == f"its policies do not allow {', '.join(missing[:4])}{more}"
