"""Power on, off and restarts, where the emulator itself fails."""

from collections.abc import Callable

import pytest

from emulator.testing import Bench
from emulator.trace.events import Defect
from tests.commands.ssl_bench import OK


@pytest.mark.parametrize("name", ["on_start", "on_stop"])
async def test_an_exception_in_a_timer_of_the_power_is_a_defect(name: str) -> None:
    """The event loop would only log it. The next power-on is as any other."""

    def explode() -> None:
        listeners.remove(explode)
        raise RuntimeError("boom")

    async with Bench() as bench:
        power = bench.modem.device.power
        listeners: list[Callable[[], None]] = getattr(power, name)
        listeners.append(explode)
        power.restart_later(1)
        await bench.advance(100)
        power.on()
        await bench.advance(100)
        bench.send("ATE0\r")

        assert OK in await bench.answer()
        assert ["RuntimeError: boom"] == [event.text for event in bench.events if isinstance(event, Defect)]
