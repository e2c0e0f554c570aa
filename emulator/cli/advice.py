"""Prints what the doctor advises, and writes the dialogues of `doctor --provision`."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emulator.doctor.detour import detour
from emulator.doctor.recipe_texts import in_words
from emulator.doctor.recipes import choose_recipes
from emulator.errors import UserError
from emulator.trace.whole_file import write_in_one_step

if TYPE_CHECKING:
    from emulator.doctor.dialogues import HostDialogue
    from emulator.doctor.question import Question
    from emulator.doctor.verdict import Verdict


def print_advice(question: "Question", verdicts: "Sequence[Verdict]", dialogues: "Sequence[HostDialogue]") -> None:
    """Print what to change at the server, or how to do without, and what a host types, for each form of that."""
    for recipe in choose_recipes(verdicts):
        click.echo(f"\n{in_words(recipe)}")
    if route := detour(verdicts, question):
        click.echo("\nWhile you develop, the server can stay as it is, and a gateway of the emulator speaks TLS 1.0:\n")
        click.echo(f"    telit-emulator run --route {route}")
    for dialogue in dialogues:
        click.echo(f"\nAt the host, {_named(dialogue)}:\n")
        for line in dialogue.as_typed():
            click.echo(f"    {line}")


def write_dialogues(path: Path, dialogues: "Sequence[HostDialogue]") -> None:
    """Write each dialogue to a file that only its owner can read, and tell so on stderr.

    One goes to `path`; where firmwares need different ones, the name of the first firmware stands in the name of each.

    Raises:
        UserError: a file cannot be written.
    """
    if not dialogues:
        click.echo(f"--provision {path}: not written, no firmware reaches the server", err=True)
    for dialogue in dialogues:
        own = path if len(dialogues) == 1 else path.with_stem(f"{path.stem}.{dialogue.firmware}")
        _write(own, dialogue.as_file())
        click.echo(f"{own}: {_named(dialogue)}", err=True)


def _named(dialogue: "HostDialogue") -> str:
    """Name the first of its firmwares; the table says which others are alike."""
    others = len(dialogue.verdicts) - 1
    return f"{dialogue.firmware} and {others} more" if others else dialogue.firmware


def check_writable(path: Path) -> None:
    """Refuse a path before the server is asked, not after.

    Raises:
        UserError: it is no file, or its folder cannot be written to.
    """
    if path.exists() and not path.is_file():
        raise UserError(f"--provision {path}: it is no file; name one that can be written")
    try:
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise _unwritable(path, error) from error


def _write(path: Path, text: str) -> None:
    """Write the whole file or none: a half-written one would be typed."""
    try:
        write_in_one_step(path, text.encode(), mode=0o600)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> UserError:
    return UserError(f"--provision {path}: {error.strerror}; name a file that can be written")
