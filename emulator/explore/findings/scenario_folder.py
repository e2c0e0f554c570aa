"""A folder of scenarios, one a finding: `001-hang-after-SSLRECV.toml`."""

import os
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from textwrap import wrap
from typing import Self

from emulator.errors import UserError
from emulator.explore.findings.finding import Finding
from emulator.explore.findings.replay import replay_command
from emulator.explore.trials.scenario import scenario_text
from emulator.explore.trials.setting import Setting
from emulator.explore.trials.verdict import Outcome
from emulator.trace.printable import printable
from emulator.trace.whole_file import write_in_one_step

_MARK = "telit-emulator explore: "
"""What the first comment begins with: only such a file is replaced."""
_MODE = 0o666
"""Of a file, less what the user's umask takes away."""
_WIDTH = 96
_LONGEST = 60
"""Characters of a place in a file's name."""
_NAME = re.compile(rf"\d{{3,}}-(?:{'|'.join(Outcome)})-after-[A-Za-z0-9-]+\.toml")


def file_name(number: int, outcome: Outcome, place: str) -> str:
    """Return the name of a scenario's file, which every file system takes."""
    command = place.partition(" (")[0]
    safe = re.sub("[^A-Za-z0-9]+", "-", command).strip("-")[:_LONGEST].strip("-")
    return f"{number:03}-{outcome}-after-{safe or 'command'}.toml"


class ScenarioFolder:
    """Hold the folder of an exploration; what an earlier one has left there is replaced, all else stays.

    As a context manager it removes a folder that it has made and that has stayed empty.
    """

    def __init__(self, folder: Path, option: str = "--out") -> None:
        """Make the folder; `option` is the option that named it.

        Raises:
            UserError: it is no folder, or nothing can be written there.
        """
        self._folder = folder
        self._option = option
        self._written: list[Path] = []
        self._is_new = not folder.exists()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".{os.getpid()}.probe"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise self._unwritable(error) from error

    def __repr__(self) -> str:
        return f"<ScenarioFolder {self._folder}, {len(self._written)} written>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._is_new:
            with suppress(OSError):  # it is not empty, or gone
                self._folder.rmdir()

    def write(self, findings: Sequence[Finding], setting: Setting) -> None:
        """Write a file for each finding, and number the findings behind those that are written already.

        Raises:
            UserError: a file cannot be written.
        """
        try:
            if not self._written:
                self._remove_earlier()
            for finding in findings:
                finding.number = len(self._written) + 1
                path = self._folder / file_name(finding.number, finding.outcome, finding.place)
                write_in_one_step(path, _text(finding, path, setting).encode(errors="replace"), _MODE)
                finding.scenario = path
                self._written.append(path)
        except OSError as error:
            raise self._unwritable(error) from error

    def _remove_earlier(self) -> None:
        for path in sorted(self._folder.iterdir()):
            if _NAME.fullmatch(path.name) and _is_ours(path):
                path.unlink()

    def _unwritable(self, error: OSError) -> UserError:
        reason = "it is a file" if isinstance(error, FileExistsError | NotADirectoryError) else error.strerror
        return UserError(f"{self._option} {self._folder}: {reason}; name a folder that can be written")


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_MARK) + 2) == f"# {_MARK}".encode()


def _text(finding: Finding, path: Path, setting: Setting) -> str:
    """Return the scenario of a finding, with what is known of it as comments."""
    faults = [fault for step in finding.steps for fault in step.faults]
    head = "\n".join(printable(line) for line in _head(finding, path, setting))
    return scenario_text(faults, seed=finding.result.story.seed, firmware=finding.firmware, head=head)


def _head(finding: Finding, path: Path, setting: Setting) -> Iterable[str]:
    yield f"{_MARK}{finding.outcome} after {finding.place}"
    yield ""
    yield from wrap(_one_line(finding.sentence), _WIDTH, break_long_words=False, break_on_hyphens=False)
    yield ""
    sources = dict.fromkeys(step.source for step in finding.steps if step.source)
    for source in sources:
        yield from wrap(f"Why a module may do so: {_one_line(source)}", _WIDTH, break_on_hyphens=False)
    count, of = finding.shown
    yield (
        f"Seen in {_runs(finding.runs)}; this scenario has shown it {count} times of {of}."
        if of
        else (f"Seen in {_runs(finding.runs)}; not reduced, and not run again.")
    )
    yield "Replay it:"
    limit = finding.result.trial.limit if finding.outcome is Outcome.HANG else None
    yield f"  {replay_command(setting, path, timeout=limit, firmware=finding.firmware)}"


def _runs(count: int) -> str:
    return "one run" if count == 1 else f"{count} runs"


def _one_line(text: str) -> str:
    return " ".join(text.split())
