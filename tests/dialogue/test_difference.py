"""What is reported when a module, or a peer, says something else than a dialogue."""

import subprocess
from pathlib import Path

import pytest

from tests.dialogue.files import CONNECTED, played
from tests.peers.sockets import TIMEOUT

DIFFERENCES = {
    "another line": (
        "> AT+CMEE?\n< +CMEE: 1\n< OK\n",
        (2, "the module says something else"),
        [" > AT+CMEE?", "-< +CMEE: 1", "+< +CMEE: 0", " < OK"],
    ),
    "an error instead": (
        "> AT+CSQ=1\n< +CSQ: {number},{number}\n< OK\n",
        (2, "the module says something else"),
        [" > AT+CSQ=1", "-< +CSQ: {number},{number}", "-< OK", "+< ERROR"],
    ),
    "lines that fit stay as they are written": (
        "> AT+CGDCONT=1,IP,a\n< OK\n> AT#SGACT=1,1\n< #SGACT\n< OK\n> AT\n",
        (4, "the module says something else"),
        [" < OK", " > AT#SGACT=1,1", "-< #SGACT", "+< #SGACT: 212.195.45.65", " < OK", " > AT"],
    ),
    "a line too many": (
        "> AT+CMEE?\n< +CMEE: 0\n# The result is missing.\n\n> AT\n< OK\n",
        (5, "the module says more than that"),
        [" < +CMEE: 0", " # The result is missing.", " ", "+< OK", " > AT", " < OK"],
    ),
    "a line too many at the end": (
        "> AT+CMEE?\n< +CMEE: 0",
        (3, "the module says more than that"),
        [" > AT+CMEE?", " < +CMEE: 0", "+< OK"],
    ),
    "silence": (
        "> AT\n< OK\n< CONNECT\n",
        (3, "the module has said no more within 0.2 s"),
        [" > AT", " < OK", "-< CONNECT"],
    ),
    "silence in the middle": (
        "> AT+CMEE?\n<< <CR><LF>+CMEE: 0<CR><LF><CR><LF>OK<CR><LF>more\n",
        (2, "the module has said no more within 0.2 s"),
        [" > AT+CMEE?", "-<< <CR><LF>+CMEE: 0<CR><LF><CR><LF>OK<CR><LF>more", "+< +CMEE: 0", "+< OK"],
    ),
    "what it may take longer for": (
        "> AT\nwithin 3\n< OK\n< MORE\n",
        (4, "the module has said no more within 3 s"),
        [" within 3", " < OK", "-< MORE"],
    ),
    "a poll that never has its answer": (
        "within 2\n>* AT+CREG?\n< +CREG: 0,5\n< OK\n",
        (3, "the module says something else"),
        [" >* AT+CREG?", "-< +CREG: 0,5", "+< +CREG: 0,1", " < OK"],
    ),
    "a prompt instead": (
        f"{CONNECTED}> AT#SSLSEND=1\n< OK\n",
        (12, "the module says something else"),
        [" > AT#SSLSEND=1", "-< OK", "+<prompt"],
    ),
    "binary data": (
        f"{CONNECTED}peer> <00><FF>\n> AT#SSLRCV=1,9\n< #SSLRCV: 2\n<x 00 FE 0D 0A\n< OK\n",
        (14, "the module says something else"),
        [" < #SSLRCV: 2", "-<x 00 FE 0D 0A", "+<+ <00><FF>", " < OK"],
    ),
    "an unknown session": ("connect\n", (1, "the peer has no new session"), ["-connect"]),
    "a session of another kind": (
        CONNECTED.replace("connect", "connect resumed"),
        (10, "the session is of another kind"),
        ["-connect resumed", "+connect"],
    ),
    "the peer hears something else": (
        f"{CONNECTED}> AT#SSLSEND=1\n<prompt\n>> abc<ctrl>Z\n< OK\npeer< abd\n",
        (15, "the peer hears something else"),
        [" < OK", "-peer< abd", "+peer< abc"],
    ),
    "the peer hears too little": (
        f"{CONNECTED}> AT#SSLSEND=1\n<prompt\n>> abc<ctrl>Z\n< OK\npeer< abcd\n",
        (15, "the peer has heard no more within 4 s"),
        [" < OK", "-peer< abcd", "+peer< abc"],
    ),
    "the peer hears nothing": (
        f"{CONNECTED}peer< abc\n",
        (11, "the peer has heard no more within 4 s"),
        [" connect", "-peer< abc"],
    ),
    "a module that has hung up": (
        f"{CONNECTED}> AT#SSLH=1\n< OK\npeer closes\n",
        (13, "the module does not notice the end of the session"),
        [" < OK", "-peer closes"],
    ),
    "no such file": ("file a b\n", (1, "the server has something else"), ["-file a b"]),
    "another file": (
        "server: ftp\nfile file.txt One\n",
        (2, "the server has something else"),
        ["-file file.txt One", "+file file.txt One line.<CR><LF>Another line.<CR><LF>"],
    ),
    "no call": ("call ends\n", (1, "there is no such call"), ["-call ends"]),
    "nothing fetched": ("server: ftp\nfetched 5\n", (2, "the module has not fetched that much"), ["-fetched 5"]),
}


SHORT = {
    "the module has said no more within 0.2 s": 0.2,
    "the module has said no more within 3 s": 0.2,
    "the peer has heard no more within 4 s": 4.0,
    "the peer has no new session": 0.2,
    "the module does not notice the end of the session": 4.0,
    "the module has not fetched that much": 0.2,
}
"""Seconds of the timeout, where nothing is to come."""


@pytest.mark.parametrize(("text", "told", "diff"), DIFFERENCES.values(), ids=DIFFERENCES)
async def test_the_first_difference_is_a_diff(
    tmp_path: Path, text: str, told: tuple[int, str], diff: list[str]
) -> None:
    """Its place, what is wrong, and what there was instead, as the file would have it."""
    difference = await played(tmp_path, text, answer_timeout=SHORT.get(told[1], TIMEOUT))

    assert difference is not None
    line, why = told
    assert (difference.place, difference.why) == (f"{tmp_path}/it.txt:{line}", why)
    before, after, _, *lines = difference.diff.splitlines()
    assert (before, after) == (f"--- {tmp_path}/it.txt", "+++ HE910@12.00.004")
    assert "\n".join(diff) in "\n".join(lines)
    assert [line for line in lines if line[0] in "+-"] == [line for line in diff if line[0] in "+-"]
    assert str(difference).startswith(f"{tmp_path}/it.txt:{line}: {why}\n{difference.diff}")


async def test_patch_takes_the_diff(tmp_path: Path) -> None:
    """After that the dialogue says what the module says."""
    difference = await played(tmp_path, "> AT+CGMM\n< UE910\n< OK\n> AT+CMEE?\n< +CMEE: 1\n< OK\n")
    assert difference is not None

    for _ in range(2):
        assert difference is not None
        subprocess.run(["patch", "-s", str(tmp_path / "it.txt")], input=difference.diff + "\n", text=True, check=True)
        difference = await played(tmp_path, (tmp_path / "it.txt").read_text())

    assert difference is None
