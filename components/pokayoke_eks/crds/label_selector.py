"""A label selector as custom kinds carry it: its operators are no concern of their CRDs."""

from .part import Part


class LabelSelectorRequirement(Part):
    """What one label must say."""

    key: str
    operator: str
    values: tuple[str, ...] | None = None


class LabelSelector(Part):
    """Which objects are meant, by their labels; all of both parts must hold."""

    match_labels: dict[str, str] | None = None
    match_expressions: tuple[LabelSelectorRequirement, ...] | None = None
