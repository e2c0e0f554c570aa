"""Commands between their arrival and their answer: whatever happens then happens as to a command that waits."""

import pytest

from emulator.line.serial.lines import HostLines
from emulator.testing import Bench
from tests.commands.ssl_bench import OK, PROMPT, cme, information
from tests.realistic.benches import LONG, seconds_of, slow_bench, succeed

ACTIVE = information("#SGACT: 212.195.45.65")


async def test_every_kind_of_command_takes_its_own_time() -> None:
    """In the bounds of the profile, far out: a plain one, one that writes, the card, the network."""
    async with slow_bench("HE910") as bench:
        taken = {
            line: (await seconds_of(bench, line, most=300))[1]
            for line in ("AT", "AT+CSQ", "AT+NONSENSE", "AT&W", "AT+CIMI", "AT#SGACT=1,1", "AT#SGACT=1,0", "AT+COPS=?")
        }

    assert all(taken[line] <= 0.05 for line in ("AT", "AT+CSQ", "AT+NONSENSE"))
    assert 0.02 < taken["AT&W"] < 0.4
    assert 0.05 < taken["AT+CIMI"] < 1.2
    assert 1.7 < taken["AT#SGACT=1,1"] < 9
    assert 0.1 < taken["AT#SGACT=1,0"] < 5
    assert 17 < taken["AT+COPS=?"] < 160


async def test_a_message_is_sent_some_time_after_its_entry() -> None:
    """The prompt comes quickly, the answer does not."""
    async with slow_bench() as bench:
        await succeed(bench, "AT+CMGF=1")
        prompt, asked = await seconds_of(bench, 'AT+CMGS="+391234"', most=10)
        bench.send("hello\x1a")
        await bench.advance(0.5)
        early = bench.read()
        await bench.advance(LONG)

        assert (prompt, early) == (PROMPT, "")
        assert asked < 0.2
        assert bench.read() == information("+CMGS: 1")


async def test_an_entry_that_is_cancelled_takes_no_time_of_its_own() -> None:
    async with slow_bench() as bench:
        await succeed(bench, "AT+CMGF=1")
        assert PROMPT == (await seconds_of(bench, 'AT+CMGS="+391234"', most=10))[0]
        bench.send("hel\x1b")
        await bench.advance(0)
        assert bench.read().endswith(OK)


async def test_a_second_command_that_is_typed_ahead_waits_for_the_first() -> None:
    async with slow_bench() as bench:
        bench.send("AT#SGACT=1,1\rAT+CGATT?\r")
        await bench.advance(0.5)
        assert bench.read() == ""
        await bench.advance(LONG)
        assert bench.read() == ACTIVE + information("+CGATT: 1")


async def test_another_instance_does_not_wait() -> None:
    async with slow_bench(ports=2) as bench:
        bench.send("AT#SGACT=1,1\r")
        await bench.advance(0.2)
        bench.hosts[1].send("AT+CGMM\r")
        await bench.advance(0.2)
        assert bench.read() == ""
        assert bench.hosts[1].read() == information("GE865-QUAD")
        bench.hosts[1].send("AT#SGACT=1,1\r")
        await bench.advance(LONG)
        assert bench.read() == ACTIVE
        assert "ERROR" in bench.hosts[1].read()


@pytest.mark.parametrize("restarts", [True, False], ids=["restart", "off"])
async def test_a_module_that_loses_its_power_during_an_activation_says_nothing_more_of_it(restarts: bool) -> None:
    async with slow_bench() as bench:
        power = bench.modem.device.power
        bench.send("AT#SGACT=1,1\r")
        await bench.advance(0.5)
        power.restart() if restarts else power.off()
        await bench.advance(LONG)
        assert bench.read() == ""
        assert power.running is restarts
        assert not bench.modem.device.contexts.is_active(1)


async def test_the_network_that_is_lost_during_an_activation_ends_it_with_an_error() -> None:
    async with slow_bench() as bench:
        bench.send("AT#SGACT=1,1\r")
        await bench.advance(0.5)
        bench.modem.device.coverage.cover_registration(2)
        await bench.advance(LONG)
        assert bench.read() == cme(30)


async def test_a_late_activation_is_later_still() -> None:
    """What a scenario says comes on top."""
    async with slow_bench() as bench:
        bench.modem.faults.add("activation-late", duration="60 s")
        answer, seconds = await seconds_of(bench, "AT#SGACT=1,1", most=LONG)

        assert answer == ACTIVE
        assert 61 < seconds < 75


async def test_a_refusal_takes_its_own_time() -> None:
    async with slow_bench("HE910") as bench:
        bench.modem.faults.add("activation-refused")
        answer, seconds = await seconds_of(bench, "AT#SGACT=1,1", most=LONG)

        assert answer == cme(133)
        assert 1.4 < seconds < 2.2


async def test_a_host_may_give_up_an_activation_by_typing() -> None:
    """#SGACTCFGEXT, as where nothing takes time but the network."""
    async with slow_bench() as bench:
        await succeed(bench, "AT#SGACTCFGEXT=1,1")
        bench.send("AT#SGACT=1,1\r")
        await bench.advance(0.5)
        bench.send("x")
        await bench.advance(0.1)
        assert bench.read() == "\r\nNO CARRIER\r\n"
        await bench.advance(LONG)
        assert not bench.modem.device.contexts.is_active(1)


async def test_a_fault_at_the_command_strikes_as_it_arrives() -> None:
    """The command is not carried out then."""
    async with slow_bench() as bench:
        bench.modem.faults.add("reboot", command="+CFUN")
        bench.send("AT+CFUN=4\r")
        await bench.advance(0.2)
        assert not bench.modem.device.power.running
        await bench.advance(LONG)
        assert bench.read() == ""
        assert bench.modem.device.radio.functionality == 1


async def test_a_host_that_leaves_meanwhile_is_not_answered() -> None:
    async with slow_bench() as bench:
        bench.send("AT+COPS=?\r")
        await bench.advance(1)
        bench.port.host_close()
        bench.port.host_open()
        bench.send("AT+CSQ\r")
        await bench.advance(LONG)
        assert "+CSQ: " in bench.read()


async def test_a_bench_lets_time_pass_for_an_answer() -> None:
    async with Bench("HE910", realistic=True) as bench:
        assert information("HE910") == await bench.command("AT+CGMM", within=1)


async def test_a_dialled_party_rings_later() -> None:
    async with slow_bench() as bench:
        answer, seconds = await seconds_of(bench, "ATD12345;", most=60)

        assert answer == OK
        assert 4 < seconds < 20


async def test_dtr_that_falls_before_a_dial_has_begun_ends_it_as_it_begins() -> None:
    """The line takes some milliseconds, in which nothing dials yet."""
    async with slow_bench() as bench:
        assert (await bench.command("AT#SGACT=1,1", within=30)).endswith(OK)
        await succeed(bench, "AT&D2")
        bench.send('AT#SD=1,0,80,"10.1.1.1",0,0,1\r')
        bench.port.host_lines(HostLines.RTS)
        await bench.advance(0.2)
        assert bench.read() == "\r\nNO CARRIER\r\n"
