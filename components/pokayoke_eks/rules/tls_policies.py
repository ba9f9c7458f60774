"""The security policies of Elastic Load Balancing that a listener may have, and what they negotiate.

Source: Elastic Load Balancing user guides, "Security policies for your Network Load Balancer" and "... Application
Load Balancer", both of which list all of these; protocols as in the table of moto 5.2.5 (`moto/elbv2/ssl_policies.py`),
which a test compares. Left out: policies with TLS 1.1 or older, those without TLS 1.3, and the `Ext` ones, which add
ciphers without forward secrecy. The controllers' own default is `ELBSecurityPolicy-2016-08`, with TLS 1.0.
"""

from collections.abc import Mapping

from .finding import Finding, shown

DEFAULT = "ELBSecurityPolicy-TLS13-1-2-2021-06"

TLS_POLICIES: Mapping[str, tuple[str, ...]] = {
    DEFAULT: ("TLSv1.3", "TLSv1.2"),
    "ELBSecurityPolicy-TLS13-1-2-PQ-2025-09": ("TLSv1.3", "TLSv1.2"),
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06": ("TLSv1.3", "TLSv1.2"),
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09": ("TLSv1.3", "TLSv1.2"),
    "ELBSecurityPolicy-TLS13-1-3-2021-06": ("TLSv1.3",),
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09": ("TLSv1.3",),
}
"""Each policy's protocols. `Res` has fewer ciphers, `PQ` agrees on keys safely from quantum computers too."""


def unfit_policy(name: str) -> Finding | None:
    """Why no listener gets this policy."""
    if name in TLS_POLICIES:
        return None
    return Finding(
        f"{shown(name)} is no TLS policy with TLS 1.2 at least, TLS 1.3 and forward secrecy",
        f"Leave it out for {DEFAULT}, or write one of {', '.join(list(TLS_POLICIES)[1:])}.",
        "nlb-tls-termination",
    )
