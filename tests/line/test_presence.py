"""Noticing hosts when the system is short of something, or loses count."""

import ctypes
import errno
from pathlib import Path
from typing import Any

import pytest

from emulator.errors import UserError
from emulator.line.transports.pty import PtyPort, presence
from emulator.line.transports.pty.presence import Inotify
from emulator.testing.contracts.port_bench import Recorder
from tests.line.benches import PtyHost


class ShortOfInotify:
    """A C library whose named function fails as the kernel makes it fail."""

    def __init__(self, function: str, number: int) -> None:
        self._function, self._number = function, number

    def __getattr__(self, name: str) -> Any:
        return self._fail if name == self._function else getattr(ctypes.CDLL(None, use_errno=True), name)

    def _fail(self, *_arguments: object) -> int:
        ctypes.set_errno(self._number)
        return -1


@pytest.mark.parametrize(
    ("function", "number", "limit"),
    [
        ("inotify_init1", errno.EMFILE, "max_user_instances"),
        ("inotify_add_watch", errno.ENOSPC, "max_user_watches"),
    ],
)
async def test_a_used_up_limit_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, function: str, number: int, limit: str
) -> None:
    """The user learns which limit to raise, and nothing is left open."""
    monkeypatch.setattr(presence, "_libc", ShortOfInotify(function, number))
    port = PtyPort()
    with pytest.raises(UserError, match=f"sysctl fs.inotify.{limit}"):
        port.open(Recorder())
    port.close()

    assert Inotify._only is None


async def test_any_other_failure_of_the_system_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not the user's to mend stays what it is."""
    monkeypatch.setattr(presence, "_libc", ShortOfInotify("inotify_add_watch", errno.EACCES))
    port = PtyPort()
    with pytest.raises(PermissionError):
        port.open(Recorder())
    port.close()


async def test_without_inotify_a_host_is_taken_to_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes pass both ways on a system that cannot tell about hosts; their coming and going is not seen."""
    monkeypatch.setattr(presence, "_libc", object())
    port, recorder = PtyPort(), Recorder()
    port.open(recorder)
    assert recorder.told == ["opened"]

    host = PtyHost(port.name)
    await host.send(b"AT\r")
    await recorder.until_told("opened", b"AT\r")
    port.write(b"OK")
    assert await host.receive(2) == b"OK"
    host.close()
    next_host = PtyHost(port.name)
    await next_host.send(b"ATI\r")
    await recorder.until_told("opened", b"AT\rATI\r")
    next_host.close()
    port.close()


async def test_a_flood_of_events_hides_no_host() -> None:
    """When the kernel's queue overflows and events are lost, every port looks for itself."""
    queue_length = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if queue_length > 100_000:
        pytest.skip("this system queues more inotify events than a test should make")
    noisy, quiet = PtyPort(), PtyPort()
    noisy_recorder, quiet_recorder = Recorder(), Recorder()
    noisy.open(noisy_recorder)
    quiet.open(quiet_recorder)
    for _ in range(queue_length // 2 + 10):
        PtyHost(noisy.name).close()
    host = PtyHost(quiet.name)

    await quiet_recorder.until_told("opened")
    host.close()
    await quiet_recorder.until_told("opened", "closed")
    noisy.close()
    quiet.close()


async def test_one_owner_that_fails_costs_the_others_nothing() -> None:
    """Its error is reported to it, and the other ports hear of their hosts."""

    def fail() -> None:
        raise RuntimeError("no such luck")

    failing, sound = PtyPort(), PtyPort()
    failing_recorder, sound_recorder = Recorder(), Recorder()
    failing_recorder.on_opened = fail
    failing.open(failing_recorder)
    sound.open(sound_recorder)
    hosts = [PtyHost(failing.name), PtyHost(sound.name)]
    await sound_recorder.until_told("opened")
    for host in hosts:
        host.close()
    failing.close()
    sound.close()

    assert ["no such luck"] == [str(defect) for defect in failing_recorder.defects]
    assert [] == sound_recorder.defects
