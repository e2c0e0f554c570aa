"""Send the echo requests of the host on, as #PING sends its own."""

from emulator.device.data_call.outside import Outside
from emulator.device.data_call.work import BackgroundWork
from emulator.firmware.schema.ping import Ping as PingProfile
from emulator.ip.icmp import EchoRequest, Unreachable
from emulator.ip.packet import Packet

_MOST_REQUESTS = 32
_LEAST_DATA = 8


class EchoRelay:
    """Answers the host when the peer has answered."""

    def __init__(self, outside: Outside, profile: PingProfile) -> None:
        self._outside = outside
        self._profile = profile
        self._work = BackgroundWork(outside.environment.trace, "an echo request", _MOST_REQUESTS)

    def __repr__(self) -> str:
        return f"<EchoRelay {self._work!r}>"

    def take(self, request: EchoRequest, packet: Packet) -> None:
        """Take a request; the reply comes later, or not at all."""
        if self._outside.may_reach(packet.target):
            self._work.start(self._ask(request, packet))
        else:
            self._outside.stack.send_unreachable(packet, Unreachable.HOST)

    def close(self) -> None:
        """Wait for no reply any more."""
        self._work.cancel()

    async def _ask(self, request: EchoRequest, packet: Packet) -> None:
        clock, bearer = self._outside.environment.clock, self._outside.environment.bearer
        size, ttl = max(_LEAST_DATA, len(request.data)), max(1, packet.ttl - 1)
        try:
            async with clock.timeout((self._profile.timeouts.default or 0) / 10):
                echo = await bearer.ping(packet.target, size=size, ttl=ttl)
        except TimeoutError:
            return
        if echo is not None:
            self._outside.stack.send_echo_reply(request, packet, echo.ttl or self._profile.reply_time_to_live)
            self._outside.go_on()
