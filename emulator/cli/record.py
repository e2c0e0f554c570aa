"""`telit-emulator record`: stands between a host and a real module, and writes down what they say."""

import asyncio
import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from emulator.cli.completion import complete_firmware, complete_setting
from emulator.cli.module_options import port_options
from emulator.cli.options import PATH, parse_routes
from emulator.errors import UserError
from emulator.options import DEFAULT_FIRMWARE, ModemOptions

if TYPE_CHECKING:
    from emulator.at.table import CommandTable
    from emulator.cli.live import LiveView
    from emulator.cli.printer import Printer
    from emulator.recording.comparison.comparison import Comparison
    from emulator.recording.redaction import Redaction
    from emulator.recording.session import RecordOptions
    from emulator.recording.writer import DialogueWriter
    from emulator.trace.events import Event, Reader

_TURN = 0.0005
"""Seconds for which the threads that write and compare may keep the line waiting; a tenth of Python's own choice."""
_UNNAMED = "a module"
"""Whose name is not known, where the host does not ask for it."""
_ENDINGS = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM", signal.SIGHUP: "the terminal was closed"}


@click.command(short_help="Record what a host and a module at a serial port say to each other.")
@port_options
@click.option("--link", type=PATH, metavar="PATH", help="Make PATH a symbolic link to the port that the host opens.")
@click.option(
    "--listen",
    metavar="ADDRESS",
    help="Let the host come to ADDRESS, as with `run --listen`, instead of a pseudo-terminal.",
)
@click.option("--out", type=PATH, required=True, metavar="FILE", help="Write the dialogue to FILE; `play` runs it.")
@click.option(
    "--trace",
    type=PATH,
    metavar="FILE",
    help="Write every event with its time to FILE; that of --out with .trace.jsonl behind it, unless given.",
)
@click.option(
    "--compare",
    metavar="FIRMWARE",
    shell_complete=complete_firmware,
    help="Play the host's side on an emulated module, too, and show where it answers otherwise: exit code 1.",
)
@click.option(
    "--route",
    "routes",
    multiple=True,
    metavar="FROM=TO",
    help="For --compare: lead the emulated module to TO when it dials FROM, as with `run --route`; it reaches no "
    "other peer. Repeatable.",
)
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=complete_setting,
    help="For --compare: override a profile value of the emulated module. Repeatable.",
)
@click.option("--keep-secrets", is_flag=True, help="Write PINs, passwords and private keys as they are.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line: recording, then every event.")
@click.option("-v", "--verbose", is_flag=True, help="Show the dialogue live.")
def record(
    port: str,
    baud: int,
    link: Path | None,
    listen: str | None,
    out: Path,
    trace: Path | None,
    compare: str | None,
    routes: Sequence[str],
    values: Sequence[str],
    keep_secrets: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Stand between a host application and a module, and write down what they say, until Ctrl-C.

    The host opens the port that is printed, or PATH, in the place of the module's. Bytes pass unchanged and at once;
    so do control lines, speed and BREAK where both ports have them. A host may come and go.

    \b
    Examples:
      telit-emulator record --port /dev/ttyUSB0 --link /tmp/modem --out greeting.txt -v
      telit-emulator record --port /dev/ttyUSB0 --listen rfc2217:127.0.0.1:4000 --out greeting.txt
      telit-emulator record --port /dev/ttyUSB0 --link /tmp/modem --out greeting.txt --compare HE910
    """
    from emulator.cli.printer import Printer
    from emulator.recording.files import trace_beside
    from emulator.recording.session import RecordOptions

    if link is not None and listen is not None:
        raise UserError("--link is for a pseudo-terminal, which --listen takes the place of; leave one of them out")
    if compare is None and (routes or values):
        raise UserError(f"{'--route' if routes else '--set'} is for the emulated module of --compare; name that, too")
    options = RecordOptions(port, baud, out, trace or trace_beside(out), link, listen)
    emulated = ModemOptions(firmware=compare, settings=values, routes=parse_routes(routes))
    with closing(Printer()) as printer:
        run = _Run(options, printer, _readers(printer, as_json, verbose), keep_secrets=keep_secrets, quiet=as_json)
        differs = run.record(emulated if compare is not None else None)
    if differs:
        sys.exit(1)


class _Run:
    """One recording, as the command line has it."""

    def __init__(
        self,
        options: "RecordOptions",
        printer: "Printer",
        readers: "Sequence[Reader]",
        *,
        keep_secrets: bool,
        quiet: bool,
    ) -> None:
        self._options = options
        self._printer = printer
        self._readers = readers
        self._keeps_secrets = keep_secrets
        self._say: Callable[[str], None] = (lambda text: None) if quiet else printer.say

    def record(self, emulated: ModemOptions | None) -> bool:
        """Record until the end; return whether the emulated module has answered otherwise."""
        from emulator.recording.session import record as record_between

        if self._keeps_secrets:
            os.umask(0o077)  # the files are for the user alone
        commands = self._commands(emulated)
        comparison = self._comparison(emulated, commands) if emulated is not None else None
        try:
            sys.setswitchinterval(_TURN)
            recorded = asyncio.run(
                record_between(
                    self._options,
                    partial(self._dialogue, commands),
                    self._redaction(commands),
                    self._readers,
                    self._begun,
                    comparison,
                )
            )
            count = recorded.exchanges
            told = f"{count} exchange{'s' * (count != 1)}, ended by {recorded.reason}; trace in {self._options.trace}"
            self._say(f"{self._options.out}: {told}")
        finally:
            if comparison is not None:
                comparison.finish()
                self._say(f"{comparison.name}: {comparison.tally.in_words}")
        return comparison is not None and comparison.tally.differing > 0

    def _commands(self, emulated: ModemOptions | None) -> "CommandTable[Any]":
        from emulator.commands.catalogue import command_table
        from emulator.firmware.loader import load_firmware

        return command_table(load_firmware((emulated and emulated.firmware) or DEFAULT_FIRMWARE))

    def _redaction(self, commands: "CommandTable[Any]") -> "Redaction | None":
        from emulator.recording.redaction import Redaction

        return None if self._keeps_secrets else Redaction(commands)

    def _comparison(self, emulated: ModemOptions, commands: "CommandTable[Any]") -> "Comparison":
        from emulator.recording.comparison.comparison import Comparison

        return Comparison(emulated, self._redaction(commands))

    def _dialogue(self, commands: "CommandTable[Any]") -> "DialogueWriter":
        from emulator.recording.writer import DialogueWriter

        day = date.today().isoformat()
        return DialogueWriter(self._options.out, _UNNAMED, day, commands=commands, keep_secrets=self._keeps_secrets)

    def _begun(self, host: str, end: Callable[[str], None]) -> None:
        _end_by_signals(end)
        options = self._options
        linked = f" ({shlex.quote(str(options.link))})" if options.link is not None else ""
        self._say(f"{host}{linked} leads to {options.port}; recording to {options.out}, Ctrl-C ends it")


def _end_by_signals(end: Callable[[str], None]) -> None:
    """End in order, however often the user asks for it; a closed terminal ends nothing under `nohup`."""
    loop = asyncio.get_running_loop()
    for number, reason in _ENDINGS.items():
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, end, reason)


def _readers(printer: "Printer", as_json: bool, verbose: bool) -> "Sequence[Reader]":
    if as_json:
        from emulator.trace.json_lines import JsonLines

        return [JsonLines(printer.say)]
    from emulator.cli.live import LiveView

    live = LiveView(printer.say)
    return [live if verbose else partial(_differences_only, live)]


def _differences_only(live: "LiveView", now: float, event: "Event") -> None:
    from emulator.trace.events import AnswerDiffers

    if isinstance(event, AnswerDiffers):
        live(now, event)
