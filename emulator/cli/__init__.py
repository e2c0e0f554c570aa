"""The `telit-emulator` command."""

import errno
import sys
from importlib import import_module
from typing import NoReturn

import click

from emulator import __version__
from emulator.cli.loading import without_collection
from emulator.errors import UserError

_EXHAUSTED = {
    errno.EMFILE: "this process needs more descriptors, see `ulimit -n`",
    errno.ENFILE: "this machine has no more descriptors; close other programs",
    errno.ENOSPC: "make room on the disk",
}
"""What the machine may run out of while the emulator starts, and the remedy."""
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


class _Commands(click.Group):
    """Load a subcommand when it is called, so that `run` starts without the imports of `profiles`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [
            "run",
            "commands",
            "conform",
            "ctl",
            "doctor",
            "evidence",
            "explore",
            "faults",
            "fleet",
            "init",
            "learn",
            "matrix",
            "merge",
            "play",
            "profiles",
            "record",
            "schema",
        ]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        if cmd_name == "run":
            from emulator.cli.output import Output

            ctx.obj = Output()  # from here on a signal ends it in order, also while the rest is loaded
        with without_collection():
            command: click.Command = getattr(import_module(f"emulator.cli.{cmd_name}"), cmd_name)
        return command


@click.command(cls=_Commands, context_settings=_CONTEXT)
@click.version_option(__version__, prog_name="telit-emulator", message="%(prog)s %(version)s")
def telit_emulator() -> None:
    """Emulate a Telit cellular module in software.

    `run` opens a virtual module on a pseudo-terminal, and a host application uses it like a serial port with a
    module behind it; `ctl` reads and changes the module meanwhile, and `faults` lists what can go wrong. `matrix`
    runs a host application with many firmwares, `explore` finds what breaks it, `play` plays a written dialogue on
    any module, and `record` writes one down, between a host and a module on the desk. `doctor` tells which firmwares
    reach a server by TLS, and `fleet` puts load on one. `profiles` shows which firmwares there are and how they
    differ, and `commands` what each command takes and answers. `schema` lets an editor check profiles and scenarios,
    `init` writes first tests for a host project.

    \b
    For a first look:  telit-emulator run --lab -v
    """


def main() -> None:
    """Run the command line; a mistake of the user is one line on stderr and exit code 2."""
    try:
        telit_emulator(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        _fail(_usage(error))
    except UserError as error:
        _fail(str(error))
    except OSError as error:
        if error.errno not in _EXHAUSTED:
            raise
        _fail(f"{error.strerror}; {_EXHAUSTED[error.errno]}")
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)  # 128 and the number of SIGINT, as a shell reports it


def _usage(error: click.ClickException) -> str:
    """Return one line: the mistake in the arguments, and the command that shows the right ones."""
    text = " ".join(error.format_message().split()).rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    where = context.command_path if context is not None else "telit-emulator"
    return f"{text[:1].lower()}{text[1:]}; see `{where} --help`"


def _fail(message: str) -> NoReturn:
    click.echo(f"telit-emulator: {message}", err=True)
    sys.exit(2)
