"""The dialogues that README prints go as printed, one after the other on one module of the lab."""

import re
from collections.abc import Iterator
from itertools import groupby

import serial

from tests.cli.programs import TIMEOUT, ask, running
from tests.docs.pages import ROOT

CTRL_Z = "<Ctrl-Z>"


def dialogues() -> Iterator[list[str]]:
    """The indented blocks that begin with a command."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"^    AT.*\n(?:(?:    .*)?\n)*", text, re.MULTILINE):
        yield [line.removeprefix("    ") for line in block.rstrip().splitlines()]


def exchanges(dialogue: list[str]) -> Iterator[tuple[str, list[str]]]:
    """What is typed, without its end, and what is said to it, without empty lines."""
    typed = ""
    for is_said, lines in groupby(dialogue, lambda line: not line.startswith("AT") and CTRL_Z not in line):
        if is_said:
            yield typed, [line for line in lines if line]
            continue
        *others, typed = lines
        yield from ((other, []) for other in others)
    if not is_said:
        yield typed, []


def hear(port: serial.Serial, expected: list[str]) -> list[str]:
    """As many lines as are expected; each is heard to its end."""
    heard = b""
    lines: list[str] = []
    while len(lines) < len(expected):
        byte = port.read(1)
        assert byte, f"expected {expected}, heard {heard!r}"
        heard += byte
        lines = [line for line in heard.decode("latin-1").split("\r\n")[:-1] if line]
    return lines


def without_time(lines: list[str]) -> list[str]:
    """An answer with the time has another one in each run."""
    return [re.sub(r"\d", "0", line) if line.startswith("#NTP:") else line for line in lines]


def is_of_mqtt(dialogue: list[str]) -> bool:
    return any(line.startswith("AT#MQEN") for line in dialogue)


def play(port: serial.Serial, dialogue: list[str]) -> None:
    """Type what is typed, and hear what is printed."""
    for typed, said in exchanges(dialogue):
        if typed.endswith(CTRL_Z):
            assert port.read_until(b"> ") == b"\r\n> "
            port.write(typed.removeprefix("> ").removesuffix(CTRL_Z).encode() + b"\x1a")
        else:
            port.write(f"{typed}\r".encode())
        assert without_time(said) == without_time(hear(port, said)), typed


def test_the_dialogues_go_as_printed() -> None:
    """SSL, plain sockets, FTPS, the time, HTTP and mail; and MQTT, on a later line."""
    printed = list(dialogues())
    with running("--lab", "--time-scale", "5") as modem, serial.Serial(modem.port, timeout=TIMEOUT) as port:
        ask(port, "ATE0")
        for dialogue in printed:
            if not is_of_mqtt(dialogue):
                play(port, dialogue)
    with running("ME310G1", "--lab") as modem, serial.Serial(modem.port, timeout=TIMEOUT) as port:
        for line in ("ATE0", 'AT+CGDCONT=1,"IP","internet"', "AT#SGACT=1,1"):
            ask(port, line)
        for dialogue in filter(is_of_mqtt, printed):
            play(port, dialogue)

    assert [6, 1] == [len(printed) - sum(map(is_of_mqtt, printed)), sum(map(is_of_mqtt, printed))]
