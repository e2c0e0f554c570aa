"""Short messages: sending, what comes, memories, listing and deleting, in text and in PDUs. 27.005."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from emulator.errors import UserError
from emulator.testing import Bench
from emulator.trace.events import Defect, ShortMessage
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.ssl_bench import ERROR, OK, PROMPT, cme, enter, information, succeed

FRIEND = "+393311234567"
STAMP = "14/06/01,13:00:00+04"
SUBMIT = "0011000B916407281553F80000AA0AE8329BFD4697D9EC37"
DELIVER = "07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37"


def cms(code: int) -> str:
    """An error of the message service under +CMEE=1."""
    return f"\r\n+CMS ERROR: {code}\r\n"


@asynccontextmanager
async def message_bench(firmware: str = "HE910", *lines: str, **options: Any) -> AsyncIterator[Bench]:
    """A module in text mode, with +CMEE=1."""
    async with Bench(firmware, **options) as bench:
        await succeed(bench, "AT+CMEE=1", "AT+CMGF=1", *lines)
        yield bench


def sent(bench: Bench) -> list[tuple[str, str]]:
    return [(one.number, one.text) for one in bench.modem.device.mailbox.sent]


@EVERY_LINE
async def test_a_text_is_sent(firmware: str) -> None:
    """The reference counts; the trace tells."""
    async with message_bench(firmware) as bench:
        assert information("+CMGS: 1") == await enter(bench, f'AT+CMGS="{FRIEND}"', "Hello, world\x1a")
        assert information("+CMGS: 2") == await enter(bench, "AT+CMGS=0401234567,129", "Ax\x08B\x1a")
        assert PROMPT == await bench.command(f'AT+CMGS="{FRIEND}"')
        bench.send("never\x1b")
        assert await bench.answer() in (OK, ERROR)
        assert [(FRIEND, "Hello, world"), ("0401234567", "AB")] == sent(bench)
        told = [event.text for event in bench.events if isinstance(event, ShortMessage)]
        assert ["Hello, world", "AB"] == told


@EVERY_LINE
async def test_a_text_comes_and_is_read(firmware: str) -> None:
    """+CMTI, unread, read, the details of +CSDH, deleted."""
    async with message_bench(firmware, "AT+CNMI=2,1") as bench:
        bench.modem.receive_sms(FRIEND, "Ciao")
        assert '\r\n+CMTI: "SM",1\r\n' == bench.read()
        head = f'"{FRIEND}","","{STAMP}"'
        assert information(f'+CMGL: 1,"REC UNREAD",{head}', "Ciao") == await bench.command("AT+CMGL")
        assert OK == await bench.command("AT+CMGL")
        assert information(f'+CMGR: "REC READ",{head}', "Ciao") == await bench.command("AT+CMGR=1")
        await succeed(bench, "AT+CSDH=1")
        details = '145,4,0,0,"+393359609600",145,4'
        assert information(f'+CMGR: "REC READ",{head},{details}', "Ciao") == await bench.command("AT+CMGR=1")
        listed = f'+CMGL: 1,"REC READ",{head},145,4'
        assert information(listed, "Ciao") == await bench.command('AT+CMGL="ALL"')
        assert information("+CMGD: (1),(0-4)") == await bench.command("AT+CMGD=?")
        await succeed(bench, "AT+CMGD=1", "AT+CMGD=1")
        assert cms(321) == await bench.command("AT+CMGR=1")
        assert information("+CMGD: (),(0-4)") == await bench.command("AT+CMGD=?")


async def test_pdus_are_sent_stored_and_read() -> None:
    """Examples that circulate; the length is that of the message without its service centre."""
    async with message_bench("HE910", "AT+CMGF=0") as bench:
        assert information("+CMGS: 1") == await enter(bench, "AT+CMGS=23", f"{SUBMIT}\x1a")
        assert [("+46708251358", "hellohello")] == sent(bench)
        assert cms(304) == await enter(bench, "AT+CMGS=22", f"{SUBMIT}\x1a")
        assert cms(304) == await enter(bench, "AT+CMGS=23", f"{SUBMIT[:-2]}zz\x1a")
        assert cms(304) == await enter(bench, "AT+CMGS=28", f"{DELIVER}\x1a")
        assert information("+CMGW: 1") == await enter(bench, "AT+CMGW=28,0", f"{DELIVER}\x1a")
        assert information('+CMGR: 0,"",28', DELIVER) == await bench.command("AT+CMGR=1")
        assert information('+CMGL: 1,1,"",28', DELIVER) == await bench.command("AT+CMGL=1")
        assert information("+CMGW: 2") == await enter(bench, "AT+CMGW=23", f"{SUBMIT}\x1a")
        stored = "07919333950669" + "00" + SUBMIT[2:]
        assert information('+CMGR: 2,"",23', stored) == await bench.command("AT+CMGR=2")
        assert cms(304) == await enter(bench, "AT+CMGW=23,1", f"{SUBMIT}\x1a")
        assert cms(302) == await bench.command("AT+CMSS=1")
        assert information("+CMSS: 2") == await bench.command("AT+CMSS=2")
        assert information('+CMGL: 2,3,"",23', stored) == await bench.command("AT+CMGL=3")
        await succeed(bench, "AT+CMGF=1")
        head = '"REC READ","27838890001","","99/03/29,15:16:59+08"'
        assert information(f"+CMGR: {head}", "hellohello") == await bench.command("AT+CMGR=1")


@pytest.mark.parametrize(
    ("mode", "line"),
    [(1, f'AT+CMGW="{FRIEND}",145,"ALL"'), (1, 'AT+CMGW="",,"SENT"'), (0, "AT+CMGW=23,4"), (0, "AT+CMGW=23,7")],
)
async def test_a_status_that_no_message_can_have_is_refused_before_the_prompt(mode: int, line: str) -> None:
    """`ALL` and 4 are what +CMGL alone has."""
    async with message_bench("HE910", f"AT+CMGF={mode}") as bench:
        assert cme(4) == await bench.command(line)
        assert OK == await bench.command(f"AT+CMGL={'4' if mode == 0 else chr(34) + 'ALL' + chr(34)}")


async def test_texts_are_written_and_sent_later() -> None:
    """To their own number, or to another."""
    async with message_bench() as bench:
        assert information("+CMGW: 1") == await enter(bench, f'AT+CMGW="{FRIEND}"', "Later\x1a")
        assert information("+CMGW: 2") == await enter(bench, "AT+CMGW", "To nobody\x1a")
        assert information("+CMGW: 3") == await enter(bench, 'AT+CMGW="12",129,"STO SENT"', "Done\x1a")
        assert information(f'+CMGR: "STO UNSENT","{FRIEND}",""', "Later") == await bench.command("AT+CMGR=1")
        listed = f'+CMGL: 1,"STO UNSENT","{FRIEND}","",""'
        second = '+CMGL: 2,"STO UNSENT","","",""'
        heard = await bench.command('AT+CMGL="STO UNSENT"')
        assert information(listed, "Later", second, "To nobody") == heard
        assert information("+CMSS: 1") == await bench.command("AT+CMSS=1")
        assert information("+CMSS: 2") == await bench.command('AT+CMSS=2,"+4412",145')
        assert [(FRIEND, "Later"), ("+4412", "To nobody")] == sent(bench)
        assert (await bench.command('AT+CMGL="STO SENT"')).count("+CMGL: ") == 3


@pytest.mark.parametrize(
    ("flag", "left"), [(0, "1,2,3,4"), (1, "1,3,4"), (2, "1,4"), (3, "1"), (4, "")], ids=lambda value: str(value)
)
async def test_several_are_deleted_at_once(flag: int, left: str) -> None:
    """Unread at 1, read at 2, sent at 3, unsent at 4; with a flag the index means nothing."""
    async with message_bench() as bench:
        bench.modem.receive_sms(FRIEND, "unread")
        bench.modem.receive_sms(FRIEND, "read")
        await bench.command("AT+CMGR=2")
        await enter(bench, 'AT+CMGW="1",129,"STO SENT"', "sent\x1a")
        await enter(bench, 'AT+CMGW="1"', "unsent\x1a")
        await succeed(bench, f"AT+CMGD=9,{flag}")
        assert information(f"+CMGD: ({left}),(0-4)") == await bench.command("AT+CMGD=?")


async def test_a_full_memory_lets_messages_wait() -> None:
    """The network keeps them until there is room; writing is refused."""
    async with message_bench("GE865-QUAD", "AT+CNMI=2,1", settings=["sms.storages=[{name='SM',size=2}]"]) as bench:
        for number in range(4):
            bench.modem.receive_sms(FRIEND, f"text {number}")
        assert bench.read().count("+CMTI") == 2
        assert information('+CPMS: "SM",2,2,"SM",2,2,"SM",2,2') == await bench.command("AT+CPMS?")
        assert cms(322) == await enter(bench, 'AT+CMGW="1"', "no room\x1a")
        bench.send("AT+CMGD=1,4\r")
        assert bench.read() == f'{OK}\r\n+CMTI: "SM",1\r\n\r\n+CMTI: "SM",2\r\n'
        assert "text 3" in await bench.command("AT+CMGR=2")


async def test_a_card_that_goes_while_something_is_entered() -> None:
    """Nothing is written, nothing is sent."""
    async with message_bench() as bench:
        for line in (f'AT+CMGW="{FRIEND}"', f'AT+CMGS="{FRIEND}"'):
            assert PROMPT == await bench.command(line)
            bench.modem.device.sim.remove()
            bench.send("text\x1a")
            assert cms(310) == await bench.answer()
            bench.modem.device.sim.insert()
        assert "+CMGD: (),(0-4)" in await bench.command("AT+CMGD=?")


async def test_a_memory_that_fails_loses_no_message() -> None:
    """The network keeps it, and brings it again."""
    async with message_bench("HE910", "AT+CNMI=2,1") as bench:
        store = bench.modem.device.store
        holds = store.power_failure
        store.power_failure = lambda: lambda: None
        bench.modem.receive_sms(FRIEND, "text")
        assert bench.read() == ""
        store.power_failure = holds
        bench.send("AT+CNMI=2,1\r")
        assert f'{OK}\r\n+CMTI: "SM",1\r\n' == bench.read()
        assert "text" in await bench.command("AT+CMGR=1")


async def test_messages_wait_for_the_network() -> None:
    """And nothing can be sent without it."""
    async with message_bench("HE910", "AT+CNMI=2,1") as bench:
        bench.modem.device.coverage.offer(2)
        assert cms(331) == await enter(bench, f'AT+CMGS="{FRIEND}"', "text\x1a")
        bench.modem.receive_sms(FRIEND, "patience")
        assert bench.read() == ""
        bench.modem.device.coverage.offer(1)
        assert '+CMTI: "SM",1\r\n' in bench.read()


@pytest.mark.parametrize(
    ("indication", "expected"),
    [
        ("2,0", ""),
        ("2,1", '\r\n+CMTI: "SM",1\r\n'),
        ("2,2", f'\r\n+CMT: "{FRIEND}","","{STAMP}"\r\nCiao\r\n'),
        ("2,3", '\r\n+CMTI: "SM",1\r\n'),
        ("0,1", ""),
        ("1,1", '\r\n+CMTI: "SM",1\r\n'),
    ],
)
async def test_indications(indication: str, expected: str) -> None:
    """<mode> and <mt> of +CNMI; what is shown is not stored."""
    async with message_bench("HE910", f"AT+CNMI={indication}") as bench:
        bench.modem.receive_sms(FRIEND, "Ciao")
        assert bench.read() == expected
        used = 0 if "+CMT:" in expected else 1
        assert (await bench.command("AT+CPMS?")).startswith(f'\r\n+CPMS: "SM",{used},20')


async def test_a_pdu_is_shown() -> None:
    """+CMT by the mode that the instance is in."""
    async with message_bench("HE910", "AT+CMGF=0", "AT+CNMI=2,2") as bench:
        bench.modem.receive_sms(FRIEND, "Ciao")
        head, pdu = bench.read().strip().split("\r\n")
        assert head == '+CMT: "",23'
        assert pdu == "07919333950669000" + "40C919333113254760000" + "41601031000040" + "04C374F80D"


@pytest.mark.parametrize(("flush", "expected"), [(0, '\r\n+CMTI: "SM",1\r\n'), (1, "")])
async def test_what_was_kept_is_said_or_forgotten(flush: int, expected: str) -> None:
    """<mode> 0 keeps; <bfr> decides at the next +CNMI."""
    async with message_bench("HE910", "AT+CNMI=0,1") as bench:
        bench.modem.receive_sms(FRIEND, "Ciao")
        assert bench.read() == ""
        bench.send(f"AT+CNMI=1,1,0,0,{flush}\r")
        assert bench.read() == OK + expected


async def test_what_was_shown_is_acknowledged() -> None:
    """Where +CSMS wants it: once for each."""
    async with message_bench("HE910", "AT+CNMI=2,2") as bench:
        bench.modem.receive_sms(FRIEND, "one")
        bench.read()
        assert cms(340) == await bench.command("AT+CNMA")
        assert information("+CSMS: 1,1,1") == await bench.command("AT+CSMS=1")
        bench.modem.receive_sms(FRIEND, "two")
        bench.modem.receive_sms(FRIEND, "three")
        bench.read()
        await succeed(bench, "AT+CNMA", "AT+CNMA=0")
        assert cms(340) == await bench.command("AT+CNMA")


async def test_each_instance_is_told_as_it_wants() -> None:
    """Shown on one and told of nothing on the other, which finds nothing stored."""
    async with message_bench("HE910", "AT+CNMI=2,2", ports=2) as bench:
        other = bench.hosts[1]
        await other.command("AT+CNMI=2,1")
        bench.modem.receive_sms(FRIEND, "Ciao")
        assert "+CMT: " in bench.read()
        assert other.read() == ""


async def test_a_message_to_oneself_comes_back() -> None:
    """To a number of +CNUM; with a report, if one was asked for."""
    own = ["sim.numbers=[{number='+393330000001'}]"]
    async with message_bench("HE910", "AT+CNMI=2,1,0,1", "AT+CSMP=49", settings=own) as bench:
        assert PROMPT == await bench.command('AT+CMGS="+393330000001"')
        bench.send("to me\x1a")
        heard = await bench.until('+CMTI: "SM",1\r\n')
        report = f'+CDS: 6,1,"+393330000001",145,"{STAMP}","{STAMP}",0'
        assert heard == f'{information("+CMGS: 1")}\r\n{report}\r\n\r\n+CMTI: "SM",1\r\n'
        assert "to me" in await bench.command("AT+CMGR=1")


async def test_reports_are_stored() -> None:
    """<ds> 2: +CDSI, and the report is read as a message is; an empty text has a line of its own."""
    async with message_bench("HE910", "AT+CNMI=2,1,0,2", "AT+CSMP=49") as bench:
        assert PROMPT == await bench.command(f'AT+CMGS="{FRIEND}"')
        bench.send("\x1a")
        heard = await bench.until('+CDSI: "SM",1\r\n')
        assert heard == f'{information("+CMGS: 1")}\r\n+CDSI: "SM",1\r\n'
        report = f'6,1,"{FRIEND}",145,"{STAMP}","{STAMP}",0'
        assert information(f'+CMGL: 1,"REC UNREAD",{report}') == await bench.command("AT+CMGL")
        assert information(f'+CMGR: "REC READ",{report}') == await bench.command("AT+CMGR=1")
        await succeed(bench, "AT+CMGF=0")
        pdu = "07919333950669000601" + "0C91933311325476" + "41601031000040" * 2 + "00"
        assert information('+CMGR: 1,"",25', pdu) == await bench.command("AT+CMGR=1")
        assert cms(304) == await enter(bench, "AT+CMGW=25", f"{pdu}\x1a")
        await succeed(bench, "AT+CMGF=1")
        bench.modem.receive_sms(FRIEND, "")
        bench.read()
        assert information(f'+CMGR: "REC UNREAD","{FRIEND}","","{STAMP}"', "") == await bench.command("AT+CMGR=2")


async def test_texts_in_other_alphabets() -> None:
    """What the default alphabet lacks comes in UCS2, as digits; +CSCS turns numbers and texts into the host's set."""
    async with message_bench() as bench:
        bench.modem.receive_sms(FRIEND, "Жук")
        assert "\r\n0416" + "0443" + "043A\r\n" in await bench.command("AT+CMGR=1")
        bench.modem.receive_sms(FRIEND, "è [€]")
        assert "\r\n? [?]\r\n" in await bench.command("AT+CMGR=2")
        await succeed(bench, 'AT+CSCS="8859-1"')
        assert "\r\nè [?]\r\n" in await bench.command("AT+CMGR=2")
        await succeed(bench, 'AT+CSCS="GSM"')
        assert "\r\n\x04 \x1b<\x1be\x1b>\r\n" in await bench.command("AT+CMGR=2")
        await succeed(bench, 'AT+CSCS="UCS2"')
        heard = await bench.command("AT+CMGR=2")
        assert "\r\n00E80020005B20AC005D\r\n" in heard
        assert FRIEND.encode("utf-16-be").hex().upper() in heard
        number = FRIEND.encode("utf-16-be").hex().upper()
        await enter(bench, f'AT+CMGS="{number}"', "00E900E0\x1a")
        assert sent(bench) == [(FRIEND, "éà")]
        assert cms(305) == await enter(bench, f'AT+CMGS="{number}"', "00E\x1a")
        assert cms(305) == await bench.command('AT+CMGS="123"')


async def test_octets_and_ucs2_are_sent_in_digits() -> None:
    """<dcs> of +CSMP."""
    async with message_bench("HE910", "AT+CSMP=17,167,0,8") as bench:
        await enter(bench, f'AT+CMGS="{FRIEND}"', "04160443\x1a")
        await succeed(bench, "AT+CSMP=,,,4")
        await enter(bench, f'AT+CMGS="{FRIEND}"', "00FF\x1a")
        assert sent(bench) == [(FRIEND, "Жу"), (FRIEND, "\x00\xff")]
        assert cms(305) == await enter(bench, f'AT+CMGS="{FRIEND}"', "text\x1a")
        await succeed(bench, "AT+CSMP=17,167,0,0")
        assert information("+CMGS: 3") == await enter(bench, f'AT+CMGS="{FRIEND}"', "x" * 160 + "\x1a")
        for first in (9, 25):
            await succeed(bench, f"AT+CSMP={first},167")
            assert cms(305) == await enter(bench, f'AT+CMGS="{FRIEND}"', "validity of another format\x1a")


async def test_a_long_text_is_refused_where_the_module_makes_one_message_of_each() -> None:
    async with message_bench("GE865-QUAD") as bench:
        assert cms(305) == await enter(bench, f'AT+CMGS="{FRIEND}"', "x" * 161 + "\x1a")


@EVERY_LINE
async def test_a_validity_period_may_end_at_a_time(firmware: str) -> None:
    """<fo> with the absolute format, <vp> in quotes (27.005 3.1); +CSAS keeps it not (a later guide's note)."""
    time = "29/06/02,02:20:00+04"
    async with message_bench(firmware, "AT+CSDH=1", f'AT+CSMP=57,"{time}",0,240') as bench:
        assert information(f'+CSMP: 57,"{time}",0,240') == await bench.command("AT+CSMP?")
        assert information("+CMGW: 1") == await enter(bench, f'AT+CMGW="{FRIEND}"', "until then\x1a")
        assert f'145,57,0,240,"{time}","' in await bench.command("AT+CMGR=1")
        await succeed(bench, "AT+CMGF=0")
        assert "9260202002 0040".replace(" ", "") in await bench.command("AT+CMGR=1")
        await succeed(bench, "AT+CMGF=1", "AT+CSMP=17")
        assert cms(305) == await enter(bench, f'AT+CMGS="{FRIEND}"', "relative\x1a")
        await succeed(bench, "AT+CSMP=17,167")
        assert information("+CSMP: 17,167,0,240") == await bench.command("AT+CSMP?")
        await refused(bench, 'AT+CSMP=57,"29/13/02,02:20:00+04"', 'AT+CSMP=57,"soon"', "AT+CSMP=17,256")


async def test_a_long_text_comes_in_parts() -> None:
    """With headers, which text mode shows as digits."""
    async with message_bench("HE910", "AT+CNMI=2,1") as bench:
        bench.modem.receive_sms("INFO", "x" * 200)
        assert bench.read().count("+CMTI") == 2
        heard = await bench.command("AT+CMGR=1")
        assert '"REC UNREAD","INFO"' in heard
        assert "\r\n050003010201" in heard


@pytest.mark.parametrize(
    "line", ["+CMGR=1", '+CMGL="ALL"', "+CMGD=1", '+CMGS="1"', '+CMGW="1"', "+CMSS=1", "+CPMS?", "+CSCA?"]
)
@pytest.mark.parametrize(
    ("settings", "code"), [(["sim.present=false"], 310), (["sim.pin='1234'"], 311)], ids=["no card", "locked"]
)
async def test_without_the_card(line: str, settings: list[str], code: int) -> None:
    """The message service has errors of its own."""
    async with message_bench("HE910", settings=settings) as bench:
        assert cms(code) == await bench.command(f"AT{line}")
        await succeed(bench, "AT+CMEE=2")
        text = {310: "SIM not inserted", 311: "SIM PIN required"}[code]
        assert f"\r\n+CMS ERROR: {text}\r\n" == await bench.command(f"AT{line}")
        await succeed(bench, "AT+CMEE=0")
        assert cms(code) == await bench.command(f"AT{line}")


async def test_messages_and_centre_outlast_the_power(tmp_path: Path) -> None:
    """The selection, and what +CSAS has not kept, do not."""
    async with message_bench("HE910", state=tmp_path) as bench:
        assert information("+CPMS: 0,100,0,100,0,100") == await bench.command('AT+CPMS="ME","ME","ME"')
        bench.modem.receive_sms(FRIEND, "kept")
        await succeed(bench, 'AT+CSCA="+4400"', "AT+CSMP=17,1,2,0", "AT+CSAS", "AT+CSMP=17,9,9,0")
    async with message_bench("HE910", state=tmp_path) as bench:
        assert information('+CPMS: "SM",0,20,"SM",0,20,"SM",0,20') == await bench.command("AT+CPMS?")
        assert information("+CPMS: 1,100,0,20,0,20") == await bench.command('AT+CPMS="ME"')
        assert "kept" in await bench.command("AT+CMGR=1")
        assert information('+CSCA: "+4400",145') == await bench.command("AT+CSCA?")
        assert information("+CSMP: 17,1,2,0") == await bench.command("AT+CSMP?")
        await succeed(bench, "AT+CSMP=17,9,9,0", "AT+CRES")
        assert information("+CSMP: 17,1,2,0") == await bench.command("AT+CSMP?")


@pytest.mark.parametrize(
    "line",
    [
        "AT+CMGF=2",
        "AT+CSDH=2",
        "AT+CSMS=2",
        'AT+CPMS="XX"',
        "AT+CSMP=256",
        "AT+CNMI=4",
        "AT+CNMI=1,1,1",
        'AT+CSCS="X"',
        'AT+CMGL="SOME"',
        "AT+CMGD=1,5",
        "AT+CMGD",
        "AT+CMGR",
    ],
)
async def test_wrong_parameters(line: str) -> None:
    """`operation not supported`, as for any command."""
    async with message_bench() as bench:
        assert "\r\n+CME ERROR: 4\r\n" == await bench.command(line)


@pytest.mark.parametrize("number", ["", "+", "+39-331", "A name that is too long", "Жук", "1" * 21])
async def test_who_can_send_the_module_something(number: str) -> None:
    """A number, or a short name."""
    async with message_bench() as bench:
        with pytest.raises(UserError, match="give a telephone number"):
            bench.modem.receive_sms(number, "text")


@pytest.mark.parametrize("first", [0, 2, 3, 16])
async def test_a_first_octet_of_no_message_to_be_sent(first: int) -> None:
    """What could never be read again is neither stored nor sent."""
    async with message_bench("HE910", f"AT+CSMP={first},167,0,0") as bench:
        for line in (f'AT+CMGW="{FRIEND}"', f'AT+CMGS="{FRIEND}"'):
            assert "+CMS ERROR" in await enter(bench, line, "text\x1a")
        assert OK == await bench.command('AT+CMGL="ALL"')
        assert not [event for event in bench.events if isinstance(event, Defect)]


async def test_a_header_and_septets_longer_than_a_message() -> None:
    """140 octets are the most; more are refused."""
    async with message_bench("HE910", "AT+CSMP=81,167,0,0") as bench:
        whole = "050003010101" + "00" * 134
        assert "+CMGW: 1" in await enter(bench, f'AT+CMGW="{FRIEND}"', whole + "\x1a")
        for digits in (whole + "00", "00" * 300):
            assert "+CMS ERROR" in await enter(bench, f'AT+CMGW="{FRIEND}"', digits + "\x1a")
        assert whole in await bench.command("AT+CMGR=1")
        assert not [event for event in bench.events if isinstance(event, Defect)]


async def test_a_message_waits_while_the_module_is_off() -> None:
    """The network keeps it; the module takes it, and tells of it, once it is on again."""
    async with message_bench("HE910", "AT+CNMI=1,1", "AT&W0") as bench:
        bench.modem.device.power.off()
        bench.modem.receive_sms(FRIEND, "while you were out")
        assert 1 == len(bench.modem.device.mailbox.waiting)
        bench.modem.device.power.on()
        await bench.advance(60)
        assert not bench.modem.device.mailbox.waiting
        await succeed(bench, "AT+CMGF=1")
        assert "while you were out" in await bench.command('AT+CMGL="REC UNREAD"')


@pytest.mark.parametrize("text", ["0123456789" * 20, "Ж" * 90], ids=["septets", "UCS2"])
async def test_the_trace_shows_a_part_of_a_long_text_without_its_header(text: str) -> None:
    """By what the parts say together."""
    async with message_bench("HE910") as bench:
        bench.modem.receive_sms(FRIEND, text)
        told = [event.text for event in bench.events if isinstance(event, ShortMessage)]
        assert len(told) > 1
        assert text == "".join(told)


async def test_a_name_of_digits_that_no_message_can_carry() -> None:
    """Eleven characters are the most where the type says a name; more could not be read again."""
    async with message_bench("HE910") as bench:
        assert "+CMS ERROR" in (await bench.command(f'AT+CMGW="{"1" * 12}",208'))
        assert "+CMGW: 1" in await enter(bench, f'AT+CMGW="{"1" * 11}",208', "text\x1a")
        assert "1" * 11 in await bench.command('AT+CMGL="ALL"')
        assert not [event for event in bench.events if isinstance(event, Defect)]


async def test_a_message_shows_the_name_of_its_number_in_the_phonebook() -> None:
    """As <alpha> (27.005 3.1), in the character set of +CSCS; Software User Guide 3.7.6 prints one."""
    async with message_bench("GE865-QUAD", f'AT+CPBW=1,"{FRIEND}",145,"A friend"') as bench:
        bench.modem.receive_sms(FRIEND, "hi")
        assert f'"REC UNREAD","{FRIEND}","A friend",' in await bench.command("AT+CMGR=1")
        assert f'1,"REC READ","{FRIEND}","A friend",' in await bench.command('AT+CMGL="ALL"')
        await succeed(bench, 'AT+CSCS="UCS2"')
        assert f',"{"A friend".encode("utf-16-be").hex().upper()}",' in await bench.command("AT+CMGR=1")


@EVERY_LINE
async def test_the_centre_can_be_cleared(firmware: str) -> None:
    """By its type alone (Software User Guide 3.7.3)."""
    async with Bench(firmware) as bench:
        await refused(bench, "AT+CSCA=")
        await succeed(bench, "AT+CSCA=,145")
        assert information('+CSCA: "+",145') == await bench.command("AT+CSCA?")


async def test_a_number_is_no_length_of_a_pdu() -> None:
    """304 whatever +CMEE is, which speaks of other errors (Software User Guide 3.7.6, 27.007 9.1)."""
    async with Bench("GE865-QUAD") as bench:
        for mode in (0, 1):
            await succeed(bench, f"AT+CMEE={mode}")
            assert cms(304) == await bench.command(f'AT+CMGW="{FRIEND}"')
        await succeed(bench, "AT+CMEE=2")
        assert "\r\n+CMS ERROR: invalid PDU mode parameter\r\n" == await bench.command(f'AT+CMGW="{FRIEND}"')


async def test_a_long_text_becomes_several_messages_where_the_module_does_that() -> None:
    """Software User Guide 3.7.14: on 12.00; each part has a header, and the answer speaks of the last one."""
    text = "x" * 153 + "{" + "y" * 20
    async with message_bench("HE910") as bench:
        assert information("+CMGS: 2") == await enter(bench, f'AT+CMGS="{FRIEND}"', f"{text}\x1a")
        assert [(FRIEND, text[:153]), (FRIEND, text[153:])] == sent(bench)
        assert information("+CMGW: 2") == await enter(bench, f'AT+CMGW="{FRIEND}"', f"{text}\x1a")
        for index in (1, 2):
            assert f"\r\n0500030302{index:02}" in await bench.command(f"AT+CMGR={index}")
        await succeed(bench, "AT+CSMP=17,167,0,8")
        assert information("+CMGW: 4") == await enter(bench, f'AT+CMGW="{FRIEND}"', "0041" * 71 + "\x1a")


async def test_the_parts_of_a_long_text_are_stored_all_or_none() -> None:
    async with message_bench("HE910", settings=['sms.storages=[{name="SM",size=1}]']) as bench:
        assert cms(322) == await enter(bench, f'AT+CMGW="{FRIEND}"', "x" * 161 + "\x1a")
        assert information("+CMGD: (),(0-4)") == await bench.command("AT+CMGD=?")
