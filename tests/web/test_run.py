"""`telit-emulator run --web`, as a process of its own."""

import asyncio
import signal
import socket
from pathlib import Path

import pytest

from emulator.cli.run import run
from tests.cli.programs import failing, running
from tests.web.browsing import Client


async def test_the_command_serves_a_page_and_ends_at_once_with_a_browser_connected() -> None:
    """The browser's stream ends; nothing is said on stderr."""
    with running("--web", "127.0.0.1:0") as modem:
        await asyncio.to_thread(modem.wait_for, "page-served")
        (url,) = [event["url"] for event in modem.events if event["event"] == "page-served"]
        async with Client(url).stream() as stream:
            await stream.until("snapshot")
            await asyncio.to_thread(modem.ask, "AT")
            await stream.until("trace", event="module-sent")

            assert (0, "") == await asyncio.to_thread(modem.stop, signal.SIGINT)
            with pytest.raises((AssertionError, ConnectionError, asyncio.IncompleteReadError, ValueError)):
                await stream.until("nothing")


@pytest.mark.parametrize(
    ("arguments", "web", "firmware"),
    [
        (["--web", "HE910"], "127.0.0.1:8080", "HE910"),
        (["HE910", "--web"], "127.0.0.1:8080", "HE910"),
        (["--web", "8081", "HE910"], "8081", "HE910"),
        (["--web", "[::1]:80", "HE910"], "[::1]:80", "HE910"),
        (["--web=bench-pc:0"], "bench-pc:0", None),
        (["--web", "--json"], "127.0.0.1:8080", None),
        (["HE910"], None, "HE910"),
    ],
)
def test_the_address_may_be_left_out(arguments: list[str], web: str | None, firmware: str | None) -> None:
    """Also before the firmware."""
    given = run.make_context("run", arguments, obj=None).params

    assert (web, firmware) == (given["web"], given["firmware"])


def test_an_address_in_use_or_no_address_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"

        assert (
            f"telit-emulator: --web {address}: Address already in use; give another port, or 0 for a free one\n"
            == failing("run", "--web", address)
        )
    assert "telit-emulator: --web 127.0.0.1:99999: give HOST:PORT, as in 127.0.0.1:8080, or PORT\n" == failing(
        "run", "--web=127.0.0.1:99999"
    )


def test_without_the_extra_there_is_one_line_that_brings_it(tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError(name='uvicorn')")

    line = "--web needs the extra `web`, which is not installed: pip install '/path/to/telit-emulator[web]'"
    assert f"telit-emulator: {line}\n" == failing("run", "--web", "HE910", folder=tmp_path)
