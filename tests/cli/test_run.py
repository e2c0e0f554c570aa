"""`telit-emulator run`, as its user meets it."""

import errno
import os
import signal
import stat
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
import serial

from emulator import cli
from emulator.resources import CERTS
from tests.cli.programs import COMMAND, TIMEOUT, ask, failing, running
from tests.peers.plain import scripted_server
from tests.trace.captures import carried, conversations, read_capture, shape

MISTAKES: dict[str, tuple[list[str], str]] = {
    "unknown model": (["HE911"], "no model 'HE911'; the nearest is HE910"),
    "another line": (["HE910@10.00.007"], "HE910 runs versions 12.0x"),
    "no version": (["HE910@12"], "'12' is no version"),
    "missing profile": (["./none.toml"], "./none.toml: no such file"),
    "broken profile": (["./broken.toml"], "broken.toml: "),
    "wrong value in a profile": (["./wrong.toml"], "network.signal is 120; give a whole number from 0 to 99"),
    "route without a target": (["--route", "host"], "route 'host': write HOST[:PORT]=HOST:PORT"),
    "route without a port": (["--route", "a=b"], "route 'a=b': write HOST[:PORT]=HOST:PORT"),
    "route to no port": (["--route", "a:1=b:99999"], "the port '99999' is not a number from 1 to 65535"),
    "link in a missing folder": (["--link", "none/port"], "none/port: its folder does not exist"),
    "link over a file": (["--link", "file"], "exists and is not a link"),
    "damaged state": (["--state", "damaged"], "is damaged"),
    "foreign state": (["--state", "foreign"], "is not a state of this emulator"),
    "state of another model": (["--state", "other"], "belongs to GE865-QUAD, not HE910"),
    "state in a file": (["--state", "file"], "--state file: "),
    "unwritable key log": (["--keylog", "none/log"], "--keylog none/log: No such file or directory; name a file"),
    "unwritable capture": (["--pcap", "none/x"], "--pcap none/x: No such file or directory; name a file"),
    "capture over a file": (["--pcap", "file"], "--pcap file: it is no capture; name another file"),
    "unwritable trace": (["--trace", "none/log"], "--trace none/log: No such file or directory"),
    "unwritable transcript": (["--transcript", "none/log"], "--transcript none/log: No such file or directory"),
    "transcript to a pipe": (["--transcript", "pipe"], "--transcript pipe: nobody reads this pipe; start its reader"),
    "trace to a pipe": (["--trace", "pipe"], "--trace pipe: nobody reads this pipe; start its reader first, or name"),
    "key log to a pipe": (["--keylog", "pipe"], "--keylog pipe: nobody reads this pipe; start its reader first"),
    "capture to a pipe": (["--pcap", "pipe"], "--pcap pipe: it is no capture; name another file"),
    "unknown key": (["--set", "network.sgnal=1"], "unknown key network.sgnal; the nearest is signal"),
    "no value": (["--set", "signal"], "write KEY=VALUE"),
    "value out of range": (["--set", "signal=200"], "network.signal is 200"),
    "no such security data": (["--set", "security_data.x=file"], "known are certificate, ca_certificate, private_key"),
    "missing certificate": (["--set", "security_data.certificate=none"], "No such file or directory"),
    "no certificate": (["--set", "security_data.certificate=file"], "the module does not take this file"),
    "missing scenario": (["--scenario", "none.toml"], "none.toml: no such file; give the path of a scenario"),
    "unknown fault": (["--scenario", "fault.toml"], "fault.toml: fault 1: there is no fault 'rain'"),
    "unknown key of a fault": (["--scenario", "key.toml"], "key.toml: fault 1: reboot: unknown key 'after'"),
    "unknown unit": (["--scenario", "unit.toml"], "unit.toml: fault 1: reboot: time: '3 weeks' has no unit"),
    "seed that is no number": (["--seed", "x"], "'--seed': 'x' is not a valid integer"),
    "listening at no number": (
        ["--listen", "tcp:127.0.0.1"],
        "not of the form tcp:ADDRESS:PORT, as in tcp:127.0",
    ),
    "listening beyond the last port": (["--listen", "tcp:127.0.0.1:99999"], "'99999' is no TCP port; give one from 0"),
    "listening in an unknown way": (
        ["--listen", "udp:127.0.0.1:1"],
        "'udp' is no kind of port; there are pty, rfc2",
    ),
    "listening at no address": (["--listen", "rfc2217::1"], "no address; 127.0.0.1 is reached from this machine only"),
    "listening at a foreign address": (
        ["--listen", "tcp:192.0.2.1:1"],
        "--listen 192.0.2.1:1: cannot listen there (C",
    ),
    "speed of a line that stands still": (["--baud", "0"], "--baud 0: give the speed of the line in bit/s"),
    "speed that the module has not": (["--baud", "1000"], "HE910@12.00.004 has no such speed; it has 300, 1200, 2400"),
    "mistake with the lab": (["--lab", "--link", "file"], "exists and is not a link"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where things lie that are wrong."""
    (tmp_path / "file").write_text("text\n")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "broken.toml").write_text('extends = "HE910\n')
    for name, keys in {"fault": "rain", "key": 'reboot"\nafter = "3 s', "unit": 'reboot"\ntime = "3 weeks'}.items():
        (tmp_path / f"{name}.toml").write_text(f'[[faults]]\nfault = "{keys}"\n')
    (tmp_path / "wrong.toml").write_text('extends = "HE910"\n[network]\nsignal = 120\n')
    for name, text in {
        "damaged": "{",
        "foreign": "{}",
        "other": '{"format": "telit-emulator nvm", "version": 1, "model": "GE865-QUAD"}',
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "nvm.json").write_text(text)
    return tmp_path


@pytest.mark.parametrize(("arguments", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_that_names_it_and_its_remedy(arguments: list[str], said: str, folder: Path) -> None:
    """On stderr, with exit code 2, and nothing of the user's is touched."""
    error = failing("run", *arguments, folder=folder)

    assert error.count("\n") == 1
    assert error.startswith("telit-emulator: ")
    assert said in error
    assert (folder / "file").read_text() == "text\n"


@pytest.mark.parametrize(("number", "remedy"), [(errno.EMFILE, "ulimit -n"), (errno.ENOSPC, "make room on the disk")])
def test_what_the_machine_has_run_out_of_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, remedy: str
) -> None:
    """One line, also where it happens while code is loaded."""

    def fail(*, standalone_mode: bool) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(cli, "telit_emulator", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()

    said = capsys.readouterr().err
    assert (2, 1) == (ended.value.code, said.count("\n"))
    assert said.startswith(f"telit-emulator: {os.strerror(number)}; ")
    assert remedy in said


def test_a_damaged_state_is_set_aside_and_the_next_start_is_a_factory_one(folder: Path) -> None:
    """Nothing is thrown away."""
    failing("run", "--state", "damaged", folder=folder)

    assert (folder / "damaged" / "nvm.json.damaged").read_text() == "{"
    with running("--state", "damaged", folder=folder) as emulator:
        assert emulator.ask("AT").endswith("OK\r\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(number: int, tmp_path: Path) -> None:
    """With a host on the port: exit code 0, nothing on stderr, no link left."""
    link = tmp_path / "modem"
    with running("--link", str(link)) as emulator, serial.Serial(str(link), timeout=TIMEOUT) as port:
        assert ask(port, "AT").endswith("OK\r\n")
        assert str(link.readlink()) == emulator.port

        assert emulator.stop(number) == (0, "")

    assert not link.is_symlink()


def test_a_signal_ends_it_while_a_silent_server_is_dialled() -> None:
    """The handshake is given up."""
    with (
        scripted_server(b"") as server,
        running("--route", f"10.0.0.1:443=127.0.0.1:{server}") as emulator,
        serial.Serial(emulator.port, timeout=TIMEOUT) as port,
    ):
        for line in ('AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
            ask(port, line)
        port.write(b'AT#SSLD=1,443,"10.0.0.1",0,1,5000\r')
        emulator.wait_for("dialled")

        assert emulator.stop() == (0, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_while_it_waits_for_what_the_user_has_named(number: int, tmp_path: Path) -> None:
    """A pipe to which nobody writes, in the place of a scenario."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen([*COMMAND, "run", "--scenario", str(pipe)], stderr=subprocess.PIPE)
    writer = None
    try:
        while writer is None:
            assert process.poll() is None
            with suppress(OSError):  # nobody has opened it for reading yet
                writer = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        process.send_signal(number)

        assert (0, b"") == (process.wait(TIMEOUT), process.communicate()[1])
    finally:
        process.kill()
        if writer is not None:
            os.close(writer)


def test_a_pipe_that_is_read_gets_the_transcript_and_one_that_is_full_loses_it(tmp_path: Path) -> None:
    """The modem goes on, and says so once."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with running("--transcript", str(pipe)) as emulator:
            emulator.ask("AT")
            assert b"AT" in os.read(reader, 4096)
            for _ in range(40):
                emulator.ask("AT&V")
            code, errors = emulator.stop()
            assert (0, 1) == (code, errors.count("pipe: its reader takes nothing; nothing more is written to it"))
    finally:
        os.close(reader)


def test_a_second_emulator_does_not_take_a_link(tmp_path: Path) -> None:
    """One line, exit code 2; the first one keeps it. One that was killed leaves nothing in the way."""
    link = tmp_path / "modem"
    with running("--link", str(link)) as first:
        said = failing("run", "--link", str(link))
        assert said == f"telit-emulator: {link}: an emulator that runs has this link; end it, or name another path\n"
        assert str(link.readlink()) == first.port
        first.process.kill()
        first.process.wait(TIMEOUT)
        with running("--link", str(link)) as second:
            assert str(link.readlink()) == second.port


def test_it_goes_on_when_nobody_reads_its_output() -> None:
    """`telit-emulator run -v | head -1` is no reason to stop the modem."""
    process = subprocess.Popen(
        [*COMMAND, "run", "-v"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        path = process.stdout.readline().split()[4].rstrip(";")
        process.stdout.close()
        with serial.Serial(path, timeout=TIMEOUT) as port:
            assert [ask(port, "AT")[-4:] for _ in range(5)] == ["OK\r\n"] * 5
        process.send_signal(signal.SIGTERM)
        assert (process.wait(TIMEOUT), process.stderr.read()) == (0, "")
    finally:
        process.kill()
        process.wait(TIMEOUT)
        process.stderr.close()


def test_every_line_of_json_is_an_event(tmp_path: Path) -> None:
    """First ready, with the port and the firmware, here that of the scenario; then what happens, without a secret."""
    (tmp_path / "day.toml").write_text('firmware = "ge865-quad"\n')
    with running("--scenario", str(tmp_path / "day.toml")) as emulator:
        emulator.ask("AT+CGDCONT=1,IP,apn", 'AT#SGACT=1,1,"user","geheim"')
        emulator.stop()

    ready, *events = emulator.events
    assert (ready["event"], ready["firmware"]) == ("ready", "GE865-QUAD@10.00.007")
    names = {event["event"] for event in events}
    assert {"host-presence", "host-sent", "module-sent", "state-changed"} <= names
    assert 'AT#SGACT=1,1,"user","***"' in [event.get("text") for event in events]
    assert "geheim" not in str(events)


def test_state_lasts_from_run_to_run_and_is_the_users_alone(tmp_path: Path) -> None:
    """Certificates, SSL settings, PDP contexts and stored profiles; mode 0600."""
    state = tmp_path / "state"
    with running("--state", str(state)) as emulator:
        emulator.ask("ATE0", 'AT+CGDCONT=1,"IP","kept"', "AT#SSLEN=1,1", "AT#SSLSECCFG=1,3,1", "AT&W")
        emulator.stop()

    assert stat.S_IMODE((state / "nvm.json").stat().st_mode) == 0o600
    with running("--state", str(state)) as emulator:
        answer = emulator.ask("AT+CGDCONT?", "AT#SSLEN?", "AT#SSLSECCFG?")
    assert answer == (
        '\r\n+CGDCONT: 1,"IP","kept","",0,0\r\n\r\nOK\r\n'
        "\r\n#SSLEN: 1,1\r\n\r\nOK\r\n\r\n#SSLSECCFG: 1,3,1\r\n\r\nOK\r\n"
    )


def test_a_state_folder_serves_one_emulator_at_a_time(tmp_path: Path) -> None:
    """A second one is told so."""
    with running("--state", str(tmp_path)):
        error = failing("run", "--state", str(tmp_path))

    assert "another emulator uses this folder" in error


@pytest.mark.parametrize("suffix", ["pem", "der"])
def test_security_data_is_preloaded_from_files(suffix: str) -> None:
    """The guide's remark on SUPL: a CA certificate may be there already."""
    with running("--set", f"security_data.ca_certificate={CERTS / f'public-demo-ca.{suffix}'}") as emulator:
        answer = emulator.ask("ATE0", "AT#SSLEN=1,1", "AT#SSLSECDATA?")

    assert answer.endswith("\r\n#SSLSECDATA: 1,0,1,0\r\n\r\nOK\r\n")


def test_values_of_the_profile_are_overridden() -> None:
    """Several at once, by their short names or whole."""
    with running("--set", "imei=123456789012345", "--set", "network.signal=3") as emulator:
        answer = emulator.ask("ATE0", "AT+CGSN", "AT+CSQ")

    assert answer.endswith("\r\n123456789012345\r\n\r\nOK\r\n\r\n+CSQ: 3,0\r\n\r\nOK\r\n")


def test_the_lab_answers_as_the_guide_prints_and_the_files_tell_of_it(tmp_path: Path) -> None:
    """Example 4.5.2 with the module's time running fast, a transcript, and a key log that only its owner reads."""
    transcript, keylog = tmp_path / "transcript", tmp_path / "keys"
    options = ["--lab", "--time-scale", "20", "--transcript", str(transcript), "--keylog", str(keylog)]
    with running(*options) as emulator, serial.Serial(emulator.port, timeout=TIMEOUT) as port:
        for line in ("ATE0", 'AT+CGDCONT=1,"IP","lab"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
            assert ask(port, line).endswith("OK\r\n")
        assert ask(port, 'AT#SSLD=1,443,"123.124.125.126",0,1') == "\r\nOK\r\n"
        assert ask(port, "AT#SSLSEND=1") == "\r\n> "
        port.write(b"Send this string to the SSL server!")
        assert ask(port, "\x1a") == "\r\nOK\r\n"
        answers = [ask(port, "AT#SSLRCV=1,15") for _ in range(3)]
        assert ask(port, "AT#SSLH=1") == "\r\nOK\r\n"
        assert emulator.stop() == (0, "")

    assert answers == [
        "\r\n#SSLRCV: 0\r\nTIMEOUT\r\n\r\nOK\r\n",
        "\r\n#SSLRCV: 15\r\nResponse of the\r\n\r\nOK\r\n",
        "\r\n#SSLRCV: 8\r\n server!\r\n\r\nOK\r\n",
    ]
    text = transcript.read_text()
    for line in ("host    AT#SSLSEND=1", "module  #SSLRCV: 15", "tls     established TLS_RSA_WITH_AES_128_CBC_SHA"):
        assert line in text
    assert keylog.read_text().startswith("CLIENT_RANDOM ")
    assert stat.S_IMODE(keylog.stat().st_mode) == 0o600


def test_a_capture_is_whole_when_the_process_is_killed(tmp_path: Path) -> None:
    """The last thing it shows is what was sent last; only its owner reads it."""
    capture = tmp_path / "capture.pcapng"
    with running("--lab", "--pcap", str(capture)) as emulator:
        emulator.ask('AT+CGDCONT=1,"IP","lab"', "AT#SGACT=1,1", "AT#SSLEN=1,1", 'AT#SSLD=1,443,"echo.lab",0,1')
        emulator.process.kill()
        emulator.process.wait(TIMEOUT)

    (conversation,) = conversations(read_capture(capture))
    assert conversation[0].comment.startswith("echo.lab:443 by way of 127.0.0.1:")
    assert conversation[0].target == ("127.0.0.1", 443)
    assert carried(conversation, "sent").startswith(b"\x16\x03\x01")
    assert "FIN" not in "".join(shape(conversation))
    assert stat.S_IMODE(capture.stat().st_mode) == 0o600


def test_the_live_view_and_the_welcome_are_for_people(tmp_path: Path) -> None:
    """Where to connect, what to type, and then the dialogue, without colour in a pipe; a shell takes what is shown."""
    link = tmp_path / "my modem"
    command = [*COMMAND, "run", "--lab", "-v", "--link", str(link)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        first = process.stdout.readline()
        with serial.Serial(first.split()[4].rstrip(";"), timeout=TIMEOUT) as port:
            ask(port, "AT+CSQ")
        process.send_signal(signal.SIGINT)
        output, errors = process.stdout.read(), process.stderr.read()
        process.wait(TIMEOUT)
    finally:
        process.kill()
        process.communicate(timeout=TIMEOUT)

    assert "HE910@12.00.004 is ready on /dev/" in first
    assert 'AT#SSLD=1,443,"123.124.125.126",0,1' in output
    assert 'AT#HTTPCFG=0,"http.lab"' in output
    assert f"picocom '{link}' " in output
    assert f"serial.tools.miniterm '{link}' 115200 " in output
    assert "host    AT+CSQ" in output
    assert "\x1b[" not in output
    assert (process.returncode, errors) == (0, "")


def test_help_names_every_option_with_examples() -> None:
    """And the group shows its commands."""
    shown = subprocess.run([*COMMAND, "run", "--help"], capture_output=True, text=True, timeout=TIMEOUT).stdout
    group = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, timeout=TIMEOUT).stdout

    for option in ("--link", "--route", "--lab", "--state", "--time-scale", "--tls-engine", "--transcript", "--keylog"):
        assert option in shown
    for option in ("--pcap", "--set", "--json", "--verbose", "Examples:"):
        assert option in shown
    assert "run" in group
    assert "profiles" in group


def test_a_port_on_the_network_is_named_as_pyserial_opens_it() -> None:
    """In the trace's ready event, and to the reader of the first line."""
    with running("--listen", "tcp:127.0.0.1:0", "--listen", "rfc2217:127.0.0.1:0", "--baud", "115200") as emulator:
        with serial.serial_for_url(emulator.port, timeout=TIMEOUT) as port:
            assert ask(port, "AT") == "AT\r\r\nOK\r\n"
        assert emulator.port.startswith("socket://127.0.0.1:")
        emulator.wait_for("host-presence")
        names = [event["port"] for event in emulator.events if event["event"] == "ready"]
        assert names[0] == emulator.port
        assert names[1].startswith("rfc2217://127.0.0.1:")


def test_the_end_names_the_commands_that_are_missing(tmp_path: Path) -> None:
    """Each once; a run in which none was says nothing."""
    link = tmp_path / "port"
    process = subprocess.Popen([*COMMAND, "run", "--link", str(link)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert "is ready on" in process.stdout.readline()
    with serial.Serial(str(link), timeout=TIMEOUT) as port:
        for _ in range(2):
            assert ask(port, "AT#NOSUCH").endswith("ERROR\r\n")

    process.send_signal(signal.SIGINT)

    told, _ = process.communicate(timeout=TIMEOUT)
    assert told == "the host used commands that no guide has: #NOSUCH\n"


def test_run_needs_no_argument() -> None:
    """The shortest line there is opens the default module."""
    with subprocess.Popen([*COMMAND, "run"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        process.terminate()

        assert ready.startswith("HE910@12.00.004")
        assert process.wait(TIMEOUT) == 0
