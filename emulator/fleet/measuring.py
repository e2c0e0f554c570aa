"""Measures dials and handshakes of one module, from its trace."""

from dataclasses import dataclass

from emulator.clock import Clock
from emulator.trace.events import ConnectionEnded, Dialled, EngineChosen, Event, HandshakeMessage, Refused, TlsOutcome


@dataclass(frozen=True)
class Measured:
    """Something that a module did, as a load test counts it."""

    kind: str
    name: str
    seconds: float
    size: int = 0
    """In bytes."""
    failure: str | None = None
    """Why it has failed; None when it has not."""


class Measuring:
    """Read the trace of a modem; those of its events that are made in any case."""

    def __init__(self, clock: Clock, model: str) -> None:
        self._clock = clock
        self._model = model
        self._asked = self._shaking = 0.0
        self._size = 0
        self._done: list[Measured] = []
        self.reason = ""
        """Why the latest command has failed, or the connection has ended."""

    def command_begins(self) -> None:
        """Note that the host gives a command: a dial begins with it."""
        self._asked = self._clock.now()
        self.reason = ""

    def take(self) -> list[Measured]:
        """Return what has been measured since the last call."""
        done, self._done = self._done, []
        return done

    def __call__(self, now: float, event: Event) -> None:
        """Read an event."""
        match event:
            case Refused(reason=reason) | ConnectionEnded(reason=reason):
                self.reason = reason
            case Dialled(protocol="TCP", outcome=outcome):
                failure = None if outcome == "connected" else outcome
                self._done.append(Measured("dial", "TCP", now - self._asked, failure=failure))
            case EngineChosen():
                self._shaking, self._size = now, 0
            case HandshakeMessage(size=size):
                self._size += size
            case TlsOutcome(outcome=outcome, resumed=resumed):
                name = f"{self._model} {'resumed' if resumed else 'full'}"
                failure = None if outcome == "established" else outcome
                self._done.append(Measured("handshake", name, now - self._shaking, self._size, failure))
