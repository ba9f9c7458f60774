"""The patterns that Karpenter's CRDs use in more than one place, as upstream writes them (v1.14.1)."""

from typing import Annotated

from pydantic import Field

from .constraints import Int, Pattern

_NUMBER = r"(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))"
_QUANTITY = rf"(\+|-)?{_NUMBER}(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?{_NUMBER}))?"
_PERCENTAGE = r"(\d{1,2}(\.\d{1,2})?|100(\.0{1,2})?)%"

QualifiedName = Annotated[
    str,
    Pattern(
        r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*(\/))?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$"
    ),
]
"""A label's or taint's key: an optional DNS prefix and a name."""

LabelValue = Annotated[str, Field(max_length=63), Pattern(r"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$")]
"""What a node's label may say."""

Duration = Annotated[str, Pattern(r"^([0-9]+(s|m|h))+$")]
"""Hours, minutes and seconds, such as `1h30m`."""

DurationOrNever = Annotated[str, Pattern(r"^(([0-9]+(s|m|h))+|Never)$")]
"""A duration, or `Never`."""

Quantity = Annotated[Int | str, Pattern(f"^{_QUANTITY}$")]
"""An amount of a resource: `500m`, `16Gi`, 4. The server keeps a text as it is written."""

QuantityText = Annotated[str, Pattern(f"^{_QUANTITY}$")]
"""An amount that must be written as a text."""

EvictionThreshold = Annotated[str, Pattern(f"^({_PERCENTAGE}||{_QUANTITY})$")]
"""An amount or a percentage of what the node has."""
