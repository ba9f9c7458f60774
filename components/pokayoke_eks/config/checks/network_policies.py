"""Checks on what network policies allow."""

# ruff: noqa: ARG001 - all checks share one signature, whether the day matters to them or not

from collections.abc import Iterator
from datetime import date

from ...rules.finding import Finding
from ..errors import ConfigError
from ..reading import Partial

MOST_PORTS = 24
"""Combinations of port and protocol in one rule (EKS user guide, "Limit Pod traffic with Kubernetes network
policies")."""


def peers_are_said_once(config: Partial, today: date) -> Iterator[ConfigError]:
    """Traffic is with pods or with addresses, which are stated, and on stated ports."""
    read = all(key in config.values for key in ("namespaces", "pods", "ranges"))
    of_pods = bool(config.part("namespaces").paths or config.part("pods").paths)
    if read and of_pods == bool(config.part("ranges").paths):
        problem = "it is said with whom twice, as pods and as addresses" if of_pods else "it is not said with whom"
        remedy = "State namespaces, pods or both, or else ranges."
        yield ConfigError.at(config.path("ranges" if of_pods else "namespaces"), Finding(problem, remedy))
    ports = config.part("ports").paths
    if "ports" in config.values and not 0 < len(ports) <= MOST_PORTS:
        counted = Finding(f"these are {len(ports)} ports", f"State from one to {MOST_PORTS}.")
        yield ConfigError.at(config.path("ports"), counted)
