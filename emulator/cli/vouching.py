"""Holds the place of the evidence of a comparison until it is written."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from emulator.errors import UserError
from emulator.firmware.loader import is_path

if TYPE_CHECKING:
    from emulator.conformance.session import ParitySession
    from emulator.dte.module_line import ModuleLine


class VouchedFile(ExitStack):
    """The file of `--evidence`; without one nothing is checked and nothing written."""

    def __init__(self, path: Path | None, by: str | None, firmware: str | None) -> None:
        """Check what the user has typed.

        Raises:
            UserError: the file cannot be written, nobody vouches, or the firmware is none that is shipped.
        """
        super().__init__()
        self._path = path
        self._by = (by or "").strip()
        if path is None:
            if by is not None:
                raise UserError("--by is for --evidence; name its file, or leave out --by")
            return
        if not self._by:
            raise UserError(f"--evidence {path}: who vouches that it was a module? Name yourself by --by NAME")
        if firmware is not None and is_path(firmware):
            raise UserError(f"--evidence {path}: it is replayed on a firmware that others have; leave out --firmware")
        from emulator.trace.whole_file import WholeFile

        self._file = WholeFile(path, "--evidence")

    def check(self, module: "ModuleLine") -> None:
        """Refuse an emulated module.

        Raises:
            UserError: it is one.
        """
        from emulator.conformance.evidence.making import refuse_emulated

        if self._path is not None:
            refuse_emulated(module)

    def write(self, session: "ParitySession") -> None:
        """Write what the module said, and tell on stderr how much that is.

        Raises:
            UserError: the file cannot be written.
        """
        if self._path is None:
            return
        from emulator.conformance.evidence.facts import written
        from emulator.conformance.evidence.making import evidence_of

        made = evidence_of(session, self._by)
        self._file.write(written(made.evidence))
        count = sum(len(item.exchanges) for item in made.evidence.items)
        left_out = f"; {made.left_out} dialogues left out, which tell of your module, card or network"
        click.echo(f"{self._path}: {count} exchanges{left_out * bool(made.left_out)}", err=True)
