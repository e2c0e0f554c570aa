"""The pytest plugin, as a project that tests its host application uses it."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import emulator.testing
from emulator import VirtualModem
from emulator.firmware.loader import list_models
from emulator.firmware.selection import distinct_firmwares
from emulator.firmware.status import KNOWN, with_status

_HOST = """
import serial

def ask(port, line):
    with serial.Serial(port, timeout=20) as stream:
        stream.write(line.encode() + b"\\r")
        answer = b""
        while not answer.endswith((b"OK\\r\\n", b"ERROR\\r\\n")) and (came := stream.read_until(b"\\n")):
            answer += came
        return answer.decode()
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with a host in Python, run as its developers run it: in a process of its own."""
    pytester.makepyfile(host=_HOST)
    pytester.makeini("[pytest]\naddopts = -p no:cacheprovider --strict-markers")
    return pytester


def _run(project: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    project.makepyfile(test_it=f"import pytest\nfrom host import ask\n{test}")
    return project.runpytest_subprocess("-v", *arguments)


def test_a_modem_is_at_hand(project: pytest.Pytester) -> None:
    """Running, on the default firmware, which the test's name tells."""
    result = _run(project, "def test_model(modem):\n    assert 'HE910' in ask(modem.port, 'AT+CGMM')")

    result.stdout.fnmatch_lines(["*test_model?HE910@12.00.004? PASSED*"])
    result.assert_outcomes(passed=1)


def test_a_scenario_names_the_firmware_where_nobody_else_does(project: pytest.Pytester) -> None:
    """Not where the test names it; and what is wrong with a scenario is said when its test runs."""
    project.makefile(".toml", bad='firmware = "GE865-QUAD"\n', worse='firmware = "GE"\n')
    tests = [f"@pytest.mark.modem(scenario='{name}.toml')\ndef test_{name}(modem): pass" for name in ("bad", "worse")]
    tests.append("@pytest.mark.firmware('HE910')\n@pytest.mark.modem(scenario='bad.toml')\ndef test_named(modem): pass")

    result = _run(project, "\n".join(tests))

    result.stdout.fnmatch_lines(["*test_bad?GE865-QUAD@10.00.007? PASSED*", "*test_named?HE910@12.00.004? PASSED*"])
    result.stdout.fnmatch_lines(["*modem: worse.toml: firmware: no model 'GE'*"])
    result.assert_outcomes(passed=2, errors=1)


def test_each_test_has_a_clean_modem(project: pytest.Pytester) -> None:
    """What one test stored is not there for the next, though nothing was tidied up."""
    test = "def test_apn(modem, round):\n    assert 'mine' not in ask(modem.port, 'AT+CGDCONT?')\n"
    test += "    assert 'OK' in ask(modem.port, 'AT+CGDCONT=1,\"IP\",\"mine\"')"

    result = _run(project, f"@pytest.mark.parametrize('round', [1, 2])\n{test}")

    result.assert_outcomes(passed=2)


def test_a_test_names_its_firmwares(project: pytest.Pytester) -> None:
    """And runs once for each."""
    test = "def test_version(modem, firmware):\n    assert firmware.partition('@')[2] in ask(modem.port, 'AT+CGMR')"

    result = _run(project, f"@pytest.mark.firmware('HE910@12.00.225', 'GE865-QUAD', 'GE865-QUAD')\n{test}")

    result.stdout.fnmatch_lines(["*?HE910@12.00.225? PASSED*", "*?GE865-QUAD@10.00.00*? PASSED*"])
    result.assert_outcomes(passed=2)


def test_a_project_may_use_the_same_words(project: pytest.Pytester) -> None:
    """A test that parametrizes `firmware` itself, or has another fixture of that name, is left alone."""
    test = """
@pytest.mark.parametrize(("firmware", "model"), [("GE865-QUAD", "GE865"), ("HE910", "HE910")])
def test_own(modem, firmware, model):
    assert model in ask(modem.port, "AT+CGMM")

@pytest.mark.parametrize("firmware", ["a", "b"])
def test_other(firmware): pass
"""
    _run(project, test, "--firmware", "all").assert_outcomes(passed=4)


def test_the_command_line_names_the_firmwares(project: pytest.Pytester) -> None:
    """For tests that name none; those that do run with what both name, and are skipped by name without any."""
    test = "def test_any(modem): pass\n@pytest.mark.firmware('HE910')\ndef test_one(modem): pass\ndef test_none(): pass"

    result = _run(project, test, "--firmware", "GE865-QUAD,GE910-QUAD", "--firmware", "GL865-QUAD", "-rs")

    result.assert_outcomes(passed=4, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * it is for HE910@12.00.004 only"])


def test_one_firmware_for_each_distinct_behaviour(project: pytest.Pytester) -> None:
    """The reports name those that are alike; a test that names its firmwares runs with all of these."""
    test = "def test_any(modem): pass\n@pytest.mark.firmware('GE865-QUAD', 'HE910')\ndef test_named(modem): pass"

    result = _run(project, test, "--firmware", "all", "--junit-xml", "report.xml")

    result.assert_outcomes(passed=len(distinct_firmwares()) + 2)
    suite = ElementTree.parse(project.path / "report.xml").getroot()
    cases = {str(case.get("name")): case for case in suite.iter("testcase")}
    for choice in distinct_firmwares():
        alike = ", ".join(choice.alike)
        named = [(each.get("name"), each.get("value")) for each in cases[f"test_any[{choice.name}]"].iter("property")]
        assert [
            *([("firmwares alike", alike)] if alike else []),
            ("firmware status", choice.status),
            ("seed", "0"),
        ] == named
        if alike:
            result.stdout.fnmatch_lines([f"firmware {with_status(choice.name, choice.status)}, alike: {alike}"])
    result.stdout.fnmatch_lines(["*test_named?GE865-QUAD@10.00.007? PASSED*", "*test_named?HE910@12.00.004? PASSED*"])


def test_every_firmware(project: pytest.Pytester) -> None:
    """Every model of the applicability table, each with a name that can be read."""
    result = _run(project, "def test_any(modem): pass", "--firmware", "every", "--collect-only", "-q")

    assert {model.name for model in list_models() if model.status in KNOWN} == _collected(result)


def test_provisional_firmwares(project: pytest.Pytester) -> None:
    """By an option, whose short name another plugin may have."""
    arguments = ("--firmware", "every", "--collect-only", "-q")

    short = _run(project, "def test_any(modem): pass", *arguments, "--provisional")
    long = _run(project, "def test_any(modem): pass", *arguments, "--telit-provisional")

    assert {model.name for model in list_models()} == _collected(short) == _collected(long)
    named = _run(project, "def test_any(modem): pass", "--firmware", "HE920")
    named.stdout.fnmatch_lines(["firmware HE920@14.00.003 (provisional)"])


def _collected(result: pytest.RunResult) -> set[str]:
    return set(re.findall(r"test_any\[(.*)@", result.stdout.str()))


def test_a_firmware_that_does_not_exist(project: pytest.Pytester) -> None:
    """One line that names what there is, and no traceback."""
    result = _run(project, "def test_any(modem): pass", "--firmware", "HE911")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "HE911" in result.stderr.str()
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


def test_options_of_the_modem(project: pytest.Pytester) -> None:
    """Those of VirtualModem, and the speed of its time."""
    test = """
@pytest.mark.modem(settings=["network.signal=5"], time_scale=50)
def test_signal(modem):
    assert "+CSQ: 5," in ask(modem.port, "AT+CSQ")
    before = modem.clock.now()
    import time
    time.sleep(0.05)
    assert modem.clock.now() - before > 1
"""
    _run(project, test).assert_outcomes(passed=1)


def test_the_port_of_a_test_survives_its_vanishing(project: pytest.Pytester) -> None:
    """Its name is a link of the test's own: a pseudo-terminal may come back under another number."""
    test = """
import os, subprocess, time
def test_port(modem):
    name = modem.port
    held = [os.openpty() for _ in range(3)]
    rule = modem.faults.add("port-vanished", time="0 s", duration="0.2 s")
    while os.path.lexists(name):
        time.sleep(0.01)
    taken = os.openpty()
    while not os.path.lexists(name):
        time.sleep(0.01)
    assert modem.port == name
    assert "HE910" in ask(name, "AT+CGMM")
    assert modem.run(["sh", "-c", "echo $TELIT_PORT"]).output.strip() == name
"""
    _run(project, test).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("colour='red'", "*unexpected keyword argument 'colour'*"),
        ("settings=['signal=500']", "*network.signal*"),
        ("'fast'", "*by name only*"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(project: pytest.Pytester, marker: str, message: str) -> None:
    """Without the insides of the plugin."""
    result = _run(project, f"@pytest.mark.modem({marker})\ndef test_it(modem): pass")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([message])
    assert "plugin.py" not in result.stdout.str()


def test_the_dialogue_names_a_command_that_is_missing(project: pytest.Pytester) -> None:
    """So that an ERROR of the module and a lack of the emulator are told apart."""
    result = _run(project, "def test_it(modem):\n    ask(modem.port, 'AT#NOSUCH=1')\n    assert False")

    result.stdout.fnmatch_lines(["*host    AT#NOSUCH*", "*refused #NOSUCH: no such command", "*module  ERROR"])


def test_the_summary_lists_missing_commands_once(project: pytest.Pytester) -> None:
    """Also of tests that pass: the host may go on behind an ERROR."""
    tests = "\n".join(f"def test_{n}(modem):\n    ask(modem.port, 'AT#NOSUCH')" for n in (1, 2))

    result = _run(project, tests)

    result.stdout.fnmatch_lines(["*= commands that the module lacks =*", "#NOSUCH: no such command"])
    assert result.stdout.str().count("#NOSUCH") == 1


def test_a_failure_shows_the_seed_and_what_has_become_of_the_faults(project: pytest.Pytester) -> None:
    """Those of the scenario and of the test; of one that never fired why. A report file has them, too."""
    project.makefile(".toml", bad='[[faults]]\nfault = "signal"\nrssi = 3\ncommand = "+CSQ"\n')
    test = """
@pytest.mark.modem(scenario="bad.toml", seed=9)
def test_it(modem):
    modem.faults.add("connection-reset", command="#SSLD")
    assert '+CSQ: 3,' in ask(modem.port, 'AT+CSQ')
    assert modem.seed != 9
"""
    result = _run(project, test, "--junit-xml", "report.xml")

    result.stdout.fnmatch_lines(
        [
            "*seed and faults of the modem*",
            "seed 9",
            "fault 1 (signal command=+CSQ rssi=3) fired 1 of 1 time",
            "fault 2 (connection-reset command=#SSLD) never fired: no connection was opened",
            "*trace of the modem*",
        ]
    )
    facts = {each.get("name"): each.get("value") for each in ElementTree.parse("report.xml").getroot().iter("property")}
    assert "9" == facts["seed"] and "signal command=+CSQ rssi=3, fired 1 of 1 time" == facts["fault 1"]
    assert "connection-reset command=#SSLD, never fired: no connection was opened" == facts["fault 2"]


def test_a_failure_behind_the_end_of_the_modem_shows_them_too(project: pytest.Pytester) -> None:
    """As they were when it ended."""
    test = "def test_it(modem):\n    modem.faults.add('reboot', time='9 s')\n    modem.stop()\n    assert False"

    result = _run(project, test)

    result.stdout.fnmatch_lines(
        ["*seed and faults*", "seed 0", "fault 1 (reboot time=9 s) never fired: the modem ended*"]
    )


def test_a_failure_shows_the_dialogue_and_where_the_trace_lies(project: pytest.Pytester) -> None:
    """Every line with its time; the trace is a file that is still there."""
    result = _run(project, "def test_it(modem):\n    ask(modem.port, 'AT+CGMI')\n    assert False")

    result.stdout.fnmatch_lines(
        ["*dialogue with the modem*", "*host    AT+CGMI", "*module  Telit", "*module  OK", "*trace of the modem*"]
    )
    (trace,) = [line for line in result.outlines if line.endswith("trace.jsonl")]
    assert '"event":"host-sent"' in Path(trace.strip()).read_text()


def test_a_host_program_in_any_language(project: pytest.Pytester) -> None:
    """A link of its own to the port is in its arguments and in its environment; its exit code and output come back."""
    test = """
def test_shell(modem):
    said = 'readlink "$TELIT_PORT"; readlink "$1"; echo "$MORE"; echo no >&2; exit 3'
    run = modem.run(["sh", "-c", said, "sh", "{port}"], environment={"MORE": "words"})
    port = modem.modem.port
    assert (run.exit_code, run.output, run.errors) == (3, f"{port}\\n{port}\\nwords\\n", "no\\n")

def test_dialogue(modem):
    host = 'exec <>"$TELIT_PORT" >&0; stty raw -echo; printf "AT+CGMM\\\\r"; head -c 8 >/dev/null'
    assert modem.run(["sh", "-c", host]).exit_code == 0

def test_missing(modem):
    from emulator import UserError
    with pytest.raises(UserError, match="nowhere/host"):
        modem.run(["nowhere/host"])

def test_endless(modem):
    from emulator.host_program import HostTimeout
    with pytest.raises(HostTimeout, match="did not end within 0.5 s; it has said 'begun"):
        modem.run(["sh", "-c", "echo begun; sleep 1000 & sleep 1000"], timeout=0.5)
"""
    _run(project, test).assert_outcomes(passed=4)


def test_servers_are_at_hand(project: pytest.Pytester) -> None:
    """TLS with the suites that a test names, and FTPS; the module reaches them by the names that the host dials."""
    test = """
def commands(modem, *lines):
    import serial
    with serial.Serial(modem.port, timeout=20) as port:
        for line in lines:
            port.write(line.encode() + b"\\r")
            heard = b""
            while not heard.endswith((b"OK\\r\\n", b"ERROR\\r\\n", b"NO CARRIER\\r\\n")):
                heard += port.read(1)
        return heard.decode()

READY = 'AT+CGDCONT=1,"IP","a"', "AT#SGACT=1,1", "AT#SSLEN=1,1"

@pytest.mark.parametrize(("suite", "answer"), [("AES128-SHA", "OK"), ("AES256-SHA", "ERROR")])
def test_tls(modem, tls_server, suite, answer):
    modem.route("api.example.com:443", tls_server(suites=[suite]).address)
    assert commands(modem, *READY, "AT#SSLD=1,443,api.example.com,0,1").split()[-1] == answer

def test_ftps(modem, ftps_server):
    server = ftps_server({"a.txt": b"content"})
    modem.route("ftp.example.com", server.address)
    open_session = "AT#FTPOPEN=ftp.example.com,telit,public-demo,1"
    assert "content" in commands(modem, *READY, "AT#FTPCFG=100,0,1", open_session, "AT#FTPGET=a.txt")

@pytest.mark.firmware("GE910-QUAD")
@pytest.mark.parametrize("port", [80, 443])
def test_http(modem, http_server, port):
    server = http_server({"/a.txt": b"content"})
    modem.route(f"api.example.com:{port}", server.address)
    commands(modem, *READY, f'AT#HTTPCFG=0,api.example.com,{port},0,"","",{int(port == 443)}')
    assert "OK" in commands(modem, "AT#HTTPQRY=0,0,/a.txt")
    while "content" not in commands(modem, "AT#HTTPRCV=0"):
        pass
    assert [asked.target for asked in server.requests] == ["/a.txt"]

def test_mail(modem, smtp_server):
    import serial
    server = smtp_server()
    modem.route("smtp.example.com", server.address)
    settings = "AT#ESMTP=smtp.example.com", "AT#EADDR=me@example.com"
    with serial.Serial(modem.port, timeout=20) as port:
        for line in (*READY[:2], *settings):
            port.write(line.encode() + b"\\r")
            port.read_until(b"OK\\r\\n")
        port.write(b"AT#EMAILD=you@example.com,Hello\\r")
        port.read_until(b"> ")
        port.write(b"Hello.\\x1a")
        assert port.read_until(b"OK")
    assert server.mails[0].sender == "me@example.com"

@pytest.mark.firmware("ME310G1")
def test_mqtt(modem, mqtt_broker):
    broker = mqtt_broker()
    modem.route("mqtt.example.com", broker.address)
    commands(modem, *READY, "AT#MQEN=1,1", "AT#MQCFG=1,mqtt.example.com,1883,1", "AT#MQCONN=1,module")
    assert "OK" in commands(modem, "AT#MQPUBS=1,t,0,1,hello")
    assert [(message.topic, message.payload) for message in broker.messages] == [("t", b"hello")]

def test_tcp(modem, tcp_server):
    modem.route("plain.example.com", tcp_server().address)
    assert "OK" in commands(modem, *READY[:2], "AT#SD=1,0,80,plain.example.com,0,0,1")

@pytest.mark.parametrize("to", ["port", "address"])
def test_gateway(modem, gateway, tcp_server, to):
    server = tcp_server()
    gateway("api.example.com:443", to=server.port if to == "port" else server.address)
    assert "OK" in commands(modem, *READY, "AT#SSLD=1,443,api.example.com,0,1")
    assert server.served == 1

def test_modern_gateway(modem, gateway):
    from emulator import UserError
    with pytest.raises(UserError, match="missing.pem"):
        gateway("api.example.com:443", to="tls:localhost:8443?ca=missing.pem")

def test_calls_from_outside(modem):
    import socket
    commands(modem, *READY[:2], 'AT#FRWL=1,"127.0.0.1","255.0.0.0"', "AT#SL=1,1,80")
    with socket.create_connection(modem.listening[80], 20):
        while "#SS: 1,5" not in commands(modem, "AT#SS=1"):
            pass
        assert "OK" in commands(modem, "AT#SA=1,1")

def test_messages(modem):
    modem.receive_sms("+4412", "Hello")
    assert "Hello" in commands(modem, "AT+CMGF=1", "AT+CMGR=1")
    assert modem.sent_sms == []

def test_the_network(modem):
    modem.answer_ussd("*100#", "5 EUR")
    assert "OK" in commands(modem, 'AT+CUSD=1,"*100#",15')
    assert modem.send_ussd("Yes or no?", wants_reply=True)
    assert "OK" in commands(modem, 'AT+CUSD=1,"yes",15')
    assert modem.ussd_replies == ["yes"]
    assert not modem.ping("10.0.0.1")
"""
    _run(project, test).assert_outcomes(passed=14)


def test_the_same_tests_on_a_module_at_a_serial_port(project: pytest.Pytester) -> None:
    """What only the emulator can do is skipped by name; so is what is for another model."""
    test = """
def test_model(modem):
    assert "GE865-QUAD" in ask(modem.port, "AT+CGMM")

def test_run(modem):
    assert modem.run(["true", "{port}"]).exit_code == 0

def test_route(modem):
    modem.route("a", "b:1")

@pytest.mark.modem(settings=["network.signal=5"])
def test_options(modem): pass

@pytest.mark.firmware("HE910")
def test_other(modem): pass

@pytest.mark.firmware("GE865-QUAD")
def test_same(modem): pass
"""
    with VirtualModem("GE865-QUAD") as device:
        result = _run(project, test, f"--modem-port={device.port}", "-rs")

    result.assert_outcomes(passed=3, skipped=3)
    result.stdout.fnmatch_lines_random(
        [
            "*only the emulator has modem.route*",
            "*only the emulator has options: settings",
            "*it is for HE910; *GE865-*",
        ]
    )


@pytest.mark.skipif(sys.platform == "darwin", reason="the pseudo-terminals of macOS are few")
def test_tests_run_side_by_side(project: pytest.Pytester) -> None:
    """Under pytest-xdist."""
    pytest.importorskip("xdist")
    test = "@pytest.mark.parametrize('number', range(8))\ndef test_it(modem, number):\n"

    result = _run(project, f"{test}    assert 'OK' in ask(modem.port, 'AT')", "-n", "2")

    result.assert_outcomes(passed=8)


def test_what_tests_need_is_public() -> None:
    """And nothing is imported before it is asked for, pytest least of all."""
    for name in emulator.testing.__all__:
        assert getattr(emulator.testing, name) is not None
    loaded = "import sys, emulator, emulator.testing; print({'pytest', 'emulator.bench', 'tlslite'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, timeout=60, check=True)

    assert "set()\n" == done.stdout
