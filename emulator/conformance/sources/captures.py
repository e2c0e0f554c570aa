"""The lines whose answers were captured from real modules, or are printed in the vendor's guides."""

from collections.abc import Iterator
from pathlib import Path

from emulator.conformance.chapters import chapter_of, needs_of
from emulator.conformance.items import Item, Server, exchange
from emulator.conformance.lines import first_command
from emulator.conformance.safety import why_all
from emulator.firmware.loader import Firmware
from emulator.resources import CAPTURES

_LINE = "> "
_MODULE = "<"
_PROMPTS = ("<prompt", "<x", "<<")


def items(firmware: Firmware, server: Server | None) -> Iterator[Item]:
    """Make an item of each captured line that is safe, whatever module it was captured from."""
    for path in sorted(CAPTURES.rglob("*.txt")):
        for line in _lines(path):
            name = first_command(line)
            if name and not why_all(line, firmware):
                yield exchange(line, name, chapter_of(name), path.relative_to(CAPTURES).as_posix(), needs_of(name))


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of the host that are answered, and not by a prompt."""
    _, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    written = [line for line in body.splitlines() if line and not line.startswith("#")]
    for line, answer in zip(written, [*written[1:], ""], strict=True):
        is_answered = answer.startswith(_MODULE) and not answer.startswith(_PROMPTS)
        if line.startswith(_LINE) and "{" not in line and "<" not in line and is_answered:
            yield line.removeprefix(_LINE)
