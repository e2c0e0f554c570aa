"""One AT instance, without I/O: modes, echo, answers, unsolicited lines."""

import msgspec
import pytest

from emulator.at.answers import Failure, Final, Information, Unsolicited
from emulator.at.line import CommandLine, LineWithoutPrefix, RepeatLine
from emulator.at.prompt import CountedPrompt, PromptCancelled, PromptData, TextPrompt
from emulator.at.terminal import HOST_HAS_LEFT, TRANSITIONS, TYPE_AHEAD, Escape, Mode, OnlineData, Terminal, Trigger
from emulator.errors import Cause
from tests.at.terminals import PROFILE, events, hear, terminal

IMPOSSIBLE = {
    Trigger.LINE: {Mode.EXECUTING, Mode.PROMPT, Mode.ONLINE},
    Trigger.FINAL: {Mode.COMMAND, Mode.PROMPT, Mode.ONLINE},
    Trigger.PROMPT: {Mode.COMMAND, Mode.PROMPT, Mode.ONLINE},
    Trigger.ENTERED: {Mode.COMMAND, Mode.EXECUTING, Mode.ONLINE},
    Trigger.CONNECT: {Mode.PROMPT, Mode.ONLINE},
    Trigger.ESCAPE: {Mode.COMMAND, Mode.EXECUTING, Mode.PROMPT},
    Trigger.CARRIER_LOST: {Mode.COMMAND, Mode.EXECUTING, Mode.PROMPT},
}
"""By construction: a line is read in command mode only; only a running command gives its result or asks for data, and
data mode opens for one or for a connection that comes in; an entry ends where one was asked for; and only in data mode
is there a carrier to lose or to escape from."""


def online(made: Terminal) -> Terminal:
    """In data mode since second 0."""
    hear(made, b"AT#SSLO=1\r")
    made.go_online(0.0)
    made.data_to_send()
    return made


def test_every_mode_and_trigger_is_either_a_transition_or_impossible() -> None:
    """The table leaves nothing open."""
    listed = {(mode, trigger) for trigger, modes in IMPOSSIBLE.items() for mode in modes}

    assert listed.isdisjoint(TRANSITIONS)
    assert listed | set(TRANSITIONS) == {(mode, trigger) for mode in Mode for trigger in Trigger}


def test_echo_comes_before_the_answer() -> None:
    """V.250 6.2.4."""
    made = terminal(E=1)
    hear(made, b"AT\r")
    made.finish(Final.OK)

    assert made.data_to_send() == b"AT\r\r\nOK\r\n"


@pytest.mark.parametrize(
    ("values", "answer", "said"),
    [
        ({}, Final.OK, b"\r\nOK\r\n"),
        ({"V": 0}, Final.OK, b"0\r"),
        ({"V": 0}, Final.ERROR, b"4\r"),
        ({"V": 0}, Final.NO_CARRIER, b"3\r"),
        ({"Q": 1}, Final.OK, b""),
        ({"Q": 1}, Information.of("+CREG: 0,1"), b"\r\n+CREG: 0,1\r\n"),
        ({"Q": 1}, Failure(Cause.SSL_NOT_CONNECTED), b""),
        ({"Q": 1}, Unsolicited("NO CARRIER:SSL,1"), b""),
        ({}, Information.of("a", b"\x00\xff"), b"\r\na\r\n\x00\xff\r\n"),
        ({"V": 0}, Information.of("a"), b"a\r\n"),
        ({}, Failure(Cause.SSL_NOT_CONNECTED), b"\r\nERROR\r\n"),
        ({"V": 0}, Failure(Cause.SSL_NOT_CONNECTED), b"4\r"),
        ({"+CMEE": 1}, Failure(Cause.SSL_NOT_CONNECTED), b"\r\n+CME ERROR: 833\r\n"),
        ({"+CMEE": 2}, Failure(Cause.SSL_NOT_CONNECTED), b"\r\n+CME ERROR: SSL not connected\r\n"),
        ({"+CMEE": 2}, Failure(), b"\r\nERROR\r\n"),
        ({"S3": 33, "S4": 35}, Final.OK, b"!#OK!#"),
    ],
)
def test_an_answer_looks_as_the_settings_say(values: dict[str, int], answer: Final | Failure, said: bytes) -> None:
    """V.250 5.7.1, 6.2.5, 6.2.6; 27.007 9.1."""
    made = terminal(**values)

    made.answer(answer)

    assert made.data_to_send() == said


def test_what_is_typed_while_a_command_runs_is_kept() -> None:
    """And heard when the command has ended, in order."""
    made = terminal()

    assert hear(made, b"AT+A\rAT+B\r") == [CommandLine("+A")]
    assert hear(made, b"AT+C\r") == []
    made.finish(Final.OK)
    assert events(made) == [CommandLine("+B")]


def test_a_host_that_types_far_ahead_is_slowed_down() -> None:
    """The type-ahead is bounded."""
    made = terminal()
    hear(made, b"AT\r")

    hear(made, b"x" * TYPE_AHEAD)

    assert made.congested


@pytest.mark.parametrize("pieces", [[b"AT+A\r\n"], [b"AT+A\r", b"\n"]])
def test_the_line_feed_of_a_host_that_ends_lines_with_both_is_swallowed(pieces: list[bytes]) -> None:
    """Also when it comes late, while the command runs."""
    made = terminal(E=1)
    for piece in pieces:
        hear(made, piece)
    made.finish(Final.OK)

    assert hear(made, b"AT+B\r") == [CommandLine("+B")]
    assert made.data_to_send() == b"AT+A\r\n\r\nOK\r\nAT+B\r"


def test_a_line_feed_that_comes_after_the_answer_is_echoed_there() -> None:
    """A host that counts bytes gets as many as for CR LF in one write."""
    made = terminal(E=1)
    hear(made, b"AT+A\r")
    made.finish(Final.OK)

    assert hear(made, b"\nAT+B\r\n") == [CommandLine("+B")]
    assert made.data_to_send() == b"AT+A\r\r\nOK\r\n\nAT+B\r\n"


def test_the_echo_of_a_line_feed_stands_before_the_prompt() -> None:
    """It ends the line of the command and is no part of the entry."""
    made = terminal(E=1)
    hear(made, b"AT#SSLSENDEXT=1,1\r\n")
    made.ask(CountedPrompt(1))

    assert made.data_to_send() == b"AT#SSLSENDEXT=1,1\r\n\r\n> "
    assert hear(made, b"x") == [PromptData(b"x")]


def test_a_line_feed_is_not_echoed_where_the_profile_says_so() -> None:
    """Nor with echo off."""
    silent, without_echo = terminal(E=1), terminal(E=0)
    silent._limits = msgspec.structs.replace(PROFILE.terminal, line_feed_echo=False)
    hear(silent, b"AT\r\n")
    hear(without_echo, b"AT\r\n")

    assert (silent.data_to_send(), without_echo.data_to_send()) == (b"AT\r", b"")


def test_a_line_feed_that_comes_after_the_prompt_is_data() -> None:
    """A binary entry may begin with it."""
    made = terminal()
    hear(made, b"AT#SSLSENDEXT=1,1\r")
    made.ask(CountedPrompt(1))

    assert hear(made, b"\n") == [PromptData(b"\n")]


def test_a_line_feed_that_comes_after_connect_is_data() -> None:
    """The peer gets what the host sent."""
    made = online(terminal())

    assert hear(made, b"\nGET") == [OnlineData(b"\nGET")]


def test_an_entry_is_echoed_and_ends_in_a_running_command() -> None:
    """Data at a prompt is echoed when ATE1 is on."""
    made = terminal(E=1)
    hear(made, b"AT#SSLSEND=1\r")
    made.ask(TextPrompt(10))
    made.data_to_send()

    assert hear(made, b"data\x1aAT\r") == [PromptData(b"data")]
    assert made.data_to_send() == b"data"
    assert made.mode is Mode.EXECUTING


def test_unsolicited_lines_wait_until_no_command_runs() -> None:
    """Never within an answer, a prompt or data mode."""
    made = terminal()
    hear(made, b"AT#SSLSEND=1\r")
    made.notify("+CREG: 1")
    made.ask(TextPrompt(10))
    made.notify("+CREG: 2")
    hear(made, b"x\x1a")
    assert made.data_to_send() == b"\r\n> "

    made.finish(Final.OK)

    assert made.data_to_send() == b"\r\nOK\r\n\r\n+CREG: 1\r\n\r\n+CREG: 2\r\n"


def test_unsolicited_lines_of_data_mode_come_after_the_answer_to_the_escape() -> None:
    """The connection is suspended, commands are heard again."""
    made = online(terminal())
    made.notify("+CREG: 1")
    hear(made, b"+++", 2.0)
    made.tick(3.5)

    assert events(made) == [Escape()]
    made.finish(Final.OK)
    assert made.data_to_send() == b"\r\nOK\r\n\r\n+CREG: 1\r\n"


def test_only_so_many_unsolicited_lines_are_kept() -> None:
    """The oldest ones go; a connection may stay online for days."""
    made = online(terminal())
    for number in range(1000):
        made.notify(str(number))
    made.drop_carrier("NO CARRIER")

    said = made.data_to_send()

    assert said.startswith(b"\r\nNO CARRIER\r\n")
    assert said.endswith(b"\r\n999\r\n")
    assert len(said) < 1000


def test_the_escape_sequence_needs_its_guard_times_and_what_follows_is_a_command() -> None:
    """S12: a second before and after."""
    made = online(terminal())
    assert hear(made, b"+++", 1.5) == [OnlineData(b"+++")]
    assert made.deadline == 2.5

    made.tick(2.4)
    assert events(made) == []
    made.tick(2.5)

    assert events(made) == [Escape()]
    made.finish(Final.OK)
    assert hear(made, b"AT\r", 2.6) == [CommandLine("")]


def test_a_late_tick_does_not_lose_the_escape() -> None:
    """Data that comes after the guard time, before the timer was served, is typed in command mode."""
    made = online(terminal())
    hear(made, b"+++", 1.5)

    assert hear(made, b"AT\r", 3.0) == [Escape()]
    made.finish(Final.OK)
    assert events(made) == [CommandLine("")]


def test_the_guard_time_is_that_of_s12_or_e2esc() -> None:
    """S12 counts fiftieths of a second; #E2ESC, when it is not 0, seconds."""
    for values, guard_time in (({"S12": 100}, 2.0), ({"S12": 100, "#E2ESC": 3}, 3.0)):
        made = online(terminal(**values))
        hear(made, b"+++", 10.0)

        assert made.deadline == 10.0 + guard_time


def test_skipesc_keeps_the_sequence_from_the_peer() -> None:
    """And it is still an escape."""
    made = online(terminal(**{"#SKIPESC": 1}))

    assert hear(made, b"+++", 1.5) == []
    made.tick(2.5)
    assert events(made) == [Escape()]


def test_a_host_that_goes_leaves_no_half_typed_line() -> None:
    """The next one finds a fresh command line."""
    made = terminal()
    hear(made, b"AT+CG")

    made.abandon_input()

    assert hear(made, b"AT+B\r") == [CommandLine("+B")]


def test_a_host_that_goes_cancels_its_entry() -> None:
    """As by ESC: the command that asked is told."""
    made = terminal()
    hear(made, b"AT#SSLSECDATA=1,1,1,10\r")
    made.ask(TextPrompt(10))
    hear(made, b"half")

    made.abandon_input()

    assert events(made) == [PromptCancelled(HOST_HAS_LEFT)]
    assert made.mode is Mode.EXECUTING


def test_a_prompt_without_echo_shows_nothing() -> None:
    """Where the firmware does not echo data, or E is 0."""
    made = terminal(E=1)
    made._limits = msgspec.structs.replace(PROFILE.terminal, prompt_echo=False)
    hear(made, b"AT#SSLSEND=1\r")
    made.ask(TextPrompt(10))
    made.data_to_send()

    assert hear(made, b"data\x1a") == [PromptData(b"data")]
    assert made.data_to_send() == b""


def test_a_suspended_data_mode_says_what_had_to_wait() -> None:
    """As when DTR falls under &D1: no answer, but no line is lost."""
    made = online(terminal())
    made.notify("+CREG: 1")

    made.suspend()
    assert made.data_to_send() == b""
    made.finish_silently()

    assert made.data_to_send() == b"\r\n+CREG: 1\r\n"
    assert made.mode is Mode.COMMAND


def test_an_attempt_at_an_escape_that_skipesc_held_back_is_sent_late() -> None:
    """Two characters are data after all, once no third has come in time."""
    made = online(terminal(**{"#SKIPESC": 1}))

    assert hear(made, b"++", 1.5) == []
    made.tick(2.5)

    assert events(made) == [OnlineData(b"++")]
    assert made.deadline is None


def test_what_was_typed_before_connect_is_data_and_breaks_the_silence() -> None:
    """The guard time begins with CONNECT at the earliest."""
    made = terminal()
    hear(made, b"AT#SSLO=1\r", 0.0)
    hear(made, b"+++", 2.0)
    made.go_online(9.0)

    assert events(made) == [OnlineData(b"+++")]
    assert hear(made, b"+++", 9.9) == [OnlineData(b"+++")]
    made.tick(20.0)
    assert events(made) == []


def test_a_line_feed_is_not_taken_from_what_follows_a_command_in_one_piece() -> None:
    """Only the one directly behind the terminator belongs to it."""
    made = terminal()
    hear(made, b"AT#SSLSENDEXT=1,2\r\n\nx")
    made.ask(CountedPrompt(2))

    assert events(made) == [PromptData(b"\nx")]


def test_a_terminal_shows_its_mode_and_no_data() -> None:
    """What waits may be a PIN."""
    made = terminal()
    hear(made, b"AT\rAT+CPIN=7391\r")

    assert repr(made) == "<Terminal in executing mode, 13 bytes waiting>"


def test_a_host_that_does_not_read_loses_its_echo_and_its_next_command_waits() -> None:
    """What it types is taken all the same."""
    made = terminal(E=1)
    made.set_host_is_deaf(True)

    assert hear(made, b"x" * 100_000) == []
    assert not made.congested
    assert hear(made, b"\rAT\r") == []
    assert made.data_to_send() == b""
    made.set_host_is_deaf(False)
    assert events(made) == [LineWithoutPrefix("x" * PROFILE.terminal.line_limit)]
    assert made.data_to_send() == b"\r"


def test_a_host_that_does_not_read_gets_its_unsolicited_lines_later() -> None:
    """They wait with its commands; `A/` waits, too."""
    made = terminal()
    made.set_host_is_deaf(True)
    made.notify("+CREG: 1")

    assert (hear(made, b"A/"), made.data_to_send()) == ([], b"")
    made.set_host_is_deaf(False)
    assert made.data_to_send() == b"\r\n+CREG: 1\r\n"
    assert events(made) == [RepeatLine()]


def test_a_secret_answer_is_not_told_to_the_trace() -> None:
    """A private key that is read back."""
    told: list[bytes] = []
    base = terminal()
    made = Terminal(base.settings, base._limits, base._errors, told.append)

    made.answer(Information(("#SSLSECDATA: 1,2", b"geheim"), secret=True))

    assert b"geheim" in made.data_to_send()
    assert told == [b"***"]
