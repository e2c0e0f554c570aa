"""Defines the trace: port bytes, states, dials and handshake messages are events with a published schema.

Secrets are redacted by whoever emits the event: a reader never sees a PIN, a password or a key. The TLS secrets that a
key log needs are no events; they go to `on_secret`, which stays empty unless the user asked for a key log, or a fault
waits for a message that TLS 1.3 protects.
"""

from collections.abc import Callable
from typing import Literal

import msgspec


def _kebab(name: str) -> str:
    return "".join("-" + character.lower() if character.isupper() else character for character in name).lstrip("-")


Direction = Literal["sent", "received"]
"""By the module, on the network."""


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="event", tag=_kebab):
    """Something that happened."""


class Ready(Event, frozen=True, kw_only=True):
    """The port can be opened."""

    port: str
    firmware: str
    status: str | None = None
    """How well its software line is known: documented, public or provisional; nothing where it builds on none."""
    terminal: str = "1"
    """The AT instance behind it."""


class PageServed(Event, frozen=True, kw_only=True):
    """The page of `run --web` can be opened; printed by `run --json` only."""

    url: str
    """Its address, with the token where it has one."""


class Recording(Event, frozen=True, kw_only=True):
    """A recorder stands between hosts and a real module; its port can be opened."""

    port: str
    module: str
    """The port of the module."""
    dialogue: str
    """The file that the dialogue is written to."""


class RecordingEnded(Event, frozen=True, kw_only=True):
    """A recording has ended, and its files are complete."""

    reason: str


class AnswerDiffers(Event, frozen=True, kw_only=True):
    """An emulated module that hears the same host has answered other than the real one: told once for each kind."""

    command: str
    firmware: str
    """The emulated one."""
    diff: list[str]
    """Lines of the answers: `-` for the real module, `+` for the emulated one; empty where they cannot be compared."""
    reasons: list[str]
    """Why the emulated module has refused, or why the two are not compared."""


class HostPresence(Event, frozen=True, kw_only=True):
    """The first host opened the port, or the last one closed it."""

    terminal: str
    present: bool


Transport = Literal["TCP", "UDP"]

TracedMode = Literal["command", "prompt", "online"]
"""What the bytes were: part of a command line or an answer, data at a prompt, or data mode."""


class HostSent(Event, frozen=True, kw_only=True):
    """Bytes from the host, as Latin-1 text: a whole command line, one data entry or a piece of online data."""

    terminal: str
    mode: TracedMode
    text: str
    size: int


class ModuleSent(Event, frozen=True, kw_only=True):
    """Bytes to the host, as Latin-1 text; echo is left out."""

    terminal: str
    mode: TracedMode
    text: str
    size: int


class StateChanged(Event, frozen=True, kw_only=True):
    """A state machine moved: a PDP context, the secure socket, power."""

    thing: str
    before: str
    after: str


class Dialled(Event, frozen=True, kw_only=True):
    """The module opened, or failed to open, a TCP connection or a UDP socket."""

    host: str
    port: int
    target: str
    """Where the route led to."""
    protocol: Transport = "TCP"
    outcome: str
    """`connected`, or `ready` with UDP, or why not."""


class GatewayConnection(Event, frozen=True, kw_only=True):
    """A gateway has carried a connection of the host on to its back end, or could not."""

    dialled: str
    """The route that leads to the gateway."""
    back_end: str
    outcome: str
    """`connected`, or why not, or what has broken the connection."""


class Listening(Event, frozen=True, kw_only=True):
    """The module waits for connections or datagrams from outside."""

    protocol: Transport
    port: int
    """As the host named it."""
    address: str
    """Where it can be reached: the same port of loopback, or a free one where that cannot be had."""


class ShortMessage(Event, frozen=True, kw_only=True):
    """A short message has left the module, or has come."""

    direction: Direction
    number: str
    text: str


class Resolved(Event, frozen=True, kw_only=True):
    """The module asked for the address of a name."""

    host: str
    outcome: str
    """The address, or why there is none."""


class Pinged(Event, frozen=True, kw_only=True):
    """The module sent an echo request, or could not."""

    host: str
    target: str
    """Where the route led to."""
    outcome: str
    """`answered`, or why not."""


class Dropped(Event, frozen=True, kw_only=True):
    """Somebody tried to reach the module, and no rule of #FRWL admits it."""

    peer: str


class Accepted(Event, frozen=True, kw_only=True):
    """A server has connected to the port that the module announced, or was refused."""

    peer: str
    port: int
    """0 when there was none."""
    outcome: str
    """`connected`, or why not."""


class FtpSaid(Event, frozen=True, kw_only=True):
    """A command or reply passed on an FTP control connection; a password is starred."""

    direction: Direction
    text: str


class HttpSaid(Event, frozen=True, kw_only=True):
    """The head of an HTTP request or of its answer passed; what proves an account is starred."""

    direction: Direction
    text: str


class SmtpSaid(Event, frozen=True, kw_only=True):
    """A command or reply passed on an SMTP connection; user and password are starred, and the mail is left out."""

    direction: Direction
    text: str


class MqttPacket(Event, frozen=True, kw_only=True):
    """A control packet of MQTT passed; the password is starred, and what messages say is left out."""

    direction: Direction
    text: str


class PppPacket(Event, frozen=True, kw_only=True):
    """A packet of LCP, IPCP, PAP or CHAP passed in a data call; names, passwords and digests are left out."""

    direction: Literal["sent", "received"]
    """By the module, on the serial line."""
    text: str
    """In the words of pppd's log."""


class HandshakeMessage(Event, frozen=True, kw_only=True):
    """A TLS handshake message, change_cipher_spec or alert passed."""

    ssid: int = 1
    """The secure socket, by <SSId>, whose settings the connection uses."""
    direction: Direction
    name: str
    size: int


class EngineChosen(Event, frozen=True, kw_only=True):
    """A TLS handshake begins: the engine that runs it, and why this one."""

    ssid: int = 1
    """As of `HandshakeMessage`."""
    engine: str
    reason: str


class TlsOutcome(Event, frozen=True, kw_only=True):
    """A handshake ended: `established` with its suite, or the cause of the failure, in one line."""

    ssid: int = 1
    """As of `HandshakeMessage`."""
    outcome: str
    suite: str | None = None
    resumed: bool = False
    chain: list[str] = []
    """Subjects of the certificates that the server has shown, its own first; none in a resumed session."""


Lack = Literal["not emulated", "not on this firmware", "no such command"]
"""The kind of a missing command: the guides have it, those of another firmware have it, or none has."""


class CommandMissing(Event, frozen=True, kw_only=True):
    """The host used a command that the module lacks, and got an error."""

    terminal: str
    command: str
    """Its name; of one that no guide has, digits are starred that may be a PIN."""
    lack: Lack
    why: str
    """Why it is not emulated; empty for the others."""


class Refused(Event, frozen=True, kw_only=True):
    """A command of the host has failed, and why; it comes before the answer."""

    terminal: str
    command: str
    """Its name, without its parameters; empty for a line that holds none."""
    cause: str | None
    """Name of the cause, which +CMEE shows; None for a plain ERROR."""
    reason: str
    """For the host's author: what is wrong, the values allowed, the next step."""


class ConnectionEnded(Event, frozen=True, kw_only=True):
    """A connection of the host has ended, and why; it comes before `NO CARRIER`."""

    terminal: str
    reason: str


class Unheard(Event, frozen=True, kw_only=True):
    """The host has sent something that is no command line; the module waits, or passes over it."""

    terminal: str
    lack: Literal["AT", "CR", "power"]
    """What it lacks: `AT` at its beginning, or within a second the CR at its end, or a module that runs."""
    text: str
    """What was sent, with secrets starred as in a command line; empty while the module does not run."""
    size: int
    """In bytes; while the module does not run, that of what came first: the rest is not told."""


class Fault(Event, frozen=True, kw_only=True):
    """A fault was triggered: its rule, with its number and how often it has fired."""

    rule: str


class FaultSkipped(Event, frozen=True, kw_only=True):
    """A fault could not be applied and has not fired: its rule, with the reason."""

    rule: str


class EventsLost(Event, frozen=True, kw_only=True):
    """A reader of the control socket's event stream was too slow: events before this one are left out for it."""

    count: int


class FaultTally(Event, frozen=True, kw_only=True):
    """The modem ends: how often a fault has fired, and if it never did, why."""

    number: int
    rule: str
    fired: int
    times: int
    """How often it would fire at most; 0 for always."""
    why: str
    """Why it never fired; empty for the others."""

    @property
    def told(self) -> str:
        """Return how often it has fired, in words."""
        if not self.fired:
            return f"never fired: {self.why}"
        limit = f" of {self.times}" if self.times else ""
        return f"fired {self.fired}{limit} time{'s' * ((self.times or self.fired) != 1)}"

    @property
    def in_words(self) -> str:
        """Return the tally in one line."""
        return f"fault {self.number} ({self.rule}) {self.told}"


class Seeded(Event, frozen=True, kw_only=True):
    """The modem starts: the number that decides all that is left to chance."""

    seed: int


class Defect(Event, frozen=True, kw_only=True):
    """Something went wrong inside the emulator; the module answered an error, or lost a connection, and lives on."""

    text: str


Reader = Callable[[float, Event], None]


def event_name(kind: type[Event]) -> str:
    """Return the name of a kind of event, as the field `event` has it."""
    return str(kind.__struct_config__.tag)


def event_names() -> list[str]:
    """Return the names of all kinds of events."""
    return [event_name(kind) for kind in Event.__subclasses__()]
