"""Domains, the hosts in them, and what ACM asks of the hosts of one certificate."""

import re
from collections.abc import Sequence

from .finding import Finding, shown

LONGEST_FIRST_HOST = 64
MOST_HOSTS = 100
"""What ACM takes: its first host becomes the common name, and a quota, 10 at first, may be raised to 100 (ACM API
reference, RequestCertificate)."""
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def bad_domain(domain: str) -> Finding | None:
    """Why this names no hosted zone."""
    if domain != domain.lower():
        return Finding(f"{shown(domain)} has capital letters, which DNS drops", f"Write {domain.lower()}.")
    if domain.endswith("."):
        return Finding(f"{shown(domain)} ends with a dot", f"Write {domain.rstrip('.')}.")
    if "://" in domain:
        return Finding(f"{shown(domain)} is an address", "Write the domain alone, e.g. dev.example.com.")
    labels = domain.split(".")
    below_a_top_level = len(labels) > 1 and len(labels[-1]) > 1 and not labels[-1].isdigit()
    if not below_a_top_level or not all(_LABEL.fullmatch(one) for one in labels):
        return Finding(f"{shown(domain)} is no domain", "Write e.g. dev.example.com.")
    if len(domain) > 253:
        return Finding(f"the domain is {len(domain)} characters long, DNS takes 253", "Shorten it.")
    return None


def bad_host(host: str) -> Finding | None:
    """Why no certificate and no record can be of this host. A leading `*.` stands for any one label."""
    bare = without_wildcard(host)
    if "*" in bare:
        return Finding(f"{shown(host)} has a wildcard that is not its first label", "Write e.g. *.dev.example.com.")
    return bad_domain(bare)


def outside(host: str, domain: str) -> Finding | None:
    """Why a record of this host does not belong into the zone of this domain."""
    bare = without_wildcard(host)
    if bare == domain or bare.endswith(f".{domain}"):
        return None
    return Finding(
        f"{shown(host)} is not in {domain}: a certificate for it would wait for a record that the zone cannot hold",
        f"Take {domain} or a host below it, or the zone that holds {shown(host)}.",
    )


def not_below(domain: str, parent: str) -> Finding | None:
    """Why the zone of this parent cannot delegate the domain."""
    if domain != parent and domain.endswith(f".{parent}"):
        return None
    return Finding(
        f"{shown(domain)} is not below {shown(parent)}, so {shown(parent)} cannot delegate it",
        f"Name the zone above it, or leave it out where the zone {shown(domain)} is there already.",
    )


def unfit_for_one_certificate(hosts: Sequence[str]) -> Finding | None:
    """Why ACM issues no one certificate for these hosts, each of which is legal by itself."""
    if not hosts:
        return Finding("a certificate for no host means nothing", "Name at least one.")
    if len(set(hosts)) < len(hosts):
        return Finding("a host is named twice", "Name each once.")
    if len(hosts) > MOST_HOSTS:
        return Finding(f"these are {len(hosts)} hosts, ACM takes {MOST_HOSTS} a certificate", "Use a wildcard.")
    if len(hosts[0]) > LONGEST_FIRST_HOST:
        return Finding(
            f"the first host is {len(hosts[0])} characters long, ACM takes {LONGEST_FIRST_HOST} there",
            "Put a shorter one first; the others may be 253 long.",
        )
    return None


def validation_names(hosts: Sequence[str]) -> tuple[str, ...]:
    """The names that ACM wants validated, one record each: a host and its wildcard share one."""
    return tuple(dict.fromkeys(without_wildcard(host) for host in hosts))


def without_wildcard(host: str) -> str:
    """`dev.example.com` for `*.dev.example.com`."""
    return host.removeprefix("*.")
