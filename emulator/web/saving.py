"""Makes files of a session: a dialogue to be played, a trace, a capture for Wireshark."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from emulator.commands.catalogue import command_table
from emulator.errors import UserError
from emulator.recording.writer import DialogueWriter
from emulator.trace.events import EventsLost
from emulator.trace.json_lines import json_line
from emulator.web.shown import ShownModem


@dataclass(frozen=True)
class SavedFile:
    """A file for the browser to store."""

    name: str
    kind: str
    """Its media type."""
    content: bytes


def _dialogue(shown: ShownModem, terminal: str) -> SavedFile:
    """Write what was said at one AT instance, as `record` does, without secrets."""
    line = shown.overheard.lines.get(terminal)
    if line is None or not line.chunks:
        raise UserError(f"nothing was said at port {terminal}; {_said(shown)}")
    firmware = shown.modem.firmware
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "session.txt"
        writer = DialogueWriter(path, firmware.name, date.today().isoformat(), commands=command_table(firmware))
        for chunk in line.chunks:
            writer.take(chunk)
        text = writer.finish()
        if not line.is_whole:
            path.write_text(f"# The beginning is missing: it is kept no longer.\n{text}", encoding="utf-8")
        files = sorted(Path(folder).iterdir())
        if len(files) == 1:
            return SavedFile(path.name, "text/plain; charset=utf-8", path.read_bytes())
        return SavedFile("session.zip", "application/zip", _packed(files))


def _said(shown: ShownModem) -> str:
    named = ", ".join(name for name, line in shown.overheard.lines.items() if line.chunks)
    return f"`terminal` may be {named}" if named else "a host, or you on the page, must say something first"


def _packed(files: list[Path]) -> bytes:
    """Pack a dialogue with the files beside it, which have what is too long for its lines."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.name)
    return packed.getvalue()


def _trace(shown: ShownModem, terminal: str) -> SavedFile:
    """Write all events that are kept, a line each, as `--trace` does."""
    lines = [json_line(now, event) for now, event in shown.history.events]
    if shown.history.forgotten:
        lost = EventsLost(count=shown.history.forgotten)
        lines.insert(0, json_line(shown.history.events[0][0], lost))
    return SavedFile("session.trace.jsonl", "application/jsonl", b"".join(line + b"\n" for line in lines))


def _capture(shown: ShownModem, terminal: str) -> SavedFile:
    """Write the packets that are kept, as `--pcap` does."""
    return SavedFile("session.pcapng", "application/octet-stream", shown.packets.as_file())


KINDS: Mapping[str, Callable[[ShownModem, str], SavedFile]] = {
    "dialogue": _dialogue,
    "trace": _trace,
    "capture": _capture,
}
"""What a session can be saved as."""
