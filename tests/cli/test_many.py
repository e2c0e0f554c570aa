"""`telit-emulator run --count`: many modules by one command."""

import os
import resource
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from emulator import UserError
from emulator.cli.numbered import numbered, require_numbers
from emulator.options import ModemOptions
from tests.cli.programs import COMMAND, TIMEOUT, failing, running
from tests.peers.waiting import wait_until

SOCKETS = ("--listen", "unix:{number:03}")
MISTAKES: dict[str, tuple[list[str], str]] = {
    "one socket for all": (["--listen", "unix:m"], "--listen unix:m: modules can't share it; write {number} in it, as"),
    "one folder for all": (["--state", "kept"], "--state kept: modules can't share it; write {number} in it, as in ke"),
    "one control socket": (["--control", "c"], "--control c: modules can't share it; write {number} in it, as in c{n"),
    "a folder that is missing": (["--listen", "unix:none/{number}"], "/none/1: cannot listen there (its folder does"),
    "the same, in processes": (
        ["--listen", "unix:none/{number}", "--processes", "2"],
        "cannot listen there (its folder does not exist)",
    ),
    "a page of several processes": (
        ["--web", "127.0.0.1:0", "--processes", "2"],
        "--web 127.0.0.1:0: it shows the modules of one process; leave out --processes 2",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_one_line_with_its_remedy(arguments: list[str], said: str, tmp_path: Path) -> None:
    """Before anything is written, whichever process has found it."""
    error = failing("run", "--count", "3", *arguments, folder=tmp_path)

    assert (error.count("\n"), error.startswith("telit-emulator: ")) == (1, True)
    assert said in error
    assert list(tmp_path.iterdir()) == []


def test_processes_need_many_modules() -> None:
    """One module is not shared out."""
    assert "--processes 2: one module runs in one process; give --count, too" in failing("run", "--processes", "2")


def test_a_lack_of_open_files_is_told_with_what_helps() -> None:
    """The number of processes that would do, and the limit."""
    done = subprocess.run(
        ["bash", "-c", 'ulimit -n 364; exec "$@"', "-", *COMMAND, "run", "--count", "200", *SOCKETS],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )

    remedy = "give --processes 2, or raise the limit: ulimit -Hn 664"
    assert done.stderr == (
        f"telit-emulator: --count 200: 664 open files may be needed in a process, and 364 are allowed; {remedy}\n"
    )
    assert done.returncode == 2


def test_each_module_has_its_number_in_what_it_alone_has() -> None:
    """With as many digits as are asked for; the seed counts on, so that chance differs from module to module."""
    common = ModemOptions(
        "HE910",
        settings=('identity.imei="35693803{number:07}"',),
        listen=("unix:m{number}", "tcp:127.0.0.1:0"),
        state=Path("kept/{number:05}"),
        seed=100,
    )

    its = numbered(common, 12)

    require_numbers(common)
    assert its.settings == ('identity.imei="356938030000012"',)
    assert its.listen == ("unix:m12", "tcp:127.0.0.1:0")
    assert (its.state, its.seed) == (Path("kept/00012"), 111)


def test_what_is_free_each_time_needs_no_number() -> None:
    """Pseudo-terminals and TCP ports that the system chooses; a link to the terminal does."""
    require_numbers(ModemOptions(listen=("pty", "tcp:127.0.0.1:0", "rfc2217:127.0.0.1:0")))
    with pytest.raises(UserError, match="--link modem: modules can't share it"):
        require_numbers(ModemOptions(link="modem"))


def test_events_have_the_number_of_their_modem(tmp_path: Path) -> None:
    """In one stream, one line each, from two processes."""
    with running("--count", "4", "--processes", "2", *SOCKETS, folder=tmp_path) as modems:
        modems.wait_for("ready", times=4)
        ask(tmp_path / "002", b"AT+CGMM\r")
        modems.wait_for("host-presence")
        code, said = modems.stop()

    ready = {event["modem"]: Path(event["port"]).name for event in modems.events if event["event"] == "ready"}
    assert ready == {1: "001", 2: "002", 3: "003", 4: "004"}
    assert {event["modem"] for event in modems.events if event["event"] == "host-presence"} == {2}
    assert (code, said) == (0, "")


@contextmanager
def many(folder: Path, *arguments: str, before: Sequence[str] = ()) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """The command and its first line."""
    command = [*before, *COMMAND, "run", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)
    assert process.stdout is not None and process.stderr is not None
    try:
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate()


def ask(path: Path, line: bytes) -> bytes:
    """What a module answers to a host that comes."""
    with socket.socket(socket.AF_UNIX) as host:
        host.settimeout(TIMEOUT)
        host.connect(str(path))
        host.sendall(line)
        heard = b""
        while not heard.endswith(b"OK\r\n"):
            heard += host.recv(4096)
    return heard


@pytest.mark.parametrize("processes", ["1", "2"])
def test_hundreds_of_modules_start_and_end_by_one_command(processes: str, tmp_path: Path) -> None:
    """Each answers on its own socket with its own identity; a signal ends them all, and no socket is left."""
    own = ("--set", 'identity.imei="35693803{number:07}"')
    with many(tmp_path, "HE910", "--count", "200", "--processes", processes, *SOCKETS, *own) as (process, said):
        answers = [ask(tmp_path / f"{number:03}", b"ATE0+CGSN\r") for number in (1, 100, 101, 200)]
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=TIMEOUT)

    assert said == (
        f"200 modules HE910@12.00.004 are ready on unix:{tmp_path}/001 to unix:{tmp_path}/200; Ctrl-C ends them\n"
    )
    assert [answer[-23:-8] for answer in answers] == [
        b"356938030000001",
        b"356938030000100",
        b"356938030000101",
        b"356938030000200",
    ]
    assert (process.returncode, rest, errors) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_what_hosts_miss_is_told_at_the_end(tmp_path: Path) -> None:
    """By the processes that have the modules."""
    with many(tmp_path, "--count", "2", "--processes", "2", *SOCKETS) as (process, _):
        ask(tmp_path / "002", b"AT+NONE\rAT\r")
        process.terminate()
        rest, _ = process.communicate(timeout=TIMEOUT)

    assert rest == "the host used commands that no guide has: +NONE\n"


def test_modules_end_with_a_command_that_is_killed(tmp_path: Path) -> None:
    """Their processes see that nobody is there to hear them."""
    with many(tmp_path, "--count", "2", "--processes", "2", *SOCKETS) as (process, _):
        process.kill()
        process.wait(TIMEOUT)
        wait_until(lambda: not any(tmp_path.iterdir()))


def share_processes(parent: int) -> Iterator[int]:
    """The processes that have modules; Python has one more, which keeps account of resources."""
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            yield int(child)


def test_a_process_that_is_killed_ends_the_command(tmp_path: Path) -> None:
    """With one line that says which modules are gone; the others end, too."""
    with many(tmp_path, "--count", "2", "--processes", "2", *SOCKETS) as (process, _):
        os.kill(next(share_processes(process.pid)), signal.SIGKILL)
        _, errors = process.communicate(timeout=TIMEOUT)

    assert process.returncode == 2
    assert "the process of modules 1 to 1 was killed" in errors or "the process of modules 2 to 2 was killed" in errors


def test_the_limit_of_open_files_is_raised_as_far_as_needed(tmp_path: Path) -> None:
    """A port, its host and a connection for each module, and some for the process."""
    limit = ["bash", "-c", 'ulimit -Sn 100; exec "$@"', "-"]
    with many(tmp_path, "--count", "20", *SOCKETS, before=limit) as (process, _):
        soft, _ = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)

    assert soft == 3 * 20 + 64
