"""Each guarded callback of a recording raises: the log tells of it, and the recording goes on."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from emulator import VirtualModem
from emulator.guard import guarded
from emulator.recording.module.descriptor import DescriptorEnd
from emulator.recording.module.modem_lines import ModemLinesWatch
from emulator.recording.module.outgoing import Outgoing
from emulator.recording.module.rfc2217 import Rfc2217End
from emulator.recording.module.threaded import ThreadedEnd
from tests.recording.recordings import recorded
from tests.recording.test_proxy import open_port

LOOP = "loop://"
"""A port of pyserial without a descriptor, which sends back what it gets."""
CASES: dict[str, tuple[type, str]] = {
    "DescriptorEnd._read": (DescriptorEnd, "pty"),
    "DescriptorEnd._lose": (DescriptorEnd, "pty"),
    "Outgoing._go_on": (Outgoing, "pty"),
    "Outgoing._look": (Outgoing, "pty"),
    "Rfc2217End._read": (Rfc2217End, "rfc2217:127.0.0.1:0"),
    "Rfc2217End._lose": (Rfc2217End, "rfc2217:127.0.0.1:0"),
    "Rfc2217End._without_option": (Rfc2217End, "rfc2217:127.0.0.1:0"),
    "ThreadedEnd._call": (ThreadedEnd, LOOP),
    "ModemLinesWatch._tell": (ModemLinesWatch, LOOP),
}
"""Each guarded method of the ends towards the module, with a port that they serve."""


@contextmanager
def module_port(kind: str) -> Iterator[str]:
    """A port at which a module is, or at least its echo."""
    with ExitStack() as opened:
        yield LOOP if kind == LOOP else opened.enter_context(VirtualModem(listen=[kind])).port


@pytest.mark.parametrize("name", CASES)
def test_what_a_callback_raises_is_logged_and_the_recording_goes_on(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The host gets the module's bytes, as before."""
    kind, port = CASES[name]
    method = name.partition(".")[2]
    made: list[Any] = []
    begin = kind.__init__  # type: ignore[misc]  # of just this class

    def note(self: Any, *arguments: Any) -> None:
        made.append(self)
        begin(self, *arguments)

    monkeypatch.setattr(kind, "__init__", note)
    with module_port(port) as url, recorded(url, tmp_path) as recording, open_port(recording.port) as host:
        with monkeypatch.context() as broken, caplog.at_level(logging.ERROR, "emulator"):
            broken.setattr(kind, method, guarded(_raise))
            getattr(made[-1], method)(None)
        host.write(b"AT\r")

        assert host.read(3) == b"AT\r"
    assert "failed inside the emulator: RuntimeError: boom" in caplog.text


def _raise(end: Any, *told: object) -> None:
    raise RuntimeError("boom")
