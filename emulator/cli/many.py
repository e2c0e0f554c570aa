"""`telit-emulator run --count`: many modems, in one event loop or in several processes."""

import asyncio
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import msgspec

from emulator.cli.loading import without_collection
from emulator.cli.numbered import numbered, require_number, require_numbers, with_number
from emulator.cli.open_files import allow_open_files
from emulator.cli.output import Output
from emulator.cli.page import open_page, told_page
from emulator.clock import Clock
from emulator.control.service import ControlSocket
from emulator.errors import UserError
from emulator.modem import Modem
from emulator.options import ModemOptions
from emulator.trace.events import Reader
from emulator.trace.missing import MissingCommands


@dataclass(frozen=True)
class Share:
    """The modems of one process, and what is told of them."""

    options: ModemOptions
    """What all have in common, with `{number}` where they differ."""
    numbers: range
    clock: Callable[[], Clock] | None
    """Makes the clock of each modem, where it is not the usual one."""
    control: Path | None
    web: str | None
    as_json: bool
    verbose: bool

    def split(self, processes: int) -> "Sequence[Share]":
        """Share the modems out among processes, in the order of their numbers."""
        first, count = self.numbers.start, len(self.numbers)
        ends = [first + count * process // processes for process in range(processes + 1)]
        return [replace(self, numbers=range(start, end)) for start, end in pairwise(ends) if start < end]

    def of(self, number: int, say: Callable[[str], None]) -> ModemOptions:
        """Return the options of one modem, which tells its events by `say`, if at all."""
        clock = self.clock() if self.clock is not None else None
        options, readers = numbered(self.options, number), tuple(self._readers(number, say))
        return msgspec.structs.replace(options, clock=clock, readers=readers)

    def _readers(self, number: int, say: Callable[[str], None]) -> Iterator[Reader]:
        if self.as_json:
            from emulator.trace.json_lines import JsonLines

            yield JsonLines(say, number)
        elif self.verbose:
            from emulator.cli.live import LiveView

            yield LiveView(lambda line: say(f"{number}: {line}"))


@dataclass(frozen=True)
class Started:
    """What is told of modems that are ready."""

    firmware: str
    first_port: str
    last_port: str


async def serve(
    share: Share, say: Callable[[str], None], started: Callable[[Started], None], stop: asyncio.Event
) -> None:
    """Run the modems of one process until `stop` is set.

    Raises:
        UserError: an option is wrong.
    """
    missing = MissingCommands()
    with ExitStack() as stack:
        page = stack.enter_context(open_page(share.web)) if share.web is not None else None
        modems = {}
        with without_collection():
            for number in share.numbers:
                modem = await _start(share, number, say, stack)
                modem.trace.watch(missing)
                modems[str(number)] = modem
                await asyncio.sleep(0)  # hosts of those that are ready need not wait for the others
                if stop.is_set():
                    return
        gc.freeze()  # what idles is not to be looked at again and again
        first, last = (modems[str(number)] for number in (share.numbers[0], share.numbers[-1]))
        if page is not None:
            page.serve(modems)
            stack.callback(page.close)  # before the modems
        started(Started(first.firmware.name, first.port, last.port))
        if page is not None:
            say(told_page(page, first.clock.now(), as_json=share.as_json))
        await stop.wait()
    if not share.as_json and (told := missing.in_words()):
        say(told)


async def _start(share: Share, number: int, say: Callable[[str], None], stack: ExitStack) -> Modem:
    control = None
    if share.control is not None:
        control = stack.enter_context(ControlSocket(Path(with_number(str(share.control), number))))
    modem = Modem(share.of(number, say))
    stack.callback(modem.close)
    if control is not None:
        await control.serve(modem)
    return modem


def run_many(share: Share, processes: int, output: Output) -> None:
    """Run the modems until a signal ends the command.

    Raises:
        UserError: an option is wrong, or the system has too few open files for them.
    """
    require_numbers(share.options)
    if share.control is not None:
        require_number("--control", str(share.control))
    allow_open_files(share.options, len(share.numbers), processes, control=share.control is not None)
    if share.web is not None and processes > 1:
        raise UserError(f"--web {share.web}: it shows the modules of one process; leave out --processes {processes}")
    if processes == 1:
        asyncio.run(_run(share, output))
        return
    from emulator.cli.processes import Processes

    with Processes(share.split(processes)) as running:
        output.at_end(running.stop)
        running.serve(output.say, partial(_welcome, share, output))


async def _run(share: Share, output: Output) -> None:
    stop = asyncio.Event()
    output.at_end(partial(asyncio.get_running_loop().call_soon_threadsafe, stop.set))
    await serve(share, output.say, lambda started: _welcome(share, output, [started]), stop)


def _welcome(share: Share, output: Output, started: Sequence[Started]) -> None:
    if not share.as_json:
        where = f"{started[0].first_port} to {started[-1].last_port}"
        output.say(f"{len(share.numbers)} modules {started[0].firmware} are ready on {where}; Ctrl-C ends them")
