"""The `AtInstance` of `commands.context`: what commands may ask of the AT instance on which they run."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from emulator.at.answers import Final, Information, RawData
from emulator.at.interpreter import EntryCancelled
from emulator.at.online import DataLink
from emulator.at.pace import Pace
from emulator.at.prompt import Prompt, PromptCancelled, PromptData
from emulator.at.settings import Settings
from emulator.at.table import CommandTable
from emulator.at.terminal import HOST_HAS_LEFT, Mode
from emulator.errors import Cause, DeviceError
from emulator.later import later
from emulator.line.dtr import DTR_HAS_FALLEN

if TYPE_CHECKING:
    from emulator.device.connection import states
    from emulator.line.instance import Instance
else:
    states = later("emulator.device.connection.states")


class Requests:
    """Keep the requests of commands until their time comes."""

    def __init__(self, instance: "Instance", settings: Settings, table: CommandTable, pace: Pace) -> None:
        self._instance = instance
        self._pace = pace
        self.settings = settings
        self.table = table
        self.on_multiplex: Callable[[int], None] | None = None
        """Starts the multiplexer, where the port can; called with the most bytes of information in a frame."""
        self.entry_is_secret = False
        """Whether the trace hides what is entered at the prompt."""
        self._entry: asyncio.Future[PromptData] | None = None
        self._host_takes: asyncio.Future[None] | None = None
        self.left_for_answer: list[Callable[[], None]] = []
        """Actions after the final result of the line."""
        self.left_for_idleness: deque[Callable[[], DataLink | None]] = deque()
        """Actions as soon as the terminal is idle."""
        self.called_by_typing: Callable[[], None] | None = None
        """Called when the host types while a command runs."""
        self.called_by_dtr: list[Callable[[], None]] = []
        """Called when DTR falls that ends connections."""
        self.dials = False
        """Whether the command that runs makes a connection, which DTR may end."""

    def __repr__(self) -> str:
        return f"<Requests {len(self.left_for_answer)} after the answer, {len(self.left_for_idleness)} when idle>"

    # As the commands see it.

    @property
    def congested(self) -> bool:
        """See `commands.context.AtInstance`."""
        return self._instance.host.congested

    @property
    def in_data_mode(self) -> bool:
        """See `commands.urc.Listener`."""
        return self._instance.terminal.mode is Mode.ONLINE

    async def enter(self, prompt: Prompt) -> PromptData:
        """See `commands.context.AtInstance`."""
        if self._instance.terminal.entry_is_abandoned:
            self._instance.terminal.abandon_line()
            raise EntryCancelled(PromptCancelled(HOST_HAS_LEFT))
        entry: asyncio.Future[PromptData] = asyncio.get_running_loop().create_future()
        self._entry = entry
        self.entry_is_secret = prompt.secret
        self._instance.observer.entry_begins()
        self._instance.terminal.ask(prompt, self._instance.device.environment.clock.now())
        self._instance.pump()
        entered = await entry
        if (pause := self._pace.entered()) is not None:
            await pause
        return entered

    async def host_takes(self) -> None:
        """See `commands.context.AtInstance`."""
        while self.congested:
            self._host_takes = asyncio.get_running_loop().create_future()
            await self._host_takes

    def show(self, information: Information | RawData) -> None:
        """See `commands.context.AtInstance`."""
        self._instance.terminal.answer(information)
        self._instance.flush()

    def notify(self, text: str) -> None:
        """See `commands.context.AtInstance`."""
        self._instance.notify(text)

    def tell_connection_ended(self, reason: str) -> None:
        """See `commands.context.AtInstance`."""
        self._instance.refusals.connection_ended(reason)

    def alert(self, text: str) -> None:
        """See `commands.context.AtInstance`."""
        if not self.in_data_mode:
            self.notify(text)
        else:
            self._instance.host.lines.unsolicited(text)  # RI alone

    def on_hang_up(self, action: Callable[[], None]) -> None:
        """See `commands.context.AtInstance`."""
        self.called_by_dtr.append(action)

    def when_idle(self, action: Callable[[], DataLink | None]) -> None:
        """See `commands.context.AtInstance`."""
        self.left_for_idleness.append(action)
        self._instance.pump()

    def typing_calls(self, action: Callable[[], None] | None) -> None:
        """See `commands.context.AtInstance`."""
        self.called_by_typing = action

    @contextmanager
    def dialling(self) -> Iterator[None]:
        """See `commands.context.AtInstance`."""
        self.dials = True
        self._instance.data_mode.dial_begins()
        try:
            yield
        finally:
            self.dials = False

    def multiplex(self, frame_size: int) -> None:
        """See `commands.context.AtInstance`."""
        if self.on_multiplex is None:
            raise DeviceError(Cause.OPERATION_NOT_ALLOWED, "it is a channel of a multiplexer already")
        self.after_answer(partial(self.on_multiplex, frame_size))

    def after_answer(self, action: Callable[[], None]) -> None:
        """See `commands.context.AtInstance`."""
        self.left_for_answer.append(action)

    # As the instance carries it out.

    def take_typing(self) -> bool:
        """Call the command that runs, if it wants to know that the host types; return whether it did."""
        if self.called_by_typing is None or self._instance.terminal.mode is not Mode.EXECUTING:
            return False
        self.called_by_typing()
        return True

    def host_writable(self) -> None:
        """Let the command go on that waits for the host."""
        if self._host_takes is not None and not self._host_takes.done():
            self._host_takes.set_result(None)

    @property
    def holds_call(self) -> bool:
        """Whether a data call of this instance is in progress, be it suspended."""
        call = self._instance.device.data_call
        return call is not None and call.owner is self

    def hang_up(self) -> None:
        """End the calls of this instance, as DTR falls; a host that is still there hears of a suspended one."""
        for action in self.called_by_dtr:
            action()
        call = self._instance.device.data_call
        if call is not None and call.owner is self and call.state is states.State.SUSPENDED:
            call.hang_up()
            if not self._instance.host.has_gone:
                self.tell_connection_ended(DTR_HAS_FALLEN)
                self.notify(Final.NO_CARRIER.text)

    def end_entry(self, entered: PromptData | PromptCancelled) -> None:
        """Hand an entry, or its cancellation, to the command that waits for it."""
        entry = self._entry
        if entry is None or entry.done():
            return
        if isinstance(entered, PromptData):
            entry.set_result(entered)
        else:
            entry.set_exception(EntryCancelled(entered))

    def answered(self) -> None:
        """Run the actions after the final result, if it has been sent."""
        if self._instance.terminal.mode in (Mode.COMMAND, Mode.ONLINE):
            actions, self.left_for_answer = self.left_for_answer, []
            for action in actions:
                action()

    def use_idleness(self, go_online: Callable[[DataLink], None]) -> None:
        """Run the actions for an idle terminal, as long as it stays idle."""
        for _ in range(len(self.left_for_idleness)):  # what is asked for meanwhile has its turn at the next occasion
            if self._instance.terminal.mode is not Mode.COMMAND or self.congested or not self.left_for_idleness:
                return
            link = self.left_for_idleness.popleft()()
            if link is not None:
                go_online(link)

    def clear(self) -> None:
        """Forget all of it: the power has gone."""
        self._entry = None
        self.left_for_answer.clear()
        self.left_for_idleness.clear()
        self.called_by_typing = None
        self.called_by_dtr.clear()
        self.dials = False
