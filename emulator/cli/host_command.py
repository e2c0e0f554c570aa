"""The command line of those that run a host program: the program itself, signals, and the words to do it again."""

import signal
from collections.abc import Callable, Iterator
from difflib import get_close_matches

import click
from click.core import ParameterSource

from emulator.matrix.shard import WHOLE, Shard

jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, metavar="N", help="How many run at once; 1 when left out."
)
shard_option = click.option(
    "--shard",
    metavar="I/N",
    callback=lambda context, parameter, text: WHOLE if text is None else Shard.parse(text),
    help="Run the I-th of N parts, each on a machine of its own; `telit-emulator merge` makes one report of theirs.",
)
host_argument = click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND {port}…")


def refuse_option(word: str) -> None:
    """Refuse an unknown option: what is none is taken for the program.

    Raises:
        click.NoSuchOption: the word is an option.
    """
    if word.startswith("-"):
        context = click.get_current_context()
        known = [flag for parameter in context.command.params for flag in parameter.opts]
        raise click.NoSuchOption(word, possibilities=get_close_matches(word, known), ctx=context)


def words_again(context: click.Context, wanted: Callable[[str], bool]) -> Iterator[str]:
    """Yield the options of the command line as they were typed, those whose names are `wanted`."""
    for parameter in context.command.params:
        name = parameter.name or ""
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if isinstance(parameter, click.Option) and given and wanted(name):
            yield from _words_of_option(parameter, context.params[name])


def _words_of_option(option: click.Option, value: object) -> Iterator[str]:
    for each in value if isinstance(value, tuple) else (value,):
        yield option.opts[0]
        if not option.is_flag:
            yield str(each)


def end_as_ctrl_c_does() -> None:
    """Let SIGTERM end the command as Ctrl-C does, so that no host program is left running."""
    signal.signal(signal.SIGTERM, _end_by_signal)


def _end_by_signal(number: int, frame: object) -> None:
    raise KeyboardInterrupt
