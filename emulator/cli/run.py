"""`telit-emulator run`: runs one virtual module until Ctrl-C."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from emulator.cli.completion import complete_firmware
from emulator.cli.event_loop import loop_in_words, run_in_event_loop
from emulator.cli.idle import load_when_idle
from emulator.cli.loading import without_collection
from emulator.cli.options import PATH, modem_options
from emulator.cli.output import Output
from emulator.cli.page import open_page, told_page
from emulator.clock import ManualClock
from emulator.errors import UserError
from emulator.firmware.status import with_status
from emulator.later import later
from emulator.modem import Modem, link_to
from emulator.options import ModemOptions
from emulator.trace.defect import reporting_task
from emulator.trace.events import Reader
from emulator.trace.missing import MissingCommands

if TYPE_CHECKING:
    import shlex

    from emulator.control.service import ControlSocket
    from emulator.lab import Lab
else:
    shlex = later("shlex")


class _WithPage(click.Command):
    """Take `--web` with or without an address behind it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = [
            f"--web={_PAGE}" if word == "--web" and not re.fullmatch(_ADDRESS, next_word) else word
            for word, next_word in pairwise([*args, ""])
        ]
        return super().parse_args(ctx, given)


_PAGE = "127.0.0.1:8080"
_ADDRESS = r"(?:(?:[^\s:/]*|\[[^\s/]*\]):)?[0-9]+"


@click.command(cls=_WithPage, short_help="Open a virtual module on a pseudo-terminal.")
@click.argument("firmware", required=False, shell_complete=complete_firmware)
@click.option(
    "--lab",
    is_flag=True,
    help="Start small TLS 1.0 servers on loopback, and route the guide's example addresses to them.",
)
@modem_options()
@click.option(
    "--count",
    type=click.IntRange(1, 100_000),
    metavar="N",
    help="Run N modules; `{number}` in --listen, --link, --state, --set and the like is the number of each.",
)
@click.option(
    "--processes", type=click.IntRange(1, 64), default=1, metavar="N", help="Share the modules of --count out among N."
)
@click.option("--control", type=PATH, metavar="PATH", help="Make a socket for `telit-emulator ctl` there, mode 0600.")
@click.option(
    "--web", metavar="[HOST:PORT]", help=f"Serve a page that shows the module as it works; {_PAGE} if left out."
)
@click.option("--manual-clock", is_flag=True, help="Let time stand still but for `ctl SOCKET advance` and the page.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line: ready, then every event.")
@click.option("-v", "--verbose", is_flag=True, help="Show the dialogue live, and which event loop runs.")
@click.pass_obj
def run(
    output: Output,
    firmware: str | None,
    options: ModemOptions,
    lab: bool,
    count: int | None,
    processes: int,
    control: Path | None,
    web: str | None,
    manual_clock: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Open a virtual module on a pseudo-terminal and keep it until Ctrl-C.

    FIRMWARE is MODEL[@VERSION], as in GE865-QUAD@10.00.007 (see `telit-emulator profiles`), or the path of a profile
    of your own; that of the scenario, or HE910, when left out.

    \b
    Examples:
      telit-emulator run --lab -v
      telit-emulator run GE865-QUAD --link /tmp/modem --route example.com:443=127.0.0.1:8443
      telit-emulator run HE910 --state ./module --set network.signal=9 --set security_data.ca_certificate=ca.pem
      telit-emulator run HE910 --count 10000 --listen unix:/tmp/fleet/{number}
    """
    if manual_clock and options.time_scale != 1.0:
        raise UserError("--manual-clock and --time-scale exclude each other; leave one out")
    with ExitStack() as stack:
        servers = stack.enter_context(_lab(options.time_scale)) if lab else None
        options = replace(
            options,
            firmware=firmware,
            routes=servers.routes_with(options.routes) if servers else options.routes,
        )
        clock = ManualClock if manual_clock else None
        if count is not None:
            from emulator.cli.many import Share, run_many

            run_many(Share(options, range(1, count + 1), clock, control, web, as_json, verbose), processes, output)
            return
        if processes > 1:
            raise UserError(f"--processes {processes}: one module runs in one process; give --count, too")
        readers = _readers(output, as_json=as_json, verbose=verbose)
        options = replace(options, readers=readers, clock=clock() if clock is not None else None)
        run_in_event_loop(
            _serve(options, output, servers, control, web, quiet=as_json, verbose=verbose), options.listen
        )


async def _serve(
    options: ModemOptions,
    output: Output,
    servers: "Lab | None",
    control: Path | None,
    web: str | None,
    *,
    quiet: bool,
    verbose: bool,
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with ExitStack() as stack:
        socket = stack.enter_context(_control(control)) if control is not None else None
        page = stack.enter_context(open_page(web)) if web is not None else None
        with without_collection():
            modem = Modem(options)
        stack.callback(modem.close)
        missing = MissingCommands()
        modem.trace.watch(missing)
        output.at_end(partial(loop.call_soon_threadsafe, stop.set))  # before that a signal breaks off whatever waits
        if socket is not None:
            await socket.serve(modem)
        if page is not None:
            page.serve({"1": modem})
            stack.callback(page.close)  # before the modem
        if not quiet:
            output.say(_welcome(modem, options, servers))
            if verbose:
                output.say(loop_in_words(loop))
        if page is not None:
            output.say(told_page(page, modem.clock.now(), as_json=quiet))
        stack.callback(reporting_task(modem.trace, "loading", load_when_idle(modem.loading())).cancel)
        await stop.wait()
        if not quiet and (told := missing.in_words()):
            output.say(told)


def _control(path: Path) -> "ControlSocket":
    from emulator.control.service import ControlSocket

    return ControlSocket(path)


def _welcome(modem: Modem, options: ModemOptions, servers: "Lab | None") -> str:
    count = len(modem.ports) - len(options.listen)
    links = [link_to(options.link, number) for number in range(1, count + 1)]
    where = [f"{port} ({shlex.quote(str(link))})" if link else port for port, link in zip_longest(modem.ports, links)]
    name = with_status(modem.firmware.name, modem.firmware.status)
    ready = f"{name} is ready on {' and '.join(where)}; Ctrl-C ends it"
    if servers is None:
        return ready
    from emulator.cli.welcome import lab_dialogue

    return f"{ready}\n{lab_dialogue(str(options.link or modem.port), modem.firmware, servers)}"


def _lab(time_scale: float) -> "Lab":
    from emulator.lab import Lab

    return Lab(time_scale)


def _readers(output: Output, *, as_json: bool, verbose: bool) -> Sequence[Reader]:
    """Return no readers unless asked for: events of the byte path are made only for readers."""
    if as_json:
        from emulator.trace.json_lines import JsonLines

        return [JsonLines(output.say)]
    if verbose:
        from emulator.cli.live import LiveView

        return [LiveView(output.say)]
    return []
