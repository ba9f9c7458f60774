"""The engine gets the lines at which a program registers something as the SDK would tell them."""

import importlib.util

from pulumi.runtime import resource

from pokayoke_rehearsal.stack_lines import lines

_SPEC = importlib.util.find_spec(resource.__name__)
assert _SPEC is not None
assert _SPEC.loader is not None
THEIRS = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(THEIRS)


class Registering:
    def __init__(self) -> None:
        self.told = told()


class Custom(Registering):
    pass


class Shallow(Custom):
    def __init__(self) -> None:
        super().__init__()


class Bucket(Shallow):
    def __init__(self) -> None:
        super().__init__()


def told() -> list[list[int]]:
    return [[frame.pc.line for frame in trace.frames] for trace in (lines(), THEIRS._get_stack_trace())]


def test_the_lines_of_a_program_are_those_that_the_sdk_tells() -> None:
    ours, theirs = Bucket().told
    assert len(ours) > 1
    assert ours == theirs
