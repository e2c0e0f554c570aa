"""Keeps private keys out of a dialogue: a key and its certificate become the values that whoever plays it provides.

Where the size that was typed is another one than the key's, its digits go and its length stays.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from emulator.recording.writing.moves import Mode, Move, Sent

_WRITE = re.compile(rb"(AT#SSLSECDATA=\d+,1,([02]),)(\d+)\r", re.IGNORECASE)
_PRIVATE_KEY = b"2"
_CTRL_Z = b"\x1a"
_PEM_KEY = re.compile(rb"(-----BEGIN [A-Z ]*PRIVATE KEY-----)(.*?)(-----END|\Z)", re.DOTALL)
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_DIGIT = re.compile(rb"[A-Za-z0-9+/=]")


def without_keys(moves: Sequence[Move]) -> Iterator[Move]:
    """Replace what the host stores as the module's key and certificate; other private keys lose their digits."""
    for index, move in enumerate(moves):
        if not isinstance(move, Sent):
            yield move
        elif move.mode is Mode.COMMAND:
            entry = _sent_among(moves, range(index + 1, len(moves)))
            value = _value(move, entry)
            write = _WRITE.fullmatch(move.data)
            yield replace(move, instead=(write[1], f"{{{value}.size}}", b"\r")) if write and value else move
        else:
            before = _sent_among(moves, range(index - 1, -1, -1))
            value = _value(before, move)
            end = _CTRL_Z if move.data.endswith(_CTRL_Z) else b""
            yield replace(move, instead=(f"{{{value}}}", end)) if value else _scrubbed(move, before)


def _sent_among(moves: Sequence[Move], indices: range) -> Sent | None:
    """Return the first thing that the host sends at one of the places."""
    found = (moves[index] for index in indices)
    return next((one for one in found if isinstance(one, Sent)), None)


def _value(command: Sent | None, entry: Sent | None) -> str:
    """Return the value that stands for an entry; empty where none does."""
    if command is None or entry is None or entry.mode is not Mode.ENTRY:
        return ""
    write = _WRITE.fullmatch(command.data)
    content = entry.data.removesuffix(_CTRL_Z)
    if write is None or int(write[3]) != len(content):
        return ""
    if write[2] == _PRIVATE_KEY:
        return "key" if _PEM_KEY.search(content) else ""
    return "certificate" if _CERTIFICATE in content else ""


def _scrubbed(move: Sent, command: Sent | None) -> Sent:
    write = _WRITE.fullmatch(command.data) if command is not None and move.mode is Mode.ENTRY else None
    if write is not None and write[2] == _PRIVATE_KEY and not _PEM_KEY.search(move.data):
        end = _CTRL_Z if move.data.endswith(_CTRL_Z) else b""
        return replace(move, data=bytes(len(move.data) - len(end)) + end)
    return replace(move, data=_PEM_KEY.sub(lambda key: key[1] + _DIGIT.sub(b"A", key[2]) + key[3], move.data))
