"""Answer DNS queries of the host, out of the resolver of the module. RFC 1035."""

from emulator.device.data_call.outside import Outside
from emulator.device.data_call.work import BackgroundWork
from emulator.ip import dns
from emulator.ip.dns import Question, Response
from emulator.ip.packet import Malformed, Packet
from emulator.ip.udp import Datagram
from emulator.net.addresses import numeric_address
from emulator.net.names import NameUnknown

_MOST_QUERIES = 64


class NameServer:
    """Answers at every address: whichever server the host asks, it gets what #QDNS would show."""

    def __init__(self, outside: Outside, timeout: float) -> None:
        """Answer within `timeout` seconds, or not at all."""
        self._outside = outside
        self._timeout = timeout
        self._work = BackgroundWork(outside.environment.trace, "a name server", _MOST_QUERIES)

    def __repr__(self) -> str:
        return f"<NameServer {self._work!r}>"

    def take(self, datagram: Datagram, packet: Packet) -> None:
        """Take a query."""
        try:
            question = Question.parse(datagram.data)
        except Malformed:
            answer = dns.format_error(datagram.data)
            if answer is not None:
                self._send(answer, datagram, packet)
            return
        self._work.start(self._serve(question, datagram, packet))

    def close(self) -> None:
        """Answer nothing more."""
        self._work.cancel()

    async def _serve(self, question: Question, datagram: Datagram, packet: Packet) -> None:
        try:
            async with self._outside.environment.clock.timeout(self._timeout):
                answer = await self._answer(question)
        except TimeoutError:
            return
        self._send(answer, datagram, packet)

    async def _answer(self, question: Question) -> bytes:
        if not question.is_standard:
            return question.answer(Response.NOT_IMPLEMENTED)
        if (address := question.asks_for_name_of) is not None:
            name = self._outside.names.name(address)
            records = () if name is None else (dns.name_record(name),)
            return question.answer(Response.NO_ERROR if records else Response.NAME_ERROR, *records)
        if not question.asks_for_address or not question.name:
            return question.answer(Response.NO_ERROR)
        return await self._resolve(question)

    async def _resolve(self, question: Question) -> bytes:
        """Look an address up; a number is no name, and would let the host name any address."""
        try:
            if numeric_address(question.name) is not None:
                raise NameUnknown(f"{question.name!r} is no name")
            address = await self._outside.environment.bearer.resolve(question.name)
        except NameUnknown:
            return question.answer(Response.NAME_ERROR)
        self._outside.names.add(address, question.name)
        return question.answer(Response.NO_ERROR, dns.address_record(address))

    def _send(self, answer: bytes, datagram: Datagram, packet: Packet) -> None:
        back = Datagram(datagram.target_port, datagram.source_port, answer)
        self._outside.stack.send_datagram(packet.target, back)
        self._outside.go_on()
