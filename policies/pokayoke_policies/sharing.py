"""One deserialisation a resource. pulumi_policy (1.21) turns a resource's message into Python objects once for every
policy: 60 policies cost 28 ms for a Deployment, however little they look at; shared, 0.7 ms. The objects stay the same
as long as the message does; policies read them and never write."""

import threading
from types import SimpleNamespace
from typing import Any

import pulumi_policy.policy as sdk

_STEPS = ("deserialize_properties", "unknown_checking_proxy")
MOST_KEPT = 20_000
"""Results kept a thread and step, so that a stack may have 10,000 resources, each with its provider: a stack policy
walks all of them before the next one begins. What is kept of 3,000 takes 60 MB."""


def share_deserialisation() -> bool:
    """Makes the SDK keep what it deserialised. False, and no change, where the SDK is not built that way."""
    module: Any = sdk
    steps = [getattr(module, name, None) for name in _STEPS]
    if not all(callable(step) and not isinstance(step, Kept) for step in steps) or not hasattr(module, "json_format"):
        return False
    for name in _STEPS:
        setattr(module, name, Kept(getattr(module, name)))
    to_dict = Kept(module.json_format.MessageToDict)
    module.json_format = SimpleNamespace(**{**vars(module.json_format), "MessageToDict": to_dict})
    return True


class Kept:
    """A function of one object that remembers its results by the object's identity, a thread's apart."""

    def __init__(self, function: Any) -> None:
        self._function = function
        self._own = _OfThread()

    def __call__(self, argument: Any, *others: Any) -> Any:
        """The function's result; with more arguments than one it is not kept."""
        if others:
            return self._function(argument, *others)
        results = self._own.results
        found = results.get(id(argument))
        if found is None:
            # The argument is kept with its result, so that its identity is not given to another object meanwhile.
            found = results[id(argument)] = (argument, self._function(argument))
            if len(results) > MOST_KEPT:
                del results[next(iter(results))]
        return found[1]


class _OfThread(threading.local):
    def __init__(self) -> None:
        self.results: dict[int, tuple[Any, Any]] = {}
