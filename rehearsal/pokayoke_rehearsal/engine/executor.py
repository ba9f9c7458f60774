"""Runs steps: chains in their order, chains beside one another, no more at a time than the act allows."""

import asyncio
import time
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager

from .base import Seen
from .errors import EngineError, PartialFailureError
from .events import Diagnostic, Failure, Observer, OutputsRegistered, StepEnded, StepStarted
from .journal import Journal
from .sources import Outputs, settle
from .state import Resource
from .steps import ProtectedError, Read, Replace, Step, Surroundings
from .urns import STACK_TYPE, is_provider_type, name_of, qualified_type_of, type_of
from .values import is_secret, secret

_REACTION = 0.04  # seconds in which a program sends what had waited for a resource


class Executor:
    """Executes the steps of an act; the first failure cancels it: what runs ends, nothing new starts.

    With `keep_going`, a failure stops no other step.
    """

    def __init__(
        self,
        act: Surroundings,
        seen: Seen,
        journal: Journal,
        olds: dict[str, Resource],
        observe: Observer,
        parallel: int,
        *,
        keep_going: bool = False,
    ) -> None:
        self._act = act
        self._seen = seen
        self._journal = journal
        self._olds = olds
        self._observe = observe
        self._free = max(1, parallel)
        self._serial = self._free == 1
        self._keep_going = keep_going
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._chains: set[asyncio.Task[None]] = set()
        self._registered: dict[str, Step] = {}
        self._stack_outputs: Outputs | None = None
        self.running: set[Step] = set()
        self.queued: Sequence[Step] = ()
        """The chain for which there is no room."""
        self.moved = 0
        """Grows with every step that starts or ends."""
        self.awaiting = 0
        """How many wait for nothing but chains."""
        self.canceled = asyncio.Event()
        self.changes: dict[str, int] = {}
        self.steps: list[StepStarted] = []
        self.failures: list[Failure] = []
        self.failed_steps: list[Step] = []

    async def submit(self, chain: Sequence[Step]) -> "asyncio.Task[None] | None":
        """Starts a chain as soon as there is room for it; nothing is started once the act is canceled."""
        while self._free == 0 and not self.canceled.is_set():
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            self.queued = chain
            with self._for_chains():
                await turn
            self.queued = ()
        if self.canceled.is_set():
            return None
        self._free -= 1
        task = asyncio.create_task(self._run(chain))
        self._chains.add(task)
        task.add_done_callback(self._chains.discard)
        return task

    async def run_together(self, steps: Iterable[Step]) -> None:
        """Runs steps that need nothing of one another, and waits for all that were started."""
        started = [await self.submit([step]) for step in steps]
        with self._for_chains():
            await asyncio.gather(*(task for task in started if task is not None))

    @property
    def at_rest(self) -> bool:
        """Whether every chain is in a step that has been asked of its provider."""
        return len(self._chains) == len(self.running)

    async def drain(self) -> None:
        """Waits for what runs."""
        with self._for_chains():
            while self._chains:
                await asyncio.gather(*self._chains)

    def cancel(self) -> None:
        self.canceled.set()
        while self._waiting:
            settle(self._waiting.popleft(), None)

    def register_outputs(self, outputs: Outputs) -> None:
        """Gives a component its outputs; those of the stack wait for the end.

        Raises EngineError for an unknown component.
        """
        if qualified_type_of(outputs.urn) == STACK_TYPE:
            self._stack_outputs = outputs
        else:
            self._set_outputs(outputs.urn, outputs.outputs)
        settle(outputs.done, None)

    def finish_stack(self, *, failed: bool) -> None:
        """Gives the stack its outputs; after a failure, an output that is missing is not known to be gone."""
        if self._stack_outputs is None:
            return
        urn, outputs = self._stack_outputs.urn, self._stack_outputs.outputs
        if failed:
            old = self._olds.get(urn)
            outputs = {**((old.outputs or {}) if old else {}), **outputs}
        self._set_outputs(urn, outputs)

    def _set_outputs(self, urn: str, outputs: dict[str, object]) -> None:
        step = self._registered.pop(urn, None)
        if step is None or step.new is None:
            raise EngineError(f"cannot complete a resource '{urn}' whose registration isn't pending")
        step.new.outputs = outputs
        self._journal.outputs(step.new)
        self._observe(OutputsRegistered(urn))

    async def _run(self, chain: Sequence[Step]) -> None:
        try:
            for step in chain:
                if self.canceled.is_set() or not await self._execute(step):
                    return
        except Exception as error:
            self._observe(Diagnostic("error", f"{type(error).__name__}: {error}", chain[0].urn))
            self.failures.append(Failure(chain[0].operation, chain[0].urn, str(error)))
            self.cancel()
        finally:
            if self._serial:
                # One after another means in one order: the program answers to this step before the next one starts.
                await asyncio.sleep(_REACTION)
            self._free += 1
            if self._waiting:
                settle(self._waiting.popleft(), None)

    async def _execute(self, step: Step) -> bool:
        number = None
        if step.pending and not self._act.preview:
            number = self._journal.begin(step.resource, step.pending)
        announced, place = _announced(step), len(self.steps)
        self.steps.append(announced)
        self._observe(announced)
        began = time.monotonic()
        error: EngineError | None = None
        self.running.add(step)
        self.moved += 1
        try:
            await step.apply(self._act)
        except EngineError as caught:
            error = caught
        finally:
            self.running.discard(step)
            self.moved += 1
        self.steps[place] = _announced(step)
        if error is None and step.logical and step.new is not None:
            self._registered[step.urn] = step
        if step.new is not None and not isinstance(step, Replace):
            self._keep_secrets(step)
            if not isinstance(step, Read):
                self._seen.news[step.urn] = step.new
        if error is not None:
            self._fail(step, error)
        elif step.logical and not _internal(step):
            self.changes[step.operation] = self.changes.get(step.operation, 0) + 1
        kept = error is None or isinstance(error, PartialFailureError)
        if left := step.left() if kept else {}:
            self._journal.end(number, **left)
        elif number is not None:
            self._journal.end(number)
        self._observe(StepEnded(step.operation, step.urn, time.monotonic() - began, str(error or "")))
        if error is None:
            step.complete()
        return error is None

    @contextmanager
    def _for_chains(self) -> Generator[None]:
        self.awaiting += 1
        try:
            yield
        finally:
            self.awaiting -= 1

    def _fail(self, step: Step, error: EngineError) -> None:
        message = f"Preview failed: {error}" if self._act.preview else str(error)
        self._observe(Diagnostic("error", message, "" if _internal(step) else step.urn))
        if not self._act.preview:
            self.failures.append(Failure(step.operation, step.urn, str(error)))
        self.failed_steps.append(step)
        if not isinstance(error, ProtectedError) and not self._keep_going:
            self.cancel()

    def _keep_secrets(self, step: Step) -> None:
        """An output that was asked to be secret is, and so is one whose input of the same name is."""
        new = step.resource
        outputs = new.outputs
        if outputs is None:
            return
        for key in new.additional_secret_outputs:
            if key == "id":
                text = "The 'id' property cannot be made secret. See pulumi/pulumi#2717 for more details."
                self._observe(Diagnostic("warning", text, new.urn))
            elif key in outputs and not is_secret(outputs[key]):
                new.outputs = outputs = {**outputs, key: secret(outputs[key])}
        for key, value in new.inputs.items():
            if is_secret(value) and key in outputs and not is_secret(outputs[key]):
                new.outputs = outputs = {**outputs, key: secret(outputs[key])}


def _announced(step: Step) -> StepStarted:
    """What a refresh comes to is known only after it."""
    return StepStarted(step.operation, step.urn, tuple(sorted(step.diffs)), tuple(step.keys))


def _internal(step: Step) -> bool:
    """Whether the engine does it for itself: default providers, and what it forgets."""
    if step.operation == "remove-pending-replace":
        return True
    return is_provider_type(type_of(step.urn)) and name_of(step.urn).startswith("default")
