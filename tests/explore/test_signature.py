"""What findings are told apart by, in the last words of hosts."""

import pytest

from emulator.explore.findings.signature import code_location, is_alike, is_telling, last_line, without_details


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("error: no OK in b'\\r\\n+CSQ: 20,0\\r\\n'", "error: no OK in …"),
        ("report: AT#SGACT=1,1: ['+CME ERROR: 30']", "report: … +CME ERROR: 30"),
        ('report: AT#SSLD=1,443,"http.lab",0,1: +CME ERROR: 831', "report: … +CME ERROR: 831"),
        ("report: {port}: the port is gone", "report: {port}: the port is gone"),
        ("IndexError: list index out of range", "IndexError: list index out of range"),
        ("line 17 of /home/me/host.c at 0x7ffe12ab", "line … of … at …"),
        ("SGACT has failed", "… has failed"),
    ],
)
def test_what_changes_from_run_to_run_is_taken_out(line: str, kept: str) -> None:
    """And the module's own word for a failure stays: a host can tell one from the other."""
    assert without_details(line, ["#SGACT=", "+CSQ"]) == kept


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("exit code 1: error: unexpected answer: O", "exit code 1: error: unexpected answer: OK", True),
        ("exit code 1: report: … +CME ERROR: 831", "exit code 1: report: … +CME ERROR: 832", False),
        ("exit code 1: error: no OK", "exit code 2: error: no OK", False),
        ("exit code 1: error: no OK", "exit code 1: error: not registered", False),
    ],
)
def test_symptoms_are_alike_but_for_a_word(one: str, other: str, alike: bool) -> None:
    """Never with another exit code."""
    assert is_alike(one, other) is alike


def test_only_words_tell_that_two_places_share_their_code() -> None:
    """A host that says nothing may have two bugs."""
    assert [is_telling(symptom) for symptom in ("exit code 1: no OK", "exit code 1: …", "")] == [True, False, False]


def test_the_last_line_does_not_name_the_port_of_one_run() -> None:
    """Its path is another one in each run."""
    assert last_line("a\nhost: /tmp/telit-emulator-x1/telit-emulator-y2/modem: gone\n\n") == "host: {port}: gone"


def test_an_exception_that_the_code_raises_itself_names_no_place() -> None:
    """Many bugs may end in the line that raises it; an index that is not there is a bug of that line."""
    frames = 'Traceback (most recent call last):\n  File "/a/host.py", line 3, in main\n    {}\n{}\n'

    assert code_location(frames.format("x = line.split()[1]", "IndexError: x")) == "host.py:3"
    assert code_location(frames.format('raise Refused("no")', "Refused: no")) == ""
    assert code_location("error: no answer") == ""
