"""Lets worker processes reach what only the process has that explores: servers of a test, and functions that check."""

import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

from emulator.errors import UserError
from emulator.explore.far_end.check import Check
from emulator.explore.far_end.expectation import Expectation, ExpectedByFunction
from emulator.lab.loopback import SETTLING, LoopbackServer
from emulator.lab.record import Record

_KEY_LENGTH = 32
Function = Callable[[Record], object]


@dataclass(frozen=True)
class _Caller:
    """Where the process is that has them."""

    address: Any
    key: bytes = field(repr=False)

    def ask(self, *question: object) -> Any:
        with Client(self.address, authkey=self.key) as connection:
            connection.send(question)
            answer = connection.recv()
        if isinstance(answer, UserError):
            raise answer
        return answer


@dataclass(frozen=True)
class RemoteServers:
    """Servers of another process, which can be sent to a worker."""

    _caller: _Caller

    @property
    def record(self) -> Record:
        """Return what they have received."""
        record: Record = self._caller.ask("record")
        return record

    def forget(self) -> None:
        """Let them be as at their start."""
        self._caller.ask("forget")

    def settle(self) -> bool:
        """Wait until all is read of clients that are gone."""
        settled: bool = self._caller.ask("settle")
        return settled


@dataclass(frozen=True)
class ExpectedByRemote(Expectation):
    """What a function of another process says of the record."""

    _caller: _Caller
    _number: int

    def check(self, record: Record) -> Check:
        check: Check = self._caller.ask("check", self._number, record)
        return check


class Home:
    """Answer the workers until `close`; as a context manager it ends by itself."""

    def __init__(self, servers: Sequence[LoopbackServer] = (), functions: Sequence[Function] = ()) -> None:
        """Take servers of this process, and functions that check a record."""
        self._servers = servers
        self._functions = functions
        self.error: Exception | None = None
        """What a function has raised beside an AssertionError: a mistake of the test."""
        key = secrets.token_bytes(_KEY_LENGTH)
        self._listener = Listener(authkey=key)
        self._caller = _Caller(self._listener.address, key)
        self._closed = False
        threading.Thread(target=self._serve, name="servers of a test", daemon=True).start()

    def __repr__(self) -> str:
        return f"<Home of {len(self._servers)} servers and {len(self._functions)} functions>"

    def __enter__(self) -> "Home":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @property
    def servers(self) -> RemoteServers:
        """Return the servers, for the workers."""
        return RemoteServers(self._caller)

    @property
    def expectations(self) -> list[Expectation]:
        """Return the functions, for the workers."""
        return [ExpectedByRemote(self._caller, number) for number in range(len(self._functions))]

    def close(self) -> None:
        """Answer nobody any more."""
        if not self._closed:
            self._closed = True
            with suppress(OSError, EOFError):
                self._caller.ask("end")
            self._listener.close()

    def _serve(self) -> None:
        while not self._closed:
            with suppress(Exception), self._listener.accept() as connection:  # a worker may have been killed
                self._answer(connection)

    def _answer(self, connection: Connection) -> None:
        name, *rest = connection.recv()
        try:
            connection.send(self._answer_to(name, *rest))
        except Exception as error:
            self.error = error
            connection.send(UserError(f"the check cannot be run: {type(error).__name__}: {error}"))

    def _answer_to(self, name: str, *rest: Any) -> object:
        match name:
            case "record":
                return sum((server.record for server in self._servers), Record())
            case "forget":
                for server in self._servers:
                    server.forget()
            case "settle":
                settled = [server.settle(SETTLING) for server in self._servers]
                return all(settled)
            case "check":
                number, record = rest
                return ExpectedByFunction(self._functions[number]).check(record)
        return None
