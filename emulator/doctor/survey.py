"""Find out by modern dials which versions, suites and names a server takes, and whether it speaks TLS at all."""

import asyncio
from contextlib import suppress
from functools import partial

from emulator.doctor.modern import EVERY_SUITE, VERSIONS, ModernEnd, ModernHello, ModernOutcome, dial_modern
from emulator.doctor.once import Once
from emulator.doctor.question import Question
from emulator.net.addresses import server_name_of
from emulator.net.names import resolve
from emulator.net.routes import Address, Routes

_LONGEST_WAIT = 5.0
"""Seconds that a modern dial waits for the server; the module's may be longer."""
_MOST_SUITES = 12
"""How many suites of a server are listed: each takes a dial."""
_REQUEST = b"GET / HTTP/1.0\r\n\r\n"
_BANNER_SHARE = 0.5
"""The part of the wait during which a server may speak first."""


class Survey:
    """Each question is asked once, however many verdicts need the answer."""

    def __init__(self, question: Question, dials_at_once: asyncio.Semaphore) -> None:
        self._question = question
        self._dials_at_once = dials_at_once
        self._timeout = min(question.timeout, _LONGEST_WAIT)
        self._answers = Once()
        self._name = server_name_of(question.host)

    def __repr__(self) -> str:
        return f"<Survey of {self._question.address}, {self._answers}>"

    async def general(self) -> ModernOutcome:
        """Return what comes of a dial with all that OpenSSL offers; else without TLS 1.3, whose hello is long."""
        outcome = await self._dial(ModernHello(self._name))
        if outcome.end not in (ModernEnd.CLOSED, ModernEnd.FAILED) or outcome.answers:
            return outcome
        shorter = await self._dial(ModernHello(self._name, newest="TLS 1.2"))
        return shorter if shorter.answers else outcome

    async def versions(self) -> tuple[str, ...]:
        """Return the versions that the server speaks, oldest first."""
        outcomes = await asyncio.gather(*(self.at(version) for version in VERSIONS))
        return tuple(version for version, one in zip(VERSIONS, outcomes, strict=True) if one.answers)

    async def at(self, version: str, suites: tuple[str, ...] = EVERY_SUITE, *, named: bool = True) -> ModernOutcome:
        """Return what comes of a dial in one version, with these suites, with or without the server's name."""
        return await self._dial(ModernHello(self._name if named else None, version, version, suites))

    async def needs_name(self, version: str) -> bool:
        """Return whether the server answers in this version only when it is named."""
        if self._name is None:
            return False
        named, unnamed = await asyncio.gather(self.at(version), self.at(version, named=False))
        return named.answers and not unnamed.answers

    async def suites(self, version: str) -> tuple[str, ...]:
        """Return the suites that the server takes in this version, in its order of preference."""
        return await self._answers.ask(("suites", version), partial(self._list_suites, version))

    async def says(self) -> bytes:
        """Return what the server says to a client that speaks no TLS: at once, or to an HTTP request."""
        return await self._answers.ask("says", self._listen)

    @property
    def known(self) -> tuple[ModernOutcome, ...]:
        """Return every outcome so far in which the server has answered."""
        return tuple(one for one in self._answers.found if isinstance(one, ModernOutcome) and one.answers)

    async def _dial(self, hello: ModernHello) -> ModernOutcome:
        return await self._answers.ask(hello, partial(self._dial_once, hello))

    async def _dial_once(self, hello: ModernHello) -> ModernOutcome:
        async with self._dials_at_once:
            return await dial_modern(await self._target(), hello, self._timeout)

    async def _list_suites(self, version: str) -> tuple[str, ...]:
        taken: list[str] = []
        while len(taken) < _MOST_SUITES:
            outcome = await self.at(version, (*EVERY_SUITE, *(f"!{suite}" for suite in taken)))
            if not outcome.answers or not outcome.suite or outcome.suite in taken:
                break
            taken.append(outcome.suite)
        return tuple(taken)

    async def _listen(self) -> bytes:
        heard = b""
        with suppress(OSError, TimeoutError):
            async with self._dials_at_once, asyncio.timeout(self._timeout):
                reader, writer = await asyncio.open_connection(*await self._target())
                try:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._timeout * _BANNER_SHARE):
                            heard = await reader.read(1024)
                    if not heard and not reader.at_eof():
                        writer.write(_REQUEST)
                        heard = await reader.read(1024)
                finally:
                    writer.close()
        return heard

    async def _target(self) -> Address:
        """Return where the dials lead to."""
        question = self._question
        routes = Routes.parse(f"{dialled}={target}" for dialled, target in question.routes.items())
        host, port = routes.target(question.host, question.port) or (question.host, question.port)
        return await resolve(host), port
