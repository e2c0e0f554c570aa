"""#SGACTCFG and #SGACTCFGEXT: contexts that the module activates by itself, and activations that the host gives up."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from emulator.testing import Bench
from emulator.trace.events import Defect
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.ssl_bench import NO_CARRIER, OK, cme, information, succeed

ADDRESS = "212.195.45.65"
ACTIVE, DOWN = information("#SGACT: 1,1"), information("#SGACT: 1,0")


@asynccontextmanager
async def defined(firmware: str = "HE910", **options: Any) -> AsyncIterator[Bench]:
    """A bench with context 1 defined."""
    async with Bench(firmware, **options) as bench:
        await succeed(bench, 'AT+CGDCONT=1,"IP","apn"')
        yield bench


async def configured(bench: Bench, line: str) -> None:
    """A context that is active, and a configuration."""
    assert information(f"#SGACT: {ADDRESS}") == await bench.command("AT#SGACT=1,1")
    await succeed(bench, line)


@EVERY_LINE
async def test_what_the_commands_take_and_show(firmware: str) -> None:
    async with defined(firmware) as bench:
        assert information("#SGACTCFG: (1-5),(0-15),(180-3600),(0,1)") == await bench.command("AT#SGACTCFG=?")
        factory = [f"#SGACTCFG: {cid},0,180,0" for cid in range(1, 6)]
        assert information(*factory) == await bench.command("AT#SGACTCFG?")
        await succeed(bench, "AT#SGACTCFG=2,3", "AT#SGACTCFG=3,15,3600,1")
        factory[1:3] = ["#SGACTCFG: 2,3,180,0", "#SGACTCFG: 3,15,3600,1"]
        assert information(*factory) == await bench.command("AT#SGACTCFG?")
        await refused(bench, "AT#SGACTCFG=0,1", "AT#SGACTCFG=6,1", "AT#SGACTCFG=1", "AT#SGACTCFG=1,16")
        await refused(bench, "AT#SGACTCFG=1,1,179", "AT#SGACTCFG=1,1,3601", "AT#SGACTCFG=1,1,180,2", "AT#SGACTCFG")
        assert information("#SGACTCFGEXT: (1-5),(0,1),(0),(0),(0)") == await bench.command("AT#SGACTCFGEXT=?")
        await succeed(bench, "AT#SGACTCFGEXT=3,1")
        lines = [f"#SGACTCFGEXT: {cid},{int(cid == 3)},0,0,0" for cid in range(1, 6)]
        assert information(*lines) == await bench.command("AT#SGACTCFGEXT?")
        assert information(*factory) == await bench.command("AT#SGACTCFG?")
        await refused(bench, "AT#SGACTCFGEXT=3,2", "AT#SGACTCFGEXT=3,1,1", "AT#SGACTCFGEXT=3", "AT#SGACTCFGEXT=0,1")


async def test_a_context_that_the_network_drops_comes_back() -> None:
    async with defined() as bench:
        await configured(bench, "AT#SGACTCFG=1,3,180,1")
        bench.modem.faults.add("context-dropped")
        await bench.advance(0)
        assert f"\r\n#SGACT: {ADDRESS}\r\n" == bench.read()
        assert ACTIVE == await bench.command("AT#SGACT?")


async def test_without_urcmode_it_comes_back_silently() -> None:
    async with defined() as bench:
        await configured(bench, "AT#SGACTCFG=1,3")
        bench.modem.faults.add("context-dropped")
        await bench.advance(0)
        assert "" == bench.read()
        assert ACTIVE == await bench.command("AT#SGACT?")


async def test_without_retries_it_stays_down() -> None:
    async with defined() as bench:
        await configured(bench, "AT#SGACTCFG=1,0,180,1")
        bench.modem.faults.add("context-dropped")
        await bench.advance(4000)
        assert DOWN == await bench.command("AT#SGACT?")


async def test_attempts_that_fail_are_made_again_after_the_delay() -> None:
    async with defined() as bench:
        await configured(bench, "AT#SGACTCFG=1,3,200,1")
        bench.modem.faults.add("activation-refused", times=2)
        bench.modem.faults.add("context-dropped")
        await bench.advance(399)
        assert DOWN == await bench.command("AT#SGACT?")
        await bench.advance(1)
        assert f"\r\n#SGACT: {ADDRESS}\r\n" == bench.read()
        assert ACTIVE == await bench.command("AT#SGACT?")


async def test_there_are_no_more_attempts_than_retries() -> None:
    async with defined() as bench:
        await configured(bench, "AT#SGACTCFG=1,3,180,1")
        bench.modem.faults.add("activation-refused", times=3)
        bench.modem.faults.add("context-dropped")
        await bench.advance(10_000)
        assert "" == bench.read()
        assert DOWN == await bench.command("AT#SGACT?")


async def test_a_host_that_takes_the_context_down_is_obeyed() -> None:
    async with defined() as bench:
        await configured(bench, "AT#SGACTCFG=1,3,180,1")
        await succeed(bench, "AT#SGACT=1,0")
        await bench.advance(1000)
        assert DOWN == await bench.command("AT#SGACT?")


async def test_attaching_activates() -> None:
    """By the host's command, and when the network comes back."""
    async with defined() as bench:
        await succeed(bench, "AT#SGACTCFG=1,3,180,1")
        assert DOWN == await bench.command("AT#SGACT?")
        await succeed(bench, "AT+CGATT=0", "AT+CGATT=1")
        await bench.advance(0)
        assert f"\r\n#SGACT: {ADDRESS}\r\n" == bench.read()
        bench.modem.faults.add("registration-lost")
        await bench.advance(1000)
        assert DOWN == await bench.command("AT#SGACT?")
        bench.modem.faults.add("registration-regained")
        await bench.advance(0)
        assert f"\r\n#SGACT: {ADDRESS}\r\n" == bench.read()


async def test_switching_it_off_ends_what_goes_on() -> None:
    async with defined() as bench:
        await configured(bench, "AT#SGACTCFG=1,3,180,1")
        bench.modem.faults.add("activation-refused")
        bench.modem.faults.add("context-dropped")
        await bench.advance(10)
        await succeed(bench, "AT#SGACTCFG=1,0")
        await bench.advance(1000)
        assert DOWN == await bench.command("AT#SGACT?")


async def test_a_host_that_is_quicker_is_left_alone() -> None:
    async with defined() as bench:
        await configured(bench, "AT#SGACTCFG=1,3,180,1")
        bench.modem.faults.add("activation-refused")
        bench.modem.faults.add("context-dropped")
        await bench.advance(10)
        assert information(f"#SGACT: {ADDRESS}") == await bench.command("AT#SGACT=1,1")
        await bench.advance(1000)
        assert "" == bench.read()
        assert ACTIVE == await bench.command("AT#SGACT?")


async def test_a_context_that_no_connection_uses_is_left_alone() -> None:
    async with defined() as bench:
        await succeed(bench, 'AT+CGDCONT=5,"IP","apn"', "AT#SGACTCFG=5,3,180,1", "AT+CGATT=0", "AT+CGATT=1")
        await bench.advance(1000)
        assert information("#SGACT: 1,0", "#SGACT: 5,0") == await bench.command("AT#SGACT?")


async def test_it_is_kept_in_nvm_and_works_from_the_start(tmp_path: Path) -> None:
    async with defined(state=tmp_path) as bench:
        await succeed(bench, "AT#SGACTCFG=1,3,180,1", "AT#SGACTCFGEXT=1,1", "AT#REBOOT")
        await bench.advance(30)
        assert f"\r\n#SGACT: {ADDRESS}\r\n" == bench.read()
        await bench.command("ATE0")
        assert ACTIVE == await bench.command("AT#SGACT?")
        assert (await bench.command("AT#SGACTCFGEXT?")).startswith("\r\n#SGACTCFGEXT: 1,1,0,0,0\r\n")
    async with Bench(state=tmp_path) as bench:
        assert f"\r\n#SGACT: {ADDRESS}\r\n" == await bench.until(f"{ADDRESS}\r\n")
        assert ACTIVE == await bench.command("AT#SGACT?")


async def test_any_character_gives_up_an_activation() -> None:
    """Where #SGACTCFGEXT allows it; it is part of no command."""
    async with defined() as bench:
        await succeed(bench, "AT#SGACTCFGEXT=1,1")
        bench.modem.faults.add("activation-late", duration=100)
        bench.send("AT#SGACT=1,1\r")
        await bench.advance(50)
        bench.send("x")
        assert NO_CARRIER == await bench.answer()
        await bench.advance(100)
        assert DOWN == await bench.command("AT#SGACT?")
        assert information(f"#SGACT: {ADDRESS}") == await bench.command("AT#SGACT=1,1")
        await succeed(bench, "AT+CMEE=1")
        assert cme(553) == await bench.command("AT#SGACT=1,1")


async def test_else_it_waits() -> None:
    async with defined() as bench:
        bench.modem.faults.add("activation-late", duration=100)
        bench.send("AT#SGACT=1,1\r")
        await bench.advance(50)
        bench.send("AT\r")
        await bench.advance(50)
        assert information(f"#SGACT: {ADDRESS}") + OK == bench.read()


async def test_a_defect_in_an_activation_is_told() -> None:
    """The context is active all the same."""

    def explode(address: str) -> None:
        raise RuntimeError("boom")

    async with defined() as bench:
        await configured(bench, "AT#SGACTCFG=1,3,180,1")
        bench.modem.device.activations.on_activated.append(explode)
        bench.modem.faults.add("context-dropped")
        await bench.advance(0)

        assert ["RuntimeError: boom"] == [event.text for event in bench.events if isinstance(event, Defect)]
        assert f"\r\n#SGACT: {ADDRESS}\r\n" + ACTIVE == bench.read() + await bench.command("AT#SGACT?")
