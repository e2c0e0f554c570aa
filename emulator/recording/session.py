"""One recording: the ports, the proxy and the recorder, until somebody ends it or the module's port fails."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from emulator.errors import UserError
from emulator.line.serial.port import Port
from emulator.line.serial.serial_line import SerialLine
from emulator.line.transports import listen_at
from emulator.line.transports.pty import PtyPort
from emulator.recording.comparison.comparison import Comparison
from emulator.recording.files import check_paths, end_dialogue, new_trace
from emulator.recording.module.opening import module_end
from emulator.recording.proxy import Proxy
from emulator.recording.recorder import Dialogue, Recorder
from emulator.recording.redaction import Redaction
from emulator.trace.events import Reader, Recording
from emulator.trace.json_lines import JsonLines


@dataclass(frozen=True)
class RecordOptions:
    """What is recorded, and where hosts come."""

    port: str
    """The module's serial port, or a URL of one."""
    baud: int
    out: Path
    trace: Path
    link: Path | None = None
    listen: str | None = None
    """The address of the host's port; a pseudo-terminal where it is None."""


@dataclass(frozen=True)
class Recorded:
    """What became of a recording."""

    reason: str
    """How it ended."""
    exchanges: int
    """Answers with a final result, CONNECT or a prompt."""


async def record(
    options: RecordOptions,
    dialogue: Callable[[], Dialogue],
    redaction: Redaction | None,
    readers: Sequence[Reader],
    begun: Callable[[str, Callable[[str], None]], None],
    comparison: Comparison | None = None,
) -> Recorded:
    """Record until the end.

    Args:
        options: the ports and the files.
        dialogue: begins the dialogue's file; called when both ports are open.
        redaction: stars secrets in the trace; None shows them.
        readers: are told of the trace, in a thread.
        begun: called with the name of the host's port, and what ends the recording, once hosts may come.
        comparison: follows on an emulated module, and comes to its end with the recording.

    Raises:
        UserError: a port or a file cannot be opened, or the module's port was lost; the files are complete then.
    """
    check_paths(options.port, options.out, options.trace, options.link)
    ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    with ExitStack() as opened:
        module = opened.enter_context(module_end(options.port, options.baud))
        line = SerialLine(options.baud)
        host = _host_port(options, line)
        opened.callback(host.close)
        written = dialogue()
        trace = new_trace(options.trace)
        opened.callback(trace.close)
        began = time.monotonic()
        recorder = Recorder(
            written, redaction, [JsonLines(trace.write), *readers], lambda: time.monotonic() - began, comparison
        )
        if comparison is not None:
            comparison.tell = recorder.tell
        recorder.tell(Recording(port=host.name, module=options.port, dialogue=str(options.out)))
        failure: list[UserError] = []
        reason = "it was broken off"
        try:
            Proxy(host, module, line, recorder, partial(_lost, ended, failure))
            begun(host.name, partial(_end, ended))
            reason = await ended
        finally:
            recorder.finish(reason, lambda finish: end_dialogue(options.out, finish, reason))
    if failure:
        raise failure[0]
    return Recorded(reason, recorder.exchanges)


def _host_port(options: RecordOptions, line: SerialLine) -> Port:
    return listen_at(options.listen)(line) if options.listen is not None else PtyPort(options.link, line)


def _end(ended: "asyncio.Future[str]", reason: str) -> None:
    if not ended.done():
        ended.set_result(reason)


def _lost(ended: "asyncio.Future[str]", failure: list[UserError], error: UserError) -> None:
    failure.append(error)
    _end(ended, str(error))
