"""Locustfile of the benchmark: `Busy` dials without a pause, `Connected` dials once and waits.

When the run stops, a line of JSON says the sessions, the time and the CPU time since all users were there, and
the memory of the process.
"""

import json
import os
import time
from pathlib import Path

import gevent
from locust import constant, events, task

from emulator.fleet.user import ModuleUser

_WAITING = 3600.0


class _Counted:
    """What has happened since all users were there."""

    sessions = 0
    began = cpu = 0.0


class Busy(ModuleUser):
    """Dial, send, receive, close; again at once."""

    wait_time = constant(0)

    def on_start(self) -> None:
        """Get ready."""
        self.provision()

    @task
    def converse(self) -> None:
        """Have one session, with a full handshake."""
        self.dial()
        self.send(b"Send this string to the SSL server!")
        self.receive()
        self.close()
        _Counted.sessions += 1


class Connected(ModuleUser):
    """Dial once, and stay."""

    @task
    def stay(self) -> None:
        """Do nothing more."""
        self.provision()
        self.dial()
        gevent.sleep(_WAITING)


@events.spawning_complete.add_listener  # type: ignore[untyped-decorator]
def _begin(**_: object) -> None:
    _Counted.sessions, _Counted.began, _Counted.cpu = 0, time.perf_counter(), time.process_time()


@events.test_stop.add_listener  # type: ignore[untyped-decorator]
def _tell(**_: object) -> None:
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    seconds = time.perf_counter() - _Counted.began
    told = {
        "sessions": _Counted.sessions,
        "seconds": seconds,
        "cpu": time.process_time() - _Counted.cpu,
        "bytes": resident,
    }
    print("told", json.dumps(told), flush=True)
