"""`telit-emulator` as a process of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import serial

TIMEOUT = 60.0
COMMAND = [sys.executable, "-m", "emulator"]


def failing(*arguments: str, folder: Path | None = None) -> str:
    """Run the command to its end; what it says on stderr, given that it exits with 2 and prints nothing else."""
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=TIMEOUT, cwd=folder)
    assert done.returncode == 2, done
    assert done.stdout == ""
    return done.stderr


class Running:
    """`telit-emulator run --json …` that has said it is ready."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.events: list[dict[str, Any]] = []
        self._told = threading.Condition()
        self.port = str(self._event()["port"])
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, name: str, times: int = 1) -> None:
        """Until an event of that name has been told so many times."""
        with self._told:
            assert self._told.wait_for(
                lambda: [event["event"] for event in self.events].count(name) >= times, TIMEOUT
            ), self.events

    def _event(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"it ended: {self.process.stderr.read() if self.process.stderr else ''}")
        event: dict[str, Any] = json.loads(line)
        self.events.append(event)
        return event

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._told:
                self.events.append(json.loads(line))
                self._told.notify_all()

    def ask(self, *lines: str) -> str:
        """Send lines to the port; everything that is answered up to the last result."""
        with serial.Serial(self.port, timeout=TIMEOUT) as port:
            return "".join(ask(port, line) for line in lines)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; the exit code and what was said on stderr."""
        self.process.send_signal(number)
        code = self.process.wait(TIMEOUT)
        self._reader.join(TIMEOUT)
        assert self.process.stderr is not None
        return code, self.process.stderr.read()


def ask(port: serial.SerialBase, line: str) -> str:
    """Send one line; its answer up to OK, ERROR or the prompt."""
    port.write(f"{line}\r".encode("latin-1"))
    heard = b""
    while not heard.endswith((b"OK\r\n", b"ERROR\r\n", b"\r\n> ", b"CONNECT\r\n")):
        byte = port.read(1)
        assert byte, heard
        heard += byte
    return heard.decode("latin-1")


@contextmanager
def running(*arguments: str, folder: Path | None = None) -> Iterator[Running]:
    """The command from its ready line to the end of the block."""
    process = subprocess.Popen(
        [*COMMAND, "run", "--json", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield Running(process)
    finally:
        process.kill()
        process.wait(TIMEOUT)
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()
