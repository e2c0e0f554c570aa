"""`telit-emulator run`: runs one virtual module until Ctrl-C."""

import asyncio
import shlex
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emulator.cli.completion import complete_firmware
from emulator.cli.loading import without_collection
from emulator.cli.options import PATH, modem_options
from emulator.cli.output import Output
from emulator.firmware.status import with_status
from emulator.modem import Modem, link_to
from emulator.options import DEFAULT_FIRMWARE, ModemOptions
from emulator.trace.events import Reader
from emulator.trace.missing import MissingCommands

if TYPE_CHECKING:
    from emulator.control.service import ControlSocket
    from emulator.lab import Lab


@click.command(short_help="Open a virtual module on a pseudo-terminal.")
@click.argument("firmware", default=DEFAULT_FIRMWARE, shell_complete=complete_firmware)
@click.option(
    "--lab",
    is_flag=True,
    help="Start small TLS 1.0 servers on loopback, and route the guide's example addresses to them.",
)
@modem_options()
@click.option("--control", type=PATH, metavar="PATH", help="Make a socket for `telit-emulator ctl` there, mode 0600.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line: ready, then every event.")
@click.option("-v", "--verbose", is_flag=True, help="Show the dialogue live.")
@click.pass_obj
def run(
    output: Output,
    firmware: str,
    options: ModemOptions,
    lab: bool,
    control: Path | None,
    as_json: bool,
    verbose: bool,
) -> None:
    """Open a virtual module on a pseudo-terminal and keep it until Ctrl-C.

    FIRMWARE is MODEL[@VERSION], as in GE865-QUAD@10.00.007 (see `telit-emulator profiles`), or the path of a profile
    of your own; HE910 when left out.

    \b
    Examples:
      telit-emulator run --lab -v
      telit-emulator run GE865-QUAD --link /tmp/modem --route example.com:443=127.0.0.1:8443
      telit-emulator run HE910 --state ./module --set network.signal=9 --set security_data.ca_certificate=ca.pem
    """
    with ExitStack() as stack:
        servers = stack.enter_context(_lab(options.time_scale)) if lab else None
        options = replace(
            options,
            firmware=firmware,
            routes={**(servers.routes if servers else {}), **options.routes},
            readers=_readers(output, as_json=as_json, verbose=verbose),
        )
        asyncio.run(_serve(options, output, servers, control, quiet=as_json))


async def _serve(
    options: ModemOptions, output: Output, servers: "Lab | None", control: Path | None, *, quiet: bool
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with ExitStack() as stack:
        socket = stack.enter_context(_control(control)) if control is not None else None
        with without_collection():
            modem = Modem(options)
        stack.callback(modem.close)
        missing = MissingCommands()
        modem.trace.watch(missing)
        output.at_end(partial(loop.call_soon_threadsafe, stop.set))  # before that a signal breaks off whatever waits
        if socket is not None:
            await socket.serve(modem)
        if not quiet:
            output.say(_welcome(modem, options, servers))
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
