"""Recordings in a thread, with hosts in the test's."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from emulator.commands.catalogue import command_table
from emulator.errors import UserError
from emulator.firmware.loader import load_firmware
from emulator.options import ModemOptions
from emulator.recording.comparison.comparison import Comparison
from emulator.recording.files import trace_beside
from emulator.recording.redaction import Redaction
from emulator.recording.session import RecordOptions, record
from emulator.recording.writer import DialogueWriter

TIMEOUT = 60.0
COMMANDS = command_table(load_firmware("HE910"))


class Recording:
    """A recording at work; `end` ends it."""

    def __init__(
        self,
        module: str,
        out: Path,
        *,
        listen: str | None = None,
        baud: int = 115200,
        emulated: ModemOptions | None = None,
        trace: Path | None = None,
        keep_secrets: bool = False,
    ) -> None:
        self._keeps_secrets = keep_secrets
        self.out = out
        self.comparison = None if emulated is None else Comparison(emulated, Redaction(COMMANDS))
        self.options = RecordOptions(module, baud, out, trace or trace_beside(out), listen=listen)
        self._begun: Future[tuple[str, Callable[[str], None]]] = Future()
        self._ended: Future[str] = Future()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self.port, self._end = self._begun.result(TIMEOUT)

    def end(self) -> str:
        """End it; the reason, or the error, with which it ended."""
        self._end("the test is over")
        return self.result()

    def result(self) -> str:
        """Wait for its end."""
        try:
            return self._ended.result(TIMEOUT)
        except UserError as error:
            return str(error)

    def wait_for(self, *parts: str) -> None:
        """Until a line of the trace has all the parts."""
        for _ in range(int(TIMEOUT / 0.02)):
            if any(all(part in line for part in parts) for line in self.options.trace.read_text().splitlines()):
                return
            threading.Event().wait(0.02)
        raise AssertionError(f"no event with {parts} in {self.options.trace.read_text()}")

    @property
    def events(self) -> list[dict[str, Any]]:
        """The trace so far."""
        return [json.loads(line) for line in self.options.trace.read_text().splitlines()]

    @property
    def differences(self) -> list[dict[str, Any]]:
        """What the emulated module has answered otherwise."""
        return [event for event in self.events if event["event"] == "answer-differs"]

    @property
    def moves(self) -> list[tuple[str, str]]:
        """What has changed on the line, and to what."""
        return [(event["thing"], event["after"]) for event in self.events if event["event"] == "state-changed"]

    def _run(self) -> None:
        try:
            self._ended.set_result(asyncio.run(self._record()))
        except BaseException as error:
            for future in (self._begun, self._ended):
                if not future.done():
                    future.set_exception(error)

    async def _record(self) -> str:
        loop = asyncio.get_running_loop()

        def begun(host: str, end: Callable[[str], None]) -> None:
            self._begun.set_result((host, lambda reason: _in(loop, end, reason)))

        recorded = await record(
            self.options,
            lambda: DialogueWriter(
                self.out, "a module", "2026-01-01", commands=COMMANDS, keep_secrets=self._keeps_secrets
            ),
            None if self._keeps_secrets else Redaction(COMMANDS),
            [],
            begun,
            self.comparison,
        )
        return recorded.reason


def _in(loop: asyncio.AbstractEventLoop, end: Callable[[str], None], reason: str) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(end, reason)


@contextmanager
def recorded(
    module: str,
    folder: Path,
    *,
    listen: str | None = None,
    baud: int = 115200,
    emulated: ModemOptions | None = None,
) -> Iterator[Recording]:
    """Record what passes to and from a module's port, until the end of the block."""
    recording = Recording(module, folder / "recorded.txt", listen=listen, baud=baud, emulated=emulated)
    try:
        yield recording
    finally:
        recording.end()
