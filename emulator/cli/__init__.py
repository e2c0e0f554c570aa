"""The `telit-emulator` command."""

import sys

import click

from emulator.errors import UserError

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


class _Commands(click.Group):
    """Loads a subcommand when it is called, so that `run` starts without what `profiles` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["run", "profiles"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        match cmd_name:
            case "run":
                from emulator.cli.run import run

                return run
            case "profiles":
                from emulator.cli.profiles import profiles

                return profiles
        return None


@click.command(cls=_Commands, context_settings=_CONTEXT)
@click.version_option(package_name="telit-emulator", prog_name="telit-emulator")
def commands() -> None:
    """A Telit cellular module in software.

    `telit-emulator run` opens a virtual module on a pseudo-terminal; a host application uses it like a serial port with
    a module behind it. `telit-emulator profiles` shows which firmwares there are and how they differ.
    """


def main() -> None:
    """Run the command line; a mistake of the user is one line on stderr and exit code 2."""
    try:
        commands()
    except UserError as error:
        print(f"telit-emulator: {error}", file=sys.stderr)  # noqa: T201  stderr is where it belongs
        sys.exit(2)
