"""`telit-emulator faults`: lists the faults."""

import click

from emulator.errors import UserError


@click.command(short_help="List the faults, or the keys of one.")
@click.argument("name", required=False)
def faults(name: str | None) -> None:
    """List the faults, or show the keys of the one called NAME.

    Faults are added by a file (`run --scenario FILE`), while the modem runs (`ctl SOCKET fault NAME KEY=VALUE…`),
    or from Python (`modem.faults.add("NAME", key=value)`).
    """
    from emulator.cli.values import print_columns
    from emulator.faults.catalogue import FAULTS
    from emulator.faults.reference import Key, keys_of, summary
    from emulator.firmware.keys import nearest

    def row(key: Key) -> list[str]:
        needed = "required" if not key.default else "" if key.default == "-" else f"= {key.default}"
        return [f"  {key.name}", needed, f"{key.meaning} ({key.allowed})" if key.allowed else key.meaning]

    if name is None:
        print_columns([[known, summary(kind)] for known, kind in FAULTS.items()])
        return
    if name not in FAULTS:
        raise UserError(f"there is no fault {name!r}{nearest(name, FAULTS)}; `telit-emulator faults` lists them")
    click.echo(f"{name}: {summary(FAULTS[name])}")
    print_columns([row(key) for key in keys_of(FAULTS[name])])
