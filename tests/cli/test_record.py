"""`telit-emulator record`, as its user meets it."""

import fcntl
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import serial

from emulator import VirtualModem, cli
from tests.cli.programs import COMMAND, TIMEOUT, ask
from tests.recording.recordings import recorded

MISTAKES: dict[str, tuple[list[str], str]] = {
    "no such port": (["--port", "none/tty", "--out", "d.txt"], "none/tty: No such file or directory; name a serial"),
    "no serial port": (["--port", "file", "--out", "d.txt"], "file: "),
    "no URL": (["--port", "foo://x", "--out", "d.txt"], "foo://x: "),
    "nobody listens": (["--port", "socket://127.0.0.1:1", "--out", "d.txt"], "socket://127.0.0.1:1: "),
    "no server": (["--port", "rfc2217://127.0.0.1:1", "--out", "d.txt"], "rfc2217://127.0.0.1:1: Connection refused"),
    "no address": (["--port", "rfc2217://here", "--out", "d.txt"], "rfc2217://here: no address; write rfc2217://HOST"),
    "no port": (["--out", "d.txt"], "missing option '--port'"),
    "no file": (["--port", "MODULE"], "missing option '--out'"),
    "unwritable file": (["--port", "MODULE", "--out", "none/d.txt"], "--out none/d.txt: No such file or directory"),
    "full disk": (["--port", "MODULE", "--out", "/dev/full", "--trace", "t"], "/dev/full: No space left on device"),
    "file that is a folder": (["--port", "MODULE", "--out", "."], "--out .: it is a folder; name a file"),
    "unwritable trace": (["--port", "MODULE", "--out", "d.txt", "--trace", "none/t"], "--trace none/t: No such file"),
    "one file for both": (
        ["--port", "MODULE", "--out", "d.txt", "--trace", "./d.txt"],
        "the dialogue is written there",
    ),
    "link over a file": (["--port", "MODULE", "--out", "d.txt", "--link", "file"], "exists and is not a link"),
    "link that leads to the module": (
        ["--port", "MODULE", "--out", "d.txt", "--link", "own"],
        "--link own: it leads to the module's own port; name another path for the host",
    ),
    "link that the file is": (
        ["--port", "MODULE", "--out", "d.txt", "--link", "d.txt"],
        "--link d.txt: the dialogue or its trace",
    ),
    "link and listen": (
        ["--port", "MODULE", "--out", "d.txt", "--link", "l", "--listen", "tcp:127.0.0.1:0"],
        "--link is for a pseudo-terminal",
    ),
    "unknown transport": (["--port", "MODULE", "--out", "d.txt", "--listen", "x:1"], "--listen x:1: 'x' is no kind"),
    "unknown firmware": (["--port", "MODULE", "--out", "d.txt", "--compare", "HE911"], "no model 'HE911'; the nearest"),
    "route of no emulated module": (
        ["--port", "MODULE", "--out", "d.txt", "--route", "a=b:1"],
        "--route is for the emulated module of --compare; name that, too",
    ),
    "route that is none": (
        ["--port", "MODULE", "--out", "d.txt", "--compare", "HE910", "--route", "a"],
        "route 'a': write HOST[:PORT]=HOST:PORT",
    ),
    "unknown key": (
        ["--port", "MODULE", "--out", "d.txt", "--compare", "HE910", "--set", "network.sgnal=1"],
        "unknown key network.sgnal; the nearest is signal",
    ),
    "no speed": (["--port", "MODULE", "--out", "d.txt", "--baud", "0"], "'--baud': 0 is not in the range"),
}


@pytest.mark.parametrize(("arguments", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_that_names_it(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On stderr, with exit code 2; nothing of the user's is touched, and no empty file is left."""
    (tmp_path / "file").write_text("text\n")
    monkeypatch.chdir(tmp_path)
    with VirtualModem() as modem:
        (tmp_path / "own").symlink_to(modem.port)
        words = (modem.port if word == "MODULE" else word for word in arguments)
        monkeypatch.setattr("sys.argv", ["telit-emulator", "record", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()

    out, error = capsys.readouterr()
    assert (2, "") == (ended.value.code, out)
    assert error.count("\n") == 1
    assert error.startswith("telit-emulator: ")
    assert said in error
    assert {path.name for path in tmp_path.iterdir()} == {"file", "own"}
    assert (tmp_path / "file").read_text() == "text\n"


def test_a_port_that_another_program_has_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two must not read the same module's answers."""
    second = tmp_path / "second.txt"
    with VirtualModem() as modem, recorded(modem.port, tmp_path):
        monkeypatch.setattr("sys.argv", ["telit-emulator", "record", "--port", modem.port, "--out", str(second)])
        with pytest.raises(SystemExit) as ended:
            cli.main()

        error = capsys.readouterr().err
        assert error.startswith(f"telit-emulator: {modem.port}: ")
    assert (2, 1) == (ended.value.code, error.count("\n"))
    assert not second.exists()


@contextmanager
def recording(module: str, folder: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """`record`, once its first line says that hosts may come; the link to its port is `host`."""
    process = subprocess.Popen(
        [*COMMAND, "record", "--port", module, "--link", "host", "--out", "d.txt", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )
    assert process.stdout is not None
    process.first = process.stdout.readline()  # type: ignore[attr-defined]
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=TIMEOUT)


def end(process: "subprocess.Popen[str]", number: int = signal.SIGINT) -> tuple[int, str, str]:
    """Send a signal; exit code and what was said."""
    process.send_signal(number)
    out, err = process.communicate(timeout=TIMEOUT)
    return process.returncode, out, err


def test_sigterm_ends_it_with_complete_files(tmp_path: Path) -> None:
    """With a host on the port: exit code 0, no link left, and both files say how it ended."""
    with VirtualModem() as modem, recording(modem.port, tmp_path) as process:
        assert process.first.startswith("/dev/pts/")  # type: ignore[attr-defined]
        assert f"(host) leads to {modem.port}; " in process.first  # type: ignore[attr-defined]
        with serial.Serial(str(tmp_path / "host"), timeout=TIMEOUT) as host:
            assert ask(host, "ATE0").endswith("OK\r\n")
            assert ask(host, "AT+CGMM") == "\r\nHE910\r\n\r\nOK\r\n"
            code, out, err = end(process, signal.SIGTERM)

    assert (code, err) == (0, "")
    assert out == "d.txt: 2 exchanges, ended by SIGTERM; trace in d.txt.trace.jsonl\n"
    assert (tmp_path / "d.txt").read_text().endswith("\n# The recording ended: SIGTERM\n")
    trace = [json.loads(line) for line in (tmp_path / "d.txt.trace.jsonl").read_text().splitlines()]
    assert (trace[0]["event"], trace[-1]["event"], trace[-1]["reason"]) == ("recording", "recording-ended", "SIGTERM")
    assert not (tmp_path / "host").is_symlink()


def test_what_was_recorded_is_played_on_an_emulated_module(tmp_path: Path) -> None:
    """With the same answers."""
    with VirtualModem() as modem, recording(modem.port, tmp_path) as process:
        with serial.Serial(str(tmp_path / "host"), timeout=TIMEOUT) as host:
            for line in ("ATE0", "AT+CGMM", "AT+CGMR", "AT+CMGF=1", "AT+CSQ"):
                ask(host, line)
        assert end(process)[0] == 0
    assert "# The recording ended: Ctrl-C\n" in (tmp_path / "d.txt").read_text()

    played = subprocess.run(
        [*COMMAND, "play", "--firmware", "HE910", "d.txt"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
    )
    assert (played.returncode, played.stdout.split()[-1]) == (0, "ok"), played
    head = (tmp_path / "d.txt").read_text().splitlines()[0]
    assert head.startswith("source: recorded from HE910 12.00.004 on 20")


def test_differences_from_an_emulated_module_are_shown_live_and_counted(tmp_path: Path) -> None:
    """Each as it happens; at the end a line says how many there were, and so does the exit code."""
    with VirtualModem("HE910") as modem, recording(modem.port, tmp_path, "--compare", "GE865-QUAD") as process:
        assert process.stdout is not None
        with serial.Serial(str(tmp_path / "host"), timeout=TIMEOUT) as host:
            for line in ("ATE0", "AT+CGMM", "AT+CSQ", "AT+CGMM"):
                ask(host, line)
            shown = [process.stdout.readline()[14:] for _ in range(4)]
        code, out, err = end(process)

    assert shown[0].startswith("differs AT+CGMM: GE865-QUAD@10.00.007 answers otherwise")
    assert [line.strip() for line in shown[1:]] == ["- HE910", "+ GE865-QUAD", "OK"]
    assert (code, err) == (1, "")
    assert out.splitlines()[-1] == "GE865-QUAD@10.00.007: 4 exchanges compared, 2 differ in 1 way"


def test_it_goes_on_when_nobody_reads_its_output(tmp_path: Path) -> None:
    """`record -v | head -1` is no reason to break off what host and module say."""
    with VirtualModem() as modem, recording(modem.port, tmp_path, "-v") as process:
        assert process.stdout is not None
        process.stdout.close()
        with serial.Serial(str(tmp_path / "host"), timeout=TIMEOUT) as host:
            assert [ask(host, "AT")[-4:] for _ in range(5)] == ["OK\r\n"] * 5
        process.send_signal(signal.SIGTERM)
        assert process.wait(TIMEOUT) == 0


def test_a_host_that_is_stuck_in_a_full_pipe_does_not_stop_the_line(tmp_path: Path) -> None:
    """A reader of stdout that has stopped reading delays no byte, and no end."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    with VirtualModem() as modem:
        process = subprocess.Popen(
            [*COMMAND, "record", "--port", modem.port, "--link", "host", "--out", "d.txt", "-v"],
            stdout=writing,
            cwd=tmp_path,
        )
        try:
            assert os.read(reading, 1)
            while not (tmp_path / "host").is_symlink():
                pass
            with serial.Serial(str(tmp_path / "host"), timeout=TIMEOUT) as host:
                for _ in range(8):
                    assert ask(host, "AT&V").endswith("OK\r\n")
            process.send_signal(signal.SIGINT)
            assert process.wait(TIMEOUT) == 0
        finally:
            process.kill()
            process.wait(TIMEOUT)
            os.close(reading)
            os.close(writing)
    assert "# The recording ended: Ctrl-C\n" in (tmp_path / "d.txt").read_text()
