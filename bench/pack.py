"""Measures the policy pack: `make bench`, or `python -m bench.pack [RESOURCES ...]`.

Prints how long the pack takes to start, and a row a stack and size. In milliseconds of CPU a resource: our own rules,
of resources and of stacks apart, the SDK around them, and all of a pack's own process (gRPC and its threads included);
then the seconds in which that process answers for the stack, and the policy that takes most. Below the rows of a stack
stands what the dearest stack policies cost a resource at its largest size, and at a quarter of that: the same, where
they are linear. What is loaded at its first use is told once. The promise is at most 1 ms a resource in our rules,
linear in the number of resources, and at most 1.5 s to start, on 2 cores.
"""

import gc
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import grpc
import pulumi_policy.policy as sdk
from bench.stacks import STACKS
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime import proto
from pulumi.runtime.proto import analyzer_pb2_grpc

from pokayoke_policies.analyzer import Analyzer
from pokayoke_policies.pack import policies
from pokayoke_policies.sharing import share_deserialisation

POLICIES = Path(__file__).parents[1] / "policies"
SIZES = (250, 500, 1_000, 2_000)
FIRST = 250
STARTS = 5
DEAREST = 5
"""Stack policies of which the growth is told."""
MOST_OF_START = 1.5
MOST_OF_A_RESOURCE = 1.0
HEADS = ("stack", "resources", "ours: each", "of stacks", "together", "SDK", "process", "seconds", "dearest policy")
WIDTHS = (10, 9, 10, 9, 9, 9, 9, 9, 0)
LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes; what Pulumi's engine sets (sdk/go/common/util/rpcutil/serve.go: MaxRPCMessageSize)."""


def main(sizes: Sequence[int]) -> int:
    """Prints everything; 1 where a promise is not kept."""
    share_deserialisation()
    start = _start()
    print(f"pack start: {start:.2f} s (promised {MOST_OF_START} s)")
    meter = Meter()
    first, again = (sum(meter.judge(Messages(make(FIRST))) for make in STACKS.values()) for _ in range(2))
    print(f"loaded at first use: {first - again:.2f} s\n")
    print("milliseconds of CPU a resource")
    print(_line(HEADS))
    kept = [_rows(name, make, sizes) for name, make in STACKS.items()]
    return int(start > MOST_OF_START or not all(kept))


class Messages:
    """A stack as the engine sends it."""

    def __init__(self, resources: Sequence[Any]) -> None:
        self._urns = {one.name: f"urn:pulumi:s::p::{one.type}::{one.name}" for one in resources}
        self._by_name = {one.name: one for one in resources}
        self.each = [self._request(one).SerializeToString() for one in resources]
        described = [self._described(one) for one in resources]
        self.stack = proto.AnalyzeStackRequest(resources=described).SerializeToString()

    def _request(self, one: Any) -> Any:
        return proto.AnalyzeRequest(
            type=one.type,
            name=one.name,
            urn=self._urns[one.name],
            properties=_struct(one.properties),
            options=proto.AnalyzerResourceOptions(protect=one.protect),
            provider=self._provider(one),
        )

    def _described(self, one: Any) -> Any:
        sources = {key: [names] if isinstance(names, str) else names for key, names in one.sources.items()}
        leant_on = dict.fromkeys((*one.after, *(name for names in sources.values() for name in names)))
        return proto.AnalyzerResource(
            type=one.type,
            name=one.name,
            urn=self._urns[one.name],
            properties=_struct({} if one.outputs is None else {**one.properties, **one.outputs}),
            options=proto.AnalyzerResourceOptions(protect=one.protect),
            parent=self._urns.get(one.parent, ""),
            provider=self._provider(one),
            dependencies=[self._urns[name] for name in leant_on if name in self._urns],
            propertyDependencies={
                key: proto.AnalyzerPropertyDependencies(urns=[self._urns[name] for name in names if name in self._urns])
                for key, names in sources.items()
            },
        )

    def _provider(self, one: Any) -> Any:
        made = self._by_name.get(one.provider)
        if made is None:
            return None
        properties = _struct(made.properties)
        return proto.AnalyzerProviderResource(
            type=made.type, name=made.name, urn=self._urns[made.name], properties=properties
        )


class Meter:
    """The pack with a clock at the door of each policy."""

    def __init__(self) -> None:
        self.spent: Counter[tuple[str, bool]] = Counter()
        """Seconds of CPU by policy, and whether it judges stacks."""
        made = policies(date.today())
        for policy in made:
            self._clocked(policy)
        self._servicer = Analyzer("pack", "0", made, sdk.EnforcementLevel.MANDATORY)

    def judge(self, messages: Messages) -> float:
        """Judges a stack; the seconds of CPU that it took, the SDK's share included."""
        # What the measuring itself holds is no business of the collector's.
        gc.collect()
        gc.freeze()
        started = time.thread_time()
        for message in messages.each:
            self._servicer.Analyze(proto.AnalyzeRequest.FromString(message), None).SerializeToString()
        request = proto.AnalyzeStackRequest.FromString(messages.stack)
        self._servicer.AnalyzeStack(request, None).SerializeToString()
        return time.thread_time() - started

    def _clocked(self, policy: Any) -> None:
        validate: Callable[..., Any] = policy.validate
        key = policy.name, isinstance(policy, sdk.StackValidationPolicy)

        def clocked(*arguments: Any) -> Any:
            started = time.thread_time()
            try:
                return validate(*arguments)
            finally:
                self.spent[key] += time.thread_time() - started

        policy.validate = clocked


def _rows(name: str, make: Callable[[int], list[Any]], sizes: Sequence[int]) -> bool:
    kept = [_row(name, make, size) for size in sizes]
    _print_growth(make, max(sizes))
    return all(kept)


def _print_growth(make: Callable[[int], list[Any]], most: int) -> None:
    costs: list[dict[str, float]] = []
    for size in (most // 4, most):
        meter = Meter()
        meter.judge(Messages(make(size)))
        costs.append({name: 1000 * spent / size for (name, of_stack), spent in meter.spent.items() if of_stack})
    small, large = costs
    for policy in sorted(large, key=lambda one: large[one], reverse=True)[:DEAREST]:
        print(f"{'':>10}  {policy}: {small[policy]:.3f} at {most // 4:,}, {large[policy]:.3f} at {most:,}")


def _row(name: str, make: Callable[[int], list[Any]], size: int) -> bool:
    messages = Messages(make(size))
    meter = Meter()
    together = meter.judge(messages)
    each = sum(spent for (_, of_stack), spent in meter.spent.items() if not of_stack)
    stacks = sum(spent for (_, of_stack), spent in meter.spent.items() if of_stack)
    (dearest, of_stack), most = meter.spent.most_common(1)[0]
    cpu, wall = _answered(messages)
    figures = [f"{1000 * one / size:.3f}" for one in (each, stacks, each + stacks, together - each - stacks, cpu)]
    whose = f"{dearest} {1000 * most / size:.3f}{' (stack)' if of_stack else ''}"
    print(_line([name, f"{size:,}", *figures, f"{wall:.2f}", whose]), flush=True)
    return 1000 * (each + stacks) / size <= MOST_OF_A_RESOURCE


def _start() -> float:
    """Seconds until a pack's process has told what it holds."""
    taken: list[float] = []
    for _ in range(STARTS):
        started = time.perf_counter()
        with _process():
            taken.append(time.perf_counter() - started)
    return median(taken)


def _answered(messages: Messages) -> tuple[float, float]:
    """Seconds of CPU and of time that a pack's process takes for a stack, once it has started."""
    requests = [proto.AnalyzeRequest.FromString(message) for message in messages.each]
    stack = proto.AnalyzeStackRequest.FromString(messages.stack)
    with _process() as (analyzer, pid):
        cpu, started = _cpu(pid), time.perf_counter()
        for request in requests:
            analyzer.Analyze(request)
        analyzer.AnalyzeStack(stack)
        return _cpu(pid) - cpu, time.perf_counter() - started


@contextmanager
def _process() -> Iterator[tuple[Any, int]]:
    """A pack's process as the engine starts it, once it has told what it holds; and its id."""
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(POLICIES)]
    with subprocess.Popen(command, cwd=POLICIES, stdout=subprocess.PIPE, text=True) as process:
        port = process.stdout.readline().strip() if process.stdout else ""
        limits = [(f"grpc.max_{way}_message_length", LARGEST_MESSAGE) for way in ("send", "receive")]
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=limits) as channel:
            analyzer = analyzer_pb2_grpc.AnalyzerStub(channel)
            try:
                analyzer.GetAnalyzerInfo(empty_pb2.Empty())
                yield analyzer, process.pid
            finally:
                process.terminate()


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process has used (Linux's proc(5): utime and stime)."""
    figures = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(int(figure) for figure in figures[11:13]) / os.sysconf("SC_CLK_TCK")


def _struct(properties: Mapping[str, Any]) -> Any:
    struct = struct_pb2.Struct()
    struct.update(dict(properties))
    return struct


def _line(cells: Sequence[str]) -> str:
    return "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True))


if __name__ == "__main__":
    sys.exit(main([int(argument) for argument in sys.argv[1:]] or SIZES))
