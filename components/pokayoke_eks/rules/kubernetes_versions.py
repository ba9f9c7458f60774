"""Which Kubernetes versions EKS supports, and until when. Dates are data; the clock is always the caller's.

Source of the dates: endoflife-date/endoflife.date, products/amazon-eks.md at commit a70eca337 (2026-08-22), checked
against an AWS sample page of 2026-04-24 for 1.35 and older. Standard support lasts 14 months, extended support twelve
more, billed extra by the hour (EKS user guide).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from .finding import Finding

SLUG = "extended-support"
STANDARD = "STANDARD"
WARNING_PERIOD = timedelta(days=60)
_FORM = re.compile(r"1\.(?:0|[1-9][0-9]{0,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Support:
    """A minor version's life on EKS: first day, last day of standard support, last day of extended support."""

    version: str
    released: date
    end_of_standard: date
    end_of_extended: date


SUPPORT: dict[str, Support] = {
    row.version: row
    for row in (
        Support("1.31", date(2024, 9, 26), date(2025, 11, 26), date(2026, 11, 26)),
        Support("1.32", date(2025, 1, 25), date(2026, 3, 23), date(2027, 3, 23)),
        Support("1.33", date(2025, 5, 28), date(2026, 7, 29), date(2027, 7, 29)),
        Support("1.34", date(2025, 10, 6), date(2026, 12, 2), date(2027, 12, 2)),
        Support("1.35", date(2026, 1, 28), date(2027, 3, 27), date(2028, 3, 27)),
        Support("1.36", date(2026, 6, 2), date(2027, 8, 2), date(2028, 8, 2)),
    )
}


def outside_standard_support(version: str, today: date) -> Finding | None:
    """Why `version` is not in standard support on `today`; None when it is, or is newer than the table knows."""
    support = SUPPORT.get(version)
    if support is None:
        if is_past_the_table(version):
            return None
        name = f"Kubernetes {version}" if is_well_formed(version) else "this"
        return Finding(
            f"{name} is not a version in standard support",
            f"Choose one of {_in_support_text(today)}.",
            SLUG,
        )
    if today <= support.end_of_standard:
        return None
    return Finding(
        f"Kubernetes {version} left standard support on {support.end_of_standard}; extended support is billed "
        "extra for every hour",
        f"Choose one of {_in_support_text(today)}.",
        SLUG,
    )


def unsupported_or_unsaid(version: str | None, today: date) -> Finding | None:
    """The same for a raw cluster, where the version may be left out."""
    if version is None:
        return Finding(
            "no Kubernetes version is stated: EKS takes its newest once, and the cluster then ages unseen",
            f"State one of {_in_support_text(today)}.",
            SLUG,
        )
    return outside_standard_support(version, today)


def not_standard(support_type: str | None) -> Finding | None:
    """Why a cluster of this `supportType` slides into extended support; left out, EKS's default is EXTENDED."""
    if support_type == STANDARD:
        return None
    how = "is left out, which means EXTENDED" if support_type is None else f"is not {STANDARD}"
    return Finding(
        f"upgradePolicy.supportType {how}: when standard support ends, every hour is billed extra",
        f"Set upgradePolicy: {{supportType: {STANDARD}}}.",
        SLUG,
    )


def standard_support_ends_soon(version: str, today: date) -> str | None:
    """A warning that names the date and the next version, within 60 days of the end of standard support."""
    support = SUPPORT.get(version)
    if support is None or not support.end_of_standard - WARNING_PERIOD <= today <= support.end_of_standard:
        return None
    return (
        f"Kubernetes {version} leaves standard support on {support.end_of_standard} "
        f"({(support.end_of_standard - today).days} days from now): plan the move to {next_version(version)} "
        f"[{SLUG}]"
    )


def in_standard_support(today: date) -> tuple[str, ...]:
    """The versions of the table that can be created today without an extra bill, newest first."""
    return tuple(
        row.version for row in reversed(SUPPORT.values()) if today <= row.end_of_standard and today >= row.released
    )


def is_well_formed(version: str) -> bool:
    """Whether this is a minor version as EKS writes it: `1.36`."""
    return _FORM.fullmatch(version) is not None


def is_past_the_table(version: str) -> bool:
    """Whether this is a version newer than any that this release knows."""
    return is_well_formed(version) and minor(version) > max(minor(known) for known in SUPPORT)


def minor(version: str) -> int:
    """36 for `1.36`."""
    return int(version.split(".")[1])


def next_version(version: str) -> str:
    """The minor that follows; an EKS control plane moves one minor at a time."""
    return f"1.{minor(version) + 1}"


def _in_support_text(today: date) -> str:
    return ", ".join(in_standard_support(today)) or "the versions that EKS lists as in standard support"
