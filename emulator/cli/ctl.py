"""`telit-emulator ctl`: reads and changes a running modem."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from emulator.cli.completion import complete_fault
from emulator.cli.options import PATH, parse_routes
from emulator.errors import UserError
from emulator.firmware.files import read_value


@click.group(short_help="Read and change a running modem.")
@click.argument("socket", type=PATH)
@click.pass_context
def ctl(context: click.Context, socket: Path) -> None:
    """Read and change the modem whose control socket is SOCKET, as `run --control SOCKET` has made it.

    \b
    Examples:
      telit-emulator ctl /tmp/modem.ctl show
      telit-emulator ctl /tmp/modem.ctl set signal=5 registration=2
      telit-emulator ctl /tmp/modem.ctl fault connection-reset at=received byte=100
    """
    context.obj = socket


@ctl.command(short_help="Show the state.")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option("--json", "as_json", is_flag=True, help="Print it as one JSON object.")
@click.pass_obj
def show(socket: Path, names: Sequence[str], as_json: bool) -> None:
    """Show the whole state, or only the named values."""
    state = _ask(socket, "show")
    if unknown := [name for name in names if name not in state]:
        raise UserError(f"unknown state {unknown[0]!r}; one of {', '.join(state)}")
    shown = {name: state[name] for name in names or state}
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(shown))
        return
    for name, value in shown.items():
        for text in _texts(value):
            click.echo(_under(f"{name}: ", text) if len(names) != 1 else text)


@ctl.command("set", short_help="Change states.")
@click.argument("values", nargs=-1, required=True, metavar="NAME=VALUE…")
@click.pass_obj
def change(socket: Path, values: Sequence[str]) -> None:
    """Change states: registration, signal, bit_errors, attached, sim, power, gnss.latitude and other values of gnss."""
    _ask(socket, "change", values=dict(_split(text) for text in values))


@ctl.command(short_help="Add a fault.")
@click.argument("name", shell_complete=complete_fault)
@click.argument("parameters", nargs=-1, metavar="[KEY=VALUE]…")
@click.pass_obj
def fault(socket: Path, name: str, parameters: Sequence[str]) -> None:
    """Add the fault NAME with its keys; `telit-emulator faults` lists both. Prints its number and rule."""
    given = dict(map(_split, parameters))
    values = {
        key: text.strip('"') if key == "terminal" else read_value(text) for key, text in given.items()
    }  # 1.2 is text
    click.echo(_ask(socket, "fault", name=name, parameters=values))


@ctl.command(short_help="Remove a fault.")
@click.argument("number", type=int)
@click.pass_obj
def remove(socket: Path, number: int) -> None:
    """Remove the fault of this number, as `show faults` gives it."""
    _ask(socket, "remove", number=number)


@ctl.command(short_help="Route a dialled address to another one.")
@click.argument("routes", nargs=-1, required=True, metavar="FROM=TO…")
@click.pass_obj
def route(socket: Path, routes: Sequence[str]) -> None:
    """Connect TO (HOST:PORT) when the module dials FROM (HOST or HOST:PORT), from now on."""
    for dialled, target in parse_routes(routes).items():
        _ask(socket, "route", dialled=dialled, target=target)


@ctl.command(short_help="Let the module send a URC.")
@click.argument("text")
@click.pass_obj
def say(socket: Path, text: str) -> None:
    """Let the module send TEXT as a URC, as soon as no command runs."""
    _ask(socket, "say", text=text)


@ctl.command("type", short_help="Type a command line at a port.")
@click.argument("line")
@click.option("--terminal", default="1", show_default=True, metavar="N", help="The port.")
@click.pass_obj
def type_line(socket: Path, line: str, terminal: str) -> None:
    """Type LINE and CR at a port, beside the host that has it open; `events` or `run -v` show the answer."""
    _ask(socket, "type", text=f"{line}\r", terminal=terminal)


@ctl.command(short_help="Let time pass on a manual clock.")
@click.argument("seconds", type=float)
@click.pass_obj
def advance(socket: Path, seconds: float) -> None:
    """Let SECONDS pass in a module that runs with `--manual-clock`."""
    _ask(socket, "advance", seconds=seconds)


@ctl.command(short_help="Send the module a short message.")
@click.argument("number")
@click.argument("text")
@click.pass_obj
def sms(socket: Path, number: str, text: str) -> None:
    """Send the module TEXT from NUMBER, a telephone number or a name of at most 11 characters."""
    _ask(socket, "sms", number=number, text=text)


@ctl.command(short_help="Send the module a USSD text.")
@click.argument("text")
@click.option("--reply", is_flag=True, help="Wait for a reply of the host; `show ussd_replies` has it.")
@click.pass_obj
def ussd(socket: Path, text: str, reply: bool) -> None:
    """Send the module TEXT as the network does by itself, and say whether a host is shown it (+CUSD=1)."""
    click.echo("shown" if _ask(socket, "ussd", text=text, reply=reply) else "not shown: no host has set +CUSD=1")


@ctl.command("answer-ussd", short_help="Let the network answer a USSD code.")
@click.argument("code")
@click.argument("text")
@click.pass_obj
def answer_ussd(socket: Path, code: str, text: str) -> None:
    """Let the network answer CODE by TEXT when the host sends it by +CUSD, from now on."""
    _ask(socket, "answer_ussd", code=code, text=text)


@ctl.command(short_help="Send the module an echo request.")
@click.argument("peer")
@click.pass_obj
def ping(socket: Path, peer: str) -> None:
    """Send the module an echo request from PEER, an IPv4 address, and say whether it answers, as #ICMP has it."""
    click.echo("reply" if _ask(socket, "ping", peer=peer) else "no reply")


@ctl.group(short_help="Ring the module, and answer or end its calls.")
def call() -> None:
    """Do what the other side of a voice call does."""


@call.command(short_help="Call the module.")
@click.argument("number", default="")
@click.pass_obj
def ring(socket: Path, number: str) -> None:
    """Call the module from NUMBER, or without one from a number that is not shown. Prints the id of the call."""
    click.echo(_ask(socket, "ring", number=number))


_ID = click.argument("number", type=int, required=False, metavar="[ID]")


@call.command("answer", short_help="Answer the call that the module has dialled.")
@_ID
@click.pass_obj
def answer_call(socket: Path, number: int | None) -> None:
    """Answer the call that the module has dialled; ID is that of +CLCC, where there are several."""
    _ask(socket, "call", act="answer", number=number)


@call.command("busy", short_help="Let the dialled call find a busy line.")
@_ID
@click.pass_obj
def busy_call(socket: Path, number: int | None) -> None:
    """Let the dialled call find a busy line."""
    _ask(socket, "call", act="busy", number=number)


@call.command("end", short_help="End a call from the other side.")
@_ID
@click.pass_obj
def end_call(socket: Path, number: int | None) -> None:
    """Hang up, give up ringing, or refuse."""
    _ask(socket, "call", act="end", number=number)


@call.command(short_help="Press keys in a call.")
@click.argument("tones")
@click.pass_obj
def press(socket: Path, tones: str) -> None:
    """Press the keys TONES, which the module hears."""
    _ask(socket, "press", tones=tones)


@ctl.command(short_help="Store certificates and a private key in the module.")
@click.argument("files", nargs=-1, required=True, metavar="KIND=FILE…")
@click.pass_obj
def provision(socket: Path, files: Sequence[str]) -> None:
    """Store files, PEM or DER, in the module; KIND is certificate, ca_certificate or private_key.

    2.certificate is that of the second secure socket, where the firmware has it.

    The module takes what #SSLSECDATA takes, and while no SSL connection is open.
    """
    for kind, name in map(_split, files):
        content = _read(Path(name))
        is_pem = b"-----BEGIN" in content
        _ask(socket, "provision", kind=kind, **({"pem": content.decode("latin-1")} if is_pem else {"der": content}))


@ctl.command(short_help="Print the events, as they come.")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.pass_obj
def events(socket: Path, names: Sequence[str]) -> None:
    """Print the events, or only those of these names, one JSON object a line, until Ctrl-C or the modem's end.

    The first ones say which ports there are. docs/trace.md has all events.
    """
    from emulator.control.client import copy_events

    copy_events(socket, names, sys.stdout.fileno())


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}; name a file that can be read") from error


def _ask(socket: Path, do: str, **parameters: Any) -> Any:
    from emulator.control.client import ask

    return ask(socket, do, **parameters)


def _split(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UserError(f"{text!r}: write NAME=VALUE")
    return name, value


def _under(name: str, text: str) -> str:
    """Write a text behind a name; lines after the first, as of a fault with many keys, begin where it begins."""
    return name + text.replace("\n", "\n" + " " * len(name))


def _texts(value: Any) -> list[str]:
    """Return a line for each member of the value."""
    match value:
        case dict():
            return [f"{key} {member}" for key, member in value.items()] or ["-"]
        case list():
            return [str(member) for member in value] or ["-"]
    return ["-" if value is None else str(value)]
