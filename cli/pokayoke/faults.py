"""`--fail RESOURCE[@create|update|delete][=MESSAGE]`."""

import re
from typing import cast

from pokayoke.failing import CommandError
from pokayoke_rehearsal.plan import FaultRequest, Operation

_WITH_OPERATION = re.compile(r"(?P<target>.*?)@(?P<operation>create|update|delete)(?:=(?P<message>.*))?", re.DOTALL)
_WITHOUT = re.compile(r"(?P<target>[^=]*)(?:=(?P<message>.*))?", re.DOTALL)


def fault(text: str) -> FaultRequest:
    """The fault that an option asks for.

    A target that contains `=` needs an operation behind it, since the message begins at the first `=` otherwise.

    Raises:
        CommandError: no resource is named.
    """
    match = _WITH_OPERATION.fullmatch(text) or _WITHOUT.fullmatch(text)
    if match is None or not match["target"]:
        raise CommandError(f"--fail {text}: it names no resource; RESOURCE[@create|update|delete][=MESSAGE]")
    operation = cast("Operation | None", match.groupdict().get("operation"))
    return FaultRequest(match["target"], operation, match["message"])
