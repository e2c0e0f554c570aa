"""Processes that a benchmark starts, and always ends."""

import re
import resource
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

TIMEOUT = 20.0
"""Seconds after which something that should have happened never will."""


def allow_files() -> None:
    """Allow this process as many open files as the system lets it have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Child:
    """A running process; all its output is read at once, so that it never waits for us."""

    def __init__(self, pid: int, name: str, questions: IO[bytes], output: IO[bytes]) -> None:
        self.pid = pid
        self._name = name
        self._questions = questions
        self._said = b""
        self._ended = False
        self._news = threading.Condition()
        threading.Thread(target=self._listen, args=[output], daemon=True).start()

    def _listen(self, output: IO[bytes]) -> None:
        with output:
            while heard := output.read(65536):
                with self._news:
                    self._said += heard
                    self._news.notify()
        with self._news:
            self._ended = True
            self._news.notify()

    def wait_for(self, pattern: bytes, timeout: float = TIMEOUT) -> re.Match[bytes]:
        """Wait until some of its output matches; what follows is left for the next call.

        Raises:
            RuntimeError: it ended, or nothing matched in time.
        """
        with self._news:
            self._news.wait_for(lambda: self._ended or re.search(pattern, self._said), timeout)
            match = re.search(pattern, self._said)
            if match is None:
                said = self._said.decode(errors="replace")
                raise RuntimeError(f"{self._name} did not say {pattern.decode()!r}, but {said!r}")
            self._said = self._said[match.end() :]
        return match

    @property
    def last_words(self) -> str:
        """Return the end of the output since `wait_for`."""
        with self._news:
            return self._said[-2000:].decode(errors="replace")

    def ask(self, question: bytes, pattern: bytes) -> re.Match[bytes]:
        """Say a line to it and wait for its answer."""
        self._questions.write(question + b"\n")
        return self.wait_for(pattern)


@contextmanager
def child(command: Sequence[str], descriptors: Sequence[int] = ()) -> Iterator[Child]:
    """Run a program, with these descriptors of ours; its two outputs are read as one."""
    process = subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
        pass_fds=descriptors,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        with process.stdin:
            running = Child(process.pid, Path(command[0]).name, process.stdin, process.stdout)
            try:
                yield running
            except RuntimeError as error:
                error.add_note(f"{' '.join(command)} (exit code {process.poll()}) said: {running.last_words}")
                raise
    finally:
        process.terminate()
        try:
            process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
