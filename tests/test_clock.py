"""Where all time comes from."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from emulator.clock import Clock, ManualClock, WallClock


def test_manual_time_passes_only_when_it_is_told_to() -> None:
    """And the date goes with it."""
    clock = ManualClock(datetime(2020, 1, 1, tzinfo=UTC))
    clock.advance(90)

    assert (clock.now(), clock.utc()) == (90.0, datetime(2020, 1, 1, 0, 1, 30, tzinfo=UTC))


async def test_manual_timers_fire_in_their_order_and_at_their_time() -> None:
    """Also those that a timer sets; a cancelled one does not."""
    clock, fired = ManualClock(), list[tuple[str, float]]()

    def note(name: str) -> None:
        fired.append((name, clock.now()))

    clock.call_at(3, lambda: note("c"))

    def note_and_go_on() -> None:
        note("a")
        clock.call_later(1, lambda: note("b"))

    clock.call_at(1, note_and_go_on)
    clock.call_at(2, lambda: note("cancelled")).cancel()
    clock.call_at(9, lambda: note("later"))
    await clock.advance_in_loop(5)

    assert fired == [("a", 1.0), ("b", 2.0), ("c", 3.0)]


@pytest.mark.parametrize("clock", [ManualClock(), WallClock(scale=1000)], ids=["manual", "wall"])
async def test_what_takes_too_long_is_timed_out(clock: Clock) -> None:
    """By the clock's seconds, not by those of the machine."""

    async def wait() -> str:
        try:
            async with clock.timeout(10):
                await asyncio.Event().wait()
        except TimeoutError:
            return f"{clock.now():.0f}"
        return "never"

    waiting = asyncio.create_task(wait())
    if isinstance(clock, ManualClock):
        await clock.advance_in_loop(9.9)
        assert not waiting.done()
        await clock.advance_in_loop(0.1)

    assert int(await waiting) >= 10


async def test_what_is_quick_is_not_and_no_limit_is_none() -> None:
    """The timer is taken back."""
    clock = ManualClock()
    for limit in (1.0, None):
        async with clock.timeout(limit):
            await asyncio.sleep(0)
    await clock.advance_in_loop(5)
    sleeping = asyncio.create_task(clock.sleep(2))
    await clock.advance_in_loop(2)
    await sleeping

    assert clock.now() == 7.0


def test_wall_time_runs_at_its_scale_with_the_right_date() -> None:
    """A scaled clock begins now."""
    clock = WallClock(scale=50)

    assert abs(clock.utc() - datetime.now(UTC)) < timedelta(minutes=10)
    assert clock.now() <= clock.now()
    assert "scale 50" in repr(clock)
