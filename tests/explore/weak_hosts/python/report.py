"""Brings a report to a web server by the module's TLS socket, once and no more: `report.py PORT [SECONDS]`.

For so many seconds it begins again from the top when there was trouble; with 0 it fails at the first trouble.
"""

import os
import re
import sys
from contextlib import suppress

from tests.explore.weak_hosts.python.at import Dialogue, Refused, find
from tests.explore.weak_hosts.python.line import Gone, Line, Trouble, now, pause

STARTING = 40.0
"""Seconds until a module that restarts answers."""
REGISTERING = 60.0
"""Seconds until the network has taken the module in."""
ACTIVATING = 50.0
"""Seconds until the network has given an address."""
DIALLING = 40.0
"""Seconds for a TCP connection and a handshake."""
ANSWERING = 15.0
"""Seconds for one #SSLRECV, which waits for 10 itself."""
EMPTY = 3
"""Empty answers of #SSLRECV in a row, after which the server is taken to be gone."""
REGISTERED = "1", "5"
"""What +CREG? says at home, and abroad."""
DISABLED, CLOSED = "0", "1"
"""What #SSLS says of a socket that is not open."""

TEXT = b"pump 1 OK\r\npump 2 ERROR\r\nmodem NO CARRIER\r\ntank 87 %\r\n"
"""The report."""


class Report:
    """A report that is on its way to the server."""

    server = "http.lab"

    def __init__(self, at: Dialogue) -> None:
        self.at = at
        self.key = os.urandom(4).hex()
        """By which the server knows the report again: it takes it once, however often it comes."""

    def run(self, seconds: float) -> None:
        """Bring the report to the server.

        Raises:
            Trouble: it cannot be done within the time.
        """
        deadline = now() + seconds
        while True:
            try:
                self.attempt()
                return
            except Trouble:
                if now() >= deadline:
                    raise
            pause(1)

    def attempt(self) -> None:
        """Begin from the top, whatever an earlier attempt has left."""
        self.wake()
        self.register()
        self.activate()
        self.enable()
        self.connect()
        self.deliver()
        self.hang_up()

    def wake(self) -> None:
        """Wait for the module, and set how it speaks, which a restart forgets."""
        deadline = now() + STARTING
        while True:
            try:
                self.reach()
                break
            except Trouble:
                if now() >= deadline:
                    raise
            pause(2)  # late answers come, and are dropped before the next try
        self.at.expect_ok("ATE0")
        self.at.expect_ok("AT+CMEE=1")
        self.at.expect_ok("AT+CREG=1")

    def reach(self) -> None:
        """Open the line and hear the module answer."""
        self.at.line.open()
        self.at.hush()
        self.at.command("AT", 2)

    def register(self) -> None:
        """Wait for the network, and say which one it is."""
        deadline = now() + REGISTERING
        while self.status() not in REGISTERED:
            if now() >= deadline:
                raise Trouble("AT+CREG?: not registered")
            pause(1)
        print("network:", find(r'\+COPS: \d,\d,"([^"]*)".*', self.at.command("AT+COPS?")) or "unknown")

    def status(self) -> str:
        """Return the status of the registration; what +CREG: says by itself has one number only."""
        return find(r"\+CREG: \d,(\d)(?:,.*)?", self.at.command("AT+CREG?"))

    def activate(self) -> None:
        """Activate context 1, unless it is active: on LTE it comes with the attachment."""
        if self.is_active():
            return
        self.at.expect_ok('AT+CGDCONT=1,"IP","internet"')
        try:
            self.at.command("AT#SGACT=1,1", ACTIVATING)
        except Refused:
            if not self.is_active():
                raise

    def is_active(self) -> bool:
        """Return whether context 1 is active."""
        return find(r"#SGACT: 1,(\d)", self.at.command("AT#SGACT?")) == "1"

    def enable(self) -> None:
        """Enable SSL, and close what an earlier attempt has left open."""
        status = find(r"#SSLS: 1,(\d).*", self.at.command("AT#SSLS=1"))
        if status == DISABLED:
            self.at.expect_ok("AT#SSLEN=1,1")
        elif status != CLOSED:
            self.close()

    def close(self) -> None:
        """Close the socket; that it is closed already is no trouble."""
        with suppress(Refused):
            self.at.expect_ok("AT#SSLH=1")

    def connect(self) -> None:
        """Connect with the server."""
        self.at.dial(f'AT#SSLD=1,443,"{self.server}",0,1', DIALLING)

    def deliver(self) -> None:
        """Send the report, and hear the server's word that it has all of it."""
        if self.exchange(self.request()) != (200, TEXT):
            raise Trouble("the server does not have the report")

    def request(self) -> bytes:
        """Return the bytes of the request."""
        head = ["POST /reports HTTP/1.1", f"Host: {self.server}", f"Content-Length: {len(TEXT)}", *self.fields()]
        return "\r\n".join([*head, "", ""]).encode() + TEXT

    def fields(self) -> list[str]:
        """Return what else stands in the head of the request."""
        return [f"Idempotency-Key: {self.key}"]

    def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return the status and the body of the answer."""
        self.at.enter("AT#SSLSEND=1", request)
        heard, empty = b"", 0
        while (answer := parsed(heard)) is None:
            data = self.at.receive(1000, ANSWERING)
            heard += data
            empty = 0 if data else empty + 1
            if empty == EMPTY:
                raise Trouble("the server does not answer")
        return answer

    def hang_up(self) -> None:
        """End the connection."""
        self.close()


def parsed(heard: bytes) -> tuple[int, bytes] | None:
    """Return the status and the body of an answer; None while it is not complete."""
    head, end, body = heard.partition(b"\r\n\r\n")
    if not end:
        return None
    status = re.match(rb"HTTP/1\.\d (\d{3}) ", head)
    if status is None:
        raise Trouble("the server speaks no HTTP")
    length = re.search(rb"\r\nContent-Length: (\d+)", head)
    size = int(length[1]) if length is not None else 0
    return (int(status[1]), body[:size]) if len(body) >= size else None


def main(make: type[Report] = Report, dialogue: type[Dialogue] = Dialogue, line: type[Line] = Line) -> int:
    """Bring a report; one line on stderr when it fails."""
    path, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    try:
        make(dialogue(line(path))).run(seconds)
    except Trouble as trouble:
        print("report:", trouble, file=sys.stderr)
        return 3 if isinstance(trouble, Gone) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
