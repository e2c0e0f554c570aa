"""Writes what the servers have received into a folder, for the command of `--check`."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from emulator.lab.record import Received

INDEX = "index.json"
_LONGEST_NAME = 100


def write_record(things: Iterable[Received], folder: Path) -> None:
    """Write each thing as a file, and an index of them, into a new folder; one that is there is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    index = []
    for number, thing in enumerate(things, 1):
        file = _file_name(number, thing)
        (folder / file).write_bytes(thing.data)
        index.append(
            {
                "file": file,
                "kind": str(thing.kind),
                "server": thing.server,
                "name": thing.name,
                "size": thing.size,
                "whole": thing.whole,
                "counts": thing.counts,
            }
        )
    (folder / INDEX).write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")


def _file_name(number: int, thing: Received) -> str:
    """Return a name that says what it is, as in `002-file-ftp.lab-21-upload.bin`."""
    words = re.sub(r"[^A-Za-z0-9._]+", "-", f"{thing.kind}-{thing.server}-{thing.name}").strip("-")
    return f"{number:03}-{words[:_LONGEST_NAME]}"
