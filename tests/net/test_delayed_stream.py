"""A slow network, to the hundredth of a second."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from emulator.clock import ManualClock
from emulator.net.delayed_stream import HIGH_MARK, LOW_MARK, SEGMENT, DelayedStream
from tests.line.benches import fail


@asynccontextmanager
async def delayed() -> AsyncIterator[tuple[ManualClock, DelayedStream, list[tuple[float, bytes]], list[float]]]:
    """A stream, its clock, what it has delivered and when, and when it has relieved its sender."""
    clock = ManualClock()
    arrived: list[tuple[float, bytes]] = []
    relieved: list[float] = []
    yield clock, DelayedStream(clock, 1, lambda: relieved.append(clock.now()), fail), arrived, relieved


async def test_an_ideal_network_delivers_at_once() -> None:
    async with delayed() as (clock, pipe, arrived, _relieved):
        pipe.carry(b"now", lambda data: arrived.append((clock.now(), data)))
        assert [(0.0, b"now")] == arrived
        assert 0 == pipe.waiting


async def test_latency_and_rate_add_up_and_the_order_is_kept() -> None:
    """100 bytes a second, a second under way: each follows when the one before has left."""
    async with delayed() as (clock, pipe, arrived, _relieved):

        def arrive(data: bytes) -> None:
            arrived.append((round(clock.now(), 3), data))

        pipe.latency, pipe.rate = 1.0, 800.0
        pipe.carry(b"a" * 100, arrive)
        pipe.carry(b"b" * 50, arrive)
        pipe.follow(lambda: arrive(b"end"))
        await clock.advance_in_loop(1.99)
        assert [] == arrived
        await clock.advance_in_loop(10)
        assert [(2.0, b"a" * 100), (2.5, b"b" * 50), (2.5, b"end")] == arrived


async def test_jitter_never_changes_the_order() -> None:
    async with delayed() as (clock, pipe, arrived, _relieved):
        pipe.jitter = 5.0
        for number in range(20):
            pipe.carry(bytes((number,)), lambda data: arrived.append((clock.now(), data)))
        await clock.advance_in_loop(6)
        assert [bytes((number,)) for number in range(20)] == [data for _, data in arrived]
        assert len({when for when, _ in arrived}) > 1


async def test_a_full_pipe_asks_its_sender_to_wait() -> None:
    async with delayed() as (clock, pipe, arrived, relieved):
        pipe.rate = 8000.0
        pipe.carry(bytes(HIGH_MARK + SEGMENT), lambda data: arrived.append((clock.now(), data)))
        assert pipe.full
        await clock.advance_in_loop((HIGH_MARK - LOW_MARK) / 1000)
        assert pipe.full
        await clock.advance_in_loop(5)
        assert not pipe.full
        assert 1 == len(relieved)
        await clock.advance_in_loop(100)
        assert (HIGH_MARK + SEGMENT, 0) == (sum(len(data) for _, data in arrived), pipe.waiting)


async def test_a_pipe_that_is_stopped_keeps_what_comes() -> None:
    async with delayed() as (clock, pipe, arrived, _relieved):
        pipe.stop()
        pipe.carry(b"later", lambda data: arrived.append((clock.now(), data)))
        await clock.advance_in_loop(10)
        assert [] == arrived
        pipe.go()
        await clock.advance_in_loop(0)
        assert [(10.0, b"later")] == arrived


async def test_what_is_held_waits_and_what_is_cleared_never_comes() -> None:
    async with delayed() as (clock, pipe, arrived, _relieved):
        pipe.hold(15)
        pipe.carry(b"late", lambda data: arrived.append((clock.now(), data)))
        await clock.advance_in_loop(20)
        assert [(15.0, b"late")] == arrived
        pipe.latency = 1.0
        pipe.carry(b"never", lambda data: arrived.append((clock.now(), data)))
        pipe.clear()
        await clock.advance_in_loop(20)
        assert 1 == len(arrived)
