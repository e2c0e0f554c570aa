"""Scripts are stored, listed, shown and deleted; none ever runs."""

from pathlib import Path

from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE, GE910, GL865, refused
from tests.commands.ssl_bench import ERROR, GSM, OK, UMTS, cme, information, succeed

PROMPT = "\r\n>>>"
SCRIPT = b"import MDM\r\nMDM.send('AT\\r', 0)\x1a\x1b\x08\r\n"


async def write(bench: Bench, name: str, content: bytes, more: str = "") -> str:
    """Write a script; the answer."""
    assert PROMPT == await bench.command(f'AT#WSCRIPT="{name}",{len(content)}{more}')
    bench.send(content)
    return await bench.answer()


@EVERY_LINE
async def test_a_script_is_stored_shown_and_deleted(firmware: str) -> None:
    """Each byte of it counts, also those that would end or edit a text."""
    async with Bench(firmware) as bench:
        await succeed(bench, *(f"AT#{name}=?" for name in ("WSCRIPT", "RSCRIPT", "LSCRIPT", "DSCRIPT")))
        assert information("#LSCRIPT: free bytes: 1500000") == await bench.command("AT#LSCRIPT")
        await succeed(bench, "ATE0")
        assert OK == await write(bench, "b.py", SCRIPT)
        assert OK == await write(bench, "A.py", b"12345", ",0")
        listed = ('#LSCRIPT: "A.py",5', f'#LSCRIPT: "b.py",{len(SCRIPT)}')
        free = f"#LSCRIPT: free bytes: {1500000 - 5 - len(SCRIPT)}"
        assert information(*listed, free) == await bench.command("AT#LSCRIPT")
        shown = "\r\n<<<\r\n" + SCRIPT.decode("latin-1") + "\r\n" + OK
        assert shown == await bench.command('AT#RSCRIPT="b.py"')
        assert OK == await write(bench, "b.py", b"new")
        assert "\r\n<<<\r\nnew\r\n" + OK == await bench.command("AT#RSCRIPT=b.py")
        await succeed(bench, 'AT#DSCRIPT="b.py"', "AT+CMEE=1")
        for line in ('#RSCRIPT="b.py"', '#DSCRIPT="b.py"', '#RSCRIPT="a.py"'):
            assert cme(22) == await bench.command(f"AT{line}")


async def test_a_hidden_script_is_never_shown() -> None:
    """It is listed all the same."""
    async with Bench(GSM) as bench:
        assert OK == await write(bench, "secret.pyo", b"12345", ",1")
        assert '#LSCRIPT: "secret.pyo",5' in await bench.command("AT#LSCRIPT")
        await succeed(bench, 'AT#RSCRIPT="secret.pyo"')


async def test_a_host_that_stops_typing_has_stored_nothing() -> None:
    """Half a minute behind its last byte."""
    async with Bench(GSM) as bench:
        assert PROMPT == await bench.command('AT#WSCRIPT="a.py",10')
        await bench.advance(29)
        bench.send(b"12345")
        await bench.advance(29)
        assert "" == bench.read()
        await bench.advance(1)
        assert ERROR == bench.read()
        await succeed(bench, "AT")
        assert information("#LSCRIPT: free bytes: 1500000") == await bench.command("AT#LSCRIPT")


async def test_there_is_no_room_for_everything() -> None:
    """A script makes room for a new one of its name."""
    async with Bench(GSM, settings=["scripts.room=10"]) as bench:
        assert OK == await write(bench, "a.py", b"1234567")
        await refused(bench, 'AT#WSCRIPT="b.py",4', code=20)
        assert OK == await write(bench, "a.py", b"1234567890")
        await refused(bench, 'AT#WSCRIPT="12345678901234567",4', 'AT#WSCRIPT="b.py",0')


async def test_the_choice_of_a_script_is_kept(tmp_path: Path) -> None:
    """Whether it is there or not; the order to run it is accepted."""
    async with Bench(GSM, state=tmp_path / "state") as bench:
        assert information('#ESCRIPT: ""') == await bench.command("AT#ESCRIPT?")
        await succeed(bench, 'AT#ESCRIPT="main.py"', "AT#ESCRIPT=?", "AT#EXECSCR", "AT#EXECSCR=?")
        assert OK == await write(bench, "main.py", b"12345")
    async with Bench(GSM, state=tmp_path / "state") as bench:
        assert information('#ESCRIPT: "main.py"') == await bench.command("AT#ESCRIPT?")
        assert "\r\n<<<\r\n12345\r\n" + OK == await bench.command('AT#RSCRIPT="main.py"')
        await succeed(bench, 'AT#ESCRIPT=""')
        assert information('#ESCRIPT: ""') == await bench.command("AT#ESCRIPT?")


@EVERY_LINE
async def test_when_a_script_would_start_is_kept(firmware: str) -> None:
    """10.00 and 16.00 have a mode more."""
    async with Bench(firmware) as bench:
        modes = "(0-2)" if firmware in (GSM, GL865) else "(0,1)"
        assert information(f"#STARTMODESCR: {modes},(10-60)") == await bench.command("AT#STARTMODESCR=?")
        assert information("#STARTMODESCR: 0,10") == await bench.command("AT#STARTMODESCR?")
        await succeed(bench, "AT#STARTMODESCR=1,20", "AT#STARTMODESCR=1")
        await refused(bench, "AT#STARTMODESCR=3", "AT#STARTMODESCR=1,9")
        assert information("#STARTMODESCR: 1,20") == await bench.command("AT#STARTMODESCR?")


async def test_the_multiplexer_of_a_script_is_kept() -> None:
    """Off it shows no speed; 12.00 lacks it."""
    async with Bench(GE910) as bench:
        values = "(0,1),(9600,19200,38400,57600,115200)"
        assert information(f"#CMUXSCR: {values}") == await bench.command("AT#CMUXSCR=?")
        assert information("#CMUXSCR: 0") == await bench.command("AT#CMUXSCR?")
        await succeed(bench, "AT#CMUXSCR=1")
        assert information("#CMUXSCR: 1,115200") == await bench.command("AT#CMUXSCR?")
        await succeed(bench, "AT#CMUXSCR=0,9600", "AT#CMUXSCR=1")
        assert information("#CMUXSCR: 1,9600") == await bench.command("AT#CMUXSCR?")
        await refused(bench, "AT#CMUXSCR=2", "AT#CMUXSCR=1,300")
    async with Bench(UMTS) as bench:
        assert ERROR == await bench.command("AT#CMUXSCR?")
