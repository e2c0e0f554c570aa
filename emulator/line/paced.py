"""Commands that take the time of the profile: each line, what writes to non-volatile memory, and some of their own."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from emulator.at.pace import AtOnce
from emulator.at.pace import Pace as LinePace
from emulator.at.syntax import Call, Form
from emulator.device.device import Device
from emulator.device.pace import Pace
from emulator.errors import DeviceError

if TYPE_CHECKING:
    from emulator.at.bound import BoundCommand
    from emulator.at.command import Outcome

_SIGNS = {Form.EXECUTE: "", Form.READ: "?", Form.TEST: "=?", Form.SET: "="}


def line_pace(device: Device, instance: str) -> LinePace:
    """Return the pace of one AT instance's commands."""
    pace = device.environment.pace
    return AtOnce() if pace.times is None else PacedCommands(device, pace.of(f"commands {instance}"))


class PacedCommands:
    """See `at.pace.Pace`: a command waits before it is carried out; one that has written waits before its answer."""

    def __init__(self, device: Device, pace: Pace) -> None:
        self._device = device
        self._pace = pace
        self._command = ""

    def __repr__(self) -> str:
        return f"<PacedCommands {self._pace!r}>"

    async def begin(self) -> None:
        """Wait for what every line takes."""
        await self._wait(self._pace.seconds(lambda times: times.commands.plain))

    async def invoke(self, bound: "BoundCommand", context: Any, call: Call) -> "Outcome":
        """Run a command and what it takes."""
        typed = f"{call.name}{_SIGNS[call.form]}"
        first = call.arguments[0].text if call.arguments else ""
        self._command = call.name
        own = 0.0 if _is_refused(bound, context, call) else self._pace.command(f"{typed}{first}", typed)
        await self._wait(own)
        store = self._device.store
        written = store.writes
        outcome = bound.invoke(context, call)
        if isinstance(outcome, Coroutine):
            outcome = await outcome
        if not own and store.writes != written:
            await self._wait(self._pace.seconds(lambda times: times.commands.nvm))
        return outcome

    async def entered(self) -> None:
        """Wait for what a command takes once its entry has ended."""
        await self._wait(self._pace.command(f"{self._command}>"))

    async def _wait(self, seconds: float) -> None:
        if seconds > 0:
            await self._device.environment.clock.sleep(seconds)


def _is_refused(bound: "BoundCommand", context: Any, call: Call) -> bool:
    """Return whether the device's state forbids the command, which then takes no time of its own."""
    if call.form is Form.TEST:
        return False
    try:
        bound.check_state(context, call)
    except DeviceError:
        return True
    return False
