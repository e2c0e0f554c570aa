"""Power, calendar, SIM, identity and the small settings."""

from pathlib import Path

import pytest

from emulator.testing import Bench
from tests.commands.ssl_bench import ERROR, GSM, NO_CARRIER, OK, UMTS, at_once, cme, information, succeed


async def _booted(bench: Bench, *, seconds: float = 5.1) -> None:
    """Wait out the boot time, in which nothing is said or heard."""
    bench.send("AT\r")
    await bench.advance(seconds - 0.2)
    assert "" == bench.read()
    await bench.advance(0.2)
    assert "" == bench.read()
    assert (await bench.command("ATE0")).endswith(OK)


@pytest.mark.parametrize("command", ["AT#REBOOT", "AT#ENHRST=1,0", "AT+CFUN=1,1"])
async def test_a_restart_keeps_what_nvm_holds_and_forgets_the_rest(command: str) -> None:
    """OK, silence for the boot time, then the stored profile."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMEE=1", "AT#CPUMODE=4", "AT+CGDCONT=1,IP,apn", "ATS7=30&W0", "ATS7=20")
        assert (await bench.command("AT#SGACT=1,1")).endswith(OK)
        await succeed(bench, "AT+COPS=3,2", command)
        await _booted(bench)
        for line, shown in (
            ("AT+CMEE?", "+CMEE: 0"),
            ("ATS7?", "030"),
            ("AT#CPUMODE?", "#CPUMODE: 0"),
            ("AT#SGACT?", "#SGACT: 1,0"),
            ("AT+COPS?", '+COPS: 0,0,"I TIM"'),
        ):
            assert information(shown) == await bench.command(line)


async def test_a_module_that_was_shut_down_starts_when_a_host_opens_the_port() -> None:
    """#SHDN: OK, then nothing more."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT#SHDN")
        bench.send("AT\r")
        await bench.advance(1000)
        assert "" == bench.read()
        bench.port.host_close()
        bench.port.host_open()
        await _booted(bench)


async def test_a_single_restart_comes_after_its_minutes() -> None:
    """#ENHRST=1: shown while it is due, forgotten afterwards, taken back by mode 0."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMEE=1", "AT#ENHRST=1,10")
        await bench.advance(90)
        assert information("#ENHRST: 1,10,8") == await bench.command("AT#ENHRST?")
        assert information("#ENHRST: (0-2),(0-65535)") == await bench.command("AT#ENHRST=?")
        await bench.advance(510)
        await _booted(bench)
        assert information("#ENHRST: 0") == await bench.command("AT#ENHRST?")
        await succeed(bench, "AT#ENHRST=1,10", "AT#ENHRST=0")
        await bench.advance(700)
        assert OK == await bench.command("AT")
        assert ERROR == await bench.command("AT#ENHRST=2,0")


async def test_periodic_restarts_go_on_over_restarts_and_runs(tmp_path: Path) -> None:
    """#ENHRST=2 is kept in NVM."""
    async with Bench(GSM, state=tmp_path) as bench:
        await succeed(bench, "AT#ENHRST=2,1")
        for _ in range(3):
            await bench.advance(60)
            await _booted(bench)
            assert information("#ENHRST: 2,1,0") == await bench.command("AT#ENHRST?")
    async with Bench(GSM, state=tmp_path) as bench:
        await bench.advance(60)
        await _booted(bench)
        await succeed(bench, "AT#ENHRST=0")
    async with Bench(GSM, state=tmp_path) as bench:
        assert information("#ENHRST: 0") == await bench.command("AT#ENHRST?")


async def test_only_some_lines_can_change_the_processors_speed() -> None:
    """Guide 4.1, table."""
    async with Bench(GSM) as bench:
        assert information("#CPUMODE: (0-4)") == await bench.command("AT#CPUMODE=?")
        await succeed(bench, "AT#CPUMODE=2", "AT#REBOOT=?", "AT#SHDN=?")
    async with Bench(UMTS) as bench:
        assert ERROR == await bench.command("AT#CPUMODE=2")


async def test_the_clock_is_set_with_a_zone_and_runs_on() -> None:
    """+CCLK: local time; families differ in printing the zone; a restart leaves it running."""
    for firmware, zone in ((GSM, ""), (UMTS, "-08")):
        async with Bench(firmware) as bench:
            await succeed(bench, "AT#NITZ=0", 'AT+CCLK="02/11/07,12:26:47-08"', "AT+CCLK=?", "AT#CCLK=?")
            await bench.advance(15)
            assert information(f'+CCLK: "02/11/07,12:27:02{zone}"') == await bench.command("AT+CCLK?")
            assert information('#CCLK: "02/11/07,12:27:02-08,0"') == await bench.command("AT#CCLK?")
            await succeed(bench, "AT#REBOOT")
            await _booted(bench)
            assert f"12:27:07{zone}" in await bench.command("AT+CCLK?")


@pytest.mark.parametrize(
    "text",
    ['"02/11/07,12:26:47"', '"02/13/07,12:26:47+00"', '"02/11/07,24:00:00+00"', '"02/11/07,12:26:47+97"', '""', "now"],
)
async def test_a_date_that_is_none_is_not_supported(text: str) -> None:
    """The clock stays as it was."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMEE=1")
        assert cme(4) == await bench.command(f"AT+CCLK={text}")
        assert information('+CCLK: "14/06/01,13:00:00"') == await bench.command("AT+CCLK?")


async def test_the_network_sets_the_clock_where_bit_0_of_nitz_allows_it() -> None:
    """At once, and at each registration; kept in NVM."""
    async with Bench(GSM) as bench:
        assert information("#NITZ: 7,0") == await bench.command("AT#NITZ?")
        assert information("#NITZ: (0-255),(0,1)") == await bench.command("AT#NITZ=?")
        await succeed(bench, "AT#NITZ=0", 'AT+CCLK="02/11/07,12:26:47+00"', "AT+COPS=2", "AT+COPS=0")
        assert information('+CCLK: "02/11/07,12:26:47"') == await bench.command("AT+CCLK?")
        await succeed(bench, "AT#NITZ=1")
        assert information('+CCLK: "14/06/01,13:00:00"') == await bench.command("AT+CCLK?")
        await succeed(bench, 'AT+CCLK="02/11/07,12:26:47+00"', "AT+COPS=2", "AT+COPS=0")
        assert information('+CCLK: "14/06/01,13:00:00"') == await bench.command("AT+CCLK?")
        await succeed(bench, "AT#NITZ=")
        assert information("#NITZ: 7,0") == await bench.command("AT#NITZ?")


@pytest.mark.parametrize(("use", "report"), [(0, ""), (1, ""), (7, "+04"), (15, "+04,0")])
async def test_mode_1_reports_the_networks_time_at_registration(use: int, report: str) -> None:
    """With the zone by bit 2, and with daylight saving by bit 3."""
    async with Bench(GSM) as bench:
        await succeed(bench, f"AT#NITZ={use},1", "AT+COPS=2")
        answer = at_once(bench, "AT+COPS=0")
        assert f"{OK}\r\n#NITZ: 14/06/01,13:00:00{report}\r\n" == answer


async def test_a_module_without_a_battery_for_its_clock_wakes_up_in_the_past() -> None:
    """Until the network sets it (#NITZ), or for as long as its time is not wanted."""
    settings = ["calendar.power_up=factory"]
    async with Bench(UMTS, settings=settings) as bench:
        assert information('+CCLK: "00/01/01,00:00:00+04"') == await bench.command("AT+CCLK?")
        await succeed(bench, "AT#NITZ=1")
        assert information('+CCLK: "14/06/01,13:00:00+04"') == await bench.command("AT+CCLK?")
    async with Bench(GSM, settings=[*settings, "network.registration=2"]) as bench:
        assert information('+CCLK: "00/01/01,00:00:00"') == await bench.command("AT+CCLK?")
    async with Bench(GSM, settings=settings) as bench:
        assert information('+CCLK: "14/06/01,13:00:00"') == await bench.command("AT+CCLK?")


async def test_the_sim_is_unlocked_by_its_pin() -> None:
    """3 tries, then 10 with the PUK; unlocking registers and is reported (27.007 8.3, #QSS)."""
    async with Bench(GSM, settings=["sim.pin=1234", "sim.puk=87654321"]) as bench:
        await succeed(bench, "AT+CMEE=1", "AT#QSS=2", "AT+CPIN=?")
        assert information("#QSS: 2,1") == await bench.command("AT#QSS?")
        assert information("+CPIN: SIM PIN") == await bench.command("AT+CPIN?")
        for _ in range(3):
            assert cme(16) == await bench.command("AT+CPIN=0000")
        assert information("+CPIN: SIM PUK") == await bench.command("AT+CPIN?")
        assert cme(12) == await bench.command("AT+CIMI")
        assert cme(16) == await bench.command("AT+CPIN=1234")
        assert cme(16) == await bench.command('AT+CPIN="11111111","4321"')
        answer = at_once(bench, 'AT+CPIN="87654321","4321"')
        assert f"{OK}\r\n#QSS: 2\r\n\r\n#QSS: 3\r\n" == answer
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")
        assert information("#QSS: 2,3") == await bench.command("AT#QSS?")
        assert information("+CREG: 0,1") == await bench.command("AT+CREG?")
        assert cme(3) == await bench.command("AT+CPIN=4321")
        await succeed(bench, "AT#REBOOT")
        await _booted(bench)
        assert ERROR == await bench.command("AT+CIMI")
        await succeed(bench, "AT+CPIN=4321")


async def test_a_sim_without_tries_left_is_dead() -> None:
    """Ten wrong PUKs: SIM failure, even with the right one."""
    async with Bench(GSM, settings=["sim.pin=1234"]) as bench:
        await succeed(bench, "AT+CMEE=1")
        for _ in range(3):
            await bench.command("AT+CPIN=0000")
        await succeed(bench, "AT+CFUN=1")
        for _ in range(10):
            assert cme(16) == await bench.command("AT+CPIN=11111111,4321")
        assert cme(13) == await bench.command("AT+CPIN=12345678,4321")
        await succeed(bench, "AT#REBOOT")
        await _booted(bench)
        assert information("+CPIN: SIM PUK") == await bench.command("AT+CPIN?")


async def test_without_a_sim_there_is_none() -> None:
    """SIM not inserted (10)."""
    async with Bench(GSM, settings=["sim.present=false"]) as bench:
        await succeed(bench, "AT+CMEE=1")
        assert cme(10) == await bench.command("AT+CPIN?")
        assert cme(10) == await bench.command("AT+CPIN=1234")
        assert information("#QSS: 0,0") == await bench.command("AT#QSS?")
        assert information("#QSS: (0-2)") == await bench.command("AT#QSS=?")


async def test_the_module_says_who_it_is() -> None:
    """Bare, and behind the name of the command."""
    async with Bench(GSM) as bench:
        for names, value in (
            ("+CGMI +GMI", "Telit"),
            ("+CGMM +GMM", "GE865-QUAD"),
            ("+CGMR +GMR", "10.00.007"),
            ("+CGSN", "001023000000019"),
            ("+CIMI", "222010000000001"),
            ("+GSN", "0001234567"),
            ("+GCAP", "+GCAP: +CGSM,+DS"),
        ):
            for name in names.split():
                assert information(value) == await bench.command(f"AT{name}")
        for name, value in (("CGMM", "GE865-QUAD"), ("CIMI", "222010000000001"), ("CCID", "8939010000000000009")):
            assert information(f"#{name}: {value}") == await bench.command(f"AT#{name}")
        await succeed(bench, "AT+CGMI=?", "AT#CGMI=?", "AT#CGSN=?")
        assert information("332") == await bench.command("ATI")
        assert information("GE865-QUAD") == await bench.command("ATI4")
        assert OK == await bench.command("ATI9")


async def test_without_a_call_there_is_nothing_to_answer_or_to_return_to() -> None:
    """The commands of V.250 6.3 are there; without `;` nobody is reached."""
    async with Bench(GSM) as bench:
        for command in ("ATD123", "ATA", "ATO", "ATO0"):
            assert NO_CARRIER == await bench.command(command)
        await succeed(bench, "ATH", "ATH0", "ATP", "ATT")


async def test_settings_are_set_shown_and_described() -> None:
    """One command a setting, from the profile."""
    async with Bench(GSM) as bench:
        await succeed(bench, "AT+CMEE=1", "AT&K0", "AT&K", "ATX4", "ATL", "AT+ICF=3", "AT+IFC=0,2", "AT+IPR=9600")
        for line, shown in (
            ("AT+CMEE?", "+CMEE: 1"),
            ("AT+CMEE=?", "+CMEE: (0-2)"),
            ("AT+ICF?", "+ICF: 3,0"),
            ("AT+ICF=?", "+ICF: (0-5),(0,1)"),
            ("AT+IFC?", "+IFC: 0,2"),
            ("AT+IPR?", "+IPR: 9600"),
            ("ATS2?", "043"),
            ("AT#SELINT=?", "#SELINT: (0-2)"),
            ("AT#SELINT?", "#SELINT: 0"),
        ):
            assert information(shown) == await bench.command(line)
        await succeed(bench, "ATS7=61", "AT#SELINT=2")
        assert information("#SELINT: 2") == await bench.command("AT#SELINT?")
        assert cme(4) == await bench.command("ATS7=0")
        assert cme(4) == await bench.command("AT#SELINT=3")
        assert cme(4) == await bench.command("AT+IFC=0,1")
        for line, shown in (("AT&K4", "1,1"), ("AT+IFC=2", "2,2"), ("AT&K6", "0,0")):
            await succeed(bench, line)
            assert information(f"+IFC: {shown}") == await bench.command("AT+IFC?")
    async with Bench(UMTS) as bench:
        assert information("#SELINT: (2)") == await bench.command("AT#SELINT=?")


async def test_user_profiles_store_and_restore_the_settings(tmp_path: Path) -> None:
    """&W, Z, &F, and what &Y and &P load at power-on; over runs, too."""
    async with Bench(GSM, state=tmp_path) as bench:
        await succeed(bench, "ATS7=11;+CMEE=1;&W", "ATS7=22;+CMEE=2;&W1", "AT&FE0", "ATZ")
        assert information("011") == await bench.command("ATS7?")
        await succeed(bench, "ATE0Z1")
        assert information("022") == await bench.command("ATS7?")
        assert information("+CMEE: 2") == await bench.command("AT+CMEE?")
        await succeed(bench, "AT&FE0")
        assert information("+CMEE: 2") == await bench.command("AT+CMEE?")
        await succeed(bench, "AT&F1E0")
        await bench.command("ATE0")
        assert information("+CMEE: 0") == await bench.command("AT+CMEE?")
        assert "\r\nS7          : 60\r\n" in await bench.command("AT&V")
        assert (await bench.command("AT&V1")).endswith(OK)
        await succeed(bench, "AT&Y1")
    for command, seconds, errors in (("AT&P1", "022", 0), ("AT&P", "022", 2), ("AT&Y", "011", 1)):
        async with Bench(GSM, state=tmp_path) as bench:
            assert information(seconds) == await bench.command("ATS7?")
            assert information(f"+CMEE: {errors}") == await bench.command("AT+CMEE?")
            await succeed(bench, command)
