"""TLS at a Network Load Balancer, as annotations ask for it, past what the policy's tests show."""

from typing import Any

import pytest

from pokayoke_eks.rules.balancing import PREFIX
from pokayoke_eks.rules.nlb_tls import Port, objections, weak_policy

CERTIFICATE = {f"{PREFIX}ssl-cert": "arn:aws:acm:eu-west-1:123456789012:certificate/a"}
BACKEND = f"{PREFIX}backend-protocol"


def said(ports: list[Port] | None, **more: Any) -> dict[str, str]:
    annotations = CERTIFICATE | {f"{PREFIX}{key.replace('_', '-')}": value for key, value in more.items()}
    return {key: str(finding) for key, finding in objections(annotations, ports, old_default=False)}


@pytest.mark.parametrize(
    ("policy", "old_default", "weak"),
    [
        (None, True, "it is left out, which means ELBSecurityPolicy-2016-08, and that still takes TLS 1.0 or 1.1"),
        ("", True, "it is left out, which means ELBSecurityPolicy-2016-08, and that still takes TLS 1.0 or 1.1"),
        (None, False, None),
        ("ELBSecurityPolicy-2016-08", False, "it still takes TLS 1.0 or 1.1"),
        ("ELBSecurityPolicy-TLS13-1-0-2021-06", True, "it still takes TLS 1.0 or 1.1"),
        ("ELBSecurityPolicy-TLS13-1-2-2021-06", True, None),
        (object(), True, None),
    ],
    ids=["left-out", "empty", "left-out-where-the-default-is-sound", "oldest", "old", "new", "unknown"],
)
def test_a_policy_is_weak_where_it_takes_old_protocols(policy: Any, old_default: bool, weak: str | None) -> None:
    finding = weak_policy(policy, old_default=old_default)
    assert (finding.problem if finding else None) == weak


@pytest.mark.parametrize(
    ("spoken", "backend", "problem"),
    [
        ("http", None, None),
        ("HTTPS", None, "port 443 expects TLS from its clients, and the balancer sends what it decrypted"),
        ("tls", "tcp", "port 443 expects TLS from its clients, and the balancer sends what it decrypted"),
        ("tls", "SSL", None),
        ("HTTP", "ssl", "the balancer sends TLS to port 443, which speaks plain HTTP"),
        ("tcp", "ssl", None),
        (None, "ssl", None),
        ("https", object(), None),
    ],
    ids=range(8),
)
def test_both_sides_of_the_balancer_speak_the_same(spoken: str | None, backend: Any, problem: str | None) -> None:
    found = said([Port(443, spoken=spoken)], backend_protocol=backend)
    assert found.get(BACKEND, "").partition(" [")[0] == (problem or "")
    assert set(found) <= {BACKEND}
