"""`telit-emulator conform`: compares a module with an emulated one, command by command."""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from emulator.cli.completion import complete_firmware
from emulator.cli.module_options import module_options
from emulator.cli.options import PATH
from emulator.errors import UserError

if TYPE_CHECKING:
    from emulator.conformance.items import Server
    from emulator.conformance.reports.model import Report
    from emulator.conformance.session import ParitySession
    from emulator.conformance.verdict import Verdict


@click.command(short_help="Compare a module at a serial port with an emulated one.")
@module_options
@click.option(
    "--firmware",
    metavar="NAME",
    shell_complete=complete_firmware,
    help="Compare with this firmware: MODEL[@VERSION] or a profile; the nearest to the module when left out.",
)
@click.option(
    "--safe/--all",
    default=True,
    help="Leave out what costs money, locks or sends over the network, which is usual, or play that, too.",
)
@click.option("--server", metavar="HOST:PORT", help="A TLS server of yours, which the module dials; with --ca.")
@click.option("--ca", type=PATH, metavar="FILE", help="The CA certificate of --server, PEM or DER.")
@click.option(
    "--out",
    type=PATH,
    metavar="DIR",
    help="Write the report to DIR: conform.txt, conform.json, and the page index.html.",
)
@click.option(
    "--evidence",
    type=PATH,
    metavar="FILE",
    help="Write what the module said to FILE, to be replayed on the emulator ever after; with --by.",
)
@click.option("--by", metavar="NAME", help="Who has the module on the desk; for --evidence.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def conform(
    port: str,
    baud: int,
    time_scale: float,
    firmware: str | None,
    safe: bool,
    server: str | None,
    ca: Path | None,
    out: Path | None,
    evidence: Path | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Play the project's dialogues, captures and conformance set on a module, and compare what it says.

    What is expected is what the emulated firmware says to the same bytes in the same state. Afterwards the module has
    the settings and the memory that it had before. The exit code is 0 when all agrees, 1 when something differs, 2
    when nothing could be played.

    \b
    Examples:
      telit-emulator conform --port /dev/ttyUSB0 --out report
      telit-emulator conform --port /dev/ttyUSB0 --server example.com:443 --ca ca.pem
    """
    from emulator.cli.conforming import make_progress
    from emulator.cli.vouching import VouchedFile
    from emulator.conformance.reports.model import Report
    from emulator.conformance.session import ParitySession, Wishes, run
    from emulator.dte.identity import identify
    from emulator.dte.module_line import ModuleLine
    from emulator.dte.nearest import nearest_firmware
    from emulator.dte.signals import ended_by_signals
    from emulator.firmware.loader import load_firmware

    wishes = Wishes(not safe, _server(server, ca))
    chosen = load_firmware(firmware) if firmware is not None else None
    with ended_by_signals(), ExitStack() as stack:
        folder = stack.enter_context(_Folder(out))
        vouched = stack.enter_context(VouchedFile(evidence, by, firmware))
        sessions: list[ParitySession] = []
        stack.callback(_tell_all, sessions, folder, as_json)
        progress = stack.enter_context(make_progress())  # ends before the report is printed
        with ModuleLine(port, baud, time_scale=time_scale) as module:
            identity = identify(module)
            vouched.check(module)
            compared = chosen or load_firmware(nearest_firmware(identity))
            session = ParitySession(identity, compared, wishes, datetime.now(UTC).astimezone())
            sessions.append(session)
            run(session, module, progress)
        vouched.write(session)
    if Report(session, "").parted:
        sys.exit(1)


def _server(server: str | None, ca: Path | None) -> "Server | None":
    from emulator.conformance.items import Server
    from emulator.doctor.files import read_certificates
    from emulator.doctor.question import parse_server

    if server is None and ca is None:
        return None
    if server is None:
        raise UserError("--ca is for --server; name that, too, or leave out --ca")
    host, number = parse_server(server)
    if ca is None:
        raise UserError(f"--server {server}: the module has to know its CA certificate; name it by --ca FILE")
    return Server(host, number, _as_pem(read_certificates(ca, "--ca")[0]))


def _as_pem(certificate: bytes) -> bytes:
    import ssl

    return ssl.DER_cert_to_PEM_cert(certificate).encode()


def _typed() -> str:
    from emulator.explore.findings.replay import as_typed

    return as_typed(["telit-emulator", *sys.argv[1:]])


class _Folder(ExitStack):
    """Hold the places of the reports; without a folder there is none."""

    def __init__(self, out: Path | None) -> None:
        """Check that they can be written.

        Raises:
            UserError: they cannot.
        """
        from emulator.trace.whole_file import WholeFile

        super().__init__()
        self._files: dict[str, WholeFile] = {}
        if out is None:
            return
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"--out {out}: {error.strerror}; name a folder that can be written") from error
        for name in ("conform.txt", "conform.json", "index.html"):
            self._files[name] = WholeFile(out / name, "--out")

    def write(self, report: "Report") -> None:
        """Write the report in all forms."""
        from emulator.conformance.reports import html, json_report, text

        renderers = {"conform.txt": text.render, "conform.json": json_report.render, "index.html": html.render}
        for name, file in self._files.items():
            written = renderers[name](report)
            file.write(written if written.endswith("\n") else f"{written}\n")


def _tell_all(sessions: "Sequence[ParitySession]", folder: _Folder, as_json: bool) -> None:
    from emulator.conformance.reports.model import Report

    for session in sessions:  # none where the module could not be asked who it is
        _tell(Report(session, _typed()), folder, as_json)


def _tell(report: "Report", folder: _Folder, as_json: bool) -> None:
    from emulator.conformance.reports import json_report

    try:
        click.echo(json_report.render(report).rstrip("\n") if as_json else _text(report))
    finally:
        folder.write(report)


def _text(report: "Report") -> str:
    from emulator.conformance.reports import text

    on_terminal = sys.stdout.isatty()
    width = get_terminal_size().columns if on_terminal else None
    if on_terminal and not os.environ.get("NO_COLOR"):
        return text.render(report, width, _coloured)
    return text.render(report, width)


def _coloured(words: str, verdict: "Verdict") -> str:
    from emulator.conformance.verdict import PARTED

    return click.style(words, fg="red" if verdict in PARTED else "green", bold=True)
