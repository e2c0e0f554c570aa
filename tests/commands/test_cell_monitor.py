"""#MONI, #SERVINFO, #RFSTS, #BND, #PSNT and their like."""

from pathlib import Path

import pytest

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, GSM_LINES, refused
from tests.commands.ssl_bench import ERROR, GSM, OK, UMTS, at_once, cme, information, succeed

TIM = "network.signal=19"
"""-75 dBm, as in the public examples."""


@pytest.mark.parametrize("firmware", GSM_LINES)
async def test_a_gsm_cell_and_its_neighbours_are_shown(firmware: str) -> None:
    """The serving one, one by one, and in a table (Software User Guide 2.11.4)."""
    async with Bench(firmware, settings=[TIM]) as bench:
        serving = "#MONI: I TIM BSIC:70 RxQual:0 LAC:55FA Id:12EB ARFCN:979 PWR:-75dbm TA:0"
        assert information(serving) == await bench.command("AT#MONI")
        await succeed(bench, "AT#MONI=1")
        neighbour = "#MONI: Adj Cell1 LAC:55FA Id:1D77 ARFCN:756 PWR:-94dbm"
        assert information(neighbour) == await bench.command("AT#MONI")
        await succeed(bench, "AT#MONI=6")
        assert OK == await bench.command("AT#MONI")
        await succeed(bench, "AT#MONI=7")
        table = (
            "#MONI: Cell  BSIC  LAC  CellId  ARFCN    Power  C1  C2  TA  RxQual  PLMN",
            "#MONI:  S    70  55FA   12EB     979   -75dbm  28  28   0     0    I TIM",
            "#MONI: N1    71  55FA   1D77     756   -94dbm   9   9",
            "#MONI: N2    75  55FA   12EC    1001   -99dbm   3   3",
        )
        assert information(*table) == await bench.command("AT#MONI")
        assert information("#MONI: (7,7)") == await bench.command("AT#MONI=?")
        await succeed(bench, "AT#MONI=", "AT+COPS=2")
        nothing = "#MONI: Cc:000 Nc:00 BSIC:70 RxQual:0 LAC:55FA Id:12EB ARFCN:979 PWR:-111dbm TA:0"
        assert information(nothing) == await bench.command("AT#MONI")


@EVERY_LINE
async def test_what_cells_do_not_take_is_refused(firmware: str) -> None:
    """And that they exist is tested."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT#SERVINFO=?", "AT#RFSTS=?")
        await refused(bench, "AT#MONI=8", "AT#MONI=x", "AT#MONI?", "AT#SERVINFO=1", "AT#SERVINFO?", "AT#RFSTS=1")
        await succeed(bench, "AT+COPS=2")
        await refused(bench, "AT#SERVINFO", code=30)


async def test_a_gsm_cell_is_shown_in_numbers() -> None:
    """#SERVINFO and #RFSTS (public captures have this form)."""
    async with Bench(GSM, settings=[TIM]) as bench:
        serving = '#SERVINFO: 979,-75,"I TIM","22201",70,55FA,00,1,,"II",01,6'
        assert information(serving) == await bench.command("AT#SERVINFO")
        status = '#RFSTS: "222 01",979,-75,55FA,01,5,19,10,2,12EB,"222010000000001","I TIM",3,2'
        assert information(status) == await bench.command("AT#RFSTS")
        await succeed(bench, "AT+CGATT=0")
        assert ',"I TIM",1,2' in await bench.command("AT#RFSTS")
        await succeed(bench, "AT+COPS=2")
        status = '#RFSTS: ,979,-111,55FA,01,5,19,10,2,12EB,"222010000000001","",0,2'
        assert information(status) == await bench.command("AT#RFSTS")


async def test_an_utran_cell_is_shown() -> None:
    """With its own fields; the lists of neighbours are empty."""
    async with Bench(UMTS, settings=["network.signal=8"]) as bench:
        serving = "#MONI: I TIM PSC:49 RSCP:-100 LAC:EF8D Id:52D2388 EcIo:-2.5 UARFCN:10638 PWR:-97 dbm DRX:64 SCR:784"
        assert information(serving) == await bench.command("AT#MONI")
        await succeed(bench, "AT#MONI=1")
        assert OK == await bench.command("AT#MONI")
        serving = '#SERVINFO: 10638,-97,"I TIM","22201",49,EF8D,64,3,-100,"II",01'
        assert information(serving) == await bench.command("AT#SERVINFO")
        status = '#RFSTS: "222 01",10638,49,-2.5,-100,-97,EF8D,01,0,64,19,4,2,000,52D2388,"222010000000001","I TIM",3,1'
        assert information(status) == await bench.command("AT#RFSTS")


async def test_the_cell_is_of_the_technology_in_use() -> None:
    """+WS46=12 leaves GSM only (Software User Guide 2.11); what has changed is reported in mode 2."""
    gsm = "#MONI: I TIM BSIC:70 RxQual:0 LAC:55FA Id:12EB ARFCN:979 PWR:-75dbm TA:0"
    async with Bench(UMTS, settings=[TIM]) as bench:
        assert "UARFCN:10638" in await bench.command("AT#MONI")
        await succeed(bench, "AT+CREG=2", "AT+CGREG=2")
        heard = at_once(bench, "AT+WS46=12")
        assert f'{OK}\r\n+CREG: 1,"55FA","12EB",0\r\n\r\n+CGREG: 1,"55FA","12EB",0,"01"\r\n' == heard
        assert information(gsm) == await bench.command("AT#MONI")
        assert information('+CREG: 2,1,"55FA","12EB",0') == await bench.command("AT+CREG?")
        assert information('+COPS: 0,0,"I TIM",0') == await bench.command("AT+COPS?")
        assert information("#PSNT: 0,0") == await bench.command("AT#PSNT?")
        assert (await bench.command("AT#SERVINFO")).startswith('\r\n#SERVINFO: 979,-75,"I TIM","22201",70,55FA,00,1')
        assert (await bench.command("AT#RFSTS")).startswith('\r\n#RFSTS: "222 01",979,-75,55FA,01,5,')
        assert "arfcn: 979 bsic" in await bench.command("AT#CSURV")
        assert '22201",0)' in await bench.command("AT+COPS=?")
        await succeed(bench, "AT+CREG=1", "AT+CGREG=0", "AT#PSNT=1")
        assert OK == at_once(bench, "AT+WS46=12")
        assert f"{OK}\r\n#PSNT: 3\r\n" == at_once(bench, "AT+WS46=25")
        assert OK == at_once(bench, "AT+WS46=22")
        assert "UARFCN:10638" in await bench.command("AT#MONI")
        assert '22201",2)' in await bench.command("AT+COPS=?")


async def test_a_network_of_gsm_alone_serves_every_module() -> None:
    """`network.access_technology` is what the network offers."""
    async with Bench(UMTS, settings=["network.access_technology=0"]) as bench:
        assert "BSIC:70" in await bench.command("AT#MONI")
        await succeed(bench, "AT+CGREG=2")
        assert information('+CGREG: 2,1,"55FA","12EB",0,"01"') == await bench.command("AT+CGREG?")


@EVERY_LINE
async def test_where_nothing_is_heard_there_are_no_networks_and_no_cells(firmware: str) -> None:
    """Software User Guide 2.11.2 and 2.11.4, without an antenna; a network that denies the module is heard."""
    async with Bench(firmware) as bench:
        bench.modem.faults.add("registration-denied", duration="1 s")
        await bench.advance(0)
        for line in ("AT+COPS=?", "AT#MONI"):
            assert (await bench.command(line)).endswith(OK)
        await bench.advance(1)
        bench.modem.faults.add("registration-lost")
        await bench.advance(0)
        for line in ("AT+COPS=?", "AT#MONI", "AT#SERVINFO"):
            assert ERROR == await bench.command(line)
        await refused(bench, "AT+COPS=?", "AT#MONI", "AT#SERVINFO", code=30)
        assert information("+CSQ: 99,99") == await bench.command("AT+CSQ")
        assert information("+COPS: 0") == await bench.command("AT+COPS?")


async def test_a_cell_without_gprs_is_shown_with_less() -> None:
    """A host's captures have such lines of #SERVINFO."""
    async with Bench(GSM, settings=[TIM, 'unset=["network.gsm_cell.packet_service"]']) as bench:
        assert information('#SERVINFO: 979,-75,"I TIM","22201",70,55FA,00,0') == await bench.command("AT#SERVINFO")
        assert "pbcch" not in await bench.command("AT#CSURV")


@EVERY_LINE
async def test_bands_are_kept_at_once(firmware: str, tmp_path: Path) -> None:
    """Without &W; with UMTS there is a second parameter."""
    umts = firmware == UMTS
    async with Bench(firmware, state=tmp_path) as bench:
        values = "(0-3),(0-6)" if umts else "(0-3)"
        assert information(f"#BND: {values}") == await bench.command("AT#BND=?")
        assert information("#BND: 0,0" if umts else "#BND: 0") == await bench.command("AT#BND?")
        await succeed(bench, "AT#BND=3,5" if umts else "AT#BND=3", "AT#AUTOBND=2", "AT#PLMNMODE=1")
        await refused(
            bench,
            "AT#BND=4",
            "AT#BND=",
            "AT#BND",
            *(["AT#BND=0,7"] if umts else ["AT#BND=0,1"]),
            "AT#AUTOBND=3",
            "AT#PLMNMODE=2",
        )
        assert information("#AUTOBND: (0-2)") == await bench.command("AT#AUTOBND=?")
        assert information("#PLMNMODE: 1") == await bench.command("AT#PLMNMODE?")
    async with Bench(firmware, state=tmp_path) as bench:
        assert information("#BND: 3,5" if umts else "#BND: 3") == await bench.command("AT#BND?")
        assert information("#AUTOBND: 2") == await bench.command("AT#AUTOBND?")
        assert information("#PLMNMODE: 0") == await bench.command("AT#PLMNMODE?")


@EVERY_LINE
async def test_only_umts_firmwares_have_systems_to_choose_from(firmware: str) -> None:
    """+WS46 and #PSNT."""
    async with Bench(firmware) as bench:
        if firmware == UMTS:
            assert information("+WS46: (12,22,25)") == await bench.command("AT+WS46=?")
            assert information("+WS46: 25") == await bench.command("AT+WS46?")
            assert information("#PSNT: (0,1)") == await bench.command("AT#PSNT=?")
            await succeed(bench, "AT+WS46=22", "AT#PSNT=1")
            assert information("#PSNT: 1,3") == await bench.command("AT#PSNT?")
            await refused(bench, "AT+WS46=1", "AT#PSNT=2")
        else:
            assert information("+WS46: (12)") == await bench.command("AT+WS46=?")
            assert information("+WS46: 12") == await bench.command("AT+WS46?")
            await succeed(bench, "AT+CMEE=1", "AT+WS46=12")
            assert cme(4) == await bench.command("AT+WS46=22")
            assert ERROR == await bench.command("AT#PSNT?")


@EVERY_LINE
async def test_the_module_attaches_by_itself_unless_it_may_not(firmware: str) -> None:
    """#AUTOATT, which NVM keeps."""
    async with Bench(firmware) as bench:
        assert information("#AUTOATT: 1") == await bench.command("AT#AUTOATT?")
        assert information("#AUTOATT: (0,1)") == await bench.command("AT#AUTOATT=?")
        await refused(bench, "AT#AUTOATT=2", "AT#AUTOATT")
        await succeed(bench, "AT#AUTOATT=0", "AT+COPS=2", "AT+COPS=0")
        assert information("+CGATT: 0") == await bench.command("AT+CGATT?")
        await succeed(bench, "AT+CGATT=1", "AT+COPS=0")
        assert information("+CGATT: 1") == await bench.command("AT+CGATT?")
        await succeed(bench, "AT#REBOOT")
        await bench.advance(6)
        await bench.command("ATE0")
        assert information("+CGATT: 0") == await bench.command("AT+CGATT?")
