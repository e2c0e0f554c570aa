"""#SCFG, #SCFGEXT, #SCFGEXT2: what they take, show and keep. Facts 5."""

from pathlib import Path

import pytest

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE
from tests.commands.socket_bench import connection, socket_bench
from tests.commands.ssl_bench import OK, cme, information, succeed

SIX = range(1, 7)


@EVERY_LINE
async def test_factory_values_and_ranges(firmware: str) -> None:
    """300 bytes, 90 s, 60 s, 5 s; the first three connections on context 1."""
    async with socket_bench(firmware) as bench:
        cids = (1, 1, 1, 2, 2, 2)
        shown = [f"#SCFG: {number},{cid},300,90,600,50" for number, cid in zip(SIX, cids, strict=True)]
        assert information(*shown) == await bench.command("AT#SCFG?")
        ranges = "#SCFG: (1-6),(1-5),(0-1500),(0-65535),(10-1200),(0-255)"
        assert information(ranges) == await bench.command("AT#SCFG=?")
        assert information(*(f"#SCFGEXT: {n},0,0,0,0,0,0,0" for n in SIX)) == await bench.command("AT#SCFGEXT?")
        assert information(*(f"#SCFGEXT2: {n},0,0,0,0,0" for n in SIX)) == await bench.command("AT#SCFGEXT2?")


@pytest.mark.parametrize(
    "line",
    [
        "AT#SCFG=0,1,300,90,600,50",
        "AT#SCFG=7,1,300,90,600,50",
        "AT#SCFG=1,6,300,90,600,50",
        "AT#SCFG=1,1,1501,90,600,50",
        "AT#SCFG=1,1,300,65536,600,50",
        "AT#SCFG=1,1,300,90,9,50",
        "AT#SCFG=1,1,300,90,1201,50",
        "AT#SCFG=1,1,300,90,600,256",
        "AT#SCFG=1,1,300,90,600",
        "AT#SCFGEXT=1,4,0,0",
        "AT#SCFGEXT=1,0,2,0",
        "AT#SCFGEXT=1,0,0,241",
        "AT#SCFGEXT=1,0,0",
        "AT#SCFGEXT2=1,2",
        "AT#SCFGEXT2=1,0,0,0,0,3",
        "AT#SCFGEXT2=1,0,0,1",
    ],
)
async def test_what_is_out_of_range_changes_nothing(line: str) -> None:
    """`operation not supported`."""
    async with socket_bench() as bench:
        before = await bench.command("AT#SCFG?;#SCFGEXT?;#SCFGEXT2?")
        assert cme(4) == await bench.command(line)
        assert before == await bench.command("AT#SCFG?;#SCFGEXT?;#SCFGEXT2?")


async def test_each_connection_keeps_its_own_at_once(tmp_path: Path) -> None:
    """In NVM, without &W."""
    async with Bench("HE910", state=tmp_path) as bench:
        await succeed(bench, "AT#SCFG = 2, 3, 512, 30, 300,100", "AT#SCFGEXT=2,2,1,5,1,1", "AT#SCFGEXT2=2,1,1,0,0,2")
    async with Bench("HE910", state=tmp_path) as bench:
        assert "#SCFG: 2,3,512,30,300,100\r\n" in await bench.command("AT#SCFG?")
        assert "#SCFGEXT: 2,2,1,5,1,1,0,0\r\n" in await bench.command("AT#SCFGEXT?")
        assert "#SCFGEXT2: 2,1,1,0,0,2\r\n" in await bench.command("AT#SCFGEXT2?")
        assert "#SCFG: 1,1,300,90,600,50\r\n" in await bench.command("AT#SCFG?")
        assert connection(bench, 2).cid == 3


async def test_a_context_without_connections_is_not_activated() -> None:
    """#SGACT needs one that #SCFG has tied to it."""
    async with socket_bench() as bench:
        await succeed(bench, 'AT+CGDCONT=3,"IP","other"')
        assert cme(3) == await bench.command("AT#SGACT=3,1")
        await succeed(bench, "AT#SCFG=6,3,300,90,600,50")
        assert (await bench.command("AT#SGACT=3,1")).endswith(OK)
        await succeed(bench, "AT#SGACT=3,0", "AT+CGACT=1,3")
