"""How operations, types and amounts are written."""

from collections.abc import Mapping

SIGNS = {
    "create": "+",
    "update": "~",
    "delete": "-",
    "replace": "±",
    "create-replacement": "+",
    "delete-replaced": "-",
    "read": "<",
    "same": "=",
    "refresh": "<",
}
COLORS = {"create": "green", "update": "yellow", "delete": "red", "replace": "magenta"}
_DONE = {"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced", "same": "unchanged"}
_ORDER = ("create", "update", "replace", "delete", "same")


def changes(counts: Mapping[str, int], *, preview: bool) -> str:
    """The counts of an act in words: `71 created, 2 unchanged`, or `71 to create`."""
    words = [
        f"{counts[kind]} to {kind}" if preview and kind != "same" else f"{counts[kind]} {_DONE[kind]}"
        for kind in _ORDER
        if counts.get(kind)
    ]
    return ", ".join(words) or "nothing to do"


def short_type(token: str) -> str:
    """A type token without the part that repeats: `aws:ec2/vpc:Vpc` is `aws:ec2:Vpc`."""
    package, _, rest = token.partition(":")
    module, _, name = rest.rpartition(":")
    module = module.partition("/")[0] if module.partition("/")[2].lower() == name.lower() else module
    return f"{package}:{module}:{name}" if module and module != "index" else f"{package}:{name}"


def seconds(amount: float) -> str:
    """`0.42 s`, `12.3 s`, `2 min 5 s`."""
    if amount < 1:
        return f"{amount:.2f} s"
    if amount < 60:
        return f"{amount:.1f} s"
    minutes, rest = divmod(round(amount), 60)
    return f"{minutes} min {rest} s"


def resource(urn: str) -> str:
    """A resource by short type and name."""
    parts = urn.split("::", 3)
    if len(parts) < 4:
        return urn
    return f"{short_type(parts[2].rpartition('$')[2])} {parts[3]}"
