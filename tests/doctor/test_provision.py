"""The dialogue of `doctor --provision`: played on the firmware, it leads to the server."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from emulator import VirtualModem
from tests.cli.programs import COMMAND, TIMEOUT, failing
from tests.doctor.asking import GSM, LTE_M, SMALL, UMTS, V2
from tests.doctor.conftest import Start
from tests.doctor.servers import OLD, SELF_SIGNED
from tests.peers.pki import CLIENT, ROOT, Party
from tests.peers.processes import openssl_server

_BIG_ROOT = Party("rather big root", is_ca=True, ballast=1100)


def telit_emulator(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=TIMEOUT, check=False)


def provision(folder: Path, port: int, *options: str, firmware: str = UMTS, exit_code: int = 0) -> Path:
    """The file that the doctor writes for a server at that port of this machine."""
    file = folder / "setup.txt"
    arguments = ["--firmware", firmware, "--provision", str(file), *options]

    done = telit_emulator("doctor", f"127.0.0.1:{port}", *arguments)

    assert done.returncode == exit_code, done
    return file


def play(file: Path, *firmwares: str) -> None:
    """Play it on new modules, which dial the real server."""
    done = telit_emulator("play", str(file), "--firmware", ",".join(firmwares))

    assert done.returncode == 0, done.stdout


def written(folder: Path, *parties: Party) -> list[str]:
    """The files of certificates, PEM."""
    files = [folder / f"{party.name}.pem" for party in parties]
    for party, file in zip(parties, files, strict=True):
        file.write_bytes(party.pem)
    return list(map(str, files))


def entries(file: Path) -> list[tuple[int, bytes]]:
    """<size> of each #SSLSECDATA that writes, and what is entered behind it."""
    found = []
    for part in file.read_text().split("> AT#SSLSECDATA=1,1,")[1:]:
        size = int(re.match(r"\d,(\d+)\n", part)[1])  # type: ignore[index]  # it has to match
        entered = part[: part.index("\n< OK")]
        text = "".join(re.findall(r"^>> (.*)$", entered, re.MULTILINE)).replace("<LF>", "\n").removesuffix("<ctrl>Z")
        found.append((size, text.encode() + bytes.fromhex("".join(re.findall(r"^>x (.*)$", entered, re.MULTILINE)))))
    return found


def test_the_right_root_is_stored_with_its_size_on_every_line(serving: Start, tmp_path: Path) -> None:
    """One file for all firmwares that need the same; the name of a firmware tells two apart."""
    port, (ca,) = serving("old"), written(tmp_path, ROOT)

    file = provision(tmp_path, port, "--ca", ca, firmware=f"{GSM},{SMALL},{UMTS}")

    assert not file.exists()
    gsm, umts = tmp_path / f"setup.{GSM}.txt", tmp_path / f"setup.{UMTS}.txt"
    assert [(len(ROOT.pem), ROOT.pem)] == entries(gsm) == entries(umts)
    assert "lines: 10.00\n" in gsm.read_text()
    assert "> AT#SSLSECCFG=1,0,1\n" in gsm.read_text()
    assert "> AT#SSLSECCFG=1,0,1,1\n" in umts.read_text()
    play(gsm, GSM, SMALL)
    play(umts, UMTS)


def test_a_later_line_is_told_its_version(serving: Start, tmp_path: Path) -> None:
    """#SSLSECCFG2 stands in the file, and what is played reaches a server with TLS 1.2."""
    port = serving("modern")

    file = provision(tmp_path, port, firmware=f"{V2},{LTE_M}", exit_code=1)

    assert "> AT#SSLSECCFG2=1,3\n" in file.read_text()
    play(file, V2, LTE_M)


def test_it_is_played_at_a_port(serving: Start, tmp_path: Path) -> None:
    """As on a module on the desk; what was stored before is replaced."""
    ca, other = written(tmp_path, ROOT, Party("another root", is_ca=True))
    file = provision(tmp_path, serving("old"), "--ca", ca, firmware=GSM)

    with VirtualModem(GSM, settings=[f"security_data.ca_certificate={other}"]) as modem:
        modem.play(file)


def test_own_certificate_and_key_are_in_the_file_alone(serving: Start, tmp_path: Path) -> None:
    """Its owner alone reads it, whatever stood there before; nothing of the key is printed."""
    chain, key = map(str, CLIENT.write(tmp_path))
    (ca,) = written(tmp_path, ROOT)
    (tmp_path / "setup.txt").write_text("older")
    arguments = ["--ca", ca, "--cert", chain, "--key", key, "--provision", str(tmp_path / "setup.txt")]

    done = telit_emulator("doctor", f"127.0.0.1:{serving('gnutls mutual')}", "--firmware", UMTS, *arguments)

    assert done.returncode == 0, done
    file = tmp_path / "setup.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    assert CLIENT.key_pem in [data for _, data in entries(file)]
    assert all(size == len(data) for size, data in entries(file))
    assert not {line for line in CLIENT.key_pem.decode().split() if len(line) > 20} & set(
        (done.stdout + done.stderr).split()
    )
    assert f"> the private key in PEM, {len(CLIENT.key_pem)} bytes" in done.stdout
    assert {"setup.txt"} == {path.name for path in tmp_path.iterdir() if "setup" in path.name}
    play(file, UMTS)


def test_a_root_that_is_too_long_in_pem_is_entered_in_der(tmp_path: Path) -> None:
    """Where the firmware has <cert_format>."""
    server = Party("server of the big root", _BIG_ROOT)
    (ca,) = written(tmp_path, _BIG_ROOT)
    with openssl_server(tmp_path, *OLD, party=server) as port:
        file = provision(tmp_path, port, "--ca", ca)
        assert [(len(_BIG_ROOT.der), _BIG_ROOT.der)] == entries(file)
        assert "> AT#SSLSECCFG=1,0,1,0\n" in file.read_text()
        play(file, UMTS)


def test_another_cipher_suite_than_the_default_is_chosen(serving: Start, tmp_path: Path) -> None:
    """The default does not reach the server, so that the exit code is 1; without authentication nothing is stored."""
    file = provision(tmp_path, serving("null"), exit_code=1)

    assert "> AT#SSLSECCFG=1,4,0\n" in file.read_text()
    assert "SSLSECDATA" not in file.read_text()
    play(file, UMTS)


def test_the_clock_is_set_where_the_date_is_the_reason(serving: Start, tmp_path: Path) -> None:
    """To a date at which the server's certificate is valid (guide 3.3.1, note)."""
    (ca,) = written(tmp_path, ROOT)

    file = provision(tmp_path, serving("expired"), "--ca", ca, "--timeout", "12", exit_code=1)

    assert '> AT+CCLK="13/12/31,00:00:00+00"\n' in file.read_text()
    assert "> AT#NITZ=0\n" in file.read_text()
    assert ',"127.0.0.1",0,1,120\n' in file.read_text()
    play(file, UMTS)


def test_the_right_root_is_stored_where_another_one_was_given(serving: Start, tmp_path: Path) -> None:
    """The server itself sends it."""
    (other,) = written(tmp_path, ROOT)

    file = provision(tmp_path, serving("self-signed"), "--ca", other, exit_code=1)

    assert [SELF_SIGNED.pem] == [data for _, data in entries(file)]
    play(file, UMTS)


def test_nothing_is_written_for_a_server_that_no_firmware_reaches(serving: Start, tmp_path: Path) -> None:
    """And that is told."""
    file = tmp_path / "setup.txt"

    done = telit_emulator("doctor", f"127.0.0.1:{serving('modern')}", "--firmware", UMTS, "--provision", str(file))

    assert (done.returncode, done.stderr) == (1, f"--provision {file}: not written, no firmware reaches the server\n")
    assert not file.exists()


MISTAKES: dict[str, tuple[Sequence[str], str]] = {
    "a device": (["--provision", "/dev/null"], "--provision /dev/null: it is no file; name one that can be written"),
    "no folder": (["--provision", "/nonexistent/a"], "--provision /nonexistent/a: No such file or directory"),
    "an access point": (["--apn", 'a"b'], "--apn 'a\"b': an access point has letters, digits, dots and hyphens"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_line_and_exit_code_2(serving: Start, name: str) -> None:
    """Found before the server is asked."""
    arguments, message = MISTAKES[name]

    told = failing("doctor", f"127.0.0.1:{serving('old')}", "--firmware", UMTS, *arguments)

    assert message in told
    assert len(told.splitlines()) == 1
