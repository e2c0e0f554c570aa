"""The format of dialogues: what each line means, and what is said of one that means nothing."""

from pathlib import Path

import pytest

from emulator.dialogue.reading import load
from emulator.dialogue.steps import (
    Answer,
    CallEnds,
    Connect,
    Escape,
    Fetched,
    Lines,
    PeerCloses,
    PeerHears,
    PeerSends,
    Poll,
    Ring,
    Said,
    Send,
    ServerHas,
    Step,
    Wait,
)
from emulator.dialogue.texts import Value
from emulator.errors import UserError
from emulator.firmware.lines import lines
from tests.dialogue.files import made

ONE = Lines(1, 1)

STEPS: dict[str, Step] = {
    "> AT": Send(text=(b"AT", b"\r"), at=ONE),
    ">> a<CR><LF><ctrl>Z<7B>": Send(text=(b"a", b"\r", b"\n", b"\x1a", b"{"), at=ONE),
    ">>  two blanks": Send(text=(b" two blanks",), at=ONE),
    ">> {ca}": Send(text=(Value("ca"),), at=ONE),
    "> AT#SSLSECDATA=1,1,1,{ca.size}": Send(text=(b"AT#SSLSECDATA=1,1,1,", Value("ca.size"), b"\r"), at=ONE),
    '>> {"json": 1}': Send(text=(b'{"json": 1}',), at=ONE),
    ">> é": Send(text=(b"\xe9",), at=ONE),
    ">x 00 FF 1a": Send(text=(b"\x00\xff\x1a",), at=ONE),
    ">file data.bin": Send(text=(b"\x00\x01\x02",), at=ONE),
    "> AT+X={data.bin.size}": Send(text=(b"AT+X=", b"3", b"\r"), at=ONE),
    "wait 1.5": Wait(seconds=1.5, at=ONE),
    "escape": Escape(at=ONE),
    "connect": Connect(resumed=False, at=ONE),
    "connect resumed": Connect(resumed=True, at=ONE),
    "file new.txt two words": ServerHas(name="new.txt", text=(b"two words",), at=ONE),
    "fetched 15": Fetched(size=15, at=ONE),
    "call +49123": Ring(number="+49123", at=ONE),
    "call": Ring(number="", at=ONE),
    "call ends": CallEnds(at=ONE),
    "fetched all": Fetched(size=None, at=ONE),
}

SAID: dict[str, Said] = {
    "< OK": Said(forms=((b"\r\n", b"OK", b"\r\n"),), at=ONE),
    "<+ TIMEOUT": Said(forms=((b"TIMEOUT", b"\r\n"),), at=ONE),
    "<< as it is": Said(forms=((b"as it is",),), at=ONE),
    "<x 0D 0A": Said(forms=((b"\r\n",),), at=ONE),
    "<file data.bin": Said(forms=((b"\x00\x01\x02",),), at=ONE),
    "<prompt": Said(forms=((b"\r\n> ",),), at=ONE),
    "<prompt >>>": Said(forms=((b"\r\n>>>",),), at=ONE),
    "<? RING": Said(forms=((b"\r\n", b"RING", b"\r\n"),), may_be_absent=True, at=ONE),
    "<* RING": Said(
        forms=((b"\r\n", b"RING", b"\r\n"), (b"RING", b"\r\n")), may_be_absent=True, may_come_again=True, at=ONE
    ),
}

MISTAKES = {
    "AT": "1: 'AT' is no step; a line begins with one of >  >=  >>",
    ">AT": "1: '>AT' is no step",
    "escape now": "1: 'escape now' is no step",
    "connect again": "1: 'connect again' is no step",
    "<prompt >": "1: '<prompt >' is no step",
    "connect\npeer listens": "2: 'peer listens' is no step",
    "> AT\nlines: 12.00": "2: 'lines:' is no step",
    ">x 0": "1: '0'; give bytes as pairs of hexadecimal digits, as in 00 FF 1A",
    "<x": "1: ''; give bytes as pairs",
    ">file none": "none: No such file or directory; files lie beside the dialogue",
    "> {none.size}": "none: No such file or directory",
    ">file .": "Is a directory",
    "> {qqqq}": "1: nothing is called {qqqq}; there are ca, ca_der, other_ca, certificate, key, pin, puk",
    "> AT+X={number}": "1: 'AT+X={number}' has a shape in it; only what the module says can leave something open",
    "connect\npeer> {any}": "2: '{any}' has a shape in it",
    "< €": "1: '€' is more than one byte; write its bytes, as in <C3><A9>",
    "wait long": "1: wait 'long'; give seconds, at most 86400, as in wait 1.5",
    "wait -1": "1: wait '-1'; give seconds",
    "within nan": "1: within 'nan'; give seconds",
    "call Ann": "1: call 'Ann'; give a telephone number, or none for one that is not shown, or `call ends`",
    "fetched some": "1: fetched 'some'; give a number of bytes, or all",
    "file ../x y": "1: file '../x'; give the name of a file in the server's folder",
    "<| OK": "1: <| is another form of the line before, which is none of the module's",
    ">* AT\n> AT": "2: no answer follows the >* of line 1; write what it waits for",
    "> AT\n>* AT\n": "2: no answer follows the >* of line 2",
    "peer> too early": "1: the peer has no session yet; write `connect` before",
    "source: nothing else": "1: there is no step; write one a line, as in > AT",
    "": "1: there is no step",
    "line: 12.00\n> AT": "1: no key 'line'; there are source, lines, peer",
    "tls: 1.4\n> AT": "1: tls '1.4'; give one version or the lowest and the highest, of 1.0, 1.1, 1.2, 1.3",
    "tls: 1.3 1.2\n> AT": "1: tls '1.3 1.2'; give one version or the lowest and the highest",
    "colour: red\n> AT": "1: no key 'colour'; there are source, lines, peer",
    "lines:\n> AT": "1: lines is empty; give its value, or leave it out",
    "lines: 11.00\n> AT": "1: no software line '11.00'; there are 10.00, 12.00, 13.00, 14.00, 16.00,",
    "authentication: none\n> AT": "1: authentication 'none'; it can be server or mutual",
    "server: web\n> AT": "1: server 'web'; it can be ftp or http or mqtt or smtp or tcp",
    "peer: a:b\n> AT": "1: peer 'a:b'; give what the module dials, HOST or HOST:PORT each",
    "unsolicited: {wrong}\n> AT": "1: nothing is called {wrong}",
}


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> None:
    (tmp_path / "data.bin").write_bytes(b"\0\1\2")


@pytest.mark.parametrize(("line", "step"), STEPS.items())
def test_a_line_of_host_peer_or_time(tmp_path: Path, line: str, step: Step) -> None:
    """What each word means."""
    assert (step,) == made(tmp_path, line).steps


@pytest.mark.parametrize(("line", "said"), SAID.items())
def test_a_line_of_the_module(tmp_path: Path, line: str, said: Said) -> None:
    """Its bytes, with what a module puts around a line."""
    assert (Answer(said=(said,), at=ONE),) == made(tmp_path, line).steps


def test_lines_that_follow_each_other_are_one_answer(tmp_path: Path) -> None:
    """With comments and empty lines among them; another form belongs to the line before."""
    (answer,) = made(tmp_path, "# what it says\n< A\n\n<| B\n# and\n<+ C\n").steps

    assert isinstance(answer, Answer)
    assert (answer.at, [said.at for said in answer.said]) == (Lines(2, 6), [Lines(2, 4), Lines(6, 6)])
    assert answer.said[0].forms == ((b"\r\n", b"A", b"\r\n"), (b"\r\n", b"B", b"\r\n"))


def test_within_holds_for_the_next_answer_only(tmp_path: Path) -> None:
    """It may stand before the command or after it."""
    steps = made(tmp_path, "within 60\n> A\n< B\nwithin 5\n< C\n> D\n< E\n").steps

    assert [step.within for step in steps if isinstance(step, Answer)] == [60, 5, None]


def test_what_is_asked_again_has_its_answer(tmp_path: Path) -> None:
    """All that follows it of the module."""
    (poll,) = made(tmp_path, "within 60\n>* AT+CREG?\n< +CREG: 0,1\n< OK\n").steps

    assert isinstance(poll, Poll)
    assert (poll.text, poll.answer.within, len(poll.answer.said)) == ((b"AT+CREG?", b"\r"), 60, 2)
    assert poll.at == Lines(2, 4)


def test_the_steps_of_a_peer(tmp_path: Path) -> None:
    """Once it has a session."""
    steps = made(tmp_path, "connect\npeer> a<00>\npeer< b\npeer closes\n").steps

    assert [
        PeerSends(text=(b"a", b"\0"), at=Lines(2, 2)),
        PeerHears(text=(b"b",), at=Lines(3, 3)),
        PeerCloses(at=Lines(4, 4)),
    ] == list(steps[1:])


def test_a_dialogue_with_real_servers_has_no_peer_of_its_own(tmp_path: Path) -> None:
    """Nor that of the guide's examples, which might be what the module dials."""
    assert () == made(tmp_path, "peer: none\n> AT\n").peers
    assert () != made(tmp_path, "> AT\n").peers


def test_the_head(tmp_path: Path) -> None:
    """Every key; an empty line below it is for the eye only."""
    head = "source: a module: mine\nlines: 10.00 12.00\npeer: a.b c:1\nauthentication: mutual\nserver: ftp\ntls: 1.2\n"

    dialogue = made(tmp_path, f"# mine\n{head}unsolicited: A\nunsolicited: B {{number}}\n> AT\n")

    assert dialogue.lines == {"10.00", "12.00"}
    assert (dialogue.name, dialogue.peers) == ("it", ("a.b", "c:1"))
    assert (dialogue.mutual, dialogue.server, len(dialogue.unsolicited)) == (True, "ftp", 2)
    assert dialogue.versions == ("TLS 1.2", "TLS 1.2")


def test_what_holds_without_a_head(tmp_path: Path) -> None:
    """Every software line, and the guide's addresses."""
    dialogue = made(tmp_path, "> AT\r\n< OK")

    assert dialogue.lines == {line.name for line in lines()}
    assert dialogue.peers == ("123.124.125.126:443", "www.example.com:443")
    assert (dialogue.mutual, dialogue.server, dialogue.unsolicited) == (False, "tls", ())
    assert dialogue.versions == ("TLS 1.0", "TLS 1.3")
    assert dialogue.written == ("> AT", "< OK")


@pytest.mark.parametrize(("text", "message"), MISTAKES.items())
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    """File, line, what was found and what is allowed."""
    with pytest.raises(UserError) as error:
        made(tmp_path, text)

    assert str(error.value).startswith(f"{tmp_path}/it.txt:")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_files_that_are_no_dialogues(tmp_path: Path) -> None:
    """Missing, a folder, or bytes."""
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")

    for name, reason in {"none": "No such file", "": "Is a directory", "bytes": "it is not UTF-8 text"}.items():
        with pytest.raises(UserError, match=reason):
            load(tmp_path / name)
