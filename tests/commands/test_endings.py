"""How the host's closing of a connection looks to the peer: in order, though the module has not read all. Guide 4.3."""

import asyncio
import threading
from typing import Literal

import pytest

from tests.commands.peer import ObedientPeer, eventually
from tests.commands.socket_bench import connection, dialled
from tests.commands.socket_bench import has_come as has_come_in_clear
from tests.commands.ssl_bench import dial, dial_online, has_come, socket_of, ssl_bench, succeed
from tests.peers.sockets import TIMEOUT

_MORE_THAN_THE_WINDOW = bytes(300_000)


def _wait(looks: threading.Event) -> None:
    assert looks.wait(TIMEOUT)


@pytest.mark.parametrize("engine", ["native", "openssl"])
@pytest.mark.parametrize("online", [False, True])
async def test_sslh_ends_in_order_though_data_is_unread(engine: Literal["native", "openssl"], online: bool) -> None:
    """The peer, which looks late, finds close_notify and the end of the stream, and no reset."""
    looks = threading.Event()
    with ObedientPeer() as peer:
        async with ssl_bench(port=peer.port, tls_engine=engine) as bench:
            await succeed(bench, "AT#SSLSECCFG=1,3,0")
            await (dial_online if online else dial)(bench)
            if online:
                await bench.escape()
            peer.say(_MORE_THAN_THE_WINDOW)
            await has_come(bench, 16384)
            peer.tell(lambda connection: _wait(looks))
            await succeed(bench, "AT#SSLH=1")
            assert "closed" == socket_of(bench).state.value
            await asyncio.sleep(0)
            looks.set()
            (session,) = await asyncio.to_thread(peer.server.wait_for, 1)
            assert "" == session.error


async def test_sh_ends_in_order_though_data_is_unread() -> None:
    """The same without TLS; what the peer still says is dropped."""
    async with dialled() as (bench, peer):
        peer.say(_MORE_THAN_THE_WINDOW)
        await has_come_in_clear(bench, 16384)
        bench.read()
        assert peer.transport is not None
        peer.transport.pause_reading()
        await succeed(bench, "AT#SH=1")
        assert "closed" == connection(bench).state.value
        await asyncio.sleep(0)
        peer.transport.resume_reading()
        await eventually(lambda: peer.ended, "the peer sees the end")
        peer.say(b"farewell")
        peer.close()
        await eventually(lambda: peer.transport.get_extra_info("socket").fileno() < 0, "it is over")  # type: ignore[union-attr]  # asserted above
        assert not peer.broken
