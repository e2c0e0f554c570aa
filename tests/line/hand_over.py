"""Stress of the hand-over of a port: hosts come, type anything in any mode, and go at random moments.

Whatever a host leaves behind, the first `AT` of the next one is answered where 20 ms lie between the two. Without a gap
nothing tells whose the unread bytes are: then it may lose its first line, and is never trapped. A long run by hand:

    python -m tests.line.hand_over pty 2000 1        (transport, rounds, seed)
"""

import os
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from random import Random

from emulator.api import VirtualModem
from emulator.tls.wire.suites import CipherSuite
from emulator.trace.events import Event, HostPresence, Reader
from tests.line.blocking_hosts import HOSTS, BlockingHost
from tests.peers.plain import black_hole
from tests.peers.tlslite_server import TlsliteServer

TRANSPORTS = tuple(HOSTS)
GAP = 0.02
"""Seconds between two hosts after which the first line of the second one is answered."""
PATIENCE = 20.0
"""Real seconds to wait for an answer that is sure to come."""
SHORT_PATIENCE = 1.0
"""Real seconds without a word after which a line is taken for lost, where one may be."""
_SCALE = 50
"""The module's seconds in a real one: dials and blocked reads of the host before end soon."""
_OK = b"\r\nOK\r\n"


class Trapped(AssertionError):
    """A host whose line was not answered, or that heard what it has not asked for."""


@dataclass
class Outcome:
    """What the rounds of one stress came to."""

    transport: str
    seed: int
    rounds: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    """First lines that were lost without a gap, by what the host before had done."""

    def __str__(self) -> str:
        lost = ", ".join(f"{habit} {count}" for habit, count in sorted(self.lost.items())) or "none"
        return f"{self.transport}: {self.rounds} rounds of seed {self.seed}; first lines lost without a gap: {lost}"


def stress(rounds: int, seed: int, transport: str) -> Outcome:
    """Let `rounds` hosts follow one another at a port of this transport.

    Raises:
        Trapped: a host was not answered; the message says after what.
    """
    outcome, random, witness = Outcome(transport, seed), Random(f"{seed} {transport}"), Witness()
    with _shown_on_failure(witness.events), _modem(transport, witness) as open_host:
        before, gap = "nothing", 1.0
        for number in range(rounds):
            place = f"round {number} of seed {seed} at {transport}, {gap * 1000:.0f} ms after a host that {before}"
            with open_host() as host:
                if not _is_answered(host, place, sure=gap >= GAP):
                    outcome.lost[before] += 1
                habit = random.choice(HABITS)
                before = habit.__doc__ or ""
                habit(host, random)
                _linger(random)
            gap = random.choice([0.0, 0.0, 0.001, GAP, 2 * GAP])
            if gap:
                time.sleep(gap)
            if gap >= GAP and not witness.nobody_is_there.wait(PATIENCE):
                raise Trapped(f"{place}: it has left, and the module does not notice")
            outcome.rounds += 1
    return outcome


class Witness:
    """Reads the trace: the last events, and whether the module knows that its host has left.

    On a busy machine the module may come to know later than `GAP` after it.
    """

    def __init__(self) -> None:
        self.events: deque[str] = deque(maxlen=40)
        self.nobody_is_there = threading.Event()

    def __call__(self, now: float, event: Event) -> None:
        self.events.append(f"{now:9.3f} {event}")
        if isinstance(event, HostPresence):
            if event.present:
                self.nobody_is_there.clear()
            else:
                self.nobody_is_there.set()


@contextmanager
def _shown_on_failure(seen: Iterable[str]) -> Iterator[None]:
    """Add the last events of the module to what is said of a failure."""
    try:
        yield
    except Trapped as trapped:
        raise Trapped("\n".join([str(trapped), *(line[:200] for line in seen)])) from None


@contextmanager
def _modem(transport: str, reader: Reader) -> Iterator[Callable[[], AbstractContextManager[BlockingHost]]]:
    make = HOSTS[transport]
    with TlsliteServer(list(CipherSuite)) as tls, black_hole() as nowhere:
        routes = {"tls": f"127.0.0.1:{tls.port}", "nowhere": f"127.0.0.1:{nowhere}"}
        with (
            VirtualModem(
                "HE910",
                routes=routes,
                listen=[at.format(os.getpid()) for at in make.listen],
                time_scale=_SCALE,
                readers=[reader],
            ) as modem,
            make(modem.port) as at,
        ):
            with at.open() as host:
                for line in _PREPARATION:
                    answer = host.command(line, PATIENCE)
                    assert answer.endswith(_OK), (line, answer)
            time.sleep(2 * GAP)
            yield at.open


_PREPARATION = (
    'AT+CGDCONT=1,"IP","lab"',
    "AT#SGACT=1,1",
    "AT#SSLEN=1,1",
    "AT+CMGF=1",
    "AT#SCFG=1,1,300,90,50,50",
    'AT#SSLD=1,443,"tls",0,1',
    "AT&D2",
)


def _is_answered(host: BlockingHost, place: str, *, sure: bool) -> bool:
    """Send `AT`, and once more if the first one may be lost; return whether the first one was answered.

    Without a gap the answers to what the host before has typed may come first.
    """
    host.write(b"AT\r")
    if sure:
        heard = host.hear(lambda heard: heard.endswith(_ENDS), PATIENCE)
        if heard not in (_OK, b"AT\r" + _OK):
            raise Trapped(f"{place}: AT is answered by {heard[-500:]!r}")
        return True
    heard = host.hear_all(_SILENCE, SHORT_PATIENCE)
    if heard.endswith(_OK):
        return True
    host.write(b"AT\r")
    again = host.hear(lambda heard: heard.endswith(_OK), PATIENCE)
    if not again.endswith(_OK):
        raise Trapped(f"{place}: one AT is answered by {heard[-200:]!r}, the next one by {again[-500:]!r}")
    return False


_ENDS = (_OK, b"\r\nERROR\r\n", b"\r\nNO CARRIER\r\n", b"\r\n> ")
_SILENCE = 0.03
"""Real seconds of silence after which an answer is taken for all there is."""


def _linger(random: Random) -> None:
    """Leave at once, or a moment later."""
    if random.random() < 0.5:
        time.sleep(random.choice([0.0, 0.0005, 0.002, 0.01]))


# The habits of hosts.

Habit = Callable[[BlockingHost, Random], None]


def _leave(host: BlockingHost, random: Random) -> None:
    """has left at once"""


def _type_a_command(host: BlockingHost, random: Random) -> None:
    """has typed a command"""
    host.write(random.choice([b"AT+CSQ\r", b"AT+CGMR\r\n", b"AT&V\r", b"AT+NOSUCH\r", b"A/", b"ATE1\r", b"ATE0\r"]))


def _type_many_commands(host: BlockingHost, random: Random) -> None:
    """has typed many commands ahead"""
    host.write(b"AT+CSQ\r" * random.randrange(2, 40))


def _read_nothing(host: BlockingHost, random: Random) -> None:
    """has not read long answers"""
    host.write(b"AT&V\r" * 200)


def _type_half_a_line(host: BlockingHost, random: Random) -> None:
    """has typed half a line"""
    host.write(random.choice([b"A", b"AT+CG", b"AT+CMGS=", b"hello", b'AT#SD=1,0,7,"ech']))


def _type_a_flood(host: BlockingHost, random: Random) -> None:
    """has typed much without an end"""
    host.write(b"x" * random.choice([1000, 100_000]))


def _type_security_data(host: BlockingHost, random: Random) -> None:
    """has begun to enter a certificate"""
    host.write(b"AT#SSLH=1\r")
    _begin_entry(host, random, b"AT#SSLSECDATA=1,1,1,500\r", b"-----BEGIN CERTIFICATE-----\n")


def _type_counted_data(host: BlockingHost, random: Random) -> None:
    """has begun to enter a certificate in DER"""
    host.write(b"AT#SSLH=1\rAT#SSLSECCFG=1,0,0,0\r")
    _begin_entry(host, random, b"AT#SSLSECDATA=1,1,1,500\r", bytes(range(256)))


def _type_a_message(host: BlockingHost, random: Random) -> None:
    """has begun to enter a message"""
    _begin_entry(host, random, b'AT+CMGS="1234"\r', b"half a text\r\nAT\r")


def _begin_entry(host: BlockingHost, random: Random, command: bytes, entry: bytes) -> None:
    host.write(command)
    if random.random() < 0.5:
        host.hear(lambda heard: heard.endswith((b"> ", b"ERROR\r\n")), PATIENCE)
        host.write(entry[: random.randrange(len(entry))])


def _dial(host: BlockingHost, random: Random) -> None:
    """is dialling"""
    host.write(
        random.choice([b'AT#SD=1,0,7,"nowhere",0,0,1\r', b'AT#SSLD=1,443,"nowhere",0,1\r', b'AT#SD=1,0,7,"nowhere"\r'])
    )


def _dial_and_ignore_dtr(host: BlockingHost, random: Random) -> None:
    """is dialling under &D0"""
    host.write(b'AT&D0;#SD=1,0,7,"nowhere",0,0,1;&D2\r')


def _go_online(host: BlockingHost, random: Random) -> None:
    """is online"""
    mode = random.choice(["1", "2"])
    host.write(b'AT&D%b;#SSLD=1,443,"tls",0,0\r' % mode.encode())
    if random.random() < 0.7:
        host.hear(lambda heard: heard.endswith((b"CONNECT\r\n", b"ERROR\r\n", b"NO CARRIER\r\n")), PATIENCE)
        host.write(b"some data for the peer\r" * random.randrange(1, 50))


def _wait_for_data(host: BlockingHost, random: Random) -> None:
    """waits for data"""
    host.write(b'AT&D2;#SSLD=1,443,"tls",0,1\r')
    if random.random() < 0.7:
        host.hear(lambda heard: heard.endswith((_OK, b"ERROR\r\n")), PATIENCE)
    host.write(b"AT#SSLRECV=1,100,20\r")


def _drop_its_lines(host: BlockingHost, random: Random) -> None:
    """has dropped DTR and RTS"""
    _type_a_command(host, random)
    host.drop_lines()


def _stop_the_module(host: BlockingHost, random: Random) -> None:
    """has sent XOFF"""
    host.write(b"AT&K6\r")
    host.hear(lambda heard: heard.endswith(_OK), PATIENCE)
    host.write(b"\x13AT+CSQ\r")


def _use_lines_again(host: BlockingHost, random: Random) -> None:
    """has gone back to flow control by RTS and CTS"""
    host.write(b"AT&K3\r")


def _multiplex(host: BlockingHost, random: Random) -> None:
    """has begun to multiplex"""
    host.write(b"AT+CMUX=0\r")
    if random.random() < 0.5:
        host.hear(lambda heard: heard.endswith((_OK, b"ERROR\r\n")), PATIENCE)
        host.write(b"\xf9\x03\x3f\x01\x1c\xf9\xf9\x07\x3f\x01\xde\xf9")


HABITS: tuple[Habit, ...] = (
    _leave,
    _type_a_command,
    _type_many_commands,
    _read_nothing,
    _type_half_a_line,
    _type_a_flood,
    _type_security_data,
    _type_counted_data,
    _type_a_message,
    _dial,
    _dial_and_ignore_dtr,
    _go_online,
    _wait_for_data,
    _multiplex,
    _drop_its_lines,
    _stop_the_module,
    _use_lines_again,
)


if __name__ == "__main__":
    transport, rounds, seed = sys.argv[1:]
    sys.stdout.write(f"{stress(int(rounds), int(seed), transport)}\n")
