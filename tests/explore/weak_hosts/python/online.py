"""Brings a report to a web server by a plain socket in online mode: `online.py PORT [SECONDS]`."""

import sys

from tests.explore.weak_hosts.python.at import Dialogue
from tests.explore.weak_hosts.python.line import Silent, Trouble, now, pause
from tests.explore.weak_hosts.python.report import Report, main, parsed

GUARD = 1.2
"""Seconds of silence before and after +++."""
DIALLING = 40.0
ANSWERING = 30.0
ENDING = 1.5
"""Seconds until the server has hung up, which was asked to."""
NO_CARRIER = b"\r\nNO CARRIER\r\n"


class OnlineReport(Report):
    """Speaks with the server between CONNECT and NO CARRIER."""

    def __init__(self, at: Dialogue) -> None:
        super().__init__(at)
        self.is_online = False

    def reach(self) -> None:
        """Leave online mode first, if the module may be in it; a module that does not answer may be."""
        self.at.line.open()
        if self.is_online:
            self.leave()
        self.is_online = True
        super().reach()
        self.is_online = False

    def leave(self) -> None:
        """Leave online mode, unless the module has left it."""
        pause(GUARD)
        self.at.write(b"+++")
        pause(GUARD)
        self.at.drain()

    def enable(self) -> None:
        """Let data wait for no more than 0.1 seconds, and close what an earlier attempt has left open."""
        self.at.expect_ok("AT#SH=1")
        self.at.expect_ok("AT#SCFG=1,1,300,90,600,1")

    def connect(self) -> None:
        self.is_online = True
        self.at.dial(f'AT#SD=1,0,80,"{self.server}",0,0', DIALLING)

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        self.at.write(request)
        deadline = now() + ANSWERING
        while (answer := parsed(self.at.heard)) is None:
            if self.at.heard.endswith(NO_CARRIER):
                self.await_end()
            self.at.read(deadline)
        self.at.heard = self.at.heard.partition(b"\r\n\r\n")[2][len(answer[1]) :]
        return answer

    def await_end(self) -> None:
        """See whether NO CARRIER is the end: then nothing follows it."""
        try:
            self.at.read(now() + GUARD)
        except Silent:
            self.is_online = False
            raise Trouble("the connection has ended") from None

    def fields(self) -> list[str]:
        """Ask the server to hang up, too, when it has answered."""
        return [*super().fields(), "Connection: close"]

    def hang_up(self) -> None:
        """Wait for the end of the connection; end it if it does not come."""
        deadline = now() + ENDING
        try:
            while not self.at.heard.endswith(NO_CARRIER):
                self.at.read(deadline)
        except Silent:
            self.leave()
            self.at.expect_ok("AT#SH=1")
        self.is_online = False


if __name__ == "__main__":
    sys.exit(main(OnlineReport))
