"""What leads to a person, a module or a SIM card is in no dialogue, in whichever form it is said."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from emulator import VirtualModem
from emulator.bench import Bench
from emulator.recording.chunk import Chunk, Side
from tests.recording.closed_loop import write
from tests.recording.recordings import Recording

IMEI, IMSI, ICCID = "356938035643809", "262073964025173", "8949072113456789012"
OWN, OTHER, CENTRE = "+491715550982", "+393498761234", "+491710760000"
VALUES = (IMEI, IMSI, ICCID, OWN, OTHER, CENTRE)
SETTINGS = [
    f"identity.imei='{IMEI}'",
    f"identity.imsi='{IMSI}'",
    f"identity.iccid='{ICCID}'",
    f"sim.numbers=[{{number='{OWN}'}}]",
]
LINES = (
    *("AT+CMEE=2", "ATI", "ATI1", "ATI5", "AT+CGSN", "AT#CGSN", "AT+GSN", "AT+CIMI", "AT#CIMI", "AT#CCID", "AT+CCID"),
    *("ATD*#06#", "AT+CNUM", f'AT+CSCA="{CENTRE}",145', "AT+CSCA?", "AT+CRSM=178,28480,1,4,28", "AT#MONI"),
    *("AT+CRSM=176,12258,0,0,10", "AT+CRSM=176,28423,0,0,9", 'AT+CSIM=14,"A0A40000022FE2"', "AT+CSIM=10,A0B000000A"),
    *("AT+CSIM=14,A0A40000027F20", "AT+CSIM=14,A0A40000026F07", "AT+CSIM=10,A0B0000009", "AT+CLIP=1", "AT+CUSD=1"),
    *('AT+CUSD=1,"*100#",15', "AT+CMGF=0", "AT+CMGL=4", "AT+CMGR=1", "AT+CMGF=1", 'AT+CMGL="ALL"', "AT+CMGR=1"),
    *(f"ATD{OTHER};", "ATH", "AT+CLCC", f"ATD*21*{OTHER[1:]}#", f'AT+CCFC=0,3,"{OTHER}",145', "AT+CCFC=0,2"),
    *(f'AT+CPBW=1,"{OTHER}",145,"Ann"', "AT+CPBR=1", "AT+CRSM=178,28474,1,4,28"),
)


def _swapped(digits: str) -> str:
    padded = digits + "F" * (len(digits) % 2)
    return "".join(second + first for first, second in zip(padded[::2], padded[1::2], strict=True))


def _forms(value: str) -> Iterator[str]:
    digits = value.lstrip("+")
    yield from (digits, digits[1:], digits[:-1], _swapped(digits), _swapped(f"9{digits}"))
    yield from (digits.encode().hex().upper(), digits.encode("utf-16-be").hex().upper())


def _shown(chunks: Sequence[Chunk], folder: Path) -> set[str]:
    """Write them; return those of the values that are in a file, in any form."""
    write(chunks, folder / "d.txt", "HE910")
    texts = "".join(path.read_bytes().decode("latin-1") for path in folder.iterdir()).upper()
    return {value for value in VALUES if any(form in texts for form in _forms(value))}


@pytest.mark.parametrize("firmware", ["HE910", "ME910C1-E2"])
async def test_nothing_of_an_emulated_module_is_in_the_dialogue(firmware: str, tmp_path: Path) -> None:
    """Neither of all that it says in one recording, nor of each answer alone, where no other one tells the value."""
    exchanges = []
    async with Bench(firmware, settings=SETTINGS) as bench:
        bench.modem.answer_ussd("*100#", f"You are {OWN}, {IMSI}")
        bench.modem.receive_sms(OTHER, f"call {OTHER[1:]} or {OWN}")
        for line in LINES:
            began = bench.clock.now()
            bench.send(f"{line}\r")
            await bench.advance(2)
            heard = bench.read().encode("latin-1")
            exchanges.append([Chunk(Side.HOST, f"{line}\r".encode(), began), Chunk(Side.MODULE, heard, began + 0.1)])

    said = b"".join(heard.data for _, heard in exchanges).decode("latin-1")
    assert all(value.lstrip("+") in said for value in VALUES)
    assert all(_swapped(value) in said for value in (ICCID, OTHER[1:]))
    assert _shown([chunk for exchange in exchanges for chunk in exchange], tmp_path) == set()
    for number, exchange in enumerate(exchanges):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert _shown(exchange, folder) == set(), exchange


RECORD = f"{'FF' * 14}0791{_swapped(OTHER[1:])}{'FF' * 6}"
IN_UCS2 = OTHER.encode("utf-16-be").hex().upper()
SAID = {
    f"ATDT{OTHER[1:6]} {OTHER[6:]};": "",
    f"ATD**21*{OTHER}*11#;": "",
    f'AT+CUSD=1,"*123*{OTHER}#",15': "",
    f'AT+CRSM=220,28480,1,4,28,"{RECORD}"': "+CRSM: 144,0",
    f'AT+CSIM=66,"A0DC01041C{RECORD}"': '+CSIM: 4,"9000"',
    f'AT+CPBW=1,"{IN_UCS2}",145,"Ann"': "",
    'AT+CPBF="Ann"': f'+CPBF: 1,"{IN_UCS2}",145,"0041"',
    "AT+CMGR=1": f'+CMGR: "REC READ","TIM","","26/11/27,10:00:00+04"\r\n{IN_UCS2}',
    "AT+CMGR=2": f'+CMGR: "REC READ","TIM","","26/11/27,10:00:00+04"\r\nHello\r\ncall {OTHER[1:]}',
    "AT": f'+CLIP: "{OTHER}",145,"",128,"",0',
    "AT+CGSN=2": f"{IMEI}01",
    "AT+ICCID": f"ICCID: {ICCID}F",
    "AT+XYZ": f"{ICCID}F",
}


@pytest.mark.parametrize("line", SAID)
def test_nothing_that_a_real_module_may_say_otherwise_is_in_the_dialogue(line: str, tmp_path: Path) -> None:
    """Nor what hosts type in a form of their own."""
    answer = f"\r\n{SAID[line]}\r\n\r\nOK\r\n" if SAID[line] else "\r\nOK\r\n"
    chunks = [Chunk(Side.HOST, f"{line}\r".encode(), 0.0), Chunk(Side.MODULE, answer.encode(), 0.1)]

    assert _shown(chunks, tmp_path) == set()
    assert OTHER[6:] not in (tmp_path / "d.txt").read_text()


def test_only_its_owner_can_read_the_trace(tmp_path: Path) -> None:
    """It has the numbers as they were said."""
    with VirtualModem() as modem:
        recording = Recording(modem.port, tmp_path / "recorded.txt")
        recording.end()

    assert recording.options.trace.stat().st_mode & 0o777 == 0o600
