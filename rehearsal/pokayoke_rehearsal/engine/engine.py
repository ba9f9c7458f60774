"""The embedded engine: Pulumi's services on loopback, and the acts that programs take part in."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import grpc.aio
from pulumi.runtime.proto import engine_pb2_grpc, resource_pb2_grpc

from pokayoke_rehearsal.pack_config import Setting

from .connection import MESSAGE_LIMIT
from .deployment import Deployment, Order
from .events import Act, Diagnostic, Event, Fault, Result, Violation
from .faults import Latency
from .journal import Journal, StateFile
from .monitor import Logs, Monitor
from .program import Program, Stack
from .standstill import Lookout
from .values import mask


def _unobserved(event: Event) -> None:
    del event


class Engine:
    """Previews, updates, refreshes and destroys one stack, one act at a time; it serves from `async with` to its end.

    `plugins` are the providers' addresses by package, `analyzers` those of the policy packs, `policy_settings` what
    each of them is configured with, in the same order, if any is. `stack`, `analyzers`, `lookout`, `latency` and
    `faults` may be replaced between acts. `observe` hears every event as it happens and must
    return at once. `lookout` sees the world and the program: with it, an act in which nothing can happen any more ends
    at once. `latency` says how many seconds an operation on a URN takes longer than its provider does.
    """

    def __init__(
        self,
        *,
        stack: Stack,
        state: StateFile,
        plugins: Mapping[str, str],
        program: Program,
        analyzers: Sequence[str] = (),
        policy_settings: Sequence[Mapping[str, Setting]] = (),
        faults: Sequence[Fault] = (),
        observe: Callable[[Event], None] = _unobserved,
        parallel: int = 16,
        lookout: Lookout | None = None,
        latency: Latency | None = None,
    ) -> None:
        self.stack = stack
        self.analyzers = analyzers
        self.faults = faults
        self.lookout = lookout
        self.latency = latency
        self.address = ""
        self._state = state
        self._plugins = plugins
        self._program = program
        self._observe = observe
        self._parallel = parallel
        self._policy_settings = policy_settings
        self._logs = Logs()
        self._server: Any = None
        self._running: Deployment | None = None
        self._answers: dict[str, bool] = {}

    async def __aenter__(self) -> "Engine":
        self._server, self.address = _server()
        engine_pb2_grpc.add_EngineServicer_to_server(self._logs, self._server)
        await self._server.start()
        return self

    async def __aexit__(self, *reason: object) -> None:
        await self._server.stop(grace=None)

    async def run(self, act: Act) -> Result:
        """Does one act. What fails is in the result; raises only when the state cannot be read or written."""
        began = time.monotonic()
        diagnostics: list[Diagnostic] = []
        violations: list[Violation] = []

        def observe(event: Event) -> None:
            if isinstance(event, Diagnostic):
                diagnostics.append(event)
            elif isinstance(event, Violation):
                violations.append(event)
            self._observe(event)

        snapshot = self._state.load()
        # A refresh changes nothing but the state, and that as a whole.
        journal = Journal(snapshot) if act in (Act.PREVIEW, Act.REFRESH) else self._state.begin(snapshot)
        # An act has a monitor of its own: what a component still registers for one that failed must not reach the next.
        monitor = Monitor()
        server, monitor_address = _server()
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
        order = Order(
            act,
            self.stack,
            monitor_address,
            self.address,
            self._plugins,
            self._program,
            self.analyzers,
            self._policy_settings,
            self.faults,
            self._parallel,
            self._answers,
            self.lookout,
            self.latency,
        )
        deployment = self._running = Deployment(order, snapshot, journal, observe)
        monitor.serve(deployment.session)
        self._logs.serve(deployment.session)
        try:
            await server.start()
            ok = await deployment.run()
        finally:
            self._running = None
            monitor.serve(None)
            self._logs.serve(None)
            await server.stop(grace=None)
            left = deployment.refreshed or journal.fold()
            if deployment.refreshed is not None:
                self._state.save(deployment.refreshed)
        executor = deployment.executor
        return Result(
            act,
            ok,
            executor.changes,
            tuple(executor.steps),
            tuple(executor.failures),
            tuple(diagnostics),
            tuple(violations),
            mask(deployment.stack_outputs),
            len(left.resources),
            time.monotonic() - began,
            deployment.faults.unmatched,
            tuple(deployment.deadlock),
            tuple(deployment.drift),
        )

    def cancel(self) -> None:
        """Ctrl-C: no new step starts, those that run end, the state is kept.

        The act's result says that it was canceled.
        """
        if self._running is not None:
            self._running.interrupt()


def _server() -> tuple[Any, str]:
    """A server on loopback, not started yet, and its address."""
    limits = [("grpc.max_send_message_length", MESSAGE_LIMIT), ("grpc.max_receive_message_length", MESSAGE_LIMIT)]
    server = grpc.aio.server(options=[*limits, ("grpc.so_reuseport", 0)])
    return server, f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
