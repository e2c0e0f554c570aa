"""What was recorded is written as a dialogue: without secrets, and as long steps as it takes."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from emulator.bench import Bench
from emulator.commands.catalogue import command_table
from emulator.dialogue.play import play_on_port
from emulator.dialogue.reading import load
from emulator.errors import UserError
from emulator.firmware.loader import load_firmware
from emulator.options import ModemOptions
from emulator.recording.chunk import Chunk, Side
from emulator.recording.writer import DialogueWriter
from emulator.resources import CERTS
from tests.recording.closed_loop import replay, write

KEY = (CERTS / "public-demo-client-key.pem").read_bytes()
CERTIFICATE = (CERTS / "public-demo-client.pem").read_bytes()


async def say(
    *lines: str | bytes, firmware: str = "HE910", settings: Sequence[str] = (), pause: float = 0.0
) -> list[Chunk]:
    """Say this to a new module, each line when the one before is answered."""
    chunks = []
    async with Bench(firmware, settings=settings) as bench:
        for line in lines:
            data = f"{line}\r".encode("latin-1") if isinstance(line, str) else line
            await bench.advance(pause)
            chunks.append(Chunk(Side.HOST, data, bench.clock.now()))
            bench.send(data)
            await bench.advance(0.1)
            chunks.append(Chunk(Side.MODULE, bench.read().encode("latin-1"), bench.clock.now()))
    return [chunk for chunk in chunks if chunk.data]


def steps(text: str) -> list[str]:
    return text[text.index("\n\n") + 2 :].splitlines()


async def test_an_exchange_is_in_the_file_before_the_recording_ends(tmp_path: Path) -> None:
    """A crash loses nothing that was answered."""
    path = tmp_path / "d.txt"
    writer = DialogueWriter(path, "a module", "2026-11-27", commands=command_table(load_firmware("HE910")))
    for chunk in await say("AT+CGMM"):
        writer.take(chunk)

    assert steps(path.read_text()) == ["> AT+CGMM", "< HE910", "< OK"]


SERVER = 'AT#HTTPCFG=0,"http.example.com",80,1'
PADDED = "{wrong_pin.padded}"
IN_UCS2 = "002A00330033002A"
SECRET_LINES = {
    'AT#SGACT=1,1,"me","mypassword"': 'AT#SGACT=1,1,"telit","public-demo"',
    'AT+CGAUTH=1,1,"me","mypassword"': 'AT+CGAUTH=1,1,"telit","public-demo"',
    'AT#PASSW="mypassword"': 'AT#PASSW="public-demo"',
    'AT#USERID="mynameisme"': 'AT#USERID="telit"',
    'AT#EPASSW="mypassword"': 'AT#EPASSW="public-demo"',
    'AT#FTPOPEN="ftp.example.com","me","mypassword",1': 'AT#FTPOPEN="ftp.example.com","telit","public-demo",1',
    f'{SERVER},"me","mypassword"': f'{SERVER},"telit","public-demo"',
    'AT#MQCONN=1,"client","me","mypassword"': 'AT#MQCONN=1,"client","telit","public-demo"',
    'AT#NOBODYKNOWS="mypassword"': 'AT#NOBODYKNOWS="public-demo"',
    'AT+CPIN="7351"': 'AT+CPIN="{wrong_pin}"',
    'AT+CPIN="73517351","8462"': 'AT+CPIN="{wrong_pin}","{wrong_pin}"',
    'AT+CPWD="SC","7351","8462"': 'AT+CPWD="SC","{wrong_pin}","{wrong_pin}"',
    'AT+CLCK="SC",1,"7351"': 'AT+CLCK="SC",1,"{wrong_pin}"',
    'AT+CSIM=26,"A02000010837333531FFFFFFFF"': 'AT+CSIM=26,"A020000108{wrong_pin.padded}"',
    "AT+CSIM=26,002000810837333531ffffffff": "AT+CSIM=26,0020008108{wrong_pin.padded}",
    f'AT+CSIM=42,"A02C000010{"37333531" * 2}{"38343632" * 2}"': f'AT+CSIM=42,"A02C000010{PADDED}{PADDED}"',
    'AT+CSIM=26,"A0200001087351FFFFFFFFFFFF"': 'AT+CSIM=26,"A020000108{wrong_pin.padded}"',
    'AT+CSIM=20,"A02000010537333531FF"': 'AT+CSIM=20,"A0200001050000000000"',
    'AT+CSIM=26,"A0 20000108 37333531FFFFFFFF"': 'AT+CSIM=26,"0000000000000000000000000000"',
    'AT+CRSM=32,0,0,1,8,"37333531FFFFFFFF"': 'AT+CRSM=32,0,0,1,8,"{wrong_pin.padded}"',
    "ATD**04*7351*8462*8462#": "ATD**04*{wrong_pin}*{wrong_pin}*{wrong_pin}#",
    "ATD**052*73517351*8462*8462#;": "ATD**052*{wrong_pin}*{wrong_pin}*{wrong_pin}#;",
    "ATD** 04*7351*8462*8462#": f"ATD{'0' * 21}",
    "AT+CPIN=73 51": "AT+CPIN={wrong_pin}",
    "ATD*33*7351*11#": "ATD*33*{wrong_pin}*11#",
    "ATD**03*330*7351*8462*8462#": "ATD**03*330*{wrong_pin}*{wrong_pin}*{wrong_pin}#",
    'AT+CUSD=1,"**04*7351*8462*8462#",15': 'AT+CUSD=1,"**04*{wrong_pin}*{wrong_pin}*{wrong_pin}#",15',
    f'AT+CUSD=1,"{IN_UCS2}0037003300350031002A",72': f'AT+CUSD=1,"{IN_UCS2}{"0" * 16}002A",72',
}


@pytest.mark.parametrize("line", SECRET_LINES)
def test_no_secret_is_written(line: str, tmp_path: Path) -> None:
    """Whichever firmware has the command; another name and password stand in their place."""
    chunks = [Chunk(Side.HOST, f"{line}\r".encode(), 0.0), Chunk(Side.MODULE, b"\r\nERROR\r\n", 0.1)]

    assert steps(write(chunks, tmp_path / "d.txt", "HE910")) == [f"> {SECRET_LINES[line]}", "< ERROR"]
    assert steps(write(chunks, tmp_path / "k.txt", "HE910", keep_secrets=True)) == [f"> {line}", "< ERROR"]


async def test_a_secret_is_not_written_where_it_comes_again(tmp_path: Path) -> None:
    """In an echo, in data, and in what the module shows of its settings."""
    chunks = await say("ATE1", 'AT+CGAUTH=1,1,"me","mypassword"', "AT#GARBAGE mypassword", firmware="ME910C1-E2")

    text = write(chunks, tmp_path / "d.txt", "HE910")

    assert "mypassword" not in text
    await replay(tmp_path / "d.txt", ModemOptions("ME910C1-E2"))


async def test_the_pin_that_the_card_takes_is_the_emulated_cards_own(tmp_path: Path) -> None:
    """So that the file plays; on a module at a port it is refused, as a wrong PIN locks its card."""
    path = tmp_path / "d.txt"
    chunks = await say("AT+CPIN?", 'AT+CPIN="7351"', "AT+CPIN?", settings=["sim.pin='7351'"])

    text = write(chunks, path, "HE910")

    assert "7351" not in text
    await replay(path, ModemOptions("HE910", settings=["sim.pin='2468'"]))
    with pytest.raises(UserError, match=r"d\.txt:\d+: \{pin\} is the code of an emulated SIM card"):
        await play_on_port(load(path), "/dev/null")


@pytest.mark.parametrize("firmware", ["HE910", "ME910C1-E2"])
async def test_a_pin_in_an_instruction_is_the_emulated_cards_own(firmware: str, tmp_path: Path) -> None:
    """As it is with +CPIN: given, changed, and given again; neither PIN is in the file, in any form."""
    path = tmp_path / "d.txt"
    first = "A0" if firmware == "HE910" else "00"
    old, new = "37333531FFFFFFFF", "3834363239FFFFFF"
    chunks = await say(
        f'AT+CSIM=26,"{first}20000108{old}"',
        f'AT+CSIM=42,"{first}24000110{old}{new}"',
        f'AT+CSIM=26,"{first}20000108{new}"',
        "AT+CPIN?",
        firmware=firmware,
        settings=["sim.pin='7351'"],
    )

    text = write(chunks, path, "HE910")

    assert steps(text)[0] == f'> AT+CSIM=26,"{first}20000108{{pin.padded}}"'
    assert not any(code in text for code in ("7351", "37333531", "84629", "3834363239"))
    await replay(path, ModemOptions(firmware, settings=["sim.pin='2468'"]))
    with pytest.raises(UserError, match=r"d\.txt:\d+: \{pin\.padded\} is the code of an emulated SIM card"):
        await play_on_port(load(path), "/dev/null")


async def test_a_key_and_its_certificate_become_values_with_their_sizes(tmp_path: Path) -> None:
    """Nothing of the key is in the file, not even where the module shows it; the file plays with any pair."""
    path = tmp_path / "d.txt"
    chunks = await say(
        "AT#SSLEN=1,1",
        f"AT#SSLSECDATA=1,1,0,{len(CERTIFICATE)}",
        CERTIFICATE + b"\x1a",
        f"AT#SSLSECDATA=1,1,2,{len(KEY)}",
        KEY + b"\x1a",
        "AT#SSLSECDATA=1,2,2",
    )

    text = write(chunks, path, "HE910")

    assert steps(text)[2:-1] == [
        "> AT#SSLSECDATA=1,1,0,{certificate.size}",
        "<prompt",
        ">> {certificate}<ctrl>Z",
        "< OK",
        "> AT#SSLSECDATA=1,1,2,{key.size}",
        "<prompt",
        ">> {key}<ctrl>Z",
        "< OK",
        *steps(text)[10:-1],
    ]
    assert not any(line.decode() in text for line in KEY.splitlines() if len(line) > 30 and b"-----" not in line)
    await replay(path, ModemOptions("HE910"))


async def test_a_number_that_was_seen_once_is_replaced_wherever_it_appears(tmp_path: Path) -> None:
    """Before and behind it, with the same digits each time, in texts, in UCS2 and as a PDU swaps them."""
    path = tmp_path / "d.txt"
    chunks = await say(
        'AT+CPBW=1,"112",129,"393331234567"',
        "AT+CMGF=1",
        'AT+CMGS="+393331234567"',
        b"I am 393331234567, 933313325476\x1a",
    )

    lines = steps(write(chunks, path, "HE910"))

    assert lines[0] == '> AT+CPBW=1,"112",129,"555000000001"'
    assert '> AT+CMGS="+555000000001"' in lines
    assert ">> I am 555000000001, 550500000010<ctrl>Z" in lines
    await replay(path, ModemOptions("HE910"))


async def test_long_bytes_lie_beside_the_dialogue(tmp_path: Path) -> None:
    """And are played from there."""
    path = tmp_path / "d.txt"
    data = bytes(range(0x20, 0x100)) * 4
    chunks = await say("AT#SSLEN=1,1", f"AT#SSLSECDATA=1,1,1,{len(data)}", data + b"\x1a")

    lines = steps(write(chunks, path, "HE910"))

    assert lines[4] == ">file d-1.bin"
    assert (tmp_path / "d-1.bin").read_bytes() == data + b"\x1a"
    await replay(path, ModemOptions("HE910"))


async def test_pauses_and_slow_answers_are_written(tmp_path: Path) -> None:
    """So that the module's time passes as it did."""
    at = [Chunk(Side.HOST, b"AT\r", 0.0), Chunk(Side.MODULE, b"\r\nOK\r\n", 4.0)]
    again = [Chunk(Side.HOST, b"AT\r", 34.04), Chunk(Side.MODULE, b"\r\nOK\r\n", 34.1)]

    assert steps(write([*at, *again], tmp_path / "d.txt", "HE910")) == [
        "> AT",
        "within 20",
        "< OK",
        "wait 30",
        "> AT",
        "< OK",
    ]


async def test_the_number_in_a_pdu_is_replaced(tmp_path: Path) -> None:
    """It stands there with its digits swapped."""
    path = tmp_path / "d.txt"
    chunks = await say("AT+CMGF=0", "AT+CMGS=17", b"0001000C91933313325476000004D4F29C0E\x1a")

    text = write(chunks, path, "HE910")

    assert "933313325476" not in text
    assert ">> 0001000C91550500000010000004D4F29C0E<ctrl>Z" in steps(text)
    await replay(path, ModemOptions("HE910"))


def test_what_proves_an_account_in_data_is_replaced_at_its_length(tmp_path: Path) -> None:
    """So that sizes stay right."""
    sent = b"GET / HTTP/1.0\r\nAuthorization: Basic bWU6bXlwYXNzd29yZA==\r\n\r\n"
    chunks = [
        Chunk(Side.HOST, b'AT#SD=1,0,80,"http.example.com"\r', 0.0),
        Chunk(Side.MODULE, b"\r\nCONNECT\r\n", 0.1),
        Chunk(Side.HOST, sent, 0.2),
        Chunk(Side.MODULE, b"\r\nNO CARRIER\r\n", 0.3),
    ]

    lines = steps(write(chunks, tmp_path / "d.txt", "HE910"))

    assert lines[2:] == [
        f">> GET / HTTP/1.0<CR><LF>Authorization: Basic {'x' * 20}<CR><LF><CR><LF>",
        "< NO CARRIER",
    ]


@pytest.mark.parametrize("echo", ["", "AT#SSLH=1\r"])
def test_the_end_of_a_connection_may_be_told_before_the_command_that_it_ran_into(echo: str, tmp_path: Path) -> None:
    """The peer is quicker or slower each time."""
    chunks = [
        Chunk(Side.HOST, b"AT\r", 0.0),
        Chunk(Side.MODULE, b"\r\nOK\r\n", 0.1),
        Chunk(Side.HOST, b"AT#SSLH=1\r", 0.2),
        Chunk(Side.MODULE, f"{echo}\r\nNO CARRIER\r\n\r\nOK\r\n".encode(), 0.21),
    ]

    lines = steps(write(chunks, tmp_path / "d.txt", "HE910"))

    assert lines == [
        "> AT",
        "< OK",
        "<? NO CARRIER",
        f">{'=' if echo else ''} AT#SSLH=1",
        "<? NO CARRIER",
        "< OK",
    ]
