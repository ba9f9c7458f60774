"""Certificates that nobody names: those of ACM that are issued for a host, in the balancer's region.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/certs/cert_discovery.go.
"""

from __future__ import annotations

from collections.abc import Iterable

from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import ModelError


def discover(acting: Acting, hosts: Iterable[str]) -> tuple[str, ...]:
    """A certificate for each host. Raises ModelError, or RefusedError."""
    acting.aws.read("acm:ListCertificates", "acm:DescribeCertificate")
    known = acting.balancers.certificates()
    found: list[str] = []
    for host in sorted(set(hosts)):
        fitting = sorted(arn for arn, names in known.items() if any(_covers(name, host) for name in names))
        if not fitting:
            raise ModelError(f"no certificate found for host: {host}")
        found.append(fitting[0])
    return tuple(dict.fromkeys(found))


def _covers(name: str, host: str) -> bool:
    return name == host or (name.startswith("*.") and host.partition(".")[2] == name[2:])
