"""#SSLSECDATA: what is stored, what is refused, and what is shown. Guide 2.2.2 and 3.3."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat

from emulator.testing import Bench
from emulator.trace.events import HostSent, ModuleSent
from tests.commands.ssl_bench import (
    GSM,
    OK,
    PROMPT,
    UMTS,
    cme,
    enter,
    information,
    ssl_bench,
    store,
    succeed,
)
from tests.peers.pki import CLIENT, ROOT, Party

_BIG = Party("big", ROOT, ballast=2000)
_PKCS8 = CLIENT.key_bytes(Encoding.PEM, PrivateFormat.PKCS8)


@pytest.mark.parametrize("firmware", [GSM, UMTS])
async def test_what_is_stored_can_be_listed_read_and_deleted(firmware: str) -> None:
    """Each of the three kinds, in PEM."""
    async with ssl_bench(firmware) as bench:
        for kind, pem, listed in ((0, CLIENT.pem, "1,0,0"), (1, ROOT.pem, "1,1,0"), (2, CLIENT.key_pem, "1,1,1")):
            empty = information(f"#SSLSECDATA: 1,{kind}", "No data stored")
            assert empty == await bench.command(f"AT#SSLSECDATA=1,2,{kind}")
            await store(bench, kind, pem)
            assert information(f"#SSLSECDATA: 1,{listed}") == await bench.command("AT#SSLSECDATA?")
            shown = information(f"#SSLSECDATA: 1,{kind}", pem.decode())
            assert shown == await bench.command(f"AT#SSLSECDATA=1,2,{kind}")
        for kind, listed in ((0, "0,1,1"), (1, "0,0,1"), (2, "0,0,0"), (2, "0,0,0")):
            await succeed(bench, f"AT#SSLSECDATA=1,0,{kind}")
            assert information(f"#SSLSECDATA: 1,{listed}") == await bench.command("AT#SSLSECDATA?")


async def test_der_is_taken_by_its_size_whatever_its_bytes() -> None:
    """Guide 3.3: no Ctrl-Z, and BS and ESC are data."""
    async with ssl_bench(UMTS) as bench:
        await succeed(bench, "AT#SSLSECCFG=1,0,1,0")
        for kind, der in ((0, CLIENT.der), (1, ROOT.der), (2, CLIENT.key_bytes())):
            assert OK == await enter(bench, f"AT#SSLSECDATA=1,1,{kind},{len(der)}", der)
            shown = information(f"#SSLSECDATA: 1,{kind}", der.decode("latin-1"))
            assert shown == await bench.command(f"AT#SSLSECDATA=1,2,{kind}")
        await succeed(bench, "AT#SSLSECCFG=1,0,1,1")
        await store(bench, 1, ROOT.pem)


async def test_backspace_and_escape_act_while_pem_is_entered() -> None:
    """Guide 3.3, warning and note."""
    typed = ROOT.pem.replace(b"BEGIN", b"BEGIM\x08N")
    async with ssl_bench() as bench:
        assert OK == await enter(bench, f"AT#SSLSECDATA=1,1,1,{len(ROOT.pem)}", typed[:50] + b"\x1b")
        assert information("#SSLSECDATA: 1,0,0,0") == await bench.command("AT#SSLSECDATA?")
        assert OK == await enter(bench, f"AT#SSLSECDATA=1,1,1,{len(ROOT.pem)}", typed + b"\x1a")
        assert information("#SSLSECDATA: 1,1", ROOT.pem.decode()) == await bench.command("AT#SSLSECDATA=1,2,1")


@pytest.mark.parametrize(
    ("firmware", "kind", "data"),
    [
        pytest.param(UMTS, 0, CLIENT.key_pem, id="a key for a certificate"),
        pytest.param(UMTS, 1, CLIENT.key_pem, id="a key for a CA certificate"),
        pytest.param(UMTS, 2, CLIENT.pem, id="a certificate for a key"),
        pytest.param(UMTS, 2, _PKCS8, id="a key in PKCS#8"),
        pytest.param(UMTS, 1, ROOT.pem[:200], id="half a certificate"),
        pytest.param(UMTS, 1, b"", id="nothing"),
        pytest.param(UMTS, 1, b"\xff" * 100, id="noise"),
        pytest.param(UMTS, 1, ROOT.der.replace(b"\x1a", b"\x1c").replace(b"\x1b", b"\x1c"), id="DER as PEM"),
        pytest.param(GSM, 1, ROOT.pem.replace(b"\n", b"\r\n"), id="CR in PEM"),
        pytest.param(UMTS, 1, _BIG.pem, id="over the size limit"),
    ],
)
async def test_what_is_not_what_its_type_says_is_refused_and_changes_nothing(
    firmware: str, kind: int, data: bytes
) -> None:
    """837, and what was stored before stays."""
    before = (CLIENT.pem, ROOT.pem, CLIENT.key_pem)[kind]
    async with ssl_bench(firmware) as bench:
        await store(bench, kind, before)
        assert cme(837) == await enter(bench, f"AT#SSLSECDATA=1,1,{kind},2047", data + b"\x1a")
        shown = information(f"#SSLSECDATA: 1,{kind}", before.decode())
        assert shown == await bench.command(f"AT#SSLSECDATA=1,2,{kind}")


async def test_the_gsm_families_take_keys_in_pkcs8_too() -> None:
    """The guide limits only the HE910 and UE910 families to PKCS#1."""
    async with ssl_bench(GSM) as bench:
        await store(bench, 2, _PKCS8)


async def test_a_profile_can_allow_carriage_returns() -> None:
    """For firmware that minds less than the guide's warning says."""
    async with ssl_bench(GSM, settings=["secure_socket.security_data.carriage_returns=true"]) as bench:
        await store(bench, 1, ROOT.pem.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("line", ["1,1,1,0", "1,1,1,2048", "1,0,1,2048", "1,3,1", "1,2,3", "2,2,1", "1,2", ""])
async def test_parameters_that_are_out_of_range_are_not_supported(line: str) -> None:
    """A size is of 1 to 2047 bytes, whatever the action."""
    async with ssl_bench() as bench:
        assert cme(4) == await bench.command(f"AT#SSLSECDATA={line}")


@pytest.mark.parametrize("firmware", [GSM, UMTS])
async def test_the_size_is_optional_where_ctrl_z_ends_the_entry(firmware: str) -> None:
    """And it may stand with every action, as the guide's syntax has it."""
    async with ssl_bench(firmware) as bench:
        assert OK == await enter(bench, "AT#SSLSECDATA=1,1,1", ROOT.pem + b"\x1a")
        shown = information("#SSLSECDATA: 1,1", ROOT.pem.decode())
        assert shown == await bench.command(f"AT#SSLSECDATA=1,2,1,{len(ROOT.pem)}")
        await succeed(bench, "AT#SSLSECDATA=1,0,1,100")
        assert information("#SSLSECDATA: 1,0,0,0") == await bench.command("AT#SSLSECDATA?")


async def test_an_entry_in_der_needs_its_size() -> None:
    """Nothing else ends it."""
    async with ssl_bench(UMTS) as bench:
        await succeed(bench, "AT#SSLSECCFG=1,0,1,0")
        assert cme(4) == await bench.command("AT#SSLSECDATA=1,1,1")


@pytest.mark.parametrize("line", ["1,1,1", "1,2,1,100", "1,0,1,100"])
async def test_a_profile_can_want_the_size_for_writing_alone(line: str) -> None:
    """For firmware that is stricter."""
    async with ssl_bench(settings=["secure_socket.security_data.size_optional=false"]) as bench:
        assert cme(4) == await bench.command(f"AT#SSLSECDATA={line}")


@pytest.mark.parametrize("firmware", [GSM, UMTS])
@pytest.mark.parametrize("size", [1, 4, 100, -20])
async def test_an_entry_much_longer_than_its_size_is_refused(firmware: str, size: int) -> None:
    """As a host finds that takes the size of a pointer for that of its text; the entry ends by Ctrl-Z all the same."""
    async with ssl_bench(firmware) as bench:
        given = size if size > 0 else len(ROOT.pem) + size
        assert cme(837) == await enter(bench, f"AT#SSLSECDATA=1,1,1,{given}", ROOT.pem + b"\x1a")
        assert information("#SSLSECDATA: 1,0,0,0") == await bench.command("AT#SSLSECDATA?")


@pytest.mark.parametrize("difference", [-2, -1, 1, 2, 500])
async def test_a_size_may_count_what_ends_the_text_or_not(difference: int) -> None:
    """Hosts count the last LF, Ctrl-Z and a NUL, or some of them, or give the size of their buffer."""
    async with ssl_bench() as bench:
        assert OK == await enter(bench, f"AT#SSLSECDATA=1,1,1,{len(ROOT.pem) + difference}", ROOT.pem + b"\x1a")


_TRAILING = [b"\x04", b"\xff", b"\0", b"(end of file)\n"]


@pytest.mark.parametrize("firmware", [GSM, UMTS])
@pytest.mark.parametrize("trailing", _TRAILING)
@pytest.mark.parametrize(("kind", "pem"), [(0, CLIENT.pem), (1, ROOT.pem), (2, CLIENT.key_pem), (1, ROOT.pem * 2)])
async def test_what_stands_behind_the_end_line_is_refused(
    firmware: str, trailing: bytes, kind: int, pem: bytes
) -> None:
    """Guide 3.3, warning: an EOF that a serial terminal adds must be removed before Ctrl-Z."""
    text = pem + trailing
    async with ssl_bench(firmware) as bench:
        assert cme(837) == await enter(bench, f"AT#SSLSECDATA=1,1,{kind},{len(text)}", text + b"\x1a")
        assert information("#SSLSECDATA: 1,0,0,0") == await bench.command("AT#SSLSECDATA?")


@pytest.mark.parametrize("text", [ROOT.pem.rstrip(), ROOT.pem + b"\n \n", b"Root:\n" + ROOT.pem, ROOT.pem * 2])
async def test_white_space_behind_and_text_before_the_certificate_are_harmless(text: bytes) -> None:
    """As is a second certificate."""
    async with ssl_bench() as bench:
        await store(bench, 1, text)


async def test_a_profile_can_allow_trailing_text() -> None:
    """For firmware that minds less than the guide's warning says."""
    async with ssl_bench(settings=["secure_socket.security_data.trailing_text=true"]) as bench:
        await store(bench, 1, ROOT.pem + b"\x04")


async def test_security_data_outlives_a_restart_and_the_emulator(tmp_path: Path) -> None:
    """NVM, guide 3.3."""
    async with ssl_bench(state=tmp_path) as bench:
        await store(bench, 1, ROOT.pem)
        await succeed(bench, "AT#REBOOT")
        await bench.advance(6)
        await bench.command("ATE0")
        assert information("#SSLSECDATA: 1,0,1,0") == await bench.command("AT#SSLSECDATA?")
    async with Bench(UMTS, state=tmp_path) as bench:
        assert information("#SSLSECDATA: 1,1", ROOT.pem.decode()) == await bench.command("AT#SSLSECDATA=1,2,1")


async def test_no_key_reaches_the_trace() -> None:
    """Neither as it is entered nor as it is read."""
    async with ssl_bench() as bench:
        await store(bench, 2, CLIENT.key_pem)
        await bench.command("AT#SSLSECDATA=1,2,2")
        said = [event.text for event in bench.events if isinstance(event, HostSent | ModuleSent)]
        assert not [text for text in said if "PRIVATE" in text]


async def test_a_memory_that_cannot_be_written_refuses_and_the_module_lives_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A full disk: memory failure (23), and what was there before is what is there. The user hears once why."""

    async with ssl_bench(state=tmp_path) as bench:
        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", _full)
            assert PROMPT == await bench.command(f"AT#SSLSECDATA=1,1,1,{len(ROOT.pem)}")
            bench.send(ROOT.pem + b"\x1a")
            assert cme(23) == await bench.answer()
            assert cme(23) == await bench.command("AT#SSLEN=1,0")
            assert cme(23) == await bench.command("AT#SSLCFG=1,1,1,1,10,1")
            why = "No space left on device; the module refuses to store until that is mended"
            assert [f"{tmp_path / 'nvm.json'}: {why}"] == caplog.messages
        assert information("#SSLSECDATA: 1,0,0,0") == await bench.command("AT#SSLSECDATA?")
        assert information("#SSLEN: 1,1") == await bench.command("AT#SSLEN?")
        assert information("#SSLCFG: 1,1,300,90,100,50") == await bench.command("AT#SSLCFG?")
        await store(bench, 1, ROOT.pem)

        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", _full)
            assert cme(23) == await bench.command("AT#SSLEN=1,0")
            assert 2 == len(caplog.messages)

    assert ["lock", "nvm.json"] == sorted(path.name for path in tmp_path.iterdir())


def _full(descriptor: int) -> None:
    raise OSError(28, "No space left on device")
