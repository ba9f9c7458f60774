"""What became of a program's inputs, as a bridged provider's refresh tells it (extractInputs of its bridge).

Of what the program said, the live value; what AWS merely spells in another way stays as it was said, and what AWS adds
by itself to an object is left out. Maps whose keys are the user's show what is new in them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from pokayoke_rehearsal.doubles.aws.resource import Resource
from pokayoke_rehearsal.doubles.base import Inputs, Plain

_MAPS = frozenset({"labels", "tags", "variables"})


def live_inputs(kind: Resource, inputs: Inputs, found: Mapping[str, Plain]) -> Inputs:
    """The inputs with the values that AWS has for them now; `found` are those that it told."""
    live: Inputs = {}
    for key, stated in inputs.items():
        if key not in found or kind.same(key, stated, found[key], inputs):
            live[key] = stated
        elif found[key] is not None:
            live[key] = _merged(stated, found[key], grows=key in _MAPS)
    # A map that the program left out altogether grows too.
    grown = {key: found[key] for key in _MAPS - inputs.keys() if found.get(key)}
    return {**live, **grown}


def _merged(stated: Plain, found: Plain, *, grows: bool) -> Any:
    if _same(stated, found):
        return stated
    if isinstance(stated, dict) and isinstance(found, dict):
        before, now = cast("dict[str, Plain]", stated), cast("dict[str, Plain]", found)
        kept = {key: _merged(value, now[key], grows=False) for key, value in before.items() if key in now}
        return {**kept, **{key: value for key, value in now.items() if grows and key not in before}}
    if isinstance(stated, list) and isinstance(found, list):
        old, new = cast("list[Plain]", stated), cast("list[Plain]", found)
        if len(old) == len(new):
            return [_merged(one, other, grows=False) for one, other in zip(old, new, strict=True)]
    return cast("Any", found)


def _same(stated: Plain, found: Plain) -> bool:
    """Equal but for the order of a list, the spelling of JSON, and numbers or truths that AWS tells as text."""
    if stated == found:
        return True
    if isinstance(stated, list) and isinstance(found, list):
        return sorted(map(_text, cast("list[Any]", stated))) == sorted(map(_text, cast("list[Any]", found)))
    if isinstance(stated, dict) or isinstance(found, dict) or isinstance(stated, list) or isinstance(found, list):
        return False
    if isinstance(stated, str) and isinstance(found, str) and stated[:1] in "[{":
        try:
            return json.loads(stated) == json.loads(found)
        except ValueError:
            return False
    return str(stated).lower() == str(found).lower()


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
