"""Command lines that a module takes as data: what they hold of a person or a secret is not in the dialogue."""

from pathlib import Path

import pytest

from emulator.recording.chunk import Chunk, Side
from emulator.resources import CERTS
from tests.recording.closed_loop import write

CERTIFICATE = (CERTS / "public-demo-ca.pem").read_bytes()
WITH_A_COMMAND = {
    "behind the prompt": b'AT+CPBW=1,"+393337654321",145,"A"\r',
    "behind half a certificate": CERTIFICATE[:100] + b'AT+CPBW=1,"+393337654321",145,"A"\r',
    "behind a byte": b'1\x002\xffAT+CPBW=1,"+393337654321",145,"A"\r',
    "behind other commands": b'\rATE0;+CPBW=1,"+393337654321",145,"A"\r',
    "a call": b"\rATD+393337654321;\r",
    "a code of the card": b'at+cpin="3337654321"\r',
    "a short code of the card": b'AT\rAT+CPIN="7351"\r',
    "a command that nobody knows": b'AT+SECRETS=1,"3337654321"\r',
    "one that is cut": b'AT+CPIN="7351',
}


def entered(entry: bytes, folder: Path) -> str:
    """The dialogue of an entry into which this is typed; the module sends it back."""
    chunks = [
        Chunk(Side.HOST, b"AT#SSLSECDATA=1,1,1,4000\r", 0.0),
        Chunk(Side.MODULE, b"\r\n> ", 0.1),
        Chunk(Side.HOST, entry, 0.2),
        Chunk(Side.MODULE, entry, 0.3),
        Chunk(Side.MODULE, b"\r\nERROR\r\n", 60.0),
    ]
    return write(chunks, folder / "recorded.txt", "HE910")


def sent(dialogue: str, folder: Path) -> bytes:
    """What the dialogue types at the prompt."""
    line = next(line for line in dialogue.splitlines() if line.startswith((">>", ">x", ">file")))
    kind, _, text = line.partition(" ")
    match kind:
        case ">x":
            return bytes.fromhex(text)
        case ">file":
            return (folder / text).read_bytes()
        case _:
            return text.replace("<CR>", "\r").replace("<LF>", "\n").encode()


@pytest.mark.parametrize("entry", WITH_A_COMMAND.values(), ids=WITH_A_COMMAND)
def test_a_command_in_an_unfinished_entry_keeps_its_length_and_loses_what_is_private(
    entry: bytes, tmp_path: Path
) -> None:
    """The size of the entry was told before, so that the dialogue goes on as the recording did."""
    dialogue = entered(entry, tmp_path)

    assert len(sent(dialogue, tmp_path)) == len(entry)
    for secret in ("3337654321", "7351"):
        assert secret not in dialogue
        assert secret.encode().hex(" ") not in dialogue.lower()


@pytest.mark.parametrize("path", sorted(CERTS.glob("*.pem")), ids=lambda path: path.name)
def test_certificates_stay_as_they_are(path: Path, tmp_path: Path) -> None:
    """Also such whose base64 holds `AT+`."""
    certificate = b"-----BEGIN CERTIFICATE-----\nAT+CPIN12345678ATD1AT+ab==\nABAT+CP=\n-----END CERTIFICATE-----\n"
    for entry in (path.read_bytes(), certificate):
        if b"PRIVATE KEY" not in entry:
            assert sent(entered(entry, tmp_path), tmp_path) == entry
