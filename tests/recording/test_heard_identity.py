"""The module's name, as the host's own questions show it."""

import pytest

from emulator.recording.chunk import Chunk, Side
from emulator.recording.conversation import Conversation
from emulator.recording.heard_identity import HeardIdentity


def heard(*exchanges: tuple[bytes, bytes]) -> str:
    """What is known after lines and their answers."""
    conversation, identity = Conversation(), HeardIdentity()
    for line, answer in exchanges:
        for side, data in ((Side.HOST, line), (Side.MODULE, answer)):
            for said in conversation.take(Chunk(side, data, 0.0)):
                identity.take(said)
    return str(identity)


@pytest.mark.parametrize(
    ("exchanges", "known"),
    [
        ([], ""),
        ([(b"AT+CGMM\r", b"\r\nHE910\r\n\r\nOK\r\n")], "HE910"),
        ([(b"AT+CGMM\r", b"AT+CGMM\r\r\nHE910\r\n\r\nOK\r\n")], "HE910"),
        (
            [(b"AT+CGMR\r", b"\r\n+CGMR: 12.00.004\r\n\r\nOK\r\n"), (b"AT#CGMM\r", b'\r\n"GE910"\r\n\r\nOK\r\n')],
            "GE910 12.00.004",
        ),
        ([(b"at+gmm\r", b"\r\nLE910\r\n\r\nOK\r\n"), (b"AT+GMR\r", b"\r\nERROR\r\n")], "LE910"),
        ([(b"AT+CGMM=?\r", b"\r\nOK\r\n"), (b"AT+CSQ\r", b"\r\n+CSQ: 1,2\r\n\r\nOK\r\n")], ""),
    ],
)
def test_the_host_asks_and_the_recorder_listens(exchanges: list[tuple[bytes, bytes]], known: str) -> None:
    """With the command's name before the value or without, with an echo or without."""
    assert known == heard(*exchanges)
