"""Every container says what it needs: `missing-resource-limits`."""

from .. import workloads
from ..finding import Finding
from .guardrail import Guardrail, Refusal, certain
from .pods import each, kinds, variables
from .requests import JUDGED, OPTED_OUT

_NONZERO = "'^[+-]?[0-9.]*[1-9]'"


def _states(of: str, amounts: str, name: str) -> str:
    """As `rules.workloads` has it: an amount is there, and is not zero."""
    return f"string({of}.?resources.?{amounts}.?{name}.orValue('0')).matches({_NONZERO})"


def _either(amounts: str, name: str) -> str:
    return f"({_states('c', amounts, name)} || {_states('variables.pod', amounts, name)})"


def _refusal(states: str, unstated: Finding | None) -> Refusal:
    return Refusal(" + ".join(each(group, f"!{states}") for group in workloads.CONTAINERS), certain(unstated))


def guardrail() -> Guardrail:
    """For whatever makes pods."""
    memory = _either("limits", "memory")
    cpu = f"({_either('requests', 'cpu')} || {_either('limits', 'cpu')})"
    return Guardrail(
        workloads.SLUG,
        kinds(),
        (
            _refusal(memory, workloads.unstated_resources({"requests": {"cpu": 1}}, {})),
            _refusal(cpu, workloads.unstated_resources({"limits": {"memory": 1}}, {})),
        ),
        JUDGED,
        variables(),
        OPTED_OUT,
    )
