"""`telit-emulator run`: one virtual module, until it is interrupted."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emulator.bearer.routes import Routes
from emulator.clock import WallClock
from emulator.modem import DEFAULT_FIRMWARE, Modem, ModemOptions
from emulator.trace.events import Event, Reader

if TYPE_CHECKING:
    from emulator.lab import Lab


@click.command(short_help="Open a virtual module on a pseudo-terminal.")
@click.argument("firmware", default=DEFAULT_FIRMWARE)
@click.option(
    "--link",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Make PATH a symbolic link to the port while it is open.",
)
@click.option(
    "--route",
    "routes",
    multiple=True,
    metavar="FROM=TO",
    help="Connect TO (HOST:PORT) when the module dials FROM (HOST or HOST:PORT). Repeatable.",
)
@click.option(
    "--lab",
    is_flag=True,
    help="Start small TLS 1.0 servers on loopback, and route the guide's example addresses to them.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Keep the module's memory in DIR: certificates, SSL and PDP settings, profiles.",
)
@click.option(
    "--time-scale",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    metavar="X",
    help="Let the module's time run X times as fast.",
)
@click.option(
    "--tls-engine",
    type=click.Choice(["auto", "openssl", "native"]),
    default="auto",
    show_default=True,
    help="Which TLS library carries the sessions.",
)
@click.option(
    "--transcript",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Append every line of the dialogue, with time and direction.",
)
@click.option(
    "--keylog", type=click.Path(path_type=Path), metavar="FILE", help="Append the TLS secrets, for Wireshark."
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override a value of the profile, or preload security data: security_data.ca_certificate=FILE. Repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line: ready, then every event.")
@click.option("-v", "--verbose", is_flag=True, help="Show the dialogue live.")
def run(
    firmware: str,
    link: Path | None,
    routes: Sequence[str],
    lab: bool,
    state: Path | None,
    time_scale: float,
    tls_engine: str,
    transcript: Path | None,
    keylog: Path | None,
    settings: Sequence[str],
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
    clock = WallClock(time_scale)
    with ExitStack() as stack:
        servers = stack.enter_context(_lab(time_scale)) if lab else None
        options = ModemOptions(
            firmware=firmware,
            settings=settings,
            routes={**(servers.routes if servers else {}), **_split(routes)},
            link=link,
            state=state,
            clock=clock,
            tls_engine=tls_engine,
            transcript=transcript,
            keylog=keylog,
            readers=_readers(as_json=as_json, verbose=verbose),
        )
        asyncio.run(_serve(options, None if as_json else servers, quiet=as_json))


async def _serve(options: ModemOptions, servers: "Lab | None", *, quiet: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    modem = Modem(options)
    try:
        if not quiet:
            where = f"{modem.port} ({options.link})" if options.link else modem.port
            _say(f"{modem.firmware.name} is ready on {where}; Ctrl-C ends it")
        if servers is not None:
            from emulator.cli.welcome import lab_dialogue

            _say(lab_dialogue(str(options.link or modem.port), modem.firmware, servers))
        await stop.wait()
    finally:
        modem.close()


@contextmanager
def _lab(time_scale: float) -> "Iterator[Lab]":
    from emulator.lab import Lab

    with Lab(time_scale=time_scale) as lab:
        yield lab


def _split(routes: Sequence[str]) -> dict[str, str]:
    Routes.parse(routes)
    return {dialled: target for dialled, _, target in (route.partition("=") for route in routes)}


def _readers(*, as_json: bool, verbose: bool) -> Sequence[Reader]:
    """Nobody unless asked for: events of the byte path are made only when somebody reads them."""
    if as_json:
        return [_print_json]
    if verbose:
        from emulator.cli.live import LiveView

        return [LiveView(_say)]
    return []


def _print_json(now: float, event: Event) -> None:
    import msgspec

    _say(msgspec.json.encode({**msgspec.to_builtins(event), "time": round(now, 6)}).decode())


def _say(text: str) -> None:
    """Print a line at once; a reader that has gone away is no reason to stop the modem."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  lives as long as the process
