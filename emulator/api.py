"""`VirtualModem`: a modem for a Python program, in a thread of its own or in the program's event loop."""

import atexit
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from msgspec.structs import replace

from emulator.clock import WallClock
from emulator.device.calls.far_end import VoiceCall
from emulator.device.sms.mailbox import Sent
from emulator.firmware.loader import Firmware
from emulator.host_program import HostProgram, HostRun, scaled
from emulator.modem import Modem, link_to
from emulator.modem_thread import ModemThread
from emulator.net.destination import Destination
from emulator.options import ModemOptions, takes
from emulator.trace.events import FaultTally

if TYPE_CHECKING:
    from emulator.modem import Rule

Result = TypeVar("Result")


class VirtualModem:
    """Run a virtual module with its ports.

    In a program without an event loop, a thread carries it::

        with VirtualModem("GE865-QUAD@10.00.007", routes={"10.0.0.1:443": "127.0.0.1:8443"}) as modem:
            port = serial.Serial(modem.port, timeout=5)

    Inside an event loop it lives in that loop::

        async with VirtualModem("HE910") as modem:
            ...
    """

    @takes(ModemOptions)
    def __init__(self, options: ModemOptions) -> None:
        """Take the options by name, see `ModemOptions`; nothing is started yet."""
        self.clock = options.make_clock()
        self._options = replace(options, clock=self.clock, time_scale=1.0)
        self._modem: Modem | None = None
        self._thread: ModemThread | None = None
        self._changing = threading.RLock()
        """Held while it starts, stops or is called, so that any thread may do so at any time."""

    def __repr__(self) -> str:
        firmware = self._options.firmware or "of its scenario"
        return f"<VirtualModem {self._modem!r}>" if self._modem else f"<VirtualModem {firmware}, stopped>"

    @property
    def modem(self) -> Modem:
        """Return the modem; use it in its own event loop only, see `call`."""
        if self._modem is None:
            raise RuntimeError("the modem is not running; use it in a `with` block, or call start()")
        return self._modem

    @property
    def is_running(self) -> bool:
        """Return whether the modem has been started and not stopped."""
        return self._modem is not None

    @property
    def seed(self) -> int:
        """Return the number that decides all that is left to chance: `VirtualModem(seed=…)` does it again."""
        return self.modem.seed

    @property
    def port(self) -> str:
        """Return the name of the first port, for `serial.Serial`; the link to it, where there is one."""
        return self.ports[0]

    @property
    def ports(self) -> list[str]:
        """Return the names of all ports, or the links to them, in the order of their AT instances.

        A link leads to its port again when that has vanished and come back, perhaps under another name.
        """
        ports, link = self.modem.ports, self._options.link
        if link is None:
            return ports
        linked = len(ports) - len(self._options.listen)
        return [*(str(link_to(link, number)) for number in range(1, linked + 1)), *ports[linked:]]

    @property
    def listening(self) -> dict[int, tuple[str, int]]:
        """Return the addresses at which peers reach the listening ports of the module (#SL, #SLUDP, #SKTL), by port.

        The machine's own port of that number on loopback, or a free one where that cannot be had.
        """
        return self.call(lambda modem: modem.device.listening)

    @property
    def firmware(self) -> Firmware:
        """Return the loaded firmware."""
        return self.modem.firmware

    def start(self) -> Self:
        """Start the modem in a thread of its own; return when the port can be opened.

        It ends by `stop`, or with the program.

        Raises:
            UserError: an option is wrong.
            RuntimeError: it runs already.
        """
        with self._changing:
            self._refuse_when_running()
            thread = ModemThread(self._options)
            self._modem, self._thread = thread.modem, thread
            atexit.register(self.stop)
        return self

    def stop(self) -> None:
        """Stop the modem; do nothing when it does not run in a thread of its own.

        Raises:
            RuntimeError: called in the modem's own thread, which cannot wait for its own end.
        """
        if self._thread is not None and self._thread.is_current:
            raise RuntimeError("the modem's own thread cannot wait for its end; stop it from another one")
        with self._changing:
            if self._thread is None:
                return
            self._thread.end()
            self._modem = self._thread = None
            atexit.unregister(self.stop)

    def call(self, function: Callable[[Modem], Result]) -> Result:
        """Call `function` with the modem in the modem's thread; return its result, or raise its exception.

        Raises:
            RuntimeError: it does not run in a thread of its own; in an event loop, use `modem` directly.
        """
        thread = self._thread
        if thread is not None and thread.is_current:
            return function(thread.modem)
        with self._changing:
            if self._thread is None:
                raise RuntimeError("the modem does not run in a thread of its own; start() it, or use `modem` directly")
            return self._thread.run(function)

    def run(
        self, command: Sequence[str], *, timeout: float = 60.0, environment: Mapping[str, str] | None = None
    ) -> HostRun:
        """Run a host program to its end; `{port}` in its arguments and TELIT_PORT are the port, or the link to it.

        TELIT_TIME_SCALE is the scale of the module's time.

        Args:
            command: the program and its arguments.
            timeout: seconds of real time that it may take.
            environment: variables beside those of this process.

        Raises:
            UserError: there is no such program.
            HostTimeout: it takes longer; it has been ended.
        """
        scale = self.clock.scale if isinstance(self.clock, WallClock) else 1.0
        return HostProgram(command, self.port, {**scaled(scale), **(environment or {})}).wait(timeout)

    def play(self, dialogue: str | Path) -> None:
        """Play a dialogue (`docs/dialogues.md`) over the port, as its host; `telit-emulator play` can more.

        Raises:
            Difference: the module says something else; an AssertionError that shows it.
            UserError: there is no such dialogue, or it needs a peer.
            RuntimeError: the modem's clock is not a `WallClock`, or this is the event loop that the modem runs in.
        """
        from emulator.dialogue.play import play_file

        if not isinstance(self.clock, WallClock):
            raise RuntimeError("a dialogue over the port takes real time: play it on a modem with a WallClock")
        play_file(dialogue, self.port, self.clock.scale)

    def route(self, dialled: str, target: str) -> Destination:
        """Connect `target` (`HOST:PORT`) when the module dials `dialled` (`HOST` or `HOST:PORT`), from now on.

        Returns:
            what the host dials: `dialled`. A module on a serial port has no routes, so that there it is the server's
            own address; a test that hands it to its host runs on both.

        Raises:
            UserError: one of them is not of that form.
        """
        self.call(lambda modem: modem.route(dialled, target))
        return Destination.of_route(dialled, target)

    def receive_sms(self, number: str, text: str) -> None:
        """Send the module a short message, from a telephone number, or a name of at most 11 characters.

        It comes as the network brings it: at once, or when the module is registered and has room for it; as several
        messages where it is too long for one.

        Raises:
            UserError: `number` is neither.
        """
        self.call(lambda modem: modem.receive_sms(number, text))

    def send_ussd(self, text: str, *, wants_reply: bool = False) -> bool:
        """Send the module a USSD text as the network does by itself; return whether a host is shown it (+CUSD=1).

        A reply that it wants is in `ussd_replies`; without one the network ends the session after a while.

        Raises:
            UserError: it is too long, or the module is not registered.
        """
        return self.call(lambda modem: modem.send_ussd(text, wants_reply=wants_reply))

    @property
    def ussd_replies(self) -> list[str]:
        """Return what hosts have replied to `send_ussd`, the oldest first."""
        return self.call(lambda modem: list(modem.device.ussd_network.replies))

    def answer_ussd(self, code: str, text: str) -> None:
        """Let the network answer a code that the host sends by +CUSD, beside those of `network.services.ussd`.

        Raises:
            UserError: the code is empty, or the text too long.
        """
        self.call(lambda modem: modem.answer_ussd(code, text))

    def ping(self, peer: str) -> bool:
        """Send the module an echo request from an IPv4 address; return whether it answers.

        It does as #ICMP of any of its AT instances says, while a context for its own sockets is active.

        Raises:
            UserError: `peer` is no IPv4 address.
        """
        return self.call(lambda modem: modem.ping(peer))

    def move(self, **values: float) -> None:
        """Move the module: change `latitude`, `longitude`, `altitude`, `speed`, `course`, `fix` or `satellites`.

        The names and units are those of the profile's `gnss.place`; `fix=0` takes the satellites out of view.

        Raises:
            UserError: there is no such name, or a value is not allowed.
        """
        self.call(lambda modem: modem.device.sky.move(**values))

    @property
    def sent_sms(self) -> list[Sent]:
        """Return the messages that the module has sent, the oldest first."""
        return self.call(lambda modem: list(modem.device.mailbox.sent))

    @property
    def calls(self) -> "VirtualCalls":
        """Return the other side of voice calls: whoever rings the module, and whom it dials."""
        return VirtualCalls(self)

    @property
    def faults(self) -> "VirtualFaults":
        """Return the faults of the modem; see docs/faults.md."""
        return VirtualFaults(self)

    def _refuse_when_running(self) -> None:
        if self._modem is not None:
            raise RuntimeError("the modem is running already")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        self._refuse_when_running()
        self._modem = Modem(self._options)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        modem, self._modem = self.modem, None
        modem.close()


class VirtualCalls:
    """Ring the module, and do what those do whom it dials, from any thread.

    Whom it dials is `calls.parties` and `calls.others` of the profile: they answer, unless that says otherwise.
    """

    def __init__(self, modem: VirtualModem) -> None:
        self._modem = modem

    def __repr__(self) -> str:
        return f"<VirtualCalls of {self._modem!r}>"

    def __iter__(self) -> Iterator[VoiceCall]:
        """Yield the calls as they are now."""
        return iter(self._modem.call(lambda modem: modem.calls.shown))

    def ring(self, number: str = "") -> int:
        """Call the module from a telephone number, or from one that is not shown; return the <id> of the call.

        It rings until the module answers, or `end` gives up, or `calls.caller_waits` is over.

        Raises:
            UserError: `number` is no telephone number, or the call does not reach the module; the message says why.
        """
        return self._modem.call(lambda modem: modem.calls.ring(number))

    def answer(self, number: int | None = None) -> None:
        """Answer the call that the module has dialled; `number` is its <id>, where there are several.

        Raises:
            UserError: there is none, or there are several.
        """
        self._modem.call(lambda modem: modem.calls.answer(number))

    def busy(self, number: int | None = None) -> None:
        """Let the dialled call find a busy line.

        Raises:
            UserError: there is none, or there are several.
        """
        self._modem.call(lambda modem: modem.calls.busy(number))

    def end(self, number: int | None = None) -> None:
        """Hang up, give up ringing, or refuse: end a call from the other side.

        Raises:
            UserError: there is none, or there are several and `number` names none of them.
        """
        self._modem.call(lambda modem: modem.calls.end(number))

    def press(self, tones: str) -> None:
        """Press keys in a call, which the module hears as tones (#DTMF).

        Raises:
            UserError: they are no keys, or there is no active call.
        """
        self._modem.call(lambda modem: modem.calls.press(tones))


class VirtualFaults:
    """Change the faults of a modem from any thread."""

    def __init__(self, modem: VirtualModem) -> None:
        self._modem = modem

    def __repr__(self) -> str:
        return f"<VirtualFaults {self.rules}>"

    @property
    def rules(self) -> "list[Rule]":
        """Return the rules of all active faults; each counts how often it has `fired`."""
        return self._modem.call(lambda modem: modem.rules)

    @property
    def tallies(self) -> list[FaultTally]:
        """Return how often each fault has fired up to now, and why one never did; `in_words` is a line of it."""
        return self._modem.call(lambda modem: modem.tallies)

    def add(self, name: str, **parameters: Any) -> "Rule":
        """Add a fault: `add("connection-reset", command="#SSLD", byte=200)`.

        Raises:
            UserError: there is no such fault or parameter, or a value is not allowed.
        """
        return self._modem.call(lambda modem: modem.faults.add(name, **parameters))

    def remove(self, rule: "Rule") -> None:
        """Remove a fault.

        Raises:
            UserError: it has been taken back already.
        """
        self._modem.call(lambda modem: modem.faults.remove(rule.number))
