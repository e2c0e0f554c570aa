"""Each guarded callback raises, in a module that runs: a defect event, a closed connection, and AT goes on.

`conftest` sees to it that the exception handler of the event loop is never called.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from emulator import VirtualModem
from emulator.acceptor import Acceptor
from emulator.bench import BenchHost
from emulator.device.calls.service import CallService
from emulator.device.connection.data_mode import DataMode
from emulator.device.connection.datagram import DatagramStream
from emulator.device.connection.secure import SecureStream
from emulator.device.connection.states import State
from emulator.device.connection.stream import TcpSocketStream
from emulator.device.data_call.call import DataCall
from emulator.device.data_call.datagram_relay import DatagramRelay
from emulator.device.data_call.gateway import Gateway
from emulator.device.data_call.tcp_relay import TcpRelay
from emulator.device.ftp.online import OnlineTransfer
from emulator.device.gnss.output import NmeaOutput
from emulator.device.http.exchange import Exchange
from emulator.device.mqtt.connection import MqttConnection
from emulator.device.network.contexts import PdpContexts
from emulator.device.network.ussd import UssdSession
from emulator.device.power import Power, PowerState
from emulator.device.sim.host_lock import HostLock
from emulator.faults.conditions import Condition
from emulator.faults.plan import FaultPlan
from emulator.faults.stream import FaultyStream
from emulator.gateways import Gateways
from emulator.guard import guarded
from emulator.line.control_lines import LineControl
from emulator.line.host_side import HostSide
from emulator.line.instance import Instance
from emulator.line.mux.multiplexer import Multiplexer
from emulator.line.serial.output import Output
from emulator.line.serial.queue import PacedQueue
from emulator.line.serial.stream_socket import StreamSocketPort
from emulator.line.transports.pty.port import PtyPort
from emulator.line.transports.pty.presence import Inotify, Watch
from emulator.line.unheard import Unheard
from emulator.net.datagrams import UdpSocket
from emulator.net.delayed_stream import DelayedStream
from emulator.net.server import IncomingStream
from emulator.net.slow_stream import SlowStream
from emulator.net.stream import TcpStream
from emulator.testing import Bench
from emulator.trace.event_batch import EventBatch
from emulator.trace.events import Defect, Event
from tests.commands.ftp_bench import session
from tests.commands.http_bench import http_bench
from tests.commands.mqtt_bench import mqtt_bench, welcomed
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.socket_bench import TcpClient, TcpPeer, UdpPeer, connection, open_tcp, socket_bench
from tests.commands.ssl_bench import CONNECT, HOST, OK, dial, socket_of, ssl_bench, succeed
from tests.device.data_call.gateways import SeveralSources
from tests.device.data_call.packet_host import packet_host
from tests.line.benches import PtyHost, TcpHost, UnixHost
from tests.line.mux.hosts import MuxHost
from tests.peers.ftp_script import ScriptedFtpServer
from tests.realistic.benches import slow_bench
from tests.recording.test_defects import CASES as CASES_OF_A_RECORDING
from tests.test_callbacks import all_guarded


@dataclass
class Running:
    """A module with something under way."""

    events: list[Event]
    answers: Callable[[], Any]
    """Asks AT, as a coroutine; its value is whether OK was the answer."""
    is_over: Callable[[], bool] = lambda: True
    """Whether the connection has ended."""


Scenario = Callable[[], AbstractAsyncContextManager[Running]]


def of_bench(bench: BenchHost, events: list[Event], is_over: Callable[[], bool] = lambda: True) -> Running:
    async def answers() -> bool:
        bench.read()
        return OK == await bench.command("AT")

    return Running(events, answers, is_over)


@asynccontextmanager
async def idle() -> AsyncIterator[Running]:
    async with Bench("HE910") as bench:
        yield of_bench(bench, bench.events)


@asynccontextmanager
async def traced() -> AsyncIterator[Running]:
    with TemporaryDirectory() as folder:
        async with Bench("HE910", trace=Path(folder) / "trace.jsonl") as bench:
            yield of_bench(bench, bench.events)


@asynccontextmanager
async def at_a_speed() -> AsyncIterator[Running]:
    async with Bench("HE910", baud=115200, echo=True) as bench:

        async def answers() -> bool:
            bench.send("AT\r")
            await bench.advance(1)
            return "OK" in bench.read()

        yield Running(bench.events, answers)


@asynccontextmanager
async def plain() -> AsyncIterator[Running]:
    async with TcpPeer() as peer, socket_bench(port=peer.port) as bench:
        await open_tcp(bench, 1)
        yield of_bench(bench, bench.events, lambda: connection(bench).state in (State.CLOSED, State.LOST))


@asynccontextmanager
async def plain_online() -> AsyncIterator[Running]:
    async with TcpPeer() as peer, socket_bench(port=peer.port) as bench:
        assert CONNECT == await bench.command(f'AT#SD=1,0,80,"{HOST}"')
        yield of_bench(bench, bench.events, lambda: connection(bench).state in (State.CLOSED, State.LOST))


@asynccontextmanager
async def slow() -> AsyncIterator[Running]:
    async with TcpPeer() as peer, socket_bench(port=peer.port) as bench:
        await open_tcp(bench, 1)
        bench.modem.faults.make("slow-network", {"latency": "100 ms"})
        yield of_bench(bench, bench.events, lambda: connection(bench).state in (State.CLOSED, State.LOST))


@asynccontextmanager
async def realistic() -> AsyncIterator[Running]:
    async with TcpPeer() as peer, slow_bench("HE910", peer.port) as bench:
        assert (await bench.command("AT#SGACT=1,1", within=30)).endswith(OK)
        assert OK == await bench.command(f'AT#SD=1,0,80,"{HOST}",0,0,1', within=30)

        async def answers() -> bool:
            bench.read()
            return OK == await bench.command("AT", within=5)

        yield Running(bench.events, answers, lambda: connection(bench).state in (State.CLOSED, State.LOST))


@asynccontextmanager
async def secure() -> AsyncIterator[Running]:
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port) as bench:
            await dial(bench)
            yield of_bench(bench, bench.events, lambda: socket_of(bench).state in (State.CLOSED, State.LOST))


@asynccontextmanager
async def data_call() -> AsyncIterator[Running]:
    async with Bench("HE910") as bench:
        await succeed(bench, 'AT+CGDCONT=1,"IP","lab"')
        assert CONNECT == await bench.command("ATD*99#")
        yield of_bench(bench, bench.events, lambda: "NO CARRIER" in bench.read())


@asynccontextmanager
async def datagrams() -> AsyncIterator[Running]:
    async with UdpPeer.opened() as peer, socket_bench(port=peer.port) as bench:
        await succeed(bench, f'AT#SD=1,1,80,"{HOST}",0,0,1')
        yield of_bench(bench, bench.events, lambda: connection(bench).state in (State.CLOSED, State.LOST))


@asynccontextmanager
async def relayed() -> AsyncIterator[Running]:
    async with TcpPeer() as peer, packet_host(port=peer.port) as (bench, host):
        await host.open()
        client = await peer.client()
        yield of_bench(bench, bench.events, lambda: client.ended)


@asynccontextmanager
async def relayed_datagrams() -> AsyncIterator[Running]:
    async with SeveralSources.opened() as peer, packet_host(port=peer.port) as (bench, host):
        host.send_datagram(b"hello")
        await eventually(lambda: peer.heard, "it arrives")
        yield of_bench(bench, bench.events)


@asynccontextmanager
async def listening() -> AsyncIterator[Running]:
    async with socket_bench() as bench:
        await succeed(bench, "AT#SL=1,1,3500")
        yield of_bench(bench, bench.events)


@asynccontextmanager
async def called() -> AsyncIterator[Running]:
    async with socket_bench() as bench:
        await succeed(bench, "AT#SL=1,1,3500")
        address = connection(bench).reachable_at
        assert address is not None
        _, client = await asyncio.get_running_loop().create_connection(TcpClient, *address)
        await eventually(lambda: connection(bench).state is State.INCOMING, "a peer has come")
        yield of_bench(bench, bench.events, lambda: client.ended)
        client.reset()


@asynccontextmanager
async def transfer() -> AsyncIterator[Running]:
    with ScriptedFtpServer({"a": b"123"}, stalls=True) as server:
        async with session(server.port) as bench:
            assert CONNECT == await bench.command("AT#FTPGET=a")
            server.hang_up()
            await bench.answer()
            yield of_bench(bench, bench.events)


@asynccontextmanager
async def unanswered() -> AsyncIterator[Running]:
    async with TcpPeer() as peer, http_bench(peer.port) as bench:
        await succeed(bench, 'AT#HTTPQRY=0,0,"/"')
        yield of_bench(bench, bench.events)


@asynccontextmanager
async def subscribed() -> AsyncIterator[Running]:
    async with TcpPeer() as peer, mqtt_bench(peer.port) as bench:
        await welcomed(bench, peer)
        yield of_bench(bench, bench.events)


@asynccontextmanager
async def without_coverage() -> AsyncIterator[Running]:
    async with Bench("HE910") as bench:
        bench.modem.faults.make("registration-lost", {"duration": "5 s"})
        await bench.advance(0)
        yield of_bench(bench, bench.events)


@asynccontextmanager
async def multiplexed() -> AsyncIterator[Running]:
    async with Bench("HE910") as bench:
        await MuxHost(bench).start()
        yield of_bench(bench, bench.events)


def _served(listen: str) -> Scenario:
    @asynccontextmanager
    async def scenario() -> AsyncIterator[Running]:
        events: list[Event] = []
        readers = (lambda now, event: events.append(event),)
        async with VirtualModem("HE910", listen=[listen], readers=readers) as modem:
            host = _host(modem.port)
            await host.send(b"ATE0\r")
            await host.receive(len("ATE0\r\r\nOK\r\n"))

            async def answers() -> bool:
                another = host if isinstance(host, PtyHost) else _host(modem.port)
                await another.send(b"ATE0\r")
                heard = b""
                while not heard.endswith(b"OK\r\n"):
                    heard += await another.receive(1)
                another.close()
                return True

            yield Running(events, answers)
            if not isinstance(host, PtyHost):
                host.close()

    return scenario


def _host(name: str) -> PtyHost | TcpHost:
    if name.startswith("unix:"):
        return UnixHost(name)
    return TcpHost(int(name.rpartition(":")[2])) if "://" in name else PtyHost(name)


CASES: dict[str, tuple[type, Scenario]] = {
    "TcpStream.connection_made": (TcpStream, plain),
    "TcpStream.data_received": (TcpStream, plain),
    "TcpStream._peer_has_ended": (TcpStream, plain),
    "TcpStream.connection_lost": (TcpStream, plain),
    "TcpStream.resume_writing": (TcpStream, plain),
    "TcpStream._half_close": (TcpStream, plain),
    "TcpStream.give_up": (TcpStream, plain),
    "TcpSocketStream.data_received": (TcpSocketStream, plain_online),
    "TcpSocketStream.ended": (TcpSocketStream, secure),
    "TcpSocketStream.writable": (TcpSocketStream, plain_online),
    "IncomingStream.connection_made": (IncomingStream, called),
    "Acceptor._accept": (Acceptor, listening),
    "Acceptor._try_again": (Acceptor, listening),
    "UdpSocket.connection_made": (UdpSocket, datagrams),
    "UdpSocket.datagram_received": (UdpSocket, datagrams),
    "UdpSocket.error_received": (UdpSocket, datagrams),
    "DatagramStream.datagram_received": (DatagramStream, datagrams),
    "TcpRelay.data_received": (TcpRelay, relayed),
    "TcpRelay.ended": (TcpRelay, relayed),
    "TcpRelay.broken": (TcpRelay, relayed),
    "TcpRelay.writable": (TcpRelay, relayed),
    "DatagramRelay.datagram_received": (DatagramRelay, relayed_datagrams),
    "DatagramRelay.refused": (DatagramRelay, relayed_datagrams),
    "DatagramRelay._silent": (DatagramRelay, relayed_datagrams),
    "Gateway._time_has_come": (Gateway, relayed),
    "SecureStream._computed": (SecureStream, secure),
    "SecureStream._inactivity_over": (SecureStream, secure),
    "SecureStream._time_over": (SecureStream, secure),
    "DataMode._transmission_due": (DataMode, plain_online),
    "DataMode._inactivity_due": (DataMode, plain_online),
    "DataCall._time_has_come": (DataCall, data_call),
    "DataCall.send": (DataCall, data_call),
    "OnlineTransfer._conclude_for_host": (OnlineTransfer, transfer),
    "Exchange._time_over": (Exchange, unanswered),
    "MqttConnection._time_to_ping": (MqttConnection, subscribed),
    "MqttConnection._unanswered": (MqttConnection, subscribed),
    "NmeaOutput._second": (NmeaOutput, idle),
    "FaultyStream._tell_end": (FaultyStream, slow),
    "DelayedStream._arrive": (DelayedStream, slow),
    "SlowStream.data_received": (SlowStream, realistic),
    "SlowStream.ended": (SlowStream, realistic),
    "SlowStream.broken": (SlowStream, realistic),
    "SlowStream.writable": (SlowStream, realistic),
    "Condition._time_over": (Condition, without_coverage),
    "HostLock._let_go": (HostLock, idle),
    "HostLock._take_back": (HostLock, idle),
    "CallService._ring": (CallService, idle),
    "UssdSession._reply_is_late": (UssdSession, idle),
    "Multiplexer._give_up": (Multiplexer, multiplexed),
    "Multiplexer.data_received": (Multiplexer, multiplexed),
    "Multiplexer.host_closed": (Multiplexer, multiplexed),
    "Multiplexer.writable": (Multiplexer, multiplexed),
    "Instance._resume": (Instance, idle),
    "Instance._tick": (Instance, idle),
    "Unheard._look": (Unheard, idle),
    "EventBatch._time_has_come": (EventBatch, traced),
    "Gateways._emit": (Gateways, idle),
    "HostSide.data_received": (HostSide, idle),
    "HostSide.host_opened": (HostSide, idle),
    "HostSide.host_changes": (HostSide, idle),
    "HostSide.host_closed": (HostSide, idle),
    "HostSide.lines_changed": (HostSide, idle),
    "HostSide.writable": (HostSide, idle),
    "LineControl._ring_ends": (LineControl, idle),
    "LineControl._wink_ends": (LineControl, idle),
    "PacedQueue._arrived": (PacedQueue, at_a_speed),
    "Output._go_on": (Output, _served("tcp:127.0.0.1:0")),
    "StreamSocketPort._read": (StreamSocketPort, _served("tcp:127.0.0.1:0")),
    "StreamSocketPort._accept": (StreamSocketPort, _served("rfc2217:127.0.0.1:0")),
    "StreamSocketPort._try_again": (StreamSocketPort, _served("tcp:127.0.0.1:0")),
    "PtyPort._read": (PtyPort, _served("pty")),
    "PtyPort._finish_with_previous_host": (PtyPort, _served("pty")),
    "Inotify.read": (Inotify, _served("pty")),
    "Watch.tell": (Watch, _served("pty")),
}
"""Each guarded method, with a module in which it can be called."""


def test_each_guarded_method_is_made_to_raise() -> None:
    """A new one needs its row."""
    assert all_guarded() == {*CASES, *CASES_OF_A_RECORDING}


@pytest.mark.parametrize("name", CASES)
async def test_what_a_callback_raises_is_a_defect_and_the_module_goes_on(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Called as the event loop calls it: nothing comes out, the connection ends, and AT is answered."""
    kind, scenario = CASES[name]
    method = name.partition(".")[2]
    made = _watched(kind, monkeypatch)
    async with scenario() as running:
        with monkeypatch.context() as broken:
            broken.setattr(kind, method, guarded(_raise))
            getattr(made[-1], method)(None)
        await eventually(lambda: _defects(running), "the defect is told")

        assert ["RuntimeError: boom"] == _defects(running)
        await eventually(running.is_over, "the connection ends")
        assert await running.answers()


def _raise(thing: Any, *told: object) -> None:
    raise RuntimeError("boom")


def _defects(running: Running) -> list[str]:
    return [event.text for event in running.events if isinstance(event, Defect)]


def _watched(kind: type, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Keep every object of a class that is made."""
    made: list[Any] = []
    begin = kind.__init__  # type: ignore[misc]  # of just this class

    def note(self: Any, *arguments: Any, **more: Any) -> None:
        made.append(self)
        begin(self, *arguments, **more)

    monkeypatch.setattr(kind, "__init__", note)
    return made


async def test_a_request_that_raises_gets_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control socket goes on, too."""
    from emulator.control import requests
    from emulator.control.service import ControlSocket

    def show(modem: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setitem(requests.REQUESTS, "show", show)
    async with Bench("HE910") as bench:
        with ControlSocket(tmp_path / "ctl") as control:
            await control.serve(bench.modem)
            reader, writer = await asyncio.open_unix_connection(str(tmp_path / "ctl"))
            for _ in range(2):
                writer.write(b'{"do": "show"}\n')
                assert b"the emulator failed: RuntimeError: boom" in await reader.readline()
            writer.close()
        assert OK == await bench.command("AT")
        assert ["RuntimeError: boom"] * 2 == [event.text for event in bench.events if isinstance(event, Defect)]


@pytest.mark.parametrize(
    ("kind", "method", "begin", "seconds"),
    [
        pytest.param(Power, "_started", "AT#REBOOT", 60.0, id="start"),
        pytest.param(Power, "restart", "AT#ENHRST=1,1", 60.0, id="restart"),
        pytest.param(FaultPlan, "_time_has_come", "", 1.0, id="fault"),
        pytest.param(PdpContexts, "activate", "AT#SGACTCFG=1,3;+CGATT=0;+CGATT=1", 1.0, id="automatic activation"),
    ],
)
async def test_what_a_timer_or_task_of_the_device_raises_is_a_defect(
    kind: type, method: str, begin: str, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that belong to no connection are reported, and the module can be used, or switched on again."""
    broken = [True]
    right = getattr(kind, method)

    def explode(*arguments: Any) -> Any:
        if broken:
            broken.clear()
            raise RuntimeError("boom")
        return right(*arguments)

    async with Bench("HE910") as bench:
        await succeed(bench, 'AT+CGDCONT=1,"IP","ibox.tim.it"')
        monkeypatch.setattr(kind, method, explode)
        if begin:
            bench.send(f"{begin}\r")
        else:
            bench.modem.faults.make("unsolicited-line", {"text": "RING", "time": "1 s"})
        await bench.advance(seconds)
        await eventually(lambda: _told(bench), "the defect is told")

        assert ["RuntimeError: boom"] == _told(bench)
        if bench.modem.device.power.state is not PowerState.RUNNING:
            bench.modem.device.power.restart()
            await bench.advance(60)
        bench.read()
        bench.send("AT\r")
        assert "OK" in await bench.answer()


def _told(bench: Bench) -> list[str]:
    return [event.text for event in bench.events if isinstance(event, Defect)]
