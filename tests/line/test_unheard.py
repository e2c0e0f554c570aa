"""What a host sends and the module passes over is told to the trace; the line stays as it is."""

import pytest

from emulator.bench import Bench
from emulator.trace.events import Unheard
from emulator.trace.transcript import Transcript
from tests.commands.ssl_bench import OK


def unheard(bench: Bench) -> list[tuple[str, str, int]]:
    return [(event.lack, event.text, event.size) for event in bench.events if isinstance(event, Unheard)]


async def test_a_line_without_at_is_told() -> None:
    """The module says nothing."""
    said: list[str] = []
    async with Bench("HE910", readers=[Transcript(said.append)]) as bench:
        bench.send("hello\r")
        await bench.advance(5)
        assert unheard(bench) == [("AT", "hello", 5)]
        assert bench.read() == ""
    assert said[-1].endswith("  host    [ignored, no AT] hello")


async def test_words_are_told_as_they_were_typed() -> None:
    """They are not taken apart as the basic commands that their letters could be."""
    async with Bench("HE910") as bench:
        bench.send("Hello, host!\rwords of the host\rhello\x1b")
        await bench.advance(2)
        assert [text for _, text, _ in unheard(bench)] == ["Hello, host!", "words of the host", "hello\x1b"]


async def test_a_half_line_is_told_after_a_second_of_silence() -> None:
    """A host that ends its lines with LF alone waits for ever; what comes late is heard all the same."""
    said: list[str] = []
    async with Bench("HE910", readers=[Transcript(said.append)]) as bench:
        bench.send("AT+")
        await bench.advance(0.9)
        bench.send("CMEE?\n")
        await bench.advance(0.9)
        assert unheard(bench) == []
        await bench.advance(0.2)
        assert unheard(bench) == [("CR", "AT+CMEE?\n", 9)]
        assert said[-1].endswith("  host    [9 bytes without CR: AT+CMEE?<LF>; a command ends with CR]")
        await bench.advance(10)
        assert len(unheard(bench)) == 1
        bench.send("\r")
        assert await bench.answer() == f"\r\n+CMEE: 0\r\n{OK}"
        await bench.advance(10)
        assert len(unheard(bench)) == 1


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("1234\r", "***"),
        ('+CPIN="1234"\r', '+CPIN="***"'),
        ("AT+CPIN=1234\n", "AT+CPIN=***\n"),
        ("AT\nAT+CPIN1234\n", "AT\nAT+CPIN***\n"),
        ("E0;+CPIN=1234\r", "E0;+CPIN=***"),
        ("my PIN, 1234\r", "my PIN, ***"),
        ("pass=secret\r", "pass***"),
    ],
)
async def test_a_pin_is_not_told(typed: str, shown: str) -> None:
    """What is not heard may hold it as well as a command line."""
    async with Bench("HE910") as bench:
        bench.send(typed)
        await bench.advance(2)
        assert [text for _, text, _ in unheard(bench)] == [shown]


@pytest.mark.parametrize("end", ["\r", "\n"], ids=["CR", "LF"])
async def test_a_private_key_is_not_told(end: str) -> None:
    """A host may send it where no prompt is open; lines without digits are as secret as the others."""
    key = ["-----BEGIN RSA PRIVATE KEY-----", *["HZHZEEQQVVHHXX" * 4] * 3, "HZEQ", "-----END RSA PRIVATE KEY-----"]
    async with Bench("HE910") as bench:
        bench.send("".join(f"{line}{end}" for line in key))
        await bench.advance(2)
        told = "\n".join(text for _, text, _ in unheard(bench))
    assert told.split().count("***") >= 4
    assert "HZ" not in told


async def test_nobody_waits_for_a_half_line_where_nobody_reads() -> None:
    """Data mode and prompts have no lines."""
    async with Bench("HE910") as bench:
        await bench.command("AT+CMGF=1")
        bench.send('AT+CMGS="123"\r')
        bench.send("half")
        await bench.advance(5)
        assert unheard(bench) == []


async def test_what_comes_while_the_module_starts_is_told_once() -> None:
    """Not what it is: a part of a line may be a part of a secret. After the next restart it is told again."""
    said: list[str] = []
    async with Bench("HE910", readers=[Transcript(said.append)]) as bench:
        for _ in range(2):
            bench.modem.device.power.off()
            for piece in ("AT+CPIN=12", "34\r"):
                bench.send(piece)
            bench.modem.device.power.on()
            await bench.advance(60)
            assert await bench.command("AT") == f"AT\r{OK}"

    assert unheard(bench) == [("power", "", 10)] * 2
    assert sum(line.endswith("  host    [not heard: the module is off, or still starting]") for line in said) == 2
