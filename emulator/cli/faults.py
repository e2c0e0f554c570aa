"""`telit-emulator faults`: lists the faults."""

import click

from emulator.cli.completion import complete_fault


@click.command(short_help="List the faults, or the keys of one.")
@click.argument("name", required=False, shell_complete=complete_fault)
def faults(name: str | None) -> None:
    """List the faults, or show the keys of the one called NAME.

    Faults are added by a file (`run --scenario FILE`), while the modem runs (`ctl SOCKET fault NAME KEY=VALUE…`),
    or from Python (`modem.faults.add("NAME", key=value)`).
    """
    from emulator.cli.values import print_columns
    from emulator.modem import load_faults

    head, rows = load_faults().manual(name)
    if head:
        click.echo(head)
    print_columns(rows)
