"""Where a program registers something: the lines, as the SDK tells them, and nothing else.

The SDK looks up the file and the text of every frame as well, which is an eighth of what a program takes, and the
engine asks for neither.
"""

import os.path
import sys
from types import FrameType

from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2

_CONSTRUCTORS = 3
"""Of `Resource`, of `CustomResource` or `ComponentResource`, and of the resource itself: beyond them the program is."""


def tell_lines_alone() -> None:
    """Has the SDK in this process tell nothing but lines, from now on."""
    resource._get_stack_trace = lines  # pyright: ignore[reportPrivateUsage]


def lines() -> source_pb2.StackTrace:
    """The lines of all frames outside the constructors of a resource, innermost first."""
    frame, constructors = sys._getframe(1), 0  # pyright: ignore[reportPrivateUsage]
    while frame is not None and constructors < _CONSTRUCTORS:
        constructors += frame.f_code.co_name == "__init__"
        frame = frame.f_back
    frames: list[source_pb2.StackFrame] = []
    while frame is not None:
        frames.append(_told(frame))
        frame = frame.f_back
    return source_pb2.StackTrace(frames=frames)


def _told(frame: FrameType) -> source_pb2.StackFrame:
    # What is in no file is told without a line.
    if not os.path.isabs(frame.f_code.co_filename):  # noqa: PTH117 - a Path for every frame takes long
        return source_pb2.StackFrame()
    return source_pb2.StackFrame(pc=source_pb2.SourcePosition(line=frame.f_lineno))
