"""The option in Python, on the command line, and in the documents."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import serial

from emulator import VirtualModem
from emulator.testing import Bench
from tests.commands.ssl_bench import information
from tests.realistic.benches import LONG

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "realistic.md").read_text(encoding="utf-8")


def test_time_scale_shortens_it_as_all_time() -> None:
    """A whole start, with real time: two minutes of the module in a fraction of a second."""
    with (
        VirtualModem("GE865-QUAD", realistic=True, seed=7, time_scale=1000) as modem,
        serial.Serial(modem.port, timeout=20) as port,
    ):
        answer = b""
        while b"+CREG: 0,1" not in answer:  # lines that come too early are lost, or refused
            port.write(b"AT+CREG?\r")
            port.timeout = 0.1
            answer = port.read_until(b"OK\r\n")
        port.write(b"AT\r")
        port.timeout = 20
        assert port.read_until(b"OK\r\n").endswith(b"OK\r\n")


async def test_the_seed_of_a_scenario_decides_where_no_other_is_given(tmp_path: Path) -> None:
    scenario = tmp_path / "day.toml"
    scenario.write_text("seed = 5\n")
    started = []
    for options in ({"seed": 5}, {"scenario": scenario}, {"scenario": scenario, "seed": 6}):
        async with Bench("GE865-QUAD", realistic=True, **options) as bench:
            started.append(bench.clock.now())

    assert started[0] == started[1] != started[2]


@pytest.mark.parametrize("command", ["run", "matrix"])
def test_the_command_line_has_it(command: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "emulator", command, "--help"], capture_output=True, text=True, check=True, timeout=60
    )

    assert "--realistic" in shown.stdout


@pytest.mark.modem(realistic=True, time_scale=1000)
@pytest.mark.firmware("GE865-QUAD")
def test_the_marker_of_the_plugin_has_it(modem: VirtualModem) -> None:
    with serial.Serial(modem.port, timeout=0.2) as port:
        heard = b""
        while not heard.endswith(b"OK\r\n"):
            port.write(b"AT\r")
            heard = port.read_until(b"OK\r\n")


async def test_the_example_of_the_page_runs() -> None:
    """As printed, in a coroutine."""
    example = re.findall(r"```python\n(from emulator.testing.*?)```", PAGE, re.DOTALL)[0]
    body = "".join(f"    {line}\n" for line in example.splitlines())
    names: dict[str, object] = {}

    exec(f"async def example():\n{body}", names)

    await names["example"]()  # type: ignore[operator]  # it was defined by the line above


@pytest.mark.parametrize("override", re.findall(r"--set '?(times[^`]*?)'?`", PAGE))
async def test_the_overrides_of_the_page_are_taken(override: str) -> None:
    async with Bench("GE865-QUAD", realistic=True, settings=[override]) as bench:
        await bench.advance(LONG)
        assert information("+CREG: 0,1") == await bench.command("AT+CREG?", within=1)
