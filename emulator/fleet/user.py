"""`ModuleUser`: a user of Locust that is a module with the host at its line."""

import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from functools import cache, cached_property
from itertools import count

import gevent
import h11
from gevent import monkey
from locust import User, events
from locust.env import Environment

from emulator.errors import UserError
from emulator.fleet.line import Answer
from emulator.fleet.measuring import Measured
from emulator.fleet.modules import FleetLoop, FleetModule, Said
from emulator.fleet.plan import FleetPlan, ModulePlan, decode
from emulator.fleet.server import Server
from emulator.fleet.waiting import wait

if monkey.is_module_patched("threading") or monkey.is_module_patched("socket"):
    raise UserError("the modems need sockets and threads that are not patched; start it by `telit-emulator fleet -f …`")

ACTIVATING = 150.0
"""Seconds until the network has given an address."""
DIALLING = 60.0
"""Seconds for a connection and a handshake."""
TRANSFER = 30.0
"""Seconds for one piece of data; the module gives up before (<defTo> of #SSLCFG)."""
CHUNK = 1000
"""Bytes of one #SSLSEND or #SSLRECV."""
_ASKING = 60
"""How often a module is asked whether it is registered, once a second."""
_REGISTERED = re.compile(r"\+CREG: \d,[15]\b")
_CTRL_Z = b"\x1a"
_TLS_1_2, _NAMED = 3, 1
"""<version> and <SNI> of #SSLSECCFG2."""
_NAME = re.compile(r"AT(?:[#+$*][A-Z0-9]+|&?[A-Z])?(?:=?\?)?", re.IGNORECASE)
"""A command without its parameters: they would make a row of each value, and may be secret."""
_numbers = count()


class CommandFailed(Exception):
    """A command had another result than it should; the text has the result, and the reason from the module's trace."""


class ModuleUser(User):
    """Be one module of the fleet; its firmware, network and faults are as the fleet's plan has them.

    The module is switched on by the first command and off when the user stops. Each command is a request of the type
    AT; each dial, handshake and transfer is one, too.
    """

    abstract = True

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._number = next(_numbers)
        self._keeps_session = False

    @cached_property
    def module(self) -> FleetModule:
        """The module, switched on; use it in its own event loop only."""
        loop, fleet = _loop(), _plan(getattr(self.environment.parsed_options, "fleet_plan", "{}"))
        plan = fleet.module(max(0, getattr(self.environment.runner, "worker_index", 0)), self._number)
        switching_on = loop.start(_switched_on(fleet, plan))
        if self.greenlet is not None:
            self.greenlet.link(lambda _: switching_on.add_done_callback(_switch_off))
        return wait(switching_on)

    @property
    def firmware(self) -> str:
        """The firmware of the module, as in `HE910@12.00.004`."""
        return self.module.modem.firmware.name

    @property
    def server(self) -> Server:
        """The server under test."""
        return Server.of(self.host or self.environment.host)

    # Commands.

    def at(self, command: str, within: float = 10.0) -> list[str]:
        """Give a command; return the lines of its answer.

        Raises:
            CommandFailed: its result is not OK or CONNECT, or there is none within so many seconds.
        """
        return self._ask(command, within, ("OK", "CONNECT")).lines

    def takes(self, command: str, within: float = 10.0) -> bool:
        """Give a command that not every module takes; return whether its result is OK. A refusal is no failure."""
        said = self._exchange(f"{command}\r".encode(), within)
        self._tell("AT", command_name(command), said, None if said.answer.final else _silence(within))
        return said.answer.final == "OK"

    def enter(self, command: str, data: bytes, within: float = TRANSFER) -> None:
        """Give a command that prompts, and enter data with Ctrl-Z behind it.

        Raises:
            CommandFailed: it does not prompt, or its result is not OK.
        """
        self._ask(command, within, (">",))
        said = self._exchange(data + _CTRL_Z, within)
        self._check(f"{command_name(command)} data", said, within, ("OK",))

    # A session, as the guide's chapter 4 has it.

    def provision(self, apn: str = "internet") -> None:
        """Bring a module up to the point where it can dial, whatever state it is in.

        Raises:
            CommandFailed: it does not get there.
        """
        self.at("ATE0")
        self.at("AT+CMEE=2")
        self._register()
        if "#SGACT: 1,1" not in self.at("AT#SGACT?"):
            self.at(f'AT+CGDCONT=1,"IP","{apn}"')
            self.at("AT#SGACT=1,1", ACTIVATING)
        if "#SSLEN: 1,1" not in self.at("AT#SSLEN?"):
            self.at("AT#SSLEN=1,1")
        self.takes(f"AT#SSLSECCFG2=1,{_TLS_1_2},{_NAMED}")

    def _register(self) -> None:
        """Wait for the network: home or roaming."""
        for _ in range(_ASKING):
            if any(_REGISTERED.match(line) for line in self.at("AT+CREG?")):
                return
            gevent.sleep(1)
        raise CommandFailed("AT+CREG?: not registered in time")

    def dial(self) -> None:
        """Dial the server under test, with a full handshake.

        Raises:
            CommandFailed: there is no connection.
        """
        self._keeps_session = False
        server = self.server
        self.at(f'AT#SSLD=1,{server.port},"{server.host}",{self._closure:d},1', DIALLING)
        self._keeps_session = bool(self._closure)

    def redial(self) -> None:
        """Dial again by the session that `close` has kept; with a full handshake where there is none.

        Raises:
            CommandFailed: there is no connection.
        """
        if not self._keeps_session:
            return self.dial()
        self._keeps_session = False
        self.at("AT#SSLFASTD=1,1", DIALLING)
        self._keeps_session = True
        return None

    def send(self, data: bytes) -> None:
        """Send data, which #SSLSEND must be able to carry: without Ctrl-Z, ESC and backspace.

        Raises:
            CommandFailed: the connection is lost.
        """
        with self._transfer("upload", [data]):
            for start in range(0, len(data), CHUNK):
                self.enter("AT#SSLSEND=1", data[start : start + CHUNK])

    def receive(self) -> bytes:
        """Receive what has come, at most `CHUNK` bytes; nothing when the server stays silent, or has disconnected.

        Raises:
            CommandFailed: the connection is lost.
        """
        return self._ask(f"AT#SSLRECV=1,{CHUNK}", TRANSFER, ("OK",)).data

    def post(self, body: bytes, path: str | None = None) -> int:
        """Send a POST to the server that was dialled; return the status of its answer.

        Raises:
            CommandFailed: the connection is lost, or the answer is none of HTTP.
        """
        server = self.server
        http = h11.Connection(h11.CLIENT)
        headers = [("Host", server.host), ("Content-Length", str(len(body))), ("Connection", "close")]
        head = http.send(h11.Request(method="POST", target=path or server.path, headers=headers))
        self.send((head or b"") + body)
        http.send(h11.Data(body))
        http.send(h11.EndOfMessage())
        came: list[bytes] = []
        with self._transfer("download", came):
            return self._status(http, came)

    def _status(self, http: h11.Connection, came: list[bytes]) -> int:
        """Receive an answer of HTTP to its end."""
        status = 0
        while True:
            try:
                event = http.next_event()
            except h11.RemoteProtocolError as error:
                raise CommandFailed(f"the server's answer: {error}") from None
            if event is h11.NEED_DATA:
                came.append(self.receive())
                http.receive_data(came[-1])
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                return status

    def close(self) -> None:
        """Close the connection; where the server was faster, there is none any more."""
        self.takes("AT#SSLH=1")

    @contextmanager
    def session(self, name: str) -> Iterator[None]:
        """Count what is done meanwhile as one request of the type session; a `CommandFailed` is its failure."""
        with self._counted("session", name, []):
            yield

    # Requests.

    @property
    def _closure(self) -> bool:
        """Whether the module keeps sessions for #SSLFASTD."""
        ssl = self.module.modem.firmware.profile.secure_socket
        return ssl is not None and ssl.closure_types.allows(1)

    def _transfer(self, name: str, data: list[bytes]) -> AbstractContextManager[None]:
        return self._counted("transfer", name, data)

    @contextmanager
    def _counted(self, kind: str, name: str, data: list[bytes]) -> Iterator[None]:
        began, failure = time.perf_counter(), None
        try:
            yield
        except CommandFailed as error:
            failure = str(error)
            raise
        finally:
            seconds = time.perf_counter() - began
            self._fire(Measured(kind, name, seconds, sum(map(len, data)), failure))

    def _ask(self, command: str, within: float, wanted: tuple[str, ...]) -> Answer:
        said = self._exchange(f"{command}\r".encode(), within)
        return self._check(command_name(command), said, within, wanted)

    def _check(self, name: str, said: Said, within: float, wanted: tuple[str, ...]) -> Answer:
        final = said.answer.final
        failure = None
        if final is None:
            failure = _silence(within)
        elif not final.startswith(wanted):
            failure = f"{final}; {said.reason}" if said.reason else final
        self._tell("AT", name, said, failure)
        if failure is not None:
            raise CommandFailed(f"{name}: {failure}")
        return said.answer

    def _exchange(self, data: bytes, within: float) -> Said:
        return wait(_loop().start(self.module.ask(data, within)))

    def _tell(self, kind: str, name: str, said: Said, failure: str | None) -> None:
        for measured in said.measured:
            self._fire(measured)
        self._fire(Measured(kind, name, said.answer.seconds, len(said.answer.heard), failure))

    def _fire(self, measured: Measured) -> None:
        self.environment.events.request.fire(
            request_type=measured.kind,
            name=measured.name,
            response_time=measured.seconds * 1000,
            response_length=measured.size,
            exception=CommandFailed(measured.failure) if measured.failure is not None else None,
            context={"firmware": self.module.plan.firmware, **self.context()},
            start_time=time.time() - measured.seconds,
            response=None,
            url=None,
        )


@events.init.add_listener  # type: ignore[untyped-decorator]
def _check_server(environment: Environment, **_: object) -> None:
    """End a run that begins by itself, without anybody to give the server on the page."""
    options = environment.parsed_options
    if options is None or options.worker or not (options.headless or options.autostart):
        return
    for kind in environment.user_classes:
        if issubclass(kind, ModuleUser):
            try:
                Server.of(kind.host or environment.host)
            except UserError as error:
                sys.stderr.write(f"telit-emulator: {error}\n")
                sys.exit(2)


def command_name(command: str) -> str:
    """Return the name of a command with its form, as in `AT+CREG?`; without its parameters."""
    found = _NAME.match(command)
    return found[0].upper() if found is not None else "AT"


def _silence(within: float) -> str:
    return f"no answer within {within:g} s"


async def _switched_on(fleet: FleetPlan, plan: ModulePlan) -> FleetModule:
    module = FleetModule(fleet, plan)
    await module.start()
    return module


def _switch_off(switched_on: "Future[FleetModule]") -> None:
    if not switched_on.cancelled() and switched_on.exception() is None:
        _loop().end(switched_on.result())


@cache
def _loop() -> FleetLoop:
    """Start the loop with the first module: a process that Locust has forked has one of its own."""
    return FleetLoop()


_plan = cache(decode)
