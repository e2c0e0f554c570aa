"""Serve HTTP commands: the profiles, and an exchange of each."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from emulator.device.connection.attempt import attempt, retrieve
from emulator.device.connection.handshake_failure import refusal_of
from emulator.device.environment import Environment
from emulator.device.http.exchange import Exchange, ExchangeListener, NotSent, RequestMalformed
from emulator.device.http.request import Request
from emulator.device.http.settings import HttpSettings, HttpSettingsStore
from emulator.device.memory.store import NvmStore
from emulator.device.needs.transfer import HttpAnswer, HttpServer
from emulator.device.network.contexts import PdpContexts
from emulator.device.ssl.exclusion import SslExclusion
from emulator.device.ssl.protection import ClearText, Protection, WithinTls
from emulator.device.ssl.service import SslService
from emulator.errors import DeviceError
from emulator.firmware.schema.http import Http
from emulator.tls.client import TlsFailure


class HttpClient:
    """One exchange a profile; every wait ends when the context or the power is lost."""

    def __init__(
        self,
        profile: Http,
        store: NvmStore,
        contexts: PdpContexts,
        ssl: SslService | None,
        environment: Environment,
        environment_on: Callable[[int], Environment],
    ) -> None:
        """`environment_on` returns the environment of what a PDP context carries."""
        self.profile = profile
        self.settings = HttpSettingsStore(profile, store, has_ssl=ssl is not None)
        self._contexts = contexts
        self._ssl = ssl
        self._exclusion = SslExclusion("HTTPS", profile, ssl, self._held_ssl) if ssl is not None else None
        self._environment = environment
        self._environment_on = environment_on
        self._connecting: dict[int, tuple[HttpSettings, asyncio.Task[Exchange]]] = {}
        self._exchanges: dict[int, tuple[HttpSettings, Exchange]] = {}
        self._busy: set[int] = set()
        """Profiles that a command uses: it sends a request, or shows the answer."""
        contexts.on_lost.append(self._context_lost)

    def __repr__(self) -> str:
        return f"<HttpClient {self._exchanges!r}>"

    @property
    def connections(self) -> int:
        """Return the number of connections that neither side has closed."""
        return sum(exchange.is_open for _, exchange in self._exchanges.values())

    # The request.

    @contextmanager
    def request(self, number: int) -> Iterator[None]:
        """Claim a profile for a request, and drop its connection if the request does not go out.

        Raises:
            DeviceError: the profile is in use, or waits for an answer.
        """
        with self._using(number):
            before = self._exchanges.get(number)
            try:
                yield
            except BaseException:
                if self._exchanges.get(number) is not before:
                    self._forget(number)
                raise

    async def connect(self, number: int) -> Exchange:
        """Connect to the server of a profile; what was left of its last answer is dropped.

        Raises:
            DeviceError: the profile names no server, its context is down, security data is missing, or the server
                cannot be reached or is not trusted.
        """
        settings, refusals = self.settings[number], self.profile.refusals
        if not settings.server:
            raise DeviceError(refusals.no_server, f"the HTTP profile {number} names no server", HttpServer(number))
        if not self._contexts.serves_sockets(settings.cid):
            raise self._contexts.lack_for_sockets(settings.cid).refusal(refusals.no_context)
        self._forget(number)
        protection = self._protection(settings)
        work = asyncio.create_task(self._open(number, settings, protection))
        self._connecting[number] = settings, work
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError:
            work.add_done_callback(retrieve)
            work.cancel()
            raise
        finally:
            del self._connecting[number]
        if work.cancelled():
            raise self._contexts.lack_for_sockets(settings.cid).refusal(refusals.no_context)
        return work.result()

    async def send(self, exchange: Exchange, request: Request, listener: ExchangeListener) -> None:
        """Send a request, and let `listener` hear of the answer.

        Raises:
            DeviceError: the request cannot be written down, or the connection ends before it is out.
        """
        refusals = self.profile.refusals
        try:
            await exchange.send(request)
        except RequestMalformed as error:
            raise DeviceError(refusals.malformed, f"the request cannot be sent so: {error}") from error
        except NotSent as error:
            raise DeviceError(refusals.not_sent, str(error)) from error
        exchange.listen(listener)

    # The answer.

    @contextmanager
    def answer(self, number: int) -> Iterator[Exchange]:
        """Claim a profile to show its answer.

        Raises:
            DeviceError: the profile is in use, waits for an answer, or has none.
        """
        with self._using(number):
            if number not in self._exchanges:
                reason = f"no answer for the HTTP profile {number} has come"
                raise DeviceError(self.profile.refusals.nothing_received, reason, HttpAnswer(number))
            yield self._exchanges[number][1]

    async def pause(self) -> None:
        """Wait for as long as the module takes between the data of an answer and the result of the command."""
        pace, clock = self._environment.pace, self._environment.clock
        result = None if pace.times is None else pace.times.commands.http_result
        if result is not None:
            await clock.sleep(pace.seconds(lambda times: times.commands.http_result or result))

    def drop(self) -> None:
        """End everything: the power is gone."""
        for _, work in self._connecting.values():
            work.cancel()
        for number in list(self._exchanges):
            self._forget(number)

    async def _open(self, number: int, settings: HttpSettings, protection: Protection) -> Exchange:
        """Connect within the attempt, so that a cancelled attempt keeps the exchange."""
        refusals, environment = self.profile.refusals, self._environment
        with attempt(
            (settings.server, settings.port),
            settings.timeout,
            unresolved=refusals.unresolved,
            unreachable=refusals.unreachable,
            too_late=refusals.timeout,
        ):
            async with environment.clock.timeout(settings.timeout):
                tcp = await self._environment_on(settings.cid).bearer.dial(settings.server, settings.port)
        try:
            stream = await protection.open(tcp)
        except (TlsFailure, TimeoutError) as error:
            raise refusal_of(error, refusals.tls_handshake) from error
        exchange = Exchange(stream, settings, environment.clock, environment.trace)
        self._exchanges[number] = settings, exchange
        return exchange

    def _protection(self, settings: HttpSettings) -> Protection:
        environment = self._environment
        if not settings.secure or self._ssl is None or self._exclusion is None:
            return ClearText(environment.trace)
        self._exclusion.check()
        protection = WithinTls(
            self._ssl.policy, settings.server, settings.timeout, environment.clock, environment.trace
        )
        protection.check()
        return protection

    @contextmanager
    def _using(self, number: int) -> Iterator[None]:
        if number in self._busy or (number in self._exchanges and self._exchanges[number][1].waits):
            reason = f"the HTTP profile {number} is in use: its request is on the way, or waits for its answer"
            raise DeviceError(self.profile.refusals.waits, reason)
        self._busy.add(number)
        try:
            yield
        finally:
            self._busy.remove(number)

    def _held_ssl(self) -> int:
        opening = sum(settings.secure for settings, _ in self._connecting.values())
        return opening + sum(settings.secure and one.is_open for settings, one in self._exchanges.values())

    def _forget(self, number: int) -> None:
        if number in self._exchanges:
            self._exchanges.pop(number)[1].drop()

    def _context_lost(self, cid: int) -> None:
        for settings, work in self._connecting.values():
            if settings.cid == cid:
                work.cancel()
        for settings, exchange in list(self._exchanges.values()):
            if settings.cid == cid:
                exchange.break_off()
