"""`telit-emulator doctor`: tells which firmwares reach a server by TLS, and why the others do not."""

import asyncio
import os
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emulator.cli.options import PATH, firmwares_option, parse_routes
from emulator.doctor.question import Question, parse_server
from emulator.doctor.selection import choose_with_ssl
from emulator.errors import UserError
from emulator.firmware.selection import ALL, Choice
from emulator.firmware.status import Status

if TYPE_CHECKING:
    from emulator.doctor.verdict import Verdict


@click.command(short_help="Tell whether a firmware reaches a server by TLS, and why not.")
@click.argument("server", metavar="HOST:PORT")
@firmwares_option(left_out=ALL)
@click.option("--mode", type=click.IntRange(0, 2), help="<auth_mode> of #SSLSECCFG; what the other options ask for.")
@click.option(
    "--ca", type=PATH, metavar="FILE", help="The CA certificate to store; without it, the right one is sought."
)
@click.option("--cert", type=PATH, metavar="FILE", help="The client certificate, for mode 2.")
@click.option("--key", type=PATH, metavar="FILE", help="Its private key.")
@click.option("--route", "routes", multiple=True, metavar="FROM=TO", help="Connect TO instead of FROM. Repeatable.")
@click.option("--lab", is_flag=True, help="Start the servers of `run --lab`, such as echo.lab:443.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, 500, min_open=True),
    default=10.0,
    show_default=True,
    metavar="S",
    help="Seconds that the module waits: <Timeout> of #SSLD.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--provision",
    type=PATH,
    metavar="FILE",
    help="Write the dialogue that sets a module up for the server, for `telit-emulator play`; mode 0600.",
)
@click.option(
    "--apn",
    default="internet",
    show_default=True,
    metavar="NAME",
    callback=lambda context, parameter, name: _access_point(name),
    help="The access point in that dialogue.",
)
def doctor(
    server: str,
    firmwares: Sequence[str],
    statuses: Collection[Status],
    mode: int | None,
    ca: Path | None,
    cert: Path | None,
    key: Path | None,
    routes: Sequence[str],
    lab: bool,
    timeout: float,
    as_json: bool,
    provision: Path | None,
    apn: str,
) -> None:
    """Tell which firmwares reach the server at HOST:PORT with the SSL socket, and why the others do not.

    It dials the server as each distinct behaviour would, with each <cipher_suite> and each choice of #SSLSECCFG2 that
    makes another hello; where that fails, it dials as a modern client to find the reason. Of `all` and `every`,
    firmwares without SSL commands are left out. The exit code is 0 when all reach the server, 1 when one does not, 2
    when it could not be asked.

    \b
    Example:
      telit-emulator doctor example.com:443 --firmware HE910,GE865-QUAD --mode 1
    """
    from emulator.cli.advice import check_writable, print_advice, write_dialogues

    if provision is not None:
        check_writable(provision)
    with ExitStack() as stack:
        reached = _lab_routes(stack) if lab else {}
        question = _question(server, mode, (ca, cert, key), {**reached, **parse_routes(routes)}, timeout)
        if sys.stderr.isatty():
            click.echo(f"dialling {question.address} …", err=True)
        verdicts = asyncio.run(_examine(question, choose_with_ssl(firmwares or [ALL], statuses)))
    from emulator.doctor import report
    from emulator.doctor.dialogues import host_dialogues
    from emulator.doctor.provision import Access

    dialogues = host_dialogues(verdicts, question, Access(apn, datetime.now(UTC)))
    if as_json:
        click.echo(report.as_json(question, verdicts, dialogues))
    else:
        click.echo(report.table(verdicts, _in_colour))
        print_advice(question, verdicts, dialogues)
    if provision is not None:
        write_dialogues(provision, dialogues)
    if not all(verdict.reachable for verdict in verdicts):
        sys.exit(1)


def _access_point(name: str) -> str:
    """Take what +CGDCONT takes, and nothing that a dialogue file reads as more than itself (3GPP TS 23.003 9.1)."""
    if not re.fullmatch(r"[A-Za-z0-9.-]+", name):
        raise UserError(f"--apn {name!r}: an access point has letters, digits, dots and hyphens; name yours")
    return name


def _in_colour(verdict: "Verdict", word: str) -> str:
    """Colour the word of a verdict; click takes colours away where stdout is no terminal."""
    if os.environ.get("NO_COLOR"):  # the convention of no-color.org
        return word
    return click.style(word, fg="green" if verdict.reachable else "red")


async def _examine(question: Question, choices: Sequence[Choice]) -> "tuple[Verdict, ...]":
    from emulator.doctor.examination import examine

    return await examine(question, choices)


def _question(
    server: str,
    mode: int | None,
    files: tuple[Path | None, Path | None, Path | None],
    routes: Mapping[str, str],
    timeout: float,
) -> Question:
    """Read the files, and choose the mode that they are for."""
    from emulator.doctor.files import check_identity, read_certificates, read_key

    ca, cert, key = files
    if (cert is None) != (key is None):
        raise UserError("--cert and --key go together; give both, or none")
    if mode is None:
        mode = 2 if cert is not None else 1 if ca is not None else 0
    if mode == 2 and cert is None:
        raise UserError("--mode 2 shows a client certificate; give --cert FILE and --key FILE")
    if mode < 2 and cert is not None:
        raise UserError(f"--mode {mode} shows no client certificate; leave out --cert and --key, or --mode")
    if mode == 0 and ca is not None:
        raise UserError("--mode 0 checks no certificate; leave out --ca, or --mode")
    host, port = parse_server(server)
    certificate = read_certificates(cert, "--cert") if cert is not None else ()
    private_key = read_key(key, "--key") if key is not None else b""
    if certificate:
        check_identity(certificate, private_key)
    anchors = read_certificates(ca, "--ca") if ca is not None else ()
    return Question(host, port, mode, anchors, certificate, private_key, routes, timeout)


def _lab_routes(stack: ExitStack) -> dict[str, str]:
    from emulator.lab import Lab

    return dict(stack.enter_context(Lab()).routes)
