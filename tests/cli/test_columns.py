"""Tables on narrow terminals."""

from emulator.cli.values import columns

ROWS = [["name", "a text that is too long for it"], ["longer", "short"]]


def test_the_last_column_is_wrapped_under_itself() -> None:
    """Where the terminal has the room for it."""
    assert list(columns(ROWS, 30)) == ["name    a text that is too", "        long for it", "longer  short"]


def test_nothing_is_wrapped_for_programs_and_where_there_is_no_room() -> None:
    """A line is a row."""
    whole = ["name    a text that is too long for it", "longer  short"]

    assert list(columns(ROWS)) == whole
    assert list(columns(ROWS, 20)) == whole
