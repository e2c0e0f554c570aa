"""What a network and a card do to a module that starts, or that works already."""

from pathlib import Path
from typing import Any

import pytest

from emulator.testing import Bench
from tests.commands.ssl_bench import ERROR, OK, cme, information

WAITS = ("AT#SGACT=1,1", "AT+CGACT=1,1")


def scenario(folder: Path, **fault: Any) -> Path:
    path = folder / "day.toml"
    path.write_text("[[faults]]\n" + "".join(f"{key} = {value!r}\n" for key, value in fault.items()))
    return path


async def restarted(bench: Bench) -> None:
    """A module that had its power taken once the faults apply, 20 seconds later."""
    await bench.advance(0)
    bench.modem.device.power.restart()
    await bench.advance(20)
    await bench.command("ATE0")


async def test_a_network_is_found_late_from_the_first_moment_on(tmp_path: Path) -> None:
    """The module has never been registered when its host asks for the first time; then it is, and says so."""
    path = scenario(tmp_path, fault="registration-lost", duration="20 s")
    async with Bench(scenario=path) as bench:
        assert information("+CREG: 0,2") == await bench.command("AT+CREG?")
        assert information("+CGREG: 0,2") == await bench.command("AT+CGREG?")
        assert OK == await bench.command("AT+CREG=1;+CGREG=1")
        await bench.advance(19)
        assert "" == bench.read()
        await bench.advance(2)
        assert "\r\n+CREG: 1\r\n\r\n+CGREG: 1\r\n" == bench.read()


async def test_a_network_is_found_late_after_each_start() -> None:
    async with Bench() as bench:
        bench.modem.faults.add("registration-lost", command="#REBOOT", duration="30 s", times=0)
        for _ in range(2):
            await bench.command("AT#REBOOT")
            await bench.advance(10)
            await bench.command("ATE0")
            assert information("+CREG: 0,2") == await bench.command("AT+CREG?")
            await bench.advance(30)
            assert information("+CREG: 0,1") == await bench.command("AT+CREG?")


async def test_packet_service_is_refused_for_a_while() -> None:
    """The module loses what it has, goes on trying, and attaches again as soon as the network takes it."""
    async with Bench() as bench:
        for line in ("AT+CGREG=1;+CMEE=1", 'AT+CGDCONT=1,"IP","lab"'):
            await bench.command(line)
        assert information("#SGACT: 212.195.45.65") == await bench.command("AT#SGACT=1,1")
        bench.modem.faults.add("attachment-refused", cause="gprs_services_not_allowed", duration="20 s")
        await bench.advance(0)
        assert "\r\n+CGREG: 2\r\n" == bench.read()
        assert information("+CGATT: 0") == await bench.command("AT+CGATT?")
        assert information("#SGACT: 1,0") == await bench.command("AT#SGACT?")
        assert cme(107) == await bench.command("AT+CGATT=1")
        assert information("+CREG: 0,1") == await bench.command("AT+CREG?")
        await bench.advance(21)
        assert "\r\n+CGREG: 1\r\n" == bench.read()
        assert information("#SGACT: 212.195.45.65") == await bench.command("AT#SGACT=1,1")


async def test_a_host_that_wants_no_packet_service_gets_none_when_it_is_there_again() -> None:
    async with Bench() as bench:
        bench.modem.faults.add("attachment-refused", duration="20 s")
        await bench.command("AT+CGATT=0")
        await bench.advance(21)

        assert information("+CGATT: 0") == await bench.command("AT+CGATT?")
        assert OK == await bench.command("AT+CGATT=1")


async def test_a_module_that_starts_meanwhile_attaches_when_the_network_takes_it() -> None:
    async with Bench() as bench:
        bench.modem.faults.add("attachment-refused", duration="30 s")
        await restarted(bench)
        assert information("+CGREG: 0,2") == await bench.command("AT+CGREG?")
        await bench.advance(20)
        assert information("+CGREG: 0,1") == await bench.command("AT+CGREG?")


@pytest.mark.parametrize("line", WAITS)
async def test_a_context_is_activated_late_or_not_at_the_nth_time(line: str) -> None:
    """Refused, late, as usual: by the occurrence of each."""
    async with Bench() as bench:
        await bench.command('AT+CGDCONT=1,"IP","lab"')
        bench.modem.faults.add("activation-refused", cause="service_option_out_of_order")
        bench.modem.faults.add("activation-late", duration="30 s", occurrence=1)
        await bench.command("AT+CMEE=1")
        assert cme(134) == await bench.command(line)
        bench.send(f"{line}\r")
        await bench.advance(29)
        assert "" == bench.read()
        await bench.advance(2)
        assert bench.read().endswith(OK)


async def test_the_network_takes_a_context_down_at_the_nth_command() -> None:
    async with Bench() as bench:
        await bench.command('AT+CGDCONT=1,"IP","lab"')
        await bench.command("AT#SGACT=1,1")
        dropped = bench.modem.faults.add("context-dropped", command="+CSQ", occurrence=2)
        for active in (1, 0):
            await bench.command("AT+CSQ")
            assert information(f"#SGACT: 1,{active}") == await bench.command("AT#SGACT?")
        assert 1 == dropped.fired


async def test_a_card_is_busy_for_a_while_and_the_registration_stays() -> None:
    """Numbers, phonebook and messages wait for it, each with its own error; a PIN that was given is kept."""
    async with Bench("HE910", settings=["sim.pin=1234"]) as bench:
        await bench.command("AT+CMEE=1")
        assert OK == await bench.command("AT+CPIN=1234")
        bench.modem.faults.add("sim-busy", duration="10 s")
        await bench.advance(0)
        answers = [await bench.command(f"AT{name}") for name in ("+CPIN?", "+CIMI", "+CPBR=1", "+CMGL=4", "+CREG?")]
        assert [cme(14), cme(14), cme(14), "\r\n+CMS ERROR: 314\r\n", information("+CREG: 0,1")] == answers
        await bench.advance(11)
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")


async def test_a_module_that_starts_with_a_busy_card_registers_when_it_answers() -> None:
    async with Bench() as bench:
        bench.modem.faults.add("sim-busy", duration="30 s")
        await restarted(bench)
        assert information("+CREG: 0,0") == await bench.command("AT+CREG?")
        assert ERROR == await bench.command("AT+CPIN?")
        await bench.advance(20)
        assert information("+CREG: 0,1") == await bench.command("AT+CREG?")


async def test_a_registration_is_lost_and_found_while_the_card_is_busy() -> None:
    """The module does without the card's answers meanwhile."""
    async with Bench() as bench:
        bench.modem.faults.add("sim-busy", duration="30 s")
        bench.modem.faults.add("registration-lost", duration="10 s")
        await bench.advance(0)
        assert information("+CREG: 0,2") == await bench.command("AT+CREG?")
        await bench.advance(11)
        assert information("+CREG: 0,1") == await bench.command("AT+CREG?")


@pytest.mark.parametrize("name", ["Chunghwa Telecom", "Tele2, Estonia", "O2 - UK"])
async def test_an_operator_has_another_name_for_a_while(name: str) -> None:
    """Wherever the module shows it; a host finds the network by that name, and its number stays."""
    async with Bench("GE865-QUAD") as bench:
        usual = await bench.command("AT+COPS?")
        bench.modem.faults.add("operator-named", operator=name, duration="20 s")
        await bench.advance(0)
        assert information(f'+COPS: 0,0,"{name}"') == await bench.command("AT+COPS?")
        assert f'(2,"{name}",' in await bench.command("AT+COPS=?")
        assert f"#MONI: {name} BSIC:" in await bench.command("AT#MONI")
        assert f',"{name}","' in await bench.command("AT#SERVINFO")
        assert OK == await bench.command(f'AT+COPS=1,0,"{name}"')
        await bench.command("AT+COPS=0")
        await bench.advance(21)
        assert usual == await bench.command("AT+COPS?")
