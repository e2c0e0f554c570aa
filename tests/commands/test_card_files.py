"""+CRSM, +CSIM, #SPN, +CPOL, +COPN, #SNUM: the files of the card, and its PIN by instructions."""

from pathlib import Path

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.ssl_bench import ERROR, GSM, OK, UMTS, cme, information, succeed
from tests.commands.test_kept_settings import restart

OWN = 'sim.numbers=[{name="MY NUMBER",number="+393401234567"}]'
OWN_RECORD = "4D59204E554D424552FFFFFFFFFF0791934310325476FFFFFFFFFFFF"


def answer(text: str) -> str:
    """What +CSIM prints for a response."""
    return information(f'+CSIM: {len(text)},"{text}"')


def heard(bench: Bench) -> str:
    """What the module has said by itself."""
    return bench.read()


async def transmit(bench: Bench, command: str) -> str:
    """Send an instruction to the card."""
    return await bench.command(f'AT+CSIM={len(command)},"{command}"')


@EVERY_LINE
async def test_hosts_read_the_files_by_restricted_access(firmware: str) -> None:
    """What ModemManager and oFono read, with the octets of 51.011."""
    async with Bench(firmware, settings=[OWN]) as bench:
        for line, shown in (
            ("176,12258,0,0,10", "144,0,989310000000000000F9"),
            ("192,12258", "144,0,0000000A2FE204000FFFAA01020000"),
            ("192,28423,0,0,15", "144,0,000000096F0704001AFF1A01020000"),
            ("176,28423,0,0,9", "144,0,082922100000000010"),
            ("176,28589,0,0,4", "144,0,00000002"),
            ("176,28478,0,0,0", "144,0,FFFFFFFF"),
            ("176,28486,0,0,17", "144,0,0054494DFFFFFFFFFFFFFFFFFFFFFFFFFF"),
            ("176,28599,0,0,15", "144,0,11F2FF19F1FFFFFFFFFFFFFFFFFFFF"),
            ("192,28480", "144,0,000000386F40040011FFAA0102011C"),
            ("178,28480,1,4,28", f"144,0,{OWN_RECORD}"),
            ("178,28482,1,4,40", f"144,0,{'FF' * 12}E1{'FF' * 12}0791933395066900FFFFFFFF0000A7"),
            ("176,28438,0,0,10", "148,4"),
            ("176,28480,0,0,28", "148,8"),
            ("178,28480,3,4,28", "148,2"),
            ("178,28480,1,4,27", "103,28"),
            ("176,28589,0,0,5", "103,4"),
            ("176,28589,0,4,1", "148,2"),
            ("214,12258,0,0,1,FF", "152,4"),
        ):
            assert information(f"+CRSM: {shown}") == await bench.command(f"AT+CRSM={line}"), line
        assert OK == await bench.command("AT+CRSM=?")
        await refused(bench, "AT+CRSM=1,2", "AT+CRSM=176", "AT+CRSM=176,12258", "AT+CRSM=214,28464,0,0,1,F")


async def test_instructions_reach_the_card() -> None:
    """Select, get response, read, and what the card refuses; +CRSM leaves the selection alone."""
    async with Bench(GSM) as bench:
        assert OK == await bench.command("AT+CSIM=?")
        assert answer("9F16") == await transmit(bench, "A0A40000023F00")
        master = "000000003F0001000000000009930202040083" + "8A838A9000"
        assert answer(master) == await transmit(bench, "A0C0000016")
        assert answer("9400") == await transmit(bench, "A0B000000A")
        assert answer("9F0F") == await transmit(bench, "A0A40000022FE2")
        await bench.command("AT+CRSM=176,28589,0,0,4")
        assert answer("989310000000000000F99000") == await transmit(bench, "A0B000000A")
        assert answer("9404") == await transmit(bench, "A0A40000026F07")
        assert answer("6E00") == await transmit(bench, "0020000100")
        assert answer("6D00") == await transmit(bench, "A010000000")
        assert answer("9802") == await transmit(bench, "A020000308" + "31" * 8)
        await refused(bench, "AT+CSIM=8,A0A40000", "AT+CSIM=12,A0A4000000", "AT+CSIM=11,A0A40000000", "AT+CSIM=2")


async def test_records_are_found_by_what_they_begin_with() -> None:
    """SEEK: forward, backward, and on from the current record; the other kind tells the number."""
    async with Bench(GSM) as bench:
        await succeed(bench, 'AT+CPBW=2,"123",129,"Ann"', 'AT+CPBW=5,"456",129,"Anna"', 'AT+CPBW=7,"7",129,"Bob"')
        for command, expected in (
            ("A0A40000027F10", "9F16"),
            ("A0A40000026F3A", "9F0F"),
            ("A0A2001003416E6E", "9F01"),
            ("A0C0000001", "029000"),
            ("A0A2000203416E6E", "9000"),
            ("A0B202041C", "416E6E" + "FF" * 11 + "0381" + "21F3" + "FF" * 10 + "9000"),
            ("A0A2001103416E6E", "9F01"),
            ("A0C0000001", "059000"),
            ("A0A2001303416E6E", "9F01"),
            ("A0C0000001", "029000"),
            ("A0A2000003426F6C", "9404"),
            ("A0A2000403426F62", "6B00"),
            ("A0A2000004426F62", "6700"),
        ):
            assert answer(expected) == await transmit(bench, command), command


async def test_before_the_pin_the_card_decides() -> None:
    """What everyone may read is read; other files want the PIN, and #PCT counts what VERIFY has tried."""
    async with Bench(GSM, settings=["sim.pin=1234", "sim.puk=87654321"]) as bench:
        await succeed(bench, "AT+CMEE=1")
        assert information("+CRSM: 144,0,989310000000000000F9") == await bench.command("AT+CRSM=176,12258,0,0,10")
        assert information("+CRSM: 152,4") == await bench.command("AT+CRSM=176,28423,0,0,9")
        assert cme(11) == await bench.command("AT+CRSM=214,28464,0,0,3,22F210")
        assert answer("9804") == await transmit(bench, "A02000010830303030FFFFFFFF")
        assert information("#PCT: 2") == await bench.command("AT#PCT")
        assert answer("9000") == await transmit(bench, "A02000010831323334FFFFFFFF")
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")
        assert information("#PCT: 3") == await bench.command("AT#PCT")
        assert information("+CRSM: 144,0,082922100000000010") == await bench.command("AT+CRSM=176,28423,0,0,9")
        for status in ("9804", "9804", "9840", "9840"):
            assert answer(status) == await transmit(bench, "A02000010830303030FFFFFFFF")
        assert information("+CPIN: SIM PUK") == await bench.command("AT+CPIN?")
        assert cme(12) == await bench.command("AT+CRSM=214,28464,0,0,3,22F210")
        assert answer("9804") == await transmit(bench, "A02C0000103131313131313131" + "34333231FFFFFFFF")
        assert information("#PCT: 9") == await bench.command("AT#PCT")
        assert answer("9000") == await transmit(bench, "A02C0000103837363534333231" + "34333231FFFFFFFF")
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")
        assert answer("9000") == await transmit(bench, "A026000108" + "34333231FFFFFFFF")
        assert answer("9808") == await transmit(bench, "A020000108" + "34333231FFFFFFFF")
        assert information("+CLCK: 0") == await bench.command("AT+CLCK=SC,2")
        assert answer("9000") == await transmit(bench, "A028000108" + "34333231FFFFFFFF")
        assert answer("9000") == await transmit(bench, "A024000110" + "34333231FFFFFFFF" + "31323334FFFFFFFF")
        await succeed(bench, 'AT+CLCK="SC",0,"1234"')


async def test_what_hosts_write_other_commands_show(tmp_path: Path) -> None:
    """Own numbers, the phonebook and the preferred networks, which stay on the card."""
    async with Bench(GSM, state=tmp_path) as bench:
        assert information("+CRSM: 144,0") == await bench.command(f'AT+CRSM=220,28480,2,4,28,"{OWN_RECORD}"')
        assert information("+CRSM: 144,0") == await bench.command(f"AT+CRSM=220,28474,5,4,28,{OWN_RECORD}")
        assert information('+CPBR: 5,"+393401234567",145,"MY NUMBER"') == await bench.command("AT+CPBR=5")
        assert information(f"+CRSM: 144,0,{OWN_RECORD}") == await bench.command("AT+CRSM=178,28474,5,4,28")
        assert information("+CRSM: 144,0") == await bench.command("AT+CRSM=214,28464,0,3,3,22F210")
        assert information('+CPOL: 2,2,"22201"') == await bench.command("AT+CPOL?")
    async with Bench(GSM, state=tmp_path) as bench:
        assert information('+CNUM: "MY NUMBER","+393401234567",145') == await bench.command("AT+CNUM")
        assert information('+CPOL: 2,2,"22201"') == await bench.command("AT+CPOL?")
    async with Bench(GSM, settings=["identity.iccid=8939010000000000017"], state=tmp_path) as bench:
        assert OK == await bench.command("AT+CNUM")


@EVERY_LINE
async def test_networks_are_preferred_and_named(firmware: str) -> None:
    """+CPOL and +COPN."""
    async with Bench(firmware) as bench:
        places = bench.modem.device.profile.sim.files.preferred_places
        tail = "" if bench.modem.device.profile.sim.files.operator_networks is None else ",1,0,1"
        assert information(f"+CPOL: (1-{places}),(2)") == await bench.command("AT+CPOL=?")
        await succeed(bench, "AT+CPOL=,2", "AT+CPOL?", "AT+CPOL=2,2,310410", 'AT+CPOL=,2,"20801"')
        assert information(f'+CPOL: 1,2,"20801"{tail}', f'+CPOL: 2,2,"310410"{tail}') == await bench.command("AT+CPOL?")
        await succeed(bench, "AT+CPOL=1,2")
        assert information(f'+CPOL: 2,2,"310410"{tail}') == await bench.command("AT+CPOL?")
        await refused(bench, "AT+CPOL=1,3", f"AT+CPOL={places + 1},2", "AT+CPOL=1,2,123")
        assert information('+COPN: "22201","I TIM"', '+COPN: "22288","I WIND"') == await bench.command("AT+COPN")
        assert information("#SPN: TIM") == await bench.command("AT#SPN")


async def test_without_a_card_there_is_no_access() -> None:
    """SIM not inserted."""
    async with Bench(GSM, settings=["sim.present=false"]) as bench:
        await refused(bench, "AT+CRSM=176,12258,0,0,10", "AT+CSIM=10,A0C0000016", "AT#SPN", "AT+CPOL?", code=10)


async def test_the_preferred_networks_of_12_00_have_technologies_in_three_lists() -> None:
    """+CPLS selects the list; the operator's and the home networks' are for reading."""
    async with Bench(UMTS, settings=["sim.files.operator_networks=['26201']"]) as bench:
        assert information("+CPLS: (0-2)") == await bench.command("AT+CPLS=?")
        await succeed(bench, "AT+CPOL=3,2,20801,0,0,1")
        assert information('+CPOL: 3,2,"20801",0,0,1') == await bench.command("AT+CPOL?")
        assert information("+CRSM: 144,0,02F8108000") == await bench.command("AT+CRSM=176,28512,0,10,5")
        await succeed(bench, "AT+CPLS=1")
        assert information("+CPLS: 1") == await bench.command("AT+CPLS?")
        assert information('+CPOL: 1,2,"26201",1,0,1') == await bench.command("AT+CPOL?")
        await refused(bench, "AT+CPOL=1", "AT+CPOL=2,2,20801", code=3)
        await succeed(bench, "AT+CPLS=2")
        assert information('+CPOL: 1,2,"22201",1,0,1') == await bench.command("AT+CPOL?")
        await refused(bench, "AT+CPLS=3")
        assert information("+CRSM: 144,0,00000002") == await bench.command('AT+CRSM=176,28589,0,0,4,,"7F20"')
        assert information("+CRSM: 144,0,00000002") == await bench.command('AT+CRSM=176,28589,0,0,4,,"3F007F20"')
        assert information("+CRSM: 148,4") == await bench.command('AT+CRSM=176,28589,0,0,4,,"7F10"')


@EVERY_LINE
async def test_a_host_may_keep_the_card_for_itself(firmware: str) -> None:
    """+CSIM=1: the module lets go of the card, says so, and stays registered; +CSIM=0 gives it back."""
    async with Bench(firmware) as bench:
        await succeed(bench, "AT+CMEE=1", "AT#QSS=2", "AT+CSIM=1")
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")
        bench.send('AT+CSIM=14,"A0A40000022FE2"\r')
        await bench.advance(0.1)
        assert heard(bench) == ""
        await bench.advance(0.1)
        assert f"{answer('9F0F')}\r\n#QSS: 0\r\n" == heard(bench)
        assert information("#QSS: 2,0") == await bench.command("AT#QSS?")
        for line in ("AT+CPIN?", "AT+CPIN=1234", "AT+CIMI", "AT+CRSM=176,12258,0,0,10", "AT#PCT", "AT+CPBR=1"):
            assert cme(10) == await bench.command(line), line
        assert answer("9404") == await transmit(bench, "A0A40000026F07")
        assert information("+CREG: 0,1") == await bench.command("AT+CREG?")
        await succeed(bench, "AT+CSIM=0")
        await bench.advance(1)
        assert "\r\n#QSS: 1\r\n\r\n#QSS: 2\r\n\r\n#QSS: 3\r\n" == heard(bench)
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")
        await succeed(bench, "AT+CSIM=1", "AT+CSIM=0")
        await bench.advance(5)
        assert heard(bench) == "".join(f"\r\n#QSS: {status}\r\n" for status in (0, 1, 2, 3))


async def test_firmware_without_the_lock_refuses_it(tmp_path: Path) -> None:
    """As hosts expect."""
    (tmp_path / "board.toml").write_text(f'extends = "{GSM}"\nunset = ["sim.host_lock"]\n')
    async with Bench(str(tmp_path / "board.toml")) as bench:
        await refused(bench, "AT+CSIM=1", "AT+CSIM=0")


async def test_messages_on_the_card_are_those_of_cmgr(tmp_path: Path) -> None:
    """EF_SMS, both ways: status, service centre, TPDU, and FF behind it."""
    async with Bench(GSM, state=tmp_path) as bench:
        assert information("+CRSM: 144,0,00000DC06F3C040011FFAA010201B0") == await bench.command("AT+CRSM=192,28476")
        await succeed(bench, "AT+CMGF=1")
        await bench.command('AT+CMGW="+393311234567"')
        bench.send("Hello\x1a")
        await bench.answer()
        shown = await bench.command("AT+CRSM=178,28476,1,4,176")
        assert shown.startswith("\r\n+CRSM: 144,0,07")
        record = shown.split(",")[2].split("\r")[0]
        assert 352 == len(record)
        assert information("+CRSM: 144,0") == await bench.command(f"AT+CRSM=220,28476,2,4,176,01{record[2:]}")
        listed = await bench.command('AT+CMGL="ALL"')
        assert '+CMGL: 1,"STO UNSENT"' in listed and '+CMGL: 2,"REC READ"' in listed
        assert information("+CRSM: 144,0") == await bench.command(f"AT+CRSM=220,28476,1,4,176,{'00' + 'FF' * 175}")
        assert "+CMGL: 1" not in await bench.command('AT+CMGL="ALL"')
        assert information("+CRSM: 111,0") == await bench.command(f"AT+CRSM=220,28476,1,4,176,{'01' + 'FF' * 175}")


async def test_the_service_centre_of_the_card_is_that_of_csca() -> None:
    """EF_SMSP, with what +CSAS keeps; what a host writes there, +CSCA? shows."""
    async with Bench(GSM) as bench:
        await succeed(bench, 'AT+CSCA="+393205858500"', "AT+CMGF=1", "AT+CSMP=17,167,1,4", "AT+CSAS")
        record = f"{'FF' * 12}E1{'FF' * 12}0791932350585800FFFFFFFF0104A7"
        assert information(f"+CRSM: 144,0,{record}") == await bench.command("AT+CRSM=178,28482,1,4,40")
        other = record.replace("0791932350585800", "0791933395066900").replace("0104A7", "0000AA")
        assert information("+CRSM: 144,0") == await bench.command(f"AT+CRSM=220,28482,1,4,40,{other}")
        assert information('+CSCA: "+393359609600",145') == await bench.command("AT+CSCA?")
        assert information(f"+CRSM: 144,0,{other}") == await bench.command("AT+CRSM=178,28482,1,4,40")
        await succeed(bench, "AT+CRES")
        assert information("+CSMP: 17,170,0,0") == await bench.command("AT+CSMP?")


@EVERY_LINE
async def test_own_numbers_are_written_with_enhanced_network_support(firmware: str) -> None:
    """#SNUM wants #ENS=1 from the start on; +CNUM shows what it writes."""
    async with Bench(firmware) as bench:
        await refused(bench, "AT#SNUM=1,393912345678", code=3)
        await succeed(bench, "AT#ENS=1")
        await refused(bench, "AT#SNUM=1,393912345678", code=3)
        await restart(bench)
        await succeed(bench, 'AT#SNUM=1,"+393912345678","MY NUMBER"', "AT#SNUM=2,12345")
        expected = information('+CNUM: "MY NUMBER","+393912345678",145', '+CNUM: "","12345",129')
        assert expected == await bench.command("AT+CNUM")
        await succeed(bench, 'AT#SNUM=1,""')
        assert information('+CNUM: "","12345",129') == await bench.command("AT+CNUM")
        await refused(bench, "AT#SNUM=3,1", code=21)
        await refused(bench, "AT#SNUM=1,1,123456789012345", code=24)
        await refused(bench, "AT#SNUM=1,1a", code=27)
        await refused(bench, "AT#SNUM=1")
        assert OK == await bench.command("AT#SNUM=?")


@EVERY_LINE
async def test_the_number_of_the_card_has_another_name_on_the_gsm_lines(firmware: str) -> None:
    """+CCID."""
    async with Bench(firmware) as bench:
        expected = ERROR if firmware == UMTS else information("+CCID: 8939010000000000009")
        assert expected == await bench.command("AT+CCID")
