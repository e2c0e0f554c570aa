"""Ask a time server for the time: #NTP. RFC 2030."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from emulator.device.calendar import Calendar
from emulator.device.connection.attempt import attempt
from emulator.device.environment import Environment
from emulator.device.network.contexts import IP_CONTEXT, PdpContexts
from emulator.device.network.time_packets import PacketUnfit, moment_of, request
from emulator.errors import DeviceError
from emulator.firmware.schema.time_service import TimeService
from emulator.net.datagrams import UdpSocket
from emulator.net.routes import Address
from emulator.trace.defect import report_defect
from emulator.trace.trace import Trace


class TimeClient:
    """Asks by one context, one request at a time."""

    def __init__(
        self,
        profile: TimeService,
        contexts: PdpContexts,
        calendar: Calendar,
        environment_on: Callable[[int], Environment],
    ) -> None:
        """`environment_on` returns the environment of what a PDP context carries."""
        self.cid = IP_CONTEXT if profile.cids is None else profile.cids.default or IP_CONTEXT
        """The context, until power-off."""
        self._profile = profile
        self._contexts = contexts
        self._calendar = calendar
        self._environment_on = environment_on

    def __repr__(self) -> str:
        return f"<TimeClient by context {self.cid}>"

    async def ask(self, host: str, port: int, timeout: float) -> datetime:
        """Return the time of a server, in UTC; packets that are no answer of it are dropped.

        Raises:
            DeviceError: the context is down, the name is unknown, or no answer comes within `timeout` seconds.
        """
        self._check_context()
        environment, refusals = self._environment_on(self.cid), self._profile.refusals
        dropped: list[str] = []
        try:
            with attempt(
                (host, port),
                timeout,
                unresolved=refusals.unresolved,
                unreachable=refusals.no_answer,
                too_late=refusals.no_answer,
            ):
                async with environment.clock.timeout(timeout):
                    datagrams = await environment.bearer.associate(host, port)
                    try:
                        return await _Request(datagrams, self._calendar, environment.trace, dropped).answer
                    finally:
                        datagrams.close()
        except DeviceError as error:
            self._check_context()
            if dropped:
                raise DeviceError(error.cause, f"what came is no answer of a time server: {dropped[-1]}") from error
            raise

    def _check_context(self) -> None:
        if not self._contexts.serves_sockets(self.cid):
            raise self._contexts.lack_for_sockets(self.cid).refusal(self._profile.refusals.no_context)


class _Request:
    """One request: the owner of the datagrams that come for it."""

    def __init__(self, datagrams: UdpSocket, calendar: Calendar, trace: Trace, dropped: list[str]) -> None:
        """Send it; `dropped` gets why each packet was none."""
        self.answer: asyncio.Future[datetime] = asyncio.get_running_loop().create_future()
        self._calendar = calendar
        self._trace = trace
        self._dropped = dropped
        self._sent = calendar.utc()
        datagrams.attach(self)
        datagrams.send(request(self._sent))

    def __repr__(self) -> str:
        return f"<_Request sent {self._sent:%H:%M:%S}>"

    def datagram_received(self, data: bytes, source: Address) -> None:
        """Take what may be the answer."""
        try:
            moment = moment_of(data, self._sent, self._calendar.utc())
        except PacketUnfit as unfit:
            self._dropped.append(str(unfit))
            return
        if not self.answer.done():
            self.answer.set_result(moment)

    def refused(self) -> None:
        """Ignore that the server has no such port: the request waits for its whole time."""

    def fail(self, error: Exception) -> None:
        """Report a defect of the emulator; no answer comes any more."""
        report_defect(self._trace, "a request to a time server", error)
