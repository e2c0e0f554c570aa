"""The files of a recording: the dialogue, whole at any time, and the trace, a line an event."""

import os
from collections.abc import Callable
from pathlib import Path

from emulator.errors import UserError
from emulator.trace.files import LineFile, open_output
from emulator.trace.whole_file import write_in_one_step

_MODE = 0o666
"""Of the dialogue, less what the user's umask takes away."""


def trace_beside(out: Path) -> Path:
    """Return where the trace of a dialogue is written, unless the user names another file."""
    return Path(f"{out}.trace.jsonl")


def new_trace(path: Path) -> LineFile:
    """Open the trace, and drop what an earlier recording has left there.

    Raises:
        UserError: it cannot be written.
    """
    file = LineFile(path, "--trace")
    if path.is_file():
        os.truncate(path, 0)
    return file


def end_dialogue(path: Path, finish: Callable[[], str], reason: str) -> None:
    """Write the dialogue as a whole, in one step, with a comment that says how it ended.

    Raises:
        UserError: it cannot be written.
    """
    text = f"{finish()}\n# The recording ended: {reason}\n"
    try:
        if path.exists() and not path.is_file():
            return  # a pipe has got each step already
        write_in_one_step(path, text.encode(), _MODE)
    except OSError as error:
        raise UserError(f"--out {path}: {error.strerror}; name a file that can be written") from error


def check_paths(port: str, out: Path, trace: Path, link: Path | None) -> None:
    """Refuse one place for two things, before any of them is made.

    Raises:
        UserError: two are the same, or one that is to be a file is a folder.
    """
    for option, path in (("--out", out), ("--trace", trace)):
        if path.is_dir():
            raise UserError(f"{option} {path}: it is a folder; name a file")
        if not path.exists():
            _try(path, "--out" if path == trace_beside(out) else option)
    if _place(trace) == _place(out):
        raise UserError(f"--trace {trace}: the dialogue is written there; name another file")
    if link is not None and _place(link) in (_place(out), _place(trace)):
        raise UserError(f"--link {link}: the dialogue or its trace is written there; name another path")
    if link is not None and link.exists() and os.path.exists(port) and link.samefile(port):  # noqa: PTH110  it may be a URL
        raise UserError(f"--link {link}: it leads to the module's own port; name another path for the host")


def _try(path: Path, option: str) -> None:
    """Check that a new file can be made there, so that a wrong name leaves nothing behind."""
    os.close(open_output(path, option, os.O_WRONLY))
    path.unlink()


def _place(path: Path) -> Path:
    return path.parent.resolve() / path.name
