"""What names, labels, annotations, tags and selectors say is the thing itself: `unresolved-placeholder`."""

from ..finding import Finding
from ..placeholder_places import LITERAL_GROUPS, TEMPLATED_ANNOTATIONS
from ..text import PLACEHOLDER
from .guardrail import Guardrail, Kinds, Refusal, text
from .requests import JUDGED, OPTED_OUT

_MAPS = (
    *("metadata.labels", "metadata.annotations"),
    *("spec.template.metadata.labels", "spec.template.metadata.annotations"),
    "spec.jobTemplate.spec.template.metadata.annotations",
    *("spec.nodeSelector", "spec.template.spec.nodeSelector"),
    *("spec.selector", "spec.selector.matchLabels", "spec.podSelector.matchLabels"),
    *("spec.tags", "spec.infrastructure.annotations", "spec.infrastructure.labels"),
)
_TEXTS = (
    *("metadata.name", "spec.role", "spec.instanceProfile"),
    *("spec.serviceAccountName", "spec.template.spec.serviceAccountName", "spec.ingressClassName"),
)
_TERMS = tuple(f"spec.{what}SelectorTerms" for what in ("subnet", "securityGroup", "ami", "capacityReservation"))
_EXPRESSIONS = ("spec.selector.matchExpressions", "spec.podSelector.matchExpressions")
"""The places that are looked at. What Kubernetes and Karpenter check for their form cannot hold a bracket anyway."""


def _open(value: str) -> str:
    return f"(string({value}).contains('${{') || string({value}).contains('{{{{'))"


def _held(paths: tuple[str, ...], otherwise: str) -> str:
    at = {path: ".".join(f"?{step}" for step in path.split(".")) for path in paths}
    return f"{{{', '.join(f'{text(path)}: object.{steps}.orValue({otherwise})' for path, steps in at.items())}}}"


_KEYS = (
    f"variables.maps[path].filter(key, !key.matches({text(TEMPLATED_ANNOTATIONS)}) && ({_open('key')}"
    f" || type(variables.maps[path][key]) == string && {_open('variables.maps[path][key]')}))"
)
_TERM = (
    f"type(term[key]) == map && term[key].exists(name, {_open('name')} || {_open('term[key][name]')})"
    f" || type(term[key]) == string && {_open('term[key]')}"
)


def guardrail() -> Guardrail:
    """For whatever a group of Kubernetes, Karpenter or a gateway holds."""
    return Guardrail(
        PLACEHOLDER,
        tuple(Kinds(group, ("*",)) for group in LITERAL_GROUPS),
        (
            Refusal(
                f"variables.maps.map(path, {_KEYS}.map(key, path + '.' + key)).filter(keys, size(keys) > 0)"
                ".map(keys, keys[0])"
                f" + variables.texts.filter(path, {_open('variables.texts[path]')})"
                f" + variables.terms.filter(path, variables.terms[path].exists(term, term.exists(key, {_TERM})))",
                Finding("a placeholder was never filled in", "Write the value itself.", PLACEHOLDER),
            ),
        ),
        JUDGED,
        {"maps": _held(_MAPS, "{}"), "texts": _held(_TEXTS, "''"), "terms": _held((*_TERMS, *_EXPRESSIONS), "[]")},
        OPTED_OUT,
        without=(Kinds("", ("events", "endpoints")),),
    )
