"""A function as a host: it ends in a process of its own, in whichever way."""

import os
import struct
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from emulator.errors import UserError
from emulator.explore.trials.host_function import HostFunction
from emulator.host_program import HostTimeout

TIMEOUT = 30.0


class OwnError(ValueError):
    """A class of the host's: it is raised on purpose."""


class BrokenError(KeyError):
    """Python's own, and yet what a host may mean."""


def raises(error: BaseException, port: str) -> None:
    raise error


def ends(code: object, port: str) -> None:
    sys.exit(code)  # type: ignore[arg-type]  # whatever a host may give


def returns(value: object, port: str) -> object:
    return value


def fails(port: str) -> None:
    pytest.fail("wrong")


def unpacks(port: str) -> None:
    struct.unpack("!I", b"")


def aborts(port: str) -> None:
    os.abort()


def hangs(port: str) -> None:
    os.write(1, b"begun")
    time.sleep(1000)


def tells(port: str) -> None:
    sys.stdout.write(f"{port} {os.environ['TELIT_PORT']} {os.environ['MORE']}\n")
    sys.stderr.write("error\n")
    assert os.read(0, 1) == b""
    sys.stdout.write(f"{len(list(Path('/proc/self/fd').iterdir())) < 6}\n")


@pytest.mark.parametrize(
    ("host", "exit_code", "errors"),
    [
        (partial(returns, None), 0, ""),
        (partial(returns, True), 0, ""),
        (partial(returns, "all well"), 0, ""),
        (partial(returns, 0), 0, ""),
        (partial(returns, False), 1, ""),
        (partial(returns, 7), 7, ""),
        (partial(ends, None), 0, ""),
        (partial(ends, 3), 3, ""),
        (partial(ends, "no network"), 1, "no network\n"),
        (partial(raises, OSError("no port")), 1, "OSError: no port\n"),
        (partial(raises, TimeoutError()), 1, "TimeoutError: \n"),
        (partial(raises, AssertionError("wrong")), 1, "AssertionError: wrong\n"),
        (partial(raises, OwnError("no network")), 1, "OwnError: no network\n"),
        (fails, 1, "Failed: wrong\n"),
    ],
)
def test_how_a_function_says_that_it_has_failed(host: Callable[[str], object], exit_code: int, errors: str) -> None:
    """By what it returns, and by exceptions that are raised on purpose."""
    run = HostFunction.of(host).start("port").wait(TIMEOUT)

    assert (exit_code, errors) == (run.exit_code, run.errors)


@pytest.mark.parametrize(
    ("host", "end"),
    [
        (unpacks, "struct.error: unpack requires a buffer of 4 bytes\n"),
        (partial(raises, ValueError("x")), "ValueError: x\n"),
        (partial(raises, KeyError("x")), "KeyError: 'x'\n"),
        (partial(raises, RecursionError("x")), "RecursionError: x\n"),
    ],
)
def test_python_s_own_exceptions_are_crashes(host: Callable[[str], object], end: str) -> None:
    """With the traceback that a program would show."""
    run = HostFunction.of(host).start("port").wait(TIMEOUT)

    assert 1 == run.exit_code
    assert run.errors.startswith("Traceback (most recent call last):\n")
    assert run.errors.endswith(end)


def test_further_exceptions_may_be_meant() -> None:
    """With those that are derived from them."""
    for error in (KeyError("x"), BrokenError("x")):
        run = HostFunction.of(partial(raises, error), [LookupError]).start("port").wait(TIMEOUT)
        assert "Traceback" not in run.errors


def test_a_function_has_the_streams_of_a_program() -> None:
    """Its own output, an empty input, the port, and none of the connections of the process that calls it."""
    with Path("/dev/null").open() as _:
        run = HostFunction.of(tells).start("the port", {"MORE": "words"}).wait(TIMEOUT)

    assert (0, "the port the port words\nTrue\n", "error\n") == (run.exit_code, run.output, run.errors)


def test_a_function_may_crash_and_hang() -> None:
    """As a program does."""
    assert -6 == HostFunction.of(aborts).start("port").wait(TIMEOUT).exit_code
    with pytest.raises(HostTimeout, match=r"hangs did not end within 0\.5 s; it has said 'begun"):
        HostFunction.of(hangs).start("port").wait(0.5)


def test_a_function_that_no_other_process_could_call() -> None:
    """One line, with the remedy."""

    def inner(port: str) -> None:
        """A function that needs what is around it."""

    with pytest.raises(UserError, match=r"^host function .*inner: another .*functools\.partial$"):
        HostFunction.of(inner)
    with pytest.raises(UserError, match="another process cannot call it"):
        HostFunction.of(lambda port: None)


@pytest.mark.parametrize("name", ["a_host_of_this_test", "package_of_this_test.a_host"])
def test_a_module_that_lies_elsewhere_is_found(tmp_path: Path, name: str) -> None:
    """By its file, where it cannot be imported by its name."""
    file = tmp_path / "host.py"
    file.write_text("def run(port):\n    print('called', port)\n")
    pickled = b"c" + name.encode() + b"\nrun\n."
    try:
        run = HostFunction("run", name, str(file), pickled).start("port").wait(TIMEOUT)
    finally:
        for loaded in (name, name.partition(".")[0]):
            sys.modules.pop(loaded, None)

    assert "called port\n" == run.output


def test_a_module_that_cannot_be_imported(tmp_path: Path) -> None:
    """One line with the file and the reason."""
    file = tmp_path / "host.py"
    file.write_text("1 / 0\n")

    with pytest.raises(UserError, match=r"^host function run: .*host\.py cannot be imported .*ZeroDivisionError: "):
        HostFunction("run", "broken_host_of_this_test", str(file), b"").start("port")
    sys.modules.pop("broken_host_of_this_test", None)
