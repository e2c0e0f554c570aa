"""`telit-emulator ctl`: a modem that runs is read and changed."""

import json
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from emulator.cli.ctl import _under
from emulator.control import requests
from emulator.modem import Modem
from emulator.resources import CERTS
from emulator.testing import Bench
from emulator.trace.events import Defect
from tests.cli.programs import COMMAND, TIMEOUT, Running, ask, failing, running


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "modem.ctl"


@pytest.fixture
def modem(path: Path) -> Iterator[Running]:
    """A called party waits for `ctl`, and a call rings once: a busy machine changes nothing."""
    patient = ("--set", "calls.others=waits", "--set", "calls.ring_interval=600")
    with running("HE910", "--control", str(path), *patient) as modem:
        yield modem


def ctl(path: Path, *arguments: str) -> str:
    done = subprocess.run(
        [*COMMAND, "ctl", str(path), *arguments], capture_output=True, text=True, timeout=TIMEOUT, check=True
    )
    assert done.stderr == ""
    return done.stdout


def request(path: Path, line: bytes) -> dict[str, Any]:
    """What a program of its own gets."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(TIMEOUT)
        connection.connect(str(path))
        connection.sendall(line + b"\n")
        answer: dict[str, Any] = json.loads(connection.makefile("rb").readline())
        return answer


def test_the_socket_is_private(modem: Running, path: Path) -> None:
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_the_state_is_shown_whole_and_by_name(modem: Running, path: Path) -> None:
    shown = ctl(path, "show").splitlines()

    assert f"port: {modem.port}" in shown
    assert "registration: 1" in shown
    assert "contexts: -" in shown
    assert "20\n" == ctl(path, "show", "signal")
    assert {"signal": 20, "power": "running"} == json.loads(ctl(path, "show", "--json", "signal", "power"))


def test_the_state_is_changed_and_the_host_sees_it(modem: Running, path: Path) -> None:
    assert "" == ctl(path, "set", "signal=3", "registration=5")

    assert "+CSQ: 3,0" in modem.ask("AT+CSQ")
    assert "+CREG: 0,5" in modem.ask("AT+CREG?")
    ctl(path, "set", "sim=absent")
    assert "absent\n" == ctl(path, "show", "sim")
    assert "+CREG: 0,0" in modem.ask("AT+CREG?")
    ctl(path, "set", "sim=present", "bit_errors=7", "attached=no")
    assert "+CSQ: 3,7" in modem.ask("AT+CSQ")
    assert "no\n" == ctl(path, "show", "attached")


def test_the_power_is_switched(modem: Running, path: Path) -> None:
    ctl(path, "set", "power=off")
    assert "off\n" == ctl(path, "show", "power")
    ctl(path, "set", "power=on")
    assert "starting\n" == ctl(path, "show", "power")


def test_contexts_and_the_socket_are_shown(modem: Running, path: Path) -> None:
    modem.ask('AT+CGDCONT=1,"IP","lab"', "AT#SGACT=1,1", "AT#SSLEN=1,1")

    assert "1 212.195.45.65\n" == ctl(path, "show", "contexts")
    assert "closed\n" == ctl(path, "show", "ssl.state")
    assert "-\n" == ctl(path, "show", "ssl.suite")


def test_a_fault_is_set_fires_and_is_taken_back(modem: Running, path: Path) -> None:
    assert "1: activation-refused command=#SGACT times=2 (0 of 2)\n" == ctl(
        path, "fault", "activation-refused", "command=#SGACT", "times=2"
    )

    modem.ask('AT+CGDCONT=1,"IP","lab"')
    assert "ERROR" in modem.ask("AT#SGACT=1,1")
    assert "1: activation-refused command=#SGACT times=2 (1 of 2)\n" == ctl(path, "show", "faults")
    ctl(path, "remove", "1")
    assert "OK" in modem.ask("AT#SGACT=1,1")
    assert "-\n" == ctl(path, "show", "faults")
    modem.wait_for("fault")


@pytest.mark.parametrize("written", ["1.2", '"1.2"'])
def test_an_instance_is_named_with_or_without_quotes(modem: Running, path: Path, written: str) -> None:
    """A channel of the multiplexer need not be open yet."""
    assert "1: unsolicited-line terminal=1.2 text=RING (0 of 1)\n" == ctl(
        path, "fault", "unsolicited-line", f"terminal={written}", "text=RING"
    )


def test_a_line_is_said_and_a_route_is_laid(modem: Running, path: Path) -> None:
    with serial.Serial(modem.port, timeout=TIMEOUT) as port:
        ask(port, "ATE0")
        ctl(path, "say", "+CREG: 2")
        assert b"\r\n+CREG: 2\r\n" == port.read(12)
        ctl(path, "route", "api.example.com:443=127.0.0.1:1")
        for line in ('AT+CGDCONT=1,"IP","lab"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
            ask(port, line)
        ask(port, 'AT#SSLD=1,443,"api.example.com",0,1')
        modem.wait_for("dialled")
        (dialled,) = [event for event in modem.events if event["event"] == "dialled"]
        assert "127.0.0.1:1" == dialled["target"]
        ctl(path, "route", "api.example.com:443=gateway:127.0.0.1:1")
        ask(port, 'AT#SSLD=1,443,"api.example.com",0,1')
        modem.wait_for("gateway-connection")


def test_calls_ring_and_end(modem: Running, path: Path) -> None:
    """What the other side does, both ways; the state shows the calls."""
    with serial.Serial(modem.port, timeout=TIMEOUT) as port:
        ask(port, "ATE0")
        assert "1\n" == ctl(path, "call", "ring", "+4912345")
        assert b"\r\nRING\r\n" == port.read(8)
        assert "1 from +4912345, incoming\n" == ctl(path, "show", "calls")
        assert "OK" in ask(port, "ATA")
        ctl(path, "call", "press", "1")
        ctl(path, "call", "end")
        assert b"\r\nNO CARRIER\r\n" == port.read(14)
        assert "OK" in ask(port, "ATD12345;")
        ctl(path, "call", "busy")
        assert b"\r\nBUSY\r\n" == port.read(8)


MISTAKES = {
    "unknown state": (["show", "sgnal"], "unknown state 'sgnal'"),
    "unknown state to set": (["set", "sgnal=3"], "unknown state 'sgnal'; the nearest is signal"),
    "state that is shown only": (
        ["set", "firmware=X"],
        "firmware cannot be changed; those that can be set: power",
    ),
    "state that is like none": (["set", "foo=1"], "unknown state 'foo'; those that can be set: power, sim"),
    "value out of range": (["set", "signal=100"], "signal: '100' is not allowed; give a whole number from 0 to 99"),
    "value that is no number": (["set", "signal=low"], "signal: 'low' is not allowed"),
    "value that is no decimal": (
        ["set", "gnss.speed=nan"],
        "gnss.speed: 'nan' is not allowed; give a number from 0 to 1850",
    ),
    "fix that there is not": (["set", "gnss.fix=1"], "gnss.fix: '1' is not allowed; give one of 0, 2, 3"),
    "value that is no word": (["set", "power=up"], "power: 'up' is not allowed; give one of on, off, restart"),
    "no value": (["set", "signal"], "'signal': write NAME=VALUE"),
    "unknown fault": (["fault", "rebot"], "there is no fault 'rebot'; the nearest is reboot"),
    "unknown key": (["fault", "reboot", "after=3"], "reboot: unknown key 'after'"),
    "unknown unit": (["fault", "reboot", "delay=3weeks"], "reboot: delay: '3weeks' has no unit of a duration"),
    "unknown event": (["events", "refuse"], "there is no event 'refuse'; the nearest is refused"),
    "no such fault": (["remove", "7"], "there is no fault 7; there are none"),
    "number that is none": (["remove", "x"], "is not a valid integer"),
    "wrong route": (["route", "a=b"], "route 'a=b'"),
    "line that cannot be said": (["say", "a\nb"], "unsolicited-line: text: 'a\\nb' is not allowed"),
    "call from no number": (["call", "ring", "Ann"], "'Ann' cannot call; give a telephone number"),
    "no call to answer": (["call", "answer"], "there is no such call"),
    "no call to press keys in": (["call", "press", "1"], "there is no active call"),
    "unknown request": (["dance"], "no such command 'dance'"),
}


def test_mistakes_are_told_in_one_line(modem: Running, path: Path) -> None:
    for name, (arguments, said) in MISTAKES.items():
        message = failing("ctl", str(path), *arguments)
        assert said in message, name
        assert message.count("\n") == 1, name
    assert "+CSQ: 20,0" in modem.ask("AT+CSQ")  # what was partly right has changed nothing


def test_part_of_a_change_is_no_change(modem: Running, path: Path) -> None:
    failing("ctl", str(path), "set", "signal=3", "registration=9")

    assert "20\n" == ctl(path, "show", "signal")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "no request"),
        (b"\xff", "no request"),
        (b"[]", "no request"),
        (
            b"{}",
            "no request None; `do` may be one of show, change, fault, remove, route, say, sms,",
        ),
        (b'{"do": "remove"}', "remove takes number; it was given nothing"),
        (b'{"do": "remove", "number": "1"}', "remove: Expected `int`, got `str`"),
        (b'{"do": "change", "values": 3}', "change: Expected `object`, got `int`"),
        (b"[" * 60000, "no request"),
        (b'{"do":' * 10000, "no request: nested too deeply; send a JSON object a line"),
        (b'{"do": "remove", "number": 1' + b"0" * 60000 + b"}", "no request"),
        (b'{"do": "fault", "name": "signal", "parameters": {"name": 1}}', "signal: unknown key 'name'"),
    ],
)
def test_nonsense_at_the_socket_is_refused(modem: Running, path: Path, line: bytes, said: str) -> None:
    assert request(path, line)["error"].startswith(said)
    assert "ok" in request(path, b'{"do": "show"}')


def test_a_request_that_is_too_long_is_refused(modem: Running, path: Path) -> None:
    """What comes behind it cannot be told from it: the connection ends."""
    assert request(path, b"x" * 70000) == {
        "error": "no request: it is longer than 65536 bytes; send a JSON object a line"
    }
    assert "ok" in request(path, b'{"do": "show"}')


async def test_a_request_that_fails_inside_is_answered_and_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it raises; the next one is carried out."""

    def fail(modem: Modem) -> None:
        raise KeyError("gone")

    async with Bench() as bench:
        with monkeypatch.context() as patch:
            patch.setitem(requests.REQUESTS, "show", fail)
            assert {"error": "the emulator failed: KeyError: 'gone'"} == json.loads(
                (await requests.answer(bench.modem, b'{"do": "show"}')).line
            )
        assert ["KeyError: 'gone'"] == [event.text for event in bench.events if isinstance(event, Defect)]
        assert "ok" in json.loads((await requests.answer(bench.modem, b'{"do": "show"}')).line)


def test_a_socket_that_is_gone_is_told(path: Path) -> None:
    assert failing("ctl", str(path), "show") == (
        f"telit-emulator: {path}: no emulator answers (No such file or directory);"
        f" start one with `run --control {path}`\n"
    )


def test_the_socket_goes_with_the_modem_and_a_stale_one_is_replaced(path: Path) -> None:
    with running("HE910", "--control", str(path)) as modem:
        modem.process.kill()
        modem.process.wait(TIMEOUT)
    assert path.is_socket()

    with running("HE910", "--control", str(path)) as modem:
        assert "another emulator answers there" in failing("run", "--control", str(path))
        assert "20\n" == ctl(path, "show", "signal")
        assert modem.stop() == (0, "")

    assert not path.exists()


def test_a_path_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert "exists and is no socket" in failing("run", "--control", str(tmp_path / "file"))
    assert "No such file or directory" in failing("run", "--control", str(tmp_path / "none" / "ctl"))
    assert "--control" in failing("run", "--control", str(tmp_path / ("x" * 200)))


def test_the_module_is_moved(modem: Running, path: Path) -> None:
    """By the values of its place; a wrong one says what may be given."""
    ctl(path, "set", "gnss.latitude=-33.5", "gnss.longitude=70", "gnss.fix=2", "gnss.satellites=5")

    shown = json.loads(ctl(path, "show", "--json", "gnss.latitude", "gnss.longitude", "gnss.fix", "gnss.satellites"))
    assert {"gnss.latitude": -33.5, "gnss.longitude": 70.0, "gnss.fix": 2, "gnss.satellites": 5} == shown


def test_certificates_are_put_into_the_module(path: Path) -> None:
    """PEM and DER, over what is there; what the module would not take, or not now, is told."""
    pem = (CERTS / "public-demo-ca.pem").read_text()
    with running("HE910", "--lab", "--control", str(path)) as modem:
        ctl(path, "provision", f"ca_certificate={CERTS / 'public-demo-ca.der'}")
        assert "#SSLSECDATA: 1,0,1,0" in modem.ask("AT#SSLEN=1,1", "AT#SSLSECDATA?")
        ctl(path, "provision", f"ca_certificate={CERTS / 'public-demo-ca.pem'}")
        assert pem in modem.ask("AT#SSLSECDATA=1,2,1")
        for arguments, said in {
            (
                f"ca_cert={CERTS / 'public-demo-ca.pem'}",
            ): "there is no security data 'ca_cert'; known are certificate, ca_c",
            (f"ca_certificate={path.parent}/none",): "No such file or directory; name a file that can be read",
            (f"private_key={CERTS / 'public-demo-ca.pem'}",): "the module does not take this file",
        }.items():
            assert said in failing("ctl", str(path), "provision", *arguments)
        modem.ask('AT+CGDCONT=1,"IP","lab"', "AT#SGACT=1,1", 'AT#SSLD=1,443,"123.124.125.126",0,1')
        request_of_pem = json.dumps({"do": "provision", "kind": "ca_certificate", "pem": pem})
        assert "while the secure socket is open" in request(path, request_of_pem.encode())["error"]


def test_a_firmware_that_has_no_ssl_or_no_der_takes_neither(path: Path) -> None:
    """As its profile says."""
    der = f"ca_certificate={CERTS / 'public-demo-ca.der'}"
    with running("GE865-QUAD", "--control", str(path)):
        assert "this firmware takes PEM only" in failing("ctl", str(path), "provision", der)
    with running("GE865-QUAD@10.00.004", "--control", str(path)):
        assert "this firmware has no SSL" in failing("ctl", str(path), "provision", der)


def test_events_are_printed_until_the_emulator_ends(path: Path) -> None:
    """Then with exit code 0."""
    with (
        running("HE910", "--control", str(path)) as modem,
        subprocess.Popen(
            [*COMMAND, "ctl", str(path), "events", "ready", "host-sent"], stdout=subprocess.PIPE, text=True
        ) as events,
    ):
        assert events.stdout is not None
        assert "ready" == json.loads(events.stdout.readline())["event"]
        modem.ask("AT+CSQ")
        assert "AT+CSQ" == json.loads(events.stdout.readline())["text"]
        modem.stop()
        assert "" == events.stdout.read()
        assert 0 == events.wait(TIMEOUT)


def test_a_fault_is_shown_with_its_lines_under_each_other() -> None:
    """Whatever a rule is written as, its later lines begin where its first one does."""
    assert _under("faults: ", "1 signal\nrssi=3") == "faults: 1 signal\n        rssi=3"


def test_a_path_with_blanks_is_shown_as_a_shell_takes_it(tmp_path: Path) -> None:
    """Also in the remedy."""
    path = tmp_path / "my modem.ctl"

    message = failing("ctl", str(path), "show")

    assert message.startswith(f"telit-emulator: '{path}': no emulator answers")
    assert message.endswith(f"`run --control '{path}'`\n")
