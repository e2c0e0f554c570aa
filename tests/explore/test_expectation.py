"""The checks that are built in, on records of every kind."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.errors import UserError
from emulator.explore.far_end.check import Check, Lack
from emulator.explore.far_end.expectation import ExpectedByFunction, ExpectedFile, ExpectedLine, ExpectedUpload
from emulator.explore.trials.setting import Setting
from emulator.lab.record import Kind, Received, Record

DATA = bytes(range(256)) + b"\nend\n"
UPLOAD = ExpectedUpload("a.bin", DATA)


def thing(data: bytes, kind: Kind = Kind.CONNECTION, name: str = "", *, counts: bool = True) -> Received:
    return Received(kind, name, data, len(data), counts=counts, server="a:1")


def told(check: Check) -> tuple[str, Lack | None]:
    return check.first_line, check.told_lack


@pytest.mark.parametrize("kind", [Kind.CONNECTION, Kind.REQUEST, Kind.FILE, Kind.MESSAGE])
@pytest.mark.parametrize("around", [(b"", b""), (b"HEAD\r\n\r\n", b"tail")])
def test_an_upload_that_came_once(kind: Kind, around: tuple[bytes, bytes]) -> None:
    """With whatever a protocol puts around it, and whatever else has come."""
    record = Record([thing(b"hello"), thing(around[0] + DATA + around[1], kind), thing(DATA[:200])])

    assert Check(0, "a.bin: once, 261 bytes") == UPLOAD.check(record)


def test_a_mail_has_line_ends_of_its_own() -> None:
    """Whatever those of the file are."""
    record = Record([thing(b"Subject: a\r\n\r\none\r\ntwo\r\n", Kind.MAIL)])

    for text in (b"one\ntwo\n", b"one\r\ntwo", b"one\ntwo"):
        assert ExpectedUpload("a", text).check(record).passed


@pytest.mark.parametrize(
    "things",
    [
        [thing(DATA + DATA)],
        [thing(DATA), thing(b"x" + DATA)],
        [thing(DATA, Kind.FILE, "a"), thing(DATA, Kind.FILE, "b")],
        [thing(DATA, Kind.MESSAGE, "t"), thing(DATA, Kind.REQUEST, "POST /")],
    ],
)
def test_an_upload_that_came_twice(things: list[Received]) -> None:
    """In one connection, in two, in whatever."""
    assert ("a.bin: twice", Lack.TWICE) == told(UPLOAD.check(Record(things)))
    assert ("a.bin: twice 4 times", Lack.TWICE) == told(UPLOAD.check(Record(things * 2)))


def test_what_does_not_count_is_no_second_upload() -> None:
    """The bytes of a connection whose request is told apart; a request that repeats an earlier one."""
    things = [thing(b"POST / HTTP/1.1\r\n\r\n" + DATA, counts=False), thing(DATA, Kind.REQUEST, "POST /")]
    things.append(thing(DATA, Kind.REQUEST, "POST /", counts=False))

    assert UPLOAD.check(Record(things)).passed


@pytest.mark.parametrize(
    ("data", "size"),
    [(DATA[:200], 200), (DATA[60:], 201), (b"x" + DATA[:-1] + b"x", 260), (DATA[:100] + DATA[150:], 111)],
)
def test_a_part_that_came(data: bytes, size: int) -> None:
    """The beginning or the end, whichever is more."""
    things = [thing(b"hello"), thing(data, Kind.REQUEST, counts=False)]

    assert (f"a.bin: part {size} of 261 bytes", Lack.PART) == told(UPLOAD.check(Record(things)))


@pytest.mark.parametrize("things", [[], [thing(b"hello")], [thing(DATA[:15])], [thing(DATA, counts=False)]])
def test_an_upload_of_which_nothing_came(things: list[Received]) -> None:
    """A few bytes may be alike by chance; a connection whose requests are told apart is no upload."""
    assert ("a.bin: none of 261 bytes", Lack.NONE) == told(UPLOAD.check(Record(things)))


def test_half_of_something_short_is_a_part() -> None:
    """Else a short line would never come in part."""
    assert ("a: part 2 of 4 bytes", Lack.PART) == told(ExpectedUpload("a", b"abcd").check(Record([thing(b"xab")])))
    assert ("a: none of 4 bytes", Lack.NONE) == told(ExpectedUpload("a", b"abcd").check(Record([thing(b"xa")])))


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", b""])
def test_a_line(end: bytes) -> None:
    """With whatever ends it."""
    record = Record([thing(b"first" + end, Kind.MESSAGE, "t/1"), thing(b"second" + (end and end + b"third"))])

    assert ExpectedLine("second").check(record).passed
    assert ExpectedLine("t/1").check(record).passed
    assert ("line 'secondly': part 6 of 8 bytes", Lack.PART) == told(ExpectedLine("secondly").check(record))
    assert ("line 'other': none of 5 bytes", Lack.NONE) == told(ExpectedLine("other").check(record))
    assert ("line 'second': twice", Lack.TWICE) == told(ExpectedLine("second").check(record + record))
    assert ("line 'second': twice 3 times", Lack.TWICE) == told(ExpectedLine("second").check(record + record + record))


@pytest.mark.parametrize("name", ["dir/a.bin", "/dir/a.bin"])
def test_a_file_under_its_name(name: str) -> None:
    """Of FTP or of HTTP."""
    file = ExpectedFile("dir/a.bin", DATA)

    def check(data: bytes) -> tuple[str, Lack | None]:
        return told(file.check(Record([thing(DATA, Kind.FILE, "other"), thing(data, Kind.FILE, name)])))

    assert ("file dir/a.bin: 261 bytes", None) == check(DATA)
    assert ("file dir/a.bin: part 200 of 261 bytes", Lack.PART) == check(DATA[:200])
    assert ("file dir/a.bin: part 0 of 261 bytes", Lack.PART) == check(b"")
    assert ("file dir/a.bin: twice", Lack.TWICE) == check(DATA + DATA)
    assert ("file dir/a.bin: 262 bytes of other content, 261 bytes expected", None) == check(DATA + b"x")
    assert not file.check(Record([thing(DATA + b"x", Kind.FILE, name)])).passed
    assert ("file dir/a.bin: none of 261 bytes", Lack.NONE) == told(
        file.check(Record([thing(DATA, Kind.REQUEST, name)]))
    )


def test_a_function_of_the_record() -> None:
    """It asserts, or says whether all is well."""

    def check(record: Record) -> None:
        assert [b"hello"] == record.connections, "part of it came\nand more"

    assert ExpectedByFunction(check).check(Record([thing(b"hello")])).passed
    assert ("part of it came", Lack.PART) == told(ExpectedByFunction(check).check(Record()))
    assert not ExpectedByFunction(lambda record: len(record) == 1).check(Record()).passed
    assert ExpectedByFunction(lambda record: len(record) == 0).check(Record()).passed


def test_what_cannot_be_expected(tmp_path: Path) -> None:
    """One line that names the option, the file and what to do."""
    empty = tmp_path / "empty"
    empty.touch()

    with pytest.raises(UserError, match=r"--expect-upload .*missing: No such file or directory; name a file"):
        ExpectedUpload.of_file(tmp_path / "missing")
    with pytest.raises(UserError, match=r"--expect-upload .*empty: it is empty"):
        ExpectedUpload.of_file(empty)
    with pytest.raises(UserError, match=r"--expect-file .*empty: it is empty"):
        ExpectedFile.of_text(f"a={empty}")
    for text in ("a", "a=", "=a"):
        with pytest.raises(UserError, match=f"--expect-file {text}: give NAME=FILE"):
            ExpectedFile.of_text(text)
    with pytest.raises(UserError, match="look at the servers of the lab, and there is none: give --lab"):
        Setting(["true"], expectations=[UPLOAD])


@given(st.binary(min_size=40, max_size=300), st.binary(max_size=50), st.binary(max_size=50), st.data())
def test_a_part_is_never_told_as_less(wanted: bytes, before: bytes, after: bytes, data: st.DataObject) -> None:
    """Whatever is around it, and wherever it ends: by chance more may be alike, never less."""
    size = data.draw(st.integers(20, len(wanted) - 1))
    piece = data.draw(st.sampled_from((wanted[:size], wanted[-size:])))
    check = ExpectedUpload("a", wanted).check(Record([thing(before + piece + after)]))

    if not check.passed and check.told_lack is not Lack.TWICE:
        assert Lack.PART is check.told_lack
        assert size <= int(check.first_line.split()[2]) <= len(wanted)
