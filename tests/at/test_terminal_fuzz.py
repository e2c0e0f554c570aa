"""Whatever bytes a host sends, in whatever mode and pieces: the terminal lives, stays small, and then answers AT."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.at.answers import Final
from emulator.at.line import CommandLine
from emulator.at.prompt import CountedPrompt, PromptCancelled, PromptData, TextPrompt
from emulator.at.terminal import TYPE_AHEAD, Escape, Mode, OnlineData, Terminal
from tests.at.terminals import terminal

SIZE = 500
CHUNKS = st.lists(st.tuples(st.binary(max_size=300), st.floats(0, 3)), max_size=20)
"""Bytes, and how long after the last ones they come."""


def command(made: Terminal, now: float) -> None:
    """Nothing has been typed."""


def executing(made: Terminal, now: float) -> None:
    run_line(made, now)


def text_prompt(made: Terminal, now: float) -> None:
    run_line(made, now)
    made.ask(TextPrompt(100))


def counted_prompt(made: Terminal, now: float) -> None:
    run_line(made, now)
    made.ask(CountedPrompt(SIZE))


def online(made: Terminal, now: float) -> None:
    run_line(made, now)
    made.go_online(now)


def run_line(made: Terminal, now: float) -> None:
    made.receive(b"AT+X\r", now)
    assert made.next_event() == CommandLine("+X")


MODES = [command, executing, text_prompt, counted_prompt, online]


class Device:
    """Answers OK to every line and takes every entry, as a module that has nothing to do."""

    def __init__(self, made: Terminal) -> None:
        self.terminal = made
        self.now = 0.0
        self.said = b""

    def host_sends(self, data: bytes, after: float) -> None:
        self.now += after
        self.terminal.receive(data, self.now)
        self.handle()

    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.terminal.tick(self.now)
        self.handle()

    def handle(self) -> None:
        while (event := self.terminal.next_event()) is not None:
            match event:
                case OnlineData():
                    pass
                case Escape():
                    self.terminal.finish(Final.OK)
                case _:
                    self.terminal.finish(Final.OK)
        self.said = (self.said + self.terminal.data_to_send())[-100:]

    def leave_mode(self) -> None:
        """What a host does that does not know where it is: end an entry, escape, end a line."""
        if self.terminal.mode is Mode.EXECUTING:
            self.terminal.finish(Final.OK)
            self.handle()
        while self.terminal.mode is Mode.PROMPT:
            self.host_sends(b"\x1b", 0.0)
        if self.terminal.mode is Mode.ONLINE:
            self.host_sends(b"x", 0.0)
            self.host_sends(b"+++", 1.5)
            self.time_passes(1.5)
        self.host_sends(b"\r", 1.0)


def held(made: Terminal) -> int:
    """Bytes of the host that the terminal keeps."""
    entered = getattr(made.prompt, "_data", b"")
    return len(made._input) + len(made._editor._line) + len(entered)


@pytest.mark.parametrize("enter", [command, text_prompt, online])
def test_a_megabyte_without_an_end_is_not_kept(enter: Callable[[Terminal, float], None]) -> None:
    """Neither on the command line nor at a text prompt nor in data mode."""
    device = Device(terminal())
    enter(device.terminal, 0.0)
    for _ in range(100):
        device.host_sends(b"x" * 10_000, 0.1)

    assert held(device.terminal) <= 400


@pytest.mark.parametrize("enter", MODES)
@given(chunks=CHUNKS)
def test_any_bytes_in_any_mode_leave_a_terminal_that_answers(
    enter: Callable[[Terminal, float], None], chunks: list[tuple[bytes, float]]
) -> None:
    """Binary noise, control characters, half commands: afterwards AT gets OK."""
    device = Device(terminal())
    enter(device.terminal, 0.0)
    for data, after in chunks:
        device.host_sends(data, after)
        if device.terminal.mode is Mode.EXECUTING and enter is not executing:
            device.terminal.finish(Final.OK)
        assert held(device.terminal) <= TYPE_AHEAD + 20 * 300

    device.leave_mode()
    device.said = b""
    device.host_sends(b"AT\r", 0.1)

    assert device.said.endswith(b"\r\nOK\r\n")
    assert device.terminal.mode is Mode.COMMAND


@given(data=st.binary(max_size=400), cut=st.integers(1, 50))
def test_pieces_make_no_difference(data: bytes, cut: int) -> None:
    """The same bytes at one moment, whole or cut up, say and mean the same.

    LF alone is echoed where it comes: before the answer with the CR of its line, else behind it.
    """
    whole, pieces = Device(terminal(E=1)), Device(terminal(E=1))

    whole.host_sends(data, 0.0)
    for piece in re.findall(rb"(?s).{1,%d}\n*" % cut, data):
        pieces.host_sends(piece, 0.0)

    assert pieces.said == whole.said
    assert pieces.terminal.mode is whole.terminal.mode


@given(data=st.binary(min_size=SIZE, max_size=SIZE))
def test_a_counted_entry_survives_every_byte_value(data: bytes) -> None:
    """And the command line after it is a command line."""
    made = terminal()
    counted_prompt(made, 0.0)

    made.receive(data + b"AT\r", 0.0)

    assert made.next_event() == PromptData(data)


def test_an_entry_cancelled_in_the_middle_of_noise_is_cancelled_once() -> None:
    """What follows belongs to the command line."""
    made = terminal()
    text_prompt(made, 0.0)

    made.receive(b"noise\x1b\x1b\x1aAT\r", 0.0)

    assert made.next_event() == PromptCancelled()
    made.finish(Final.OK)
    assert made.next_event() == CommandLine("")
