"""`telit-emulator profiles`: list, show, compare and check firmwares."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from emulator.cli.completion import complete_firmware
from emulator.cli.values import in_words, leaves, print_columns
from emulator.errors import UserError
from emulator.firmware.facts import count_by_grade, facts_of
from emulator.firmware.grades import check_grades
from emulator.firmware.loader import Firmware, list_models, load_firmware
from emulator.firmware.schema.ssl import SecureSocket
from emulator.firmware.status import Status

Facts = dict[str, Any]
"""The facts shown of a firmware, ready for JSON."""

_STATUS = "status"
_COLUMNS: Mapping[str, str] = {
    "model": "Model",
    "version": "Version",
    _STATUS: "Status",
    "offered": "Offered\nby 0",
    "on_request": "By\nnumber",
    "certificate_formats": "Certs",
    "closure_types": "Close\ntypes",
    "fast_dial": "Fast\ndial",
    "cpu_modes": "CPU\nmodes",
}
"""Titles; on a terminal they take two lines, so that the table fits into 80 columns."""
_LONGEST_IN_A_CELL = len("AES256-SHA")
_OF_A_SOCKET = ("offered", "on_request", "certificate_formats", "closure_types", "ring_modes")


@click.command(short_help="List the firmwares and how they differ, or check a profile.")
@click.argument("name", metavar="[FIRMWARE]", required=False, shell_complete=complete_firmware)
@click.option("--check", "checked", metavar="FILE", help="Validate one profile: say ok, or what is wrong with it.")
@click.option(
    "--diff",
    "compared",
    nargs=2,
    metavar="A B",
    shell_complete=complete_firmware,
    help="Say what changes from one firmware to another.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def profiles(name: str | None, checked: str | None, compared: tuple[str, str] | None, as_json: bool) -> None:
    """List the firmwares, show one of them in full, compare two, or check a profile of your own.

    FIRMWARE is MODEL[@VERSION], as in GE865-QUAD@10.00.007, or the path of a profile. Without it, every model is
    listed with the version that runs when none is named: the first one with SSL in the guide's applicability table, or
    that of another guide. Its status says how well its software line is known: `documented` by the guide of the SSL
    socket, `public` by other guides, hosts and recorded dialogues, or `provisional`.
    """
    if [name, checked, compared].count(None) < 2:
        raise UserError("profiles: FIRMWARE, --check and --diff do not go together; give one of them")
    if checked is not None:
        _check(checked, as_json)
    elif compared is not None:
        _compare(load_firmware(compared[0]), load_firmware(compared[1]), as_json)
    elif name is not None:
        _show(load_firmware(name), as_json)
    else:
        _list(as_json)


def _check(path: str, as_json: bool) -> None:
    from emulator.commands.catalogue import command_table

    firmware = load_firmware(path if "/" in path or path.endswith(".toml") else f"./{path}")
    command_table(firmware)  # the profile may speak of commands that there are not
    for source in dict.fromkeys(layer.source for layer in firmware.layers):
        check_grades(source)
    known_as = f"{firmware.model}@{firmware.version}"
    if as_json:
        _print_json({"file": path, "ok": True, "firmware": known_as})
    else:
        click.echo(f"{path}: ok ({known_as})")


def _compare(first: Firmware, second: Firmware, as_json: bool) -> None:
    from emulator.cli.differences import Differences

    found = Differences.between(first, second)
    if as_json:
        _print_json(found.as_json())
    else:
        click.echo(found.in_words())


def _list(as_json: bool) -> None:
    rows = [_summary(load_firmware(entry.name)) for entry in list_models()]
    if as_json:
        _print_json(rows)
    elif sys.stdout.isatty():
        _print_table([title for key, title in _COLUMNS.items() if key != _STATUS], _grouped(rows))
    else:
        print_columns([_titles(), *([in_words(row[key]) for key in _COLUMNS] for row in rows)])


def _titles() -> list[str]:
    return [title.replace("\n", " ") for title in _COLUMNS.values()]


def _grouped(rows: list[Facts]) -> list[list[str]]:
    """Make one row of all models that differ in nothing but their names; lists run downwards.

    A status other than documented stands below the names, so that the table keeps its width.
    """
    groups: dict[str, list[Facts]] = {}
    for row in rows:
        groups.setdefault(repr({**row, "model": None}), []).append(row)
    table = []
    for group in groups.values():
        cells = [_cell(group[0][key]) for key in _COLUMNS if key != _STATUS]
        status = group[0][_STATUS]
        note = [] if status == Status.DOCUMENTED else [f"({status})"]
        table.append(["\n".join([*(row["model"] for row in group), *note]), *cells[1:]])
    return table


def _cell(value: Any) -> str:
    """Write a value for a narrow column: a list downwards, or its length where a name in it is too long."""
    if isinstance(value, list) and any(len(str(each)) > _LONGEST_IN_A_CELL for each in value):
        return f"{len(value)} suites"
    return in_words(value).replace(", ", "\n")


def _show(firmware: Firmware, as_json: bool) -> None:
    import msgspec

    from emulator.cli.differences import uses

    commands = uses(firmware)
    profile: Facts = msgspec.to_builtins(firmware.profile)
    summary = _summary(firmware)
    grades = count_by_grade(facts_of(firmware.layers))
    if as_json:
        head = {"firmware": firmware.name, "source": firmware.source}
        _print_json({**head, **summary, "grades": grades, "commands": commands, "profile": profile})
        return
    click.echo(f"{firmware.name}  ({firmware.source})\n")
    print_columns([[title, in_words(summary[key])] for title, key in zip(_titles(), _COLUMNS, strict=True)])
    click.echo()
    print_columns([["Grade", "Values"], *([name, str(count)] for name, count in grades.items())])
    click.echo()
    print_columns([["Command", "Parameters"], *([name, use] for name, use in commands.items())])
    click.echo()
    print_columns([["Key", "Value"], *leaves(profile)])


def _summary(firmware: Firmware) -> Facts:
    """Return the facts in which firmwares differ."""
    profile = firmware.profile
    socket, cpu_modes = profile.secure_socket, profile.power.cpu_modes
    facts: Facts = {"model": firmware.model, "version": str(firmware.version), "status": firmware.status}
    facts["ssl"] = socket is not None
    facts |= _of_socket(socket) if socket else dict.fromkeys(_OF_A_SOCKET)
    facts["fast_dial"] = profile.has_command("#SSLFASTD") if socket else None
    facts["cpu_modes"] = list(cpu_modes.values) if cpu_modes and profile.has_command("#CPUMODE") else []
    return facts


def _of_socket(socket: SecureSocket) -> Facts:
    names = {number: suite.openssl_name for number, suite in socket.numbered_suites.items()}
    offered = [suite.openssl_name for suite in socket.default_offer]
    return {
        "offered": offered,
        "on_request": [f"{number} {name}" for number, name in names.items() if name not in offered],
        "certificate_formats": ["DER", "PEM"] if socket.security_data.choosable else ["PEM"],
        "closure_types": list(socket.closure_types.values),
        "ring_modes": list(socket.ring_modes.values),
    }


def _print_json(value: Any) -> None:
    import json

    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _print_table(titles: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*titles, box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for row in rows:
        table.add_row(*row)
        table.add_row()
    Console(highlight=False, markup=False, emoji=False).print(table)
