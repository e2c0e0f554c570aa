"""The cell of E-UTRAN: what each command shows of it, the technologies, and registration by +CEREG."""

import pytest

from emulator.testing import Bench
from tests.commands.lines import refused
from tests.commands.ssl_bench import ERROR, GSM, OK, UMTS, at_once, information, succeed

LE910, ME910, ME310 = "LE910C1", "ME910C1", "ME310G1"
CELL_OF_LE910 = '"2242","B5D125",7'
CELL_OF_ME910 = '"36EE","490A66",8'


async def test_an_le910c1_shows_its_cell() -> None:
    """In the forms that a host has recorded."""
    async with Bench(LE910, settings=["network.signal=23"]) as bench:
        await succeed(bench, "AT+CEREG=2", "AT+CREG=2", "AT+CGREG=2")
        for line, shown in (
            ("AT+CEREG?", f"+CEREG: 2,1,{CELL_OF_LE910}"),
            ("AT+CREG?", f"+CREG: 2,1,{CELL_OF_LE910}"),
            ("AT+CGREG?", f'+CGREG: 2,1,{CELL_OF_LE910},"FF"'),
            ("AT+CSQ", "+CSQ: 23,99"),
            ("AT+CESQ", "+CESQ: 99,99,255,255,18,43"),
            ("AT#PSNT?", "#PSNT: 0,4"),
            ("AT#MONI", "#MONI: I TIM RSRP:-98 RSRQ:-11 TAC:2242 Id:0B5D125 EARFCN:100 PWR:-67dbm DRX:128 pci:335"
             " QRxLevMin:0"),
            ("AT#SERVINFO", '#SERVINFO: 100,-67,"I TIM","22201",0B5D125,2242,128,3,-98'),
            ("AT#RFSTS", '#RFSTS: "222 01",100,-98,-67,-11,2242,,128,3,1,0B5D125,"222010000000001","I TIM",3,1,120'),
            ("AT#BND?", "#BND: 0,0,524420"),
            ("AT+COPS?", '+COPS: 0,0,"I TIM",7'),
        ):  # fmt: skip
            assert information(shown) == await bench.command(line)


async def test_an_me910c1_shows_its_cell() -> None:
    """In the forms of a documented dialogue, at its signal."""
    async with Bench(ME910, settings=["network.signal=35", "network.eutran_cell.cell='00000AF'"]) as bench:
        await succeed(bench, "AT+CEREG=5", "AT+CGREG=2")
        for line, shown in (
            ("AT+CEREG?", '+CEREG: 5,1,"36EE","AF",8'),
            ("AT+CGREG?", "+CGREG: 2,0"),
            ("AT+CESQ", "+CESQ: 99,99,255,255,34,81"),
            ("AT#SERVINFO", '#SERVINFO: 6400,-43,"I TIM","22201",00000AF,36EE,32,3,-60'),
            ("AT#RFSTS", '#RFSTS: "222 01",6400,-60,-43,-3,36EE,FF,,32,3,1,00000AF,"222010000000001","I TIM",3,20,720,'
             "3240,20"),
            ("AT#MONI=1", None),
            ("AT#MONI", None),
        ):  # fmt: skip
            assert (information(shown) if shown else OK) == await bench.command(line)


async def test_the_sent_power_stands_in_its_place() -> None:
    """Where the profile has one, as in traffic."""
    async with Bench(LE910, settings=["network.eutran_cell.transmission_power=227"]) as bench:
        assert ",2242,227,128," in await bench.command("AT#RFSTS")


async def test_a_survey_finds_the_cell() -> None:
    """An LE910 shows powers; an ME310 does not, and marks NB-IoT."""
    async with Bench(LE910) as bench:
        found = "rxLev: -73 mcc: 222 mnc: 01 cellid: 335 tac: 8770 cellIdentity: 11915557 rsrp: -104.00 rsrq: -11.00"
        assert f"earfcn: 100 {found}" in await bench.command("AT#CSURV")
    async with Bench(ME310, settings=["network.access_technology=9"]) as bench:
        await succeed(bench, "AT#CSURVF=1")
        found = "rxLev: 0 mcc: 222 mnc: 01 NBIoTcellid: 175 tac: 36EE cellIdentity: 0490A66 rsrp: 0.00 rsrq: 0.00"
        assert f"earfcn: 6400 {found}" in await bench.command("AT#CSURV")
        assert "earfcn: 5 rxLev: -110\r\n" in await bench.command("AT#CSURVU=5")


async def test_extended_quality_in_every_system() -> None:
    """27.007 8.69: of GSM, of UTRAN, and of nothing."""
    async with Bench(LE910, settings=["network.bit_errors=3"]) as bench:
        await succeed(bench, "AT+WS46=12")
        assert information("+CESQ: 38,3,255,255,255,255") == await bench.command("AT+CESQ")
        await succeed(bench, "AT+WS46=22")
        assert information("+CESQ: 99,99,45,44,255,255") == await bench.command("AT+CESQ")
        await succeed(bench, "AT+COPS=2")
        assert information("+CESQ: 99,99,255,255,255,255") == await bench.command("AT+CESQ")


@pytest.mark.parametrize(
    ("value", "technology"), [(12, 0), (22, 2), (25, 7), (28, 7), (29, 2), (30, 7), (31, 7)]
)  # fmt: skip
async def test_the_radio_technologies_choose_the_cell(value: int, technology: int) -> None:
    """+WS46: the best one that is allowed."""
    async with Bench(LE910) as bench:
        await succeed(bench, f"AT+WS46={value}")
        assert information(f'+COPS: 0,0,"I TIM",{technology}') == await bench.command("AT+COPS?")


async def test_leaving_lte_is_reported() -> None:
    """+CEREG has the registration in E-UTRAN alone; +CGREG that of the others, with <rac> left empty in the URC."""
    async with Bench(ME910) as bench:
        await succeed(bench, "AT+CREG=2", "AT+CGREG=2", "AT+CEREG=2", "AT#PSNT=1")
        told = '\r\n+CREG: 1,"55FA","12EB",0\r\n\r\n+CGREG: 1,"55FA","12EB",0,\r\n\r\n#PSNT: 0\r\n\r\n+CEREG: 0\r\n'
        assert OK + told == at_once(bench, "AT+WS46=12")
        assert information('+CGREG: 2,1,"55FA","12EB",0,"01"') == await bench.command("AT+CGREG?")
        assert information("+CEREG: 2,0") == await bench.command("AT+CEREG?")
        assert f"\r\n+CEREG: 1,{CELL_OF_ME910}\r\n" in at_once(bench, "AT+WS46=30")


async def test_operators_are_listed_by_technology_and_chosen_with_it() -> None:
    """Those that +WS46 allows; an operator that has none of that technology is out of reach."""
    async with Bench(ME910) as bench:
        await succeed(bench, "AT+CREG=2")
        tim, wind = '"I TIM","I TIM","22201"', '"I WIND","I WIND","22288"'
        listed = f"+COPS: (2,{tim},8),(1,{tim},9),(1,{tim},0),(1,{wind},8),,(0-4),(0-2)"
        assert information(listed) == await bench.command("AT+COPS=?")
        at_once(bench, 'AT+COPS=2;+COPS=1,2,"22201",9')
        assert information('+COPS: 1,2,"22201",9') == await bench.command("AT+COPS?")
        assert f"(1,{tim},8),(2,{tim},9)" in await bench.command("AT+COPS=?")
        assert information('+CREG: 2,1,"36EE","490A66",9') == await bench.command("AT+CREG?")
        at_once(bench, 'AT+COPS=2;+COPS=1,2,"22201",0')
        assert information('+CREG: 2,1,"55FA","12EB",0') == await bench.command("AT+CREG?")
        at_once(bench, "AT+COPS=0;+WS46=28")
        assert f"+COPS: (2,{tim},8),(1,{tim},9),(1,{wind},8),," in await bench.command("AT+COPS=?")
        assert ERROR == await bench.command('AT+COPS=1,2,"22288",9')
        await refused(bench, 'AT+COPS=1,2,"22201",7', "AT#WS46=4", "AT+WS46=25")


async def test_the_technology_for_machines_counts_from_the_next_start() -> None:
    """#WS46: LTE-M or NB-IoT alone, or what the network offers."""
    async with Bench(ME910) as bench:
        await succeed(bench, "AT#WS46=1")
        assert information('+COPS: 0,0,"I TIM",8') == await bench.command("AT+COPS?")
        await succeed(bench, "AT#REBOOT")
        await bench.advance(60)
        bench.read()
        await bench.command("ATE0")
        assert information("#WS46: 1") == await bench.command("AT#WS46?")
        assert information('+COPS: 0,0,"I TIM",9') == await bench.command("AT+COPS?")


async def test_faults_of_the_registration_reach_cereg() -> None:
    """Lost, denied, and taken in as roaming."""
    for firmware, cell in ((LE910, CELL_OF_LE910), (ME910, CELL_OF_ME910)):
        async with Bench(firmware) as bench:
            await succeed(bench, "AT+CEREG=2", "AT+CGEREP=1")
            bench.modem.faults.add("registration-lost")
            await bench.advance(0)
            assert "\r\n+CEREG: 2\r\n\r\n+CGEV: NW PDN DEACT 1\r\n" == bench.read()
            bench.modem.faults.add("registration-denied")
            await bench.advance(0)
            assert "\r\n+CEREG: 3\r\n" == bench.read()
            bench.modem.faults.add("registration-regained", roaming=True)
            await bench.advance(0)
            assert f"\r\n+CGEV: EPS PDN ACT 1\r\n\r\n+CEREG: 5,{cell}\r\n" == bench.read()
            bench.modem.faults.add("signal", rssi=3)
            await bench.advance(0)
            assert "+CSQ: 3," in await bench.command("AT+CSQ")


@pytest.mark.parametrize("firmware", [ME910, ME310])
async def test_the_higher_modes_of_cereg_tell_why_the_network_denies(firmware: str) -> None:
    """27.007 10.1.22: 3 and 5 with the EMM cause of the profile and no place; no timers, as none are granted."""
    async with Bench(firmware, settings=["network.eutran_cell.rejection=11"]) as bench:
        for mode, told in ((1, "3"), (2, "3"), (3, "3,,,,0,11"), (4, "3"), (5, "3,,,,0,11")):
            await succeed(bench, f"AT+CEREG={mode}")
            denied = bench.modem.faults.add("registration-denied")
            await bench.advance(0)
            assert f"\r\n+CEREG: {told}\r\n" == bench.read()
            assert information(f"+CEREG: {mode},{told}") == await bench.command("AT+CEREG?")
            bench.modem.faults.remove(denied.number)
            await bench.advance(0)
            regained = f"1,{CELL_OF_ME910}" if mode > 1 else "1"
            assert f"\r\n+CEREG: {regained}\r\n" == bench.read()
            assert information(f"+CEREG: {mode},{regained}") == await bench.command("AT+CEREG?")
            assert f"{OK}\r\n+CEREG: 0\r\n" == at_once(bench, "AT+COPS=2")
            assert information(f"+CEREG: {mode},0") == await bench.command("AT+CEREG?")
            assert f"{OK}\r\n+CEREG: {regained}\r\n" == at_once(bench, "AT+COPS=0")


async def test_the_cause_of_a_denial_is_told_where_the_modes_are() -> None:
    """A firmware with modes up to 2 refuses 3."""
    async with Bench(LE910) as bench:
        await refused(bench, "AT+CEREG=3")


async def test_detaching_is_reported_before_the_ok() -> None:
    """As +CGREG of older lines."""
    async with Bench(LE910) as bench:
        await succeed(bench, "AT+CEREG=1", "AT+CGREG=1")
        assert information("+CGREG: 0", "+CEREG: 0") == await bench.command("AT+CGATT=0")
        assert information("+CGREG: 1", "+CEREG: 1") == await bench.command("AT+CGATT=1")
        assert f"{OK}\r\n+CEREG: 0\r\n\r\n+CGREG: 0\r\n" == at_once(bench, "AT+CFUN=4")
        assert f"{OK}\r\n+CGREG: 1\r\n\r\n+CEREG: 1\r\n" == at_once(bench, "AT+CFUN=1")


async def test_the_packet_technology_of_an_unregistered_module_is_unknown() -> None:
    """5, on lines that say so."""
    async with Bench(ME910) as bench:
        await succeed(bench, "AT+COPS=2")
        assert information("#PSNT: 0,5") == await bench.command("AT#PSNT?")


async def test_power_saving_is_kept_as_it_was_asked_for() -> None:
    """+CPSMS and +CEDRXS, with their bits; mode 2 and 3 forget them."""
    async with Bench(ME910) as bench:
        await succeed(bench, 'AT+CPSMS=1,,,"01000001","00000111"', 'AT+CEDRXS=1,5,"0001"', "AT+CEMODE=0")
        assert information('+CPSMS: 1,,,"01000001","00000111"') == await bench.command("AT+CPSMS?")
        assert information('+CEDRXS: 5,"0001"') == await bench.command("AT+CEDRXS?")
        assert information("+CEMODE: 0") == await bench.command("AT+CEMODE?")
        await succeed(bench, "AT+CPSMS=0")
        assert information('+CPSMS: 0,,,"01000001","00000111"') == await bench.command("AT+CPSMS?")
        await succeed(bench, "AT+CPSMS=2", "AT+CEDRXS=3")
        assert information("+CPSMS: 0,,,,") == await bench.command("AT+CPSMS?")
        assert OK == await bench.command("AT+CEDRXS?")
        await refused(bench, 'AT+CPSMS=1,,,"2"', 'AT+CEDRXS=1,5,"01"')


@pytest.mark.parametrize("firmware", [GSM, UMTS, "HE920"])
async def test_modules_without_lte_have_none_of_it(firmware: str) -> None:
    """Plain ERROR, and one line of #BND at most with two numbers."""
    async with Bench(firmware) as bench:
        for name in ("+CEREG", "+CESQ", "#WS46", "+CGCONTRDP", "+CGAUTH", "+CGPIAF", "+CPSMS", "+CEDRXS", "+CEMODE"):
            assert ERROR == await bench.command(f"AT{name}=?")
        assert ERROR == await bench.command("AT#BND=0,0,1")


@pytest.mark.parametrize("firmware", [UMTS, ME910])
async def test_a_host_that_has_deregistered_stays_so_under_full_functionality(firmware: str) -> None:
    """+CFUN=1 changes nothing while the radio is on."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT+COPS=2", "AT+CFUN=1")
        assert information("+CREG: 0,0") == await bench.command("AT+CREG?")
        await succeed(bench, "AT+COPS=0")
        assert information("+CREG: 0,1") == await bench.command("AT+CREG?")
