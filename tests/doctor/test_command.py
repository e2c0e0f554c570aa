"""`telit-emulator doctor`, as it is typed."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from emulator.cli import telit_emulator
from emulator.errors import UserError
from emulator.firmware.lines import lines
from emulator.firmware.status import KNOWN
from tests.cli.programs import COMMAND, TIMEOUT, failing
from tests.doctor.conftest import Start
from tests.doctor.servers import NAME
from tests.peers.pki import CLIENT, ROOT, SERVER

SERVER_NAME = f"{NAME}:443"


def _doctor(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, "doctor", *arguments], capture_output=True, text=True, timeout=TIMEOUT)


def _route(port: int) -> str:
    return f"--route={SERVER_NAME}=127.0.0.1:{port}"


def test_a_server_that_all_reach(serving: Start) -> None:
    """Exit code 0, a row a software line, nothing on stderr, and no colours."""
    done = _doctor(SERVER_NAME, _route(serving("old")))

    assert (done.returncode, done.stderr) == (0, "")
    head, *rows = done.stdout.partition("\n\n")[0].splitlines()
    assert head.split() == ["Firmware", "Status", "Verdict", "Suites", "Why"]
    assert [row.split()[1] for row in rows] == [line.status for line in lines() if line.status in KNOWN]
    assert all(row.split()[2] == "reached" for row in rows)
    assert "HE910@12.00.004 stands for all 13 models of 12.00, from 12.00.004 on" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_server_that_some_do_not_reach(serving: Start) -> None:
    """Exit code 1; as JSON each firmware has its verdict."""
    done = _doctor(SERVER_NAME, _route(serving("null")), "--firmware", "GE865-QUAD,HE910@12.00.000", "--json")

    assert (done.returncode, done.stderr) == (1, "")
    report = json.loads(done.stdout)
    assert report["server"] == SERVER_NAME
    first, second = report["results"]
    assert first["firmware"] == "GE865-QUAD@10.00.007"
    assert (first["mode"], first["reachable"], first["suites"], first["reason"]) == (0, False, [], "suites")
    assert first["sentence"].endswith("in TLS 1.0 it takes NULL-SHA.")
    assert second["reason"] == "version"
    assert report["facts"]["versions"] == ["TLS 1.0"]


def test_the_files_choose_the_mode(serving: Start, tmp_path: Path) -> None:
    """A CA certificate asks for mode 1, a client certificate for mode 2; an editor's CR is no fault."""
    ca = tmp_path / "ca.pem"
    ca.write_bytes(ROOT.pem.replace(b"\n", b"\r\n"))
    certificate, key = CLIENT.write(tmp_path)
    arguments = [SERVER_NAME, _route(serving("gnutls mutual")), "--firmware=HE910", "--json", f"--ca={ca}"]

    without, shown = _doctor(*arguments), _doctor(*arguments, f"--cert={certificate}", f"--key={key}")

    (first,), (second,) = (json.loads(done.stdout)["results"] for done in (without, shown))
    assert (without.returncode, first["mode"], first["reason"]) == (1, 1, "client-certificate")
    assert (shown.returncode, second["mode"], second["reason"]) == (0, 2, None)
    assert second["ca_certificate"] == "Test root"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["example.com"], "give HOST:PORT"),
        (["example.com:99999"], "give HOST:PORT"),
        (["::1:443"], "give HOST:PORT"),
        ([SERVER_NAME, "--mode", "2"], "give --cert FILE and --key FILE"),
        ([SERVER_NAME, "--cert", "x.pem"], "--cert and --key go together"),
        ([SERVER_NAME, "--cert", "{cert}", "--key", "{key}", "--mode", "1"], "shows no client certificate"),
        ([SERVER_NAME, "--cert", "{cert}", "--key", "{other}"], "does not go with its certificate"),
        ([SERVER_NAME, "--ca", "{cert}", "--mode", "0"], "checks no certificate"),
        ([SERVER_NAME, "--ca", "nowhere.pem"], "--ca nowhere.pem: No such file or directory"),
        ([SERVER_NAME, "--ca", "{key}"], "name a PEM or DER file with a certificate"),
        ([SERVER_NAME, "--cert", "{cert}", "--key", "{cert}"], "with an unencrypted key"),
        ([SERVER_NAME, "--firmware", "HE911"], "no model 'HE911'"),
        ([SERVER_NAME, "--route", "a"], "route 'a'"),
        ([SERVER_NAME, "--route", f"{NAME}=gateway:127.0.0.1:1"], "a gateway to"),
    ],
)
def test_what_cannot_be_asked(arguments: list[str], said: str, tmp_path: Path) -> None:
    """It is said in one line, before anything is dialled."""
    (certificate, key), (_, other) = CLIENT.write(tmp_path), SERVER.write(tmp_path)
    files = {"cert": certificate, "key": key, "other": other}

    with pytest.raises(UserError) as caught:
        telit_emulator(["doctor", *(argument.format(**files) for argument in arguments)], standalone_mode=False)

    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mistake_is_one_line_and_exit_code_2() -> None:
    """As with every command."""
    assert failing("doctor", "example.com").count("\n") == 1


def test_colours_on_a_terminal(serving: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """The word of the verdict is green or red, unless the user wants none."""
    arguments = ["doctor", SERVER_NAME, _route(serving("null")), "--firmware", "HE910"]

    coloured = CliRunner().invoke(telit_emulator, arguments, color=True).output
    monkeypatch.setenv("NO_COLOR", "1")
    plain = CliRunner().invoke(telit_emulator, arguments, color=True).output

    assert "HE910@12.00.004  \x1b[31msuites\x1b[0m   NULL-SHA" in coloured
    assert "HE910@12.00.004  suites   NULL-SHA" in plain


def test_the_lab_at_once() -> None:
    """As the README says."""
    done = _doctor("echo.lab:443", "--lab", "--firmware", "HE910")

    assert done.returncode == 0
    assert "HE910@12.00.004  reached  RC4-MD5, RC4-SHA, AES128-SHA, NULL-SHA" in done.stdout
