"""Voice calls, both ways: dialling and its results, ringing, answering, waiting, holding, ending."""

import pytest

from emulator.device.calls.call import Release
from emulator.device.calls.far_end import VoiceCall
from emulator.errors import UserError
from emulator.line.serial.lines import HOST_IS_READY, DeviceLines, HostLines
from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.socket_bench import TcpPeer, socket_bench
from tests.commands.ssl_bench import CONNECT, ERROR, GSM, HOST, NO_CARRIER, OK, UMTS, cme, information, succeed
from tests.line.mux.hosts import MuxHost

BUSY, NO_ANSWER = "\r\nBUSY\r\n", "\r\nNO ANSWER\r\n"
RING = "\r\nRING\r\n"
PARTIES = (
    'calls.parties=[{number="101",outcome="busy"},{number="102",outcome="no-answer"},{number="103",outcome="refuses"},'
    '{number="104",outcome="unassigned"},{number="105",outcome="waits"}]'
)


def urc(*lines: str) -> str:
    """URCs, one after another."""
    return "".join(f"\r\n{line}\r\n" for line in lines)


async def dial(bench: Bench, command: str, seconds: float) -> str:
    """Dial, let time pass, and return what the module has said."""
    bench.send(f"{command}\r")
    await bench.advance(seconds)
    return bench.read()


def ring(bench: Bench, number: str = "+4912345") -> int:
    """Call the module."""
    return bench.modem.calls.ring(number)


@EVERY_LINE
async def test_a_dialled_call_is_listed_until_it_ends(firmware: str) -> None:
    """OK at ringing, +CLCC and +CPAS on the way, NO CARRIER when the other side hangs up, and why (+CEER, #CEER)."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT#SELINT=2")
        assert information("+CEER: No error") == await bench.command("AT+CEER")
        assert information("#CEER: 0") == await bench.command("AT#CEER")
        assert OK == await bench.command("ATD+393331234567;")
        assert information('+CLCC: 1,0,3,0,0,"+393331234567",145,""') == await bench.command("AT+CLCC")
        assert information("+CPAS: 4") == await bench.command("AT+CPAS")
        await bench.advance(1)
        assert information('+CLCC: 1,0,0,0,0,"+393331234567",145,""') == await bench.command("AT+CLCC")
        assert information("+CIND: 5,0,1,0,0,1,0,0,3") == await bench.command("AT+CIND?")
        bench.modem.calls.end()
        assert NO_CARRIER == bench.read()
        assert OK == await bench.command("AT+CLCC")
        assert information("+CPAS: 0") == await bench.command("AT+CPAS")
        assert information("+CEER: Normal call clearing") == await bench.command("AT+CEER")
        assert information("#CEER: 16") == await bench.command("AT#CEER")


@pytest.mark.parametrize(
    ("number", "seconds", "answer", "cause"),
    [
        ("101", 0, BUSY, 17),
        ("104", 0, NO_CARRIER, 1),
        ("102", 60, f"{OK}{NO_ANSWER}", 19),
        ("103", 1, f"{OK}{NO_CARRIER}", 21),
    ],
)
async def test_the_profile_says_who_does_not_answer(number: str, seconds: float, answer: str, cause: int) -> None:
    """Before the other side rings that is the result of ATD, later a URC."""
    async with Bench(UMTS, settings=[PARTIES]) as bench:
        assert answer == await dial(bench, f"ATD{number};", seconds)
        assert information(f"#CEER: {cause}") == await bench.command("AT#CEER")


async def test_a_call_may_wait_for_the_user_of_the_emulator() -> None:
    """Who answers, is busy, or refuses by Python or `ctl`."""
    async with Bench(UMTS, settings=[PARTIES]) as bench:
        calls = bench.modem.calls
        await succeed(bench, "AT#DIALMODE=1")
        assert await dial(bench, "ATD105;", 10) == ""
        calls.answer()
        assert OK == await bench.answer()
        await succeed(bench, "AT+VTS=12#", "ATH")
        for act, result in ((calls.busy, BUSY), (calls.end, NO_CARRIER)):
            assert await dial(bench, "ATD105;", 10) == ""
            act()
            assert result == await bench.answer()
        with pytest.raises(UserError, match="there is no such call"):
            calls.answer()


async def test_x0_reports_no_busy_tone() -> None:
    """It is NO CARRIER then."""
    async with Bench(GSM, settings=[PARTIES]) as bench:
        await succeed(bench, "ATX0")
        assert NO_CARRIER == await bench.command("ATD101;")


async def test_dialmode_says_when_the_result_comes() -> None:
    """1: at the answer; 2: each step as a line, and no OK; typing ends the dial."""
    async with Bench(GSM, settings=["calls.rings_after=2", "calls.answers_after=3"]) as bench:
        assert await dial(bench, "ATD123;", 1) == ""
        await bench.advance(1)
        assert OK == bench.read()
        await succeed(bench, "ATH", "AT#DIALMODE=1")
        assert await dial(bench, "ATD123;", 4) == ""
        await bench.advance(1)
        assert OK == bench.read()
        await succeed(bench, "ATH", "AT#DIALMODE=2")
        assert urc("DIALING") == await dial(bench, "ATD123;", 0)
        await bench.advance(2)
        assert urc("RINGING") == bench.read()
        await bench.advance(3)
        assert urc("CONNECTED") == bench.read()
        assert information("RELEASED") == await bench.command("ATH")
        await dial(bench, "ATD123;", 5)
        bench.modem.calls.end()
        assert urc("DISCONNECTED") == bench.read()
        assert urc("DIALING") == await dial(bench, "ATD123;", 1)
        bench.send("x")
        assert NO_CARRIER == await bench.answer()
        assert OK == await bench.command("AT+CLCC")


async def test_what_is_no_voice_call() -> None:
    """Without `;` or +FCLASS=8, and what is no number."""
    async with Bench(UMTS) as bench:
        assert NO_CARRIER == await bench.command("ATD123")
        await succeed(bench, "AT+FCLASS=8", "ATD123", "ATH", "AT+FCLASS=0", "ATDT 0-40,4W1;", "ATH", "AT+CMEE=1")
        assert cme(27) == await bench.command("ATDxyz;")
        assert cme(27) == await bench.command("ATD;")
        await succeed(bench, "AT+CFUN=4")
        assert NO_CARRIER == await bench.command("ATD123;")
        assert information("+CEER: Network out of order") == await bench.command("AT+CEER")


async def test_an_emergency_call_needs_no_registration() -> None:
    """The numbers of EF_ECC, where a network is heard."""
    async with Bench(GSM, settings=["sim.pin=1234"]) as bench:
        assert NO_CARRIER == await bench.command("ATD123;")
        assert OK == await bench.command("ATD112;")


async def test_barred_calls_are_not_made() -> None:
    """+CLCK="AO" and "OI"."""
    async with Bench(GSM) as bench:
        await succeed(bench, 'AT+CLCK="OI",1,"0000",1', "ATD123;", "ATH")
        assert NO_CARRIER == await bench.command("ATD+49123;")
        await succeed(bench, 'AT+CLCK="AO",1,"0000",1')
        assert NO_CARRIER == await bench.command("ATD123;")
        assert information("#CEER: 8") == await bench.command("AT#CEER")


async def test_numbers_come_from_the_phonebook() -> None:
    """By index, by storage and index, by name, and the last one that was dialled."""
    async with Bench(UMTS) as bench:
        await succeed(bench, "AT+CMEE=1", 'AT+CPBW=6,"+39333",145,"Ann"')
        assert cme(22) == await bench.command("ATDL;")
        for command in ("ATD>6;", "ATD>SM6;", 'ATD>"ann";', "ATDL;"):
            await succeed(bench, command)
            assert information('+CLCC: 1,0,3,0,0,"+39333",145,"Ann"') == await bench.command("AT+CLCC")
            await succeed(bench, "ATH")
        for command in ("ATD>7;", "ATD>XX6;", 'ATD>"Bob";'):
            assert cme(22) == await bench.command(command)
        await succeed(bench, "ATD0404190000;", "ATH", 'AT+CPBS="LD"')
        expected = information('+CPBR: 1,"0404190000",129,""', '+CPBR: 2,"+39333",145,"Ann"')
        assert expected == await bench.command("AT+CPBR=1,10")


async def test_codes_of_services_are_no_calls() -> None:
    """ATD*100#; is +CUSD, and *#06# is the serial number."""
    ussd = 'network.services.ussd=[{code="*100#",answer="Credit"},{code="00",answer="two digits"}]'
    async with Bench(GSM, settings=[ussd]) as bench:
        await succeed(bench, "AT+CUSD=1")
        assert f'{OK}\r\n+CUSD: 0,"Credit",15\r\n' == await dial(bench, "ATD*100#;", 0)
        assert f'{OK}\r\n+CUSD: 0,"Credit",15\r\n' == await dial(bench, "ATD*100#", 0)
        assert f'{OK}\r\n+CUSD: 0,"two digits",15\r\n' == await dial(bench, "ATD00;", 0)
        assert information("001023000000019") == await bench.command("ATD*#06#;")


@EVERY_LINE
async def test_a_call_rings_until_it_is_answered(firmware: str) -> None:
    """RING every five seconds, or +CRING, with +CLIP; ATA, then ATH."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT#SELINT=2", 'AT+CPBW=1,"+4912345",145,"Ann"')
        ring(bench)
        assert RING == bench.read()
        assert information('+CLCC: 1,1,4,0,0,"+4912345",145,"Ann"') == await bench.command("AT+CLCC")
        assert information("+CPAS: 3") == await bench.command("AT+CPAS")
        await succeed(bench, "AT+CRC=1", "AT+CLIP=1")
        await bench.advance(5)
        assert urc("+CRING: VOICE", '+CLIP: "+4912345",145,"",128,"Ann",0') == bench.read()
        assert OK == await bench.command("ATA")
        await bench.advance(20)
        assert bench.read() == ""
        assert information('+CLCC: 1,1,0,0,0,"+4912345",145,"Ann"') == await bench.command("AT+CLCC")
        await succeed(bench, "ATH", "AT+CLCC")
        await succeed(bench, 'AT+CPBS="RC"')
        assert information('+CPBR: 1,"+4912345",145,"Ann"') == await bench.command("AT+CPBR=1")


async def test_a_caller_may_hide_and_gives_up() -> None:
    """By the user, or after a while; the list of missed calls keeps the number."""
    async with Bench(UMTS) as bench:
        await succeed(bench, "AT+CLIP=1")
        ring(bench, "")
        assert urc("RING", '+CLIP: "",128,"",128,"",1') == bench.read()
        assert information('+CLCC: 1,1,4,0,0,"",128,""') == await bench.command("AT+CLCC")
        bench.modem.calls.end()
        assert NO_CARRIER == bench.read()
        ring(bench, "123")
        await bench.advance(60)
        assert bench.read().endswith(NO_CARRIER)
        await bench.advance(60)
        assert bench.read() == ""
        await succeed(bench, 'AT+CPBS="MC"')
        assert information('+CPBR: 1,"123",129,""') == await bench.command("AT+CPBR=1,20")


async def test_the_host_may_turn_a_call_away() -> None:
    """ATH and +CHUP; the host that does it hears OK alone."""
    async with Bench(GSM) as bench:
        for command in ("ATH", "AT+CHUP"):
            ring(bench)
            bench.read()
            assert OK == await bench.command(command)
            await bench.advance(20)
            assert bench.read() == ""


async def test_s0_answers_after_its_rings() -> None:
    """The module takes the call by itself."""
    async with Bench(GSM) as bench:
        await succeed(bench, "ATS0=2")
        ring(bench)
        await bench.advance(5)
        assert RING * 2 == bench.read()
        assert information('+CLCC: 1,1,0,0,0,"+4912345",145') == await bench.command("AT+CLCC")
        await bench.advance(20)
        assert bench.read() == ""


async def test_a_call_to_a_module_for_data_only() -> None:
    """It rings and cannot be answered; ATH turns it away (Software User Guide 2.12.11)."""
    async with Bench("HE910-D") as bench:
        assert NO_CARRIER == await bench.command("ATD123;")
        await succeed(bench, "ATS0=1")
        ring(bench)
        assert RING == bench.read()
        assert ERROR == await bench.command("ATA")
        await succeed(bench, "ATH", "AT+CLCC")


async def test_calls_that_do_not_reach_the_module() -> None:
    """The network says why."""
    async with Bench(UMTS) as bench:
        calls = bench.modem.calls
        for number in ("abc", "1" * 21):
            with pytest.raises(UserError, match="cannot call"):
                calls.ring(number)
        ring(bench)
        with pytest.raises(UserError, match="the module is busy"):
            ring(bench)
        bench.read()
        await succeed(bench, "ATH", "ATD123;", 'AT+CCFC=1,3,"+39111",145,1')
        with pytest.raises(UserError, match=r"it is forwarded to \+39111"):
            ring(bench)
        await succeed(bench, "ATH", 'AT+CCFC=0,3,"+39222",145,1')
        with pytest.raises(UserError, match=r"it is forwarded to \+39222"):
            ring(bench)
        await succeed(bench, "AT+CCFC=4,4", 'AT+CLCK="AI",1,"0000",1')
        with pytest.raises(UserError, match="bars calls"):
            ring(bench)
        await succeed(bench, 'AT+CLCK="AI",0,"0000",1', "AT+CFUN=4")
        with pytest.raises(UserError, match="not registered"):
            ring(bench)
        assert list(calls.shown) == []


async def test_a_call_without_an_answer_is_forwarded_in_time() -> None:
    """+CCFC=2 with its seconds."""
    async with Bench(GSM) as bench:
        await succeed(bench, 'AT+CCFC=2,3,"+39111",145,1,,,10')
        ring(bench)
        await bench.advance(10)
        assert bench.read().endswith(NO_CARRIER)


async def test_a_second_call_waits() -> None:
    """+CCWA tells of it; +CHLD takes it, swaps, joins and parts; the others stay."""
    async with Bench(GSM) as bench:
        assert information("+CHLD: (0,1,1x,2,2x,3)") == await bench.command("AT+CHLD=?")
        await succeed(bench, "AT+CCWA=1,1", "ATD111;")
        await bench.advance(1)
        ring(bench, "222")
        assert urc('+CCWA: "222",129,1,"",0') == bench.read()
        assert states(bench) == "1 active, 2 waiting"
        await succeed(bench, "AT+CHLD=2")
        assert states(bench) == "1 held, 2 active"
        await succeed(bench, "AT+CHLD=2")
        assert states(bench) == "1 active, 2 held"
        await succeed(bench, "AT+CHLD=3")
        assert states(bench) == "1 active, 2 active"
        expected = information('+CLCC: 1,0,0,0,1,"111",129', '+CLCC: 2,1,0,0,1,"222",129')
        assert expected == await bench.command("AT+CLCC")
        await succeed(bench, "AT+CHLD=22")
        assert states(bench) == "1 held, 2 active"
        await succeed(bench, "AT+CHLD=12")
        assert states(bench) == "1 held"
        await succeed(bench, "AT+CHLD=2")
        assert states(bench) == "1 active"
        await succeed(bench, "ATD333;")
        assert states(bench) == "1 held, 2 alerting"
        await bench.advance(1)
        await succeed(bench, "AT+CHLD=1")
        assert states(bench) == "1 active"
        await succeed(bench, "AT+CHLD=2", "AT+CHLD=0")
        assert states(bench) == ""
        await refused(bench, "AT+CHLD=0", "AT+CHLD=1", "AT+CHLD=2", "AT+CHLD=3", "AT+CHLD=11", "AT+CHLD=21", code=3)
        await refused(bench, "AT+CHLD=4", "AT+CHLD=9")


def states(bench: Bench) -> str:
    """The calls in short."""
    return ", ".join(f"{one.id} {one.state}" for one in bench.modem.calls.shown)


async def test_a_waiting_call_is_turned_away_or_rings_when_the_first_has_ended() -> None:
    """+CHLD=0; the end of the other call."""
    async with Bench(UMTS) as bench:
        await succeed(bench, "AT+CCWA=0,1", "ATD111;")
        await bench.advance(1)
        ring(bench, "222")
        assert bench.read() == ""
        await succeed(bench, "AT+CHLD=0")
        assert states(bench) == "1 active"
        ring(bench, "333")
        bench.modem.calls.end(1)
        assert NO_CARRIER + RING == bench.read()
        await succeed(bench, "AT+CHLD=1")
        assert states(bench) == "2 active"


async def test_events_are_reported_by_ecam_and_ciev() -> None:
    """The states of a call as numbers, beside the usual codes."""
    async with Bench(GSM, settings=[PARTIES]) as bench:
        await succeed(bench, "AT#ECAM=1")
        assert OK + urc('#ECAM: 1,1,1,,,"123",129', "#ECAM: 1,2,1,,,") == await dial(bench, "ATD123;", 0.5)
        await bench.advance(1)
        assert urc("#ECAM: 1,3,1,,,") == bench.read()
        bench.modem.calls.end()
        assert urc("#ECAM: 1,0,1,,,", "NO CARRIER") == bench.read()
        ring(bench)
        assert urc("#ECAM: 1,6,1,,,", "RING") == bench.read()
        assert OK + urc("#ECAM: 1,0,1,,,") == await dial(bench, "ATH", 0)
        expected = BUSY + urc('#ECAM: 1,1,1,,,"101",129', "#ECAM: 1,7,1,,,", "#ECAM: 1,0,1,,,")
        assert expected == await dial(bench, "ATD101;", 0)
        await succeed(bench, "AT#ECAM=0", "AT+CMER=3,0,0,1")
        ring(bench)
        assert urc("+CIEV: sounder,1", "RING") == bench.read()
        assert f"{OK}{urc('+CIEV: sounder,0', '+CIEV: call,1')}" == await dial(bench, "ATA", 0)


async def test_who_is_connected_and_who_is_hidden() -> None:
    """+COLP waits for the answer and names who has given it; +CLIR and a suffix hide the module's number."""
    async with Bench(UMTS) as bench:
        await succeed(bench, "AT+COLP=1")
        assert information('+COLP: "+39333",145') == await dial(bench, "ATD+39333;", 1)
        assert [False] == [one.withheld for one in bench.modem.calls.shown]
        await succeed(bench, "ATH", "AT+COLP=0", "AT+CLIR=1", "ATD123;")
        assert [True] == [one.withheld for one in bench.modem.calls.shown]
        await succeed(bench, "ATH", "ATD123i;")
        assert [False] == [one.withheld for one in bench.modem.calls.shown]
        await succeed(bench, "ATH", "AT+CLIR=0", "ATD123I;")
        assert [True] == [one.withheld for one in bench.modem.calls.shown]


async def test_tones_go_both_ways() -> None:
    """+VTS in a call, #DTMF for what the other side presses."""
    async with Bench(GSM) as bench:
        assert information("(0-9,#,*,A-D,P),(0-255)") == await bench.command("AT+VTS=?")
        await refused(bench, "AT+VTS=1", code=3)
        await refused(bench, "AT+VTS=x", "AT+VTS=1,5")
        await succeed(bench, "ATD123;", "AT#DTMF=1")
        await bench.advance(1)
        await succeed(bench, "AT+VTS=12#a", "AT+VTS=*,100")
        assert ["12#A*"] == [one.tones for one in bench.modem.calls.shown]
        bench.modem.calls.press("5#")
        assert urc("#DTMFEV: 5", "#DTMFEV: #") == bench.read()
        with pytest.raises(UserError, match="are no keys"):
            bench.modem.calls.press("x")
        await succeed(bench, "ATH")
        with pytest.raises(UserError, match="no active call"):
            bench.modem.calls.press("1")


async def test_the_network_that_goes_ends_the_calls() -> None:
    """NO CARRIER, and +CEER says that the network is out of order."""
    async with Bench(UMTS) as bench:
        await succeed(bench, "ATD123;")
        bench.modem.faults.make("registration-lost", {})
        await bench.advance(0)
        assert NO_CARRIER == bench.read()
        assert bench.modem.device.calls.release is Release.OUT_OF_ORDER


async def test_dtr_ends_a_call_where_d_says_so() -> None:
    """&D2 and +CVHU=2, which is the default; not &D0, and not +CVHU=0 or 1, under which ATH does nothing."""
    async with Bench(UMTS) as bench:
        for setup, ends in ((("AT&D0",), False), (("AT&D2", "AT+CVHU=0"), False), (("AT&D2", "AT+CVHU=2"), True)):
            await succeed(bench, *setup, "ATD123;")
            bench.port.host_lines(HostLines.RTS)
            bench.port.host_lines(HOST_IS_READY)
            assert (NO_CARRIER if ends else "") == bench.read()
            assert ends is (states(bench) == "")
            await succeed(bench, "AT+CHUP")
        await succeed(bench, "AT+CVHU=1", "ATD123;", "ATH")
        assert states(bench) == "1 alerting"


async def test_power_drops_the_calls_without_a_word() -> None:
    """And their timers."""
    async with Bench(GSM) as bench:
        await succeed(bench, "ATD123;", "AT#REBOOT")
        await bench.advance(10)
        await bench.command("ATE0")
        assert states(bench) == ""
        await succeed(bench, "AT+CLCC")


async def test_a_call_for_the_user_of_the_emulator() -> None:
    """What Python shows of it."""
    async with Bench(UMTS) as bench:
        await succeed(bench, "ATD123;")
        assert [VoiceCall(1, "123", False, "alerting", False, False, "")] == bench.modem.calls.shown


async def test_a_call_while_the_host_is_online_shows_on_ri_alone() -> None:
    """No byte of it comes between the data, nor behind it; afterwards it rings as ever."""
    async with TcpPeer() as peer, socket_bench(port=peer.port) as bench:
        assert CONNECT == await bench.command(f'AT#SD=1,0,80,"{HOST}"')
        ring(bench)
        assert DeviceLines.RI in bench.port.lines
        await bench.advance(2)
        assert DeviceLines.RI not in bench.port.lines
        await bench.advance(3.5)
        assert DeviceLines.RI in bench.port.lines
        assert bench.read() == ""
        await bench.advance(2)
        await bench.escape()
        await bench.advance(5)
        assert bench.read().endswith(RING)
        assert OK == await bench.command("ATA")
        assert CONNECT == await bench.command("AT#SO=1")
        bench.modem.calls.end()
        assert bench.read() == ""


async def test_every_instance_hears_the_ring_and_one_has_the_call() -> None:
    """On two ports: who has answered hears the end; who hangs up for another one does not."""
    async with Bench(UMTS, ports=2) as bench:
        first, second = bench.hosts
        for host in (first, second):
            await host.command("ATE0")
        ring(bench)
        assert RING == first.read() == second.read()
        assert OK == await second.command("ATA")
        bench.modem.calls.end()
        assert (first.read(), second.read()) == ("", NO_CARRIER)
        assert OK == await first.command("ATD12345;")
        assert OK == await second.command("ATH")
        assert (first.read(), second.read()) == (NO_CARRIER, "")


async def test_a_channel_of_the_multiplexer_has_calls() -> None:
    """While another one is asked for the signal."""
    async with Bench(UMTS) as bench:
        mux = MuxHost(bench)
        await mux.start()
        first, second = mux.open(1), mux.open(2)
        for host in (first, second):
            await host.command("ATE0")
        assert OK == await first.command("ATD12345;")
        assert information("+CSQ: 20,0") == await second.command("AT+CSQ")
        assert information('+CLCC: 1,0,3,0,0,"12345",129,""') == await second.command("AT+CLCC")
        bench.modem.calls.end()
        assert (first.read(), second.read()) == (NO_CARRIER, "")


async def test_a_full_disk_ends_no_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists of calls stay as they are."""

    def refuse(encoded: bytes) -> None:
        raise OSError(28, "No space left on device")

    async with Bench(GSM) as bench:
        monkeypatch.setattr(bench.modem.device.store, "_keep", refuse)
        await succeed(bench, "ATD12345;", "ATH", "AT+CLCC")
        ring(bench)
        bench.modem.calls.end()
        assert bench.read() == RING + NO_CARRIER
        await succeed(bench, 'AT+CPBS="LD"', "AT+CPBR=1,10")
