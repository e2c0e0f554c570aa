"""The security data that a module has stored for its secure sockets: read, and written again.

What is read stays in memory. A private key that is shown as a digest cannot be written again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from emulator.dte.module_line import ModuleLine
from emulator.dte.rows import Rows, rows_of

NAME = "#SSLSECDATA"
_SECURITY = "#SSLSECCFG"
_SHOWN = re.compile(r"#SSLSECDATA: ?[^\r\n]*\r\n(.*)\r\n\r\nOK\r\n\Z", re.DOTALL)
_DIGEST = re.compile(r"[0-9a-fA-F]{32}")
_PEM = "-----BEGIN"
_SEQUENCE = "\x30"
"""The first byte of every certificate and key in DER."""
_DELETE, _WRITE, _READ = range(3)
_KINDS = range(3)
_LONG = 10.0
_ENDS = "\x1a"


@dataclass(frozen=True)
class Slot:
    """A place for one item: the secure socket and <data_type>."""

    ssid: str
    kind: int

    def __str__(self) -> str:
        """Return the command that reads it."""
        return f"AT{NAME}={self.ssid},{_READ},{self.kind}"


Stored = Mapping[Slot, str]
"""What is stored, as Latin-1."""


def read_stored(module: ModuleLine, shown: Rows) -> Stored:
    """Read all that is stored; `shown` are the rows of the read form."""
    slots = [Slot(row[0], kind) for row in shown for kind in _KINDS if row[kind + 1 : kind + 2] == ("1",)]
    answers = {slot: module.ask(str(slot), _LONG).said for slot in slots}
    return {slot: match[1] for slot, said in answers.items() if (match := _SHOWN.search(said))}


def put_back(module: ModuleLine, before: Stored, now: Stored) -> None:
    """Write what differs again, and delete what was not there; SSL is enabled.

    The format of entries is set for it, which is a setting and set back as such.
    """
    for slot in now.keys() - before.keys():
        module.ask(f"AT{NAME}={slot.ssid},{_DELETE},{slot.kind}", _LONG)
    for slot, data in before.items():
        if now.get(slot) != data and can_write(data):
            _write(module, slot, data)


def can_write(data: str) -> bool:
    """Return whether what was read is the item itself."""
    return data.startswith((_PEM, _SEQUENCE)) and not _DIGEST.fullmatch(data)


def digest_of(stored: Stored, slot: Slot) -> Rows:
    """Return what may be told of an item: its size and a digest; nothing of one that is not there."""
    data = stored.get(slot)
    if data is None:
        return []
    return [(f"{len(data)} bytes", sha256(data.encode("latin-1")).hexdigest()[:16])]


def _write(module: ModuleLine, slot: Slot, data: str) -> None:
    is_text = data.startswith(_PEM)
    rows = rows_of(module.ask(f"AT{_SECURITY}?"), _SECURITY)
    suite, authentication = next((row[1:3] for row in rows if row[0] == slot.ssid), ("0", "0"))
    module.ask(f"AT{_SECURITY}={slot.ssid},{suite},{authentication},{is_text:d}")
    if module.ask(f"AT{NAME}={slot.ssid},{_WRITE},{slot.kind},{len(data)}", _LONG).is_prompt:
        module.enter(f"{data}{_ENDS if is_text else ''}", _LONG)
