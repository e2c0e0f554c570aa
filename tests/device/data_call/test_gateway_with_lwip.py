"""The gateway between lwIP, which many microcontrollers have, and real servers on loopback."""

import asyncio
import socket
from pathlib import Path

import pytest

from emulator.device.data_call.gateway import Gateway
from tests.device.data_call.gateways import PROFILE, ROUTER, SERVER, Call, echo, make_call, reset, served
from tests.ip.wire import HOST
from tests.peers.lwip_host import SENT, compiled, digest, lwip_host


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("lwip"))


async def run(program: Path, call: Call, *, drops: int = 0) -> str:
    """Let it speak to the server; of the packets to it, each `drops`th is lost."""
    count = 0

    def send(packet: bytes) -> None:
        nonlocal count
        count += 1
        if not drops or count % drops:
            host.send(packet)

    async with lwip_host(program, SERVER, 80, lambda packet: call.gateway.receive(packet)) as host:
        call.gateway = Gateway(HOST, ROUTER, send, PROFILE, call.environment)
        output = await host.output()
        call.gateway.close()
        await asyncio.sleep(0)
    assert call.defects == []
    return output


@pytest.mark.parametrize("drops", [0, 40])
async def test_a_megabyte_goes_there_and_back(program: Path, drops: int) -> None:
    """With the end of each side; also where packets are lost."""
    async with served(echo) as port:
        call = make_call(f"{SERVER}:80=127.0.0.1:{port}")
        output = await run(program, call, drops=drops)

    assert (digest(SENT), ["connecting", "open", "closed"]) == (output, call.states)


async def test_a_reset_is_told(program: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(5)
        reset(writer)

    async with served(serve) as port:
        assert "Connection reset by peer\n" == await run(program, make_call(f"{SERVER}:80=127.0.0.1:{port}"))


async def test_a_refusal_is_told(program: Path) -> None:
    """As lwIP tells it: it knows no other word for a reset."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert "Connection reset by peer\n" == await run(program, make_call(f"{SERVER}:80=127.0.0.1:{port}"))
