"""One attempt to bring a request to a server over the module's TLS socket."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum

from at import Dialogue, Refused, Trouble

ACTIVATING = 150.0
"""Seconds until the network has given an address."""
DIALLING = 60.0
"""Seconds for a TCP connection and a handshake, of which no packet may take over 10."""
TRANSFER = 12.0
"""Seconds; the module gives up after 10 itself (<defTo> of #SSLCFG)."""

TLS_1_2 = 3
"""<version> of #SSLSECCFG2."""
NAMED = 1
"""<SNI> of #SSLSECCFG2: the hello names the server."""

CHUNK = 1023
"""Bytes that one #SSLSEND takes."""
PATIENCE = 3
"""Empty answers of #SSLRECV in a row, 10 seconds each."""
LONGEST_STATUS = 511
"""Bytes."""


class Outcome(IntEnum):
    """How an attempt ends, and the program with it: its exit code."""

    UPLOADED = 0
    BAD_USAGE = 2
    NO_MODULE = 3
    """The port cannot be opened, or nobody answers."""
    NOT_REGISTERED = 4
    """The network does not take the module in."""
    NO_CONTEXT = 5
    """No PDP context, so no IP."""
    NOT_SECURED = 6
    """The module refuses the SSL configuration or the certificate."""
    NO_CONNECTION = 7
    """The server is not reached, or the handshake fails."""
    CONNECTION_LOST = 8
    """In the middle of it."""
    REFUSED = 9
    """The server has the request and does not want it."""


class Failed(Exception):
    """The attempt has failed; the text says why."""

    def __init__(self, outcome: Outcome, reason: object) -> None:
        super().__init__(str(reason))
        self.outcome = outcome


@contextmanager
def _failing_as(outcome: Outcome) -> Iterator[None]:
    try:
        yield
    except Trouble as trouble:
        raise Failed(outcome, trouble) from trouble


@dataclass
class Upload:
    """What is brought where; `run` begins from the top, whatever an earlier attempt has left."""

    apn: str
    server: str
    certificate: bytes
    """Of the server's CA: PEM, its lines ended by LF alone."""
    request: bytes
    """HTTP, head and body."""
    patience: float
    """Seconds to wait for a module that starts, and for the network."""
    port: int = 443
    firmware: str = ""
    """`HE910 12.00.004`, once the module has told it."""

    def run(self, at: Dialogue) -> str:
        """Make an attempt; the first line of the server's answer.

        Module and network are waited for: no attempt helps when they are not there in time.

        Raises:
            Failed: with the step that it failed in.
        """
        with _failing_as(Outcome.NO_MODULE):
            self._wait_for(self._greet, at)
        with _failing_as(Outcome.NOT_REGISTERED):
            self._wait_for(_check_registration, at)
        with _failing_as(Outcome.NO_CONTEXT):
            self._activate(at)
        with _failing_as(Outcome.NOT_SECURED):
            _switch_on(at, "AT#SSLEN=1,1")
            _hang_up(at)  # what an earlier attempt has left open; mostly there is nothing
            _configure(at)
            self._store_certificate(at)
        with _failing_as(Outcome.NO_CONNECTION):
            at.command(f'AT#SSLD=1,{self.port},"{self.server}",0,1', DIALLING)
        with _failing_as(Outcome.CONNECTION_LOST):
            self._send_request(at)
            status = _read_status(at)
            _hang_up(at)  # an error when the server was faster, and closed it is all the same
        if re.match(r"HTTP/\d\.\d 2", status) is None:
            raise Failed(Outcome.REFUSED, f"the server says: {status}")
        return status

    def _wait_for(self, step: Callable[[Dialogue], None], at: Dialogue) -> None:
        """Take a step again and again until it succeeds, or for `patience` seconds."""
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return step(at)
            except Trouble:
                if time.monotonic() >= deadline:
                    raise
            time.sleep(1)
            at.recover()

    def _greet(self, at: Dialogue) -> None:
        """Find the module, and set how it answers: a module that has restarted has forgotten it."""
        at.command("AT", 1)
        at.command("ATE0")
        at.command("AT+CMEE=2")
        self.firmware = f"{at.ask('AT+CGMM', '.+')[0]} {at.ask('AT+CGMR', '.+')[0]}"

    def _activate(self, at: Dialogue) -> None:
        """Activate context 1, unless it is active: on LTE the network has done it with the attach."""
        if "#SGACT: 1,1" not in at.command("AT#SGACT?"):
            at.command(f'AT+CGDCONT=1,"IP","{self.apn}"')
            _switch_on(at, "AT#SGACT=1,1", ACTIVATING)

    def _store_certificate(self, at: Dialogue) -> None:
        """It stays in the module's flash memory, which wears: it is written only when it is another one."""
        with suppress(Refused):
            if self.certificate.decode("latin-1").strip() in "\n".join(at.command("AT#SSLSECDATA=1,2,1")):
                return
        at.enter(f"AT#SSLSECDATA=1,1,1,{len(self.certificate)}", self.certificate)

    def _send_request(self, at: Dialogue) -> None:
        for start in range(0, len(self.request), CHUNK):
            at.enter("AT#SSLSEND=1", self.request[start : start + CHUNK], TRANSFER)


def _check_registration(at: Dialogue) -> None:
    """Home or roaming. A URC has another number of values."""
    status = int(at.ask("AT+CREG?", r"\+CREG: \d,(\d)")[1])
    if status not in (1, 5):
        raise Trouble(f"not registered in time, the last +CREG status is {status}")


def _switch_on(at: Dialogue, command: str, seconds: float = 5.0) -> None:
    """Give a command whose effect may be there already."""
    try:
        at.command(command, seconds)
    except Refused as refused:
        if "already activated" not in str(refused):
            raise


def _configure(at: Dialogue) -> None:
    """Choose all cipher suites, server authentication, and certificate format and TLS version where there is a choice.

    A module that takes DER too may have been left at that, and its test command lists one range more.
    """
    ranges = at.ask("AT#SSLSECCFG=?", "#SSLSECCFG: .*")[0].count("(")
    at.command("AT#SSLSECCFG=1,0,1" + (",1" if ranges > 3 else ""))
    with suppress(Refused):  # older firmware has no such command, and one version of TLS
        at.command(f"AT#SSLSECCFG2=1,{TLS_1_2},{NAMED}")


def _read_status(at: Dialogue) -> str:
    said = b""
    empty = 0
    while b"\n" not in said and len(said) < LONGEST_STATUS:
        data = at.receive(LONGEST_STATUS - len(said), TRANSFER)
        empty += not data
        if data is None or empty == PATIENCE:
            raise Trouble("the server gives no answer")
        said += data
    status = said.partition(b"\n")[0].decode("latin-1").strip()
    if re.match(r"HTTP/\d\.\d \d\d\d\b", status) is None:
        raise Trouble(f"no status of a web server: {status}")
    return status


def _hang_up(at: Dialogue) -> None:
    with suppress(Trouble):
        at.command("AT#SSLH=1")
