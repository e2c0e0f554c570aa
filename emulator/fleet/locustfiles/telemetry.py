"""Provision, dial, POST, close, and again: by a kept session where the module has one, with retries where it fails."""

import gevent
from locust import between, task

from emulator.fleet.user import CommandFailed, ModuleUser

_PAUSES = (1, 2, 4)
"""Seconds before each retry."""


class TelemetryUser(ModuleUser):
    """Send a reading every ten seconds or so."""

    wait_time = between(5, 15)

    @task
    def report(self) -> None:
        """Try until the server has it, or the retries are used up."""
        if self._sent("report"):
            return
        for pause in _PAUSES:
            gevent.sleep(pause)
            if self._sent("report, retry"):
                return

    def _sent(self, name: str) -> bool:
        try:
            with self.session(name):
                self.provision()
                self.redial()
                status = self.post(b"23.5 degrees\n")
                self.close()
        except CommandFailed:
            self.takes("AT#SSLH=1")
            return False
        return status < 400
