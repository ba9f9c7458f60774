"""One act from its first registration to the state that it leaves."""

import asyncio
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from pokayoke_rehearsal.pack_config import Setting

from .aliasing import Aliasing
from .analysis import Analysis
from .base import Base, Seen
from .defaults import DefaultProviders
from .deletes import Deletes
from .errors import Bail, EngineError, ProviderError
from .events import Act, Diagnostic, Drift, Fault, Observer
from .executor import Executor
from .faults import Faults, Latency
from .generator import Generator
from .journal import Journal
from .knowledge import Knowledge
from .program import Program, ProgramRequest, Stack, finished
from .refreshing import after_refresh, refresh
from .registry import Registry
from .session import Session
from .sources import Finished, Outputs, Reading, Registration, SourceEvent
from .standstill import Lookout
from .state import Resource, Snapshot, warning_of
from .steps import Provider, Step
from .values import PropertyMap
from .watching import Watch


@dataclass(frozen=True)
class Order:
    """What is to be done, and with what."""

    act: Act
    stack: Stack
    monitor: str
    engine: str
    plugins: Mapping[str, str]
    program: Program
    analyzers: Sequence[str] = ()
    policy_settings: Sequence[Mapping[str, Setting]] = ()
    faults: Sequence[Fault] = ()
    parallel: int = 16
    answers: dict[str, bool] = field(default_factory=dict[str, bool])
    lookout: Lookout | None = None
    latency: Latency | None = None


class Deployment:
    """Handles what comes from the program in the order in which it comes, and runs the steps beside it."""

    def __init__(self, order: Order, snapshot: Snapshot, journal: Journal, observe: Observer) -> None:
        self.preview = order.act is Act.PREVIEW
        self.faults = Faults(order.faults, self._still, order.latency)
        self.registry = Registry(
            order.plugins, order.engine, lambda urn, text: observe(Diagnostic("warning", text, urn))
        )
        self._order = order
        self._observe = observe
        self._journal = journal
        self._snapshot = snapshot
        self._events: asyncio.Queue[SourceEvent] = asyncio.Queue()
        self._seen = Seen()
        self._base = Base(snapshot, self.registry, order.stack.project, order.stack.name)
        self._aliasing = Aliasing(order.stack.project, order.stack.name)
        self._analysis = Analysis(order.analyzers, order.policy_settings, order.stack, observe, preview=self.preview)
        self._generator = Generator(
            self._base, self._seen, self._aliasing, self._analysis, observe, preview=self.preview
        )
        self.executor = Executor(
            self,
            self._seen,
            journal,
            self._base.olds,
            observe,
            order.parallel,
            keep_going=order.act is Act.REFRESH,
        )
        self._interrupted = False
        self._deletes = Deletes(self._base, self._seen, self._aliasing.current)
        self._watch = Watch(self.executor, self._base, self._seen, self._deletes, observe)
        self.refreshed: Snapshot | None = None
        """The state that a refresh came to, and in `drift` what differed from the old one."""
        self.drift: list[Drift] = []
        self.session = Session(
            order.stack,
            self.preview,
            order.parallel,
            order.monitor,
            self.registry,
            DefaultProviders(order.stack, self._post),
            Knowledge(order.plugins, order.engine, order.answers),
            observe,
            self._post,
            self._stand_in,
            self._seen.news.get,
        )

    async def run(self) -> bool:
        """Does it; False when anything failed, which has been reported by then."""
        program: asyncio.Task[None] | None = None
        if self._order.lookout is not None and not self.preview:
            self._watch.start(self._order.lookout, self.session)
        try:
            if self._order.act is Act.REFRESH:
                return await self._refresh()
            await self._analysis.start()
            self._warn_of_pending()
            if self._order.act is Act.DESTROY:
                self._post(Finished())
            else:
                program = asyncio.create_task(self._run_program())
            fine = await self._handle_events()
            await self.executor.drain()
            broken = not fine or bool(self.executor.failed_steps) or self._failed
            self.executor.finish_stack(failed=broken)
            if fine and not self.executor.failed_steps and not self._interrupted:
                await self._review()
            self._sum_up(fine)
            if fine and not self.executor.canceled.is_set():
                fine = await self._release(program)
            return fine and not self.executor.failed_steps and not self._failed and not self._interrupted
        except EngineError as error:
            self._observe(Diagnostic("error", str(error)))
            return False
        finally:
            await self._watch.end()
            await self._close(program)

    def interrupt(self) -> None:
        """Ctrl-C: what runs ends, nothing new starts."""
        self._interrupted = True
        self._cancel()

    @property
    def deadlock(self) -> Sequence[str]:
        """What waited for what when nothing could happen any more."""
        return self._watch.deadlock

    def provider_of(self, resource: Resource) -> Provider:
        if resource.is_provider:
            return self.registry
        found = self.registry.get(resource.provider)
        if found is None:
            raise ProviderError(f"unknown provider '{resource.provider}' for resource '{resource.urn}'")
        return found

    @property
    def stack_outputs(self) -> PropertyMap:
        for resource in self._journal.snapshot().resources:
            if resource.type == "pulumi:pulumi:Stack" and not resource.delete:
                return resource.outputs or {}
        return {}

    @property
    def _failed(self) -> bool:
        return self._seen.failed or self._analysis.failed

    async def _refresh(self) -> bool:
        refreshed, self.drift = await refresh(self._base, self.executor, self._observe)
        self.refreshed = after_refresh(refreshed, self._snapshot)
        self._sum_up(fine=True)
        return not self.executor.failures and not self._interrupted

    async def _handle_events(self) -> bool:
        """Until the program is done and the deletes too; False when the act ends because of an error."""
        while True:
            self._watch.handling = False
            event = await self._next()
            self._watch.handling = True
            if event is None:
                return True
            try:
                if isinstance(event, Finished):
                    if event.bail or event.error:
                        raise Bail if event.bail else EngineError(event.error)
                    return await self._finish()
                await self._handle(event)
            except Bail:
                self._cancel()
                return False
            except EngineError as error:
                self._observe(Diagnostic("error", str(error), self._urn_of(event)))
                self._cancel()
                return False

    async def _next(self) -> SourceEvent | None:
        """The next event; None when the act has been canceled."""
        if self.executor.canceled.is_set():
            return None
        if not self._events.empty():
            return self._events.get_nowait()
        event = asyncio.ensure_future(self._events.get())
        canceled = asyncio.ensure_future(self.executor.canceled.wait())
        try:
            await asyncio.wait({event, canceled}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            canceled.cancel()
        if self.executor.canceled.is_set():
            event.cancel()
            return None
        return event.result()

    async def _handle(self, event: Registration | Reading | Outputs) -> None:
        steps: list[Step] = []
        if isinstance(event, Outputs):
            self.executor.register_outputs(event)
        elif isinstance(event, Reading):
            steps = self._generator.read(event)
        else:
            steps = await self._generator.register(event)
        if steps:
            await self.executor.submit(steps)

    async def _finish(self) -> bool:
        """The program wants nothing more: what it did not ask for goes."""
        complaint = self.session.knowledge.complaint
        if complaint:
            raise EngineError(complaint)
        await self._settled()
        await self._deletes.run(self.executor)
        return True

    async def _settled(self) -> None:
        await self.executor.drain()

    async def _review(self) -> None:
        try:
            await self._analysis.review(self._seen.news.values(), self._seen.goals, self._seen.providers)
        except EngineError as error:
            self._observe(Diagnostic("error", str(error)))
            self._seen.failed = True

    def _sum_up(self, fine: bool) -> None:
        kind = "preview" if self.preview else "update"
        if not fine:
            return
        if self.executor.failed_steps or self.executor.failures or self._failed:
            self._observe(Diagnostic("error", f"{kind} failed"))
        elif self._interrupted:
            self._observe(Diagnostic("error", f"{kind} canceled"))

    async def _release(self, program: "asyncio.Task[None] | None") -> bool:
        """Lets the program go, and hears how it ended."""
        self.session.close()
        if program is None:
            return True
        await program
        while not self._events.empty():
            event = self._events.get_nowait()
            if isinstance(event, Finished) and (event.error or event.bail):
                if event.error:
                    self._observe(Diagnostic("error", event.error))
                return False
        return True

    async def _run_program(self) -> None:
        order = self._order
        request = ProgramRequest(order.monitor, order.engine, order.stack, self.preview, order.parallel)
        self._post(await finished(order.program, request))

    def _post(self, event: SourceEvent) -> None:
        self._watch.posted += 1
        self._events.put_nowait(event)

    def _cancel(self) -> None:
        self.executor.cancel()

    async def _still(self, late: Container[str]) -> object | None:
        return await self._watch.still(late)

    def _warn_of_pending(self) -> None:
        if self._snapshot.pending and not self.preview:
            self._observe(Diagnostic("warning", warning_of(self._snapshot.pending)))

    def _urn_of(self, event: SourceEvent) -> str:
        if isinstance(event, Registration):
            return self._base.urn(event.goal.parent, event.goal.type, event.goal.name)
        if isinstance(event, Reading):
            return self._base.urn(event.parent, event.type, event.name)
        return event.urn if isinstance(event, Outputs) else ""

    def _stand_in(self, parent: str, kind: str, name: str) -> str:
        urn = self._base.urn(parent, kind, name)
        self._seen.urns.add(urn)
        return urn

    async def _close(self, program: "asyncio.Task[None] | None") -> None:
        self.session.closed = True
        if program is not None and not program.done():
            program.cancel()
            await asyncio.gather(program, return_exceptions=True)
        await self.executor.drain()
        self.session.close()
        self.session.defaults.close()
        await self.session.callbacks.close()
        await self.session.knowledge.close()
        await self._analysis.close()
        await self.registry.close()
