"""What lasts: conditions overlap in any order, and when they have ended all is as without them."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar, get_type_hints

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, rule

from emulator.control import state
from emulator.device.overlay import Overlaid
from emulator.faults.catalogue import FAULTS
from emulator.faults.conditions import Condition
from emulator.faults.fault import DeviceFault
from emulator.faults.triggers import Rule
from emulator.line.transports.memory import MemoryPort
from emulator.testing import Bench
from tests.commands.ssl_bench import OK, information

CONDITIONS: tuple[Mapping[str, Any], ...] = (
    {"name": "calls-fail", "outcome": "no-answer"},
    {"name": "registration-lost"},
    {"name": "registration-denied"},
    {"name": "registration-regained", "roaming": True},
    {"name": "attachment-refused"},
    {"name": "operator-named"},
    {"name": "sim-busy", "duration": "1 h"},
    {"name": "signal", "rssi": 3},
    {"name": "signal", "rssi": 30, "bit_errors": 7},
    {"name": "sim-missing"},
    {"name": "sim-locked"},
    {"name": "sim-locked", "blocked": True},
    {"name": "brown-out", "duration": "1 h"},
    {"name": "port-vanished", "duration": "1 h"},
    {"name": "slow-network", "latency": "1 s"},
)
CANNOT_LAST_FOR = ("registration-regained", "slow-network")
"""Faults that end only when they are taken back."""
Result = TypeVar("Result")
LONGEST = 60
"""Seconds after which each condition with a duration is over, and a module that starts has started."""


class Twins:
    """Two modules that live through the same, but for the conditions, which only one of them has."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.struck, self.spared = self.run(self._start()), self.run(self._start())
        self._open: MemoryPort = self.struck.port

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(coroutine)

    def call(self, function: Callable[[], Result]) -> Result:
        """Call a function within the event loop, and let what it has caused happen."""

        async def within() -> Result:
            return function()

        result = self.run(within())
        self.advance(0)
        return result

    async def _start(self) -> Bench:
        return await Bench("HE910").__aenter__()

    def begin(self, fault: Mapping[str, Any], seconds: int | None) -> Rule:
        """Begin a condition at once, for some time or until it is ended."""
        lasts = seconds is not None and fault["name"] not in CANNOT_LAST_FOR
        fault = {**fault, "duration": seconds} if lasts else fault
        return self.call(lambda: self.struck.modem.faults.add(**fault))

    def end(self, begun: Rule) -> None:
        self.call(lambda: self.struck.modem.faults.remove(begun.number))

    def set(self, **values: str) -> None:
        """By hand, as `ctl set` does."""
        for bench in (self.struck, self.spared):
            self.call(lambda modem=bench.modem: state.change(modem, values))  # type: ignore[misc]  # bound early

    def reboot(self) -> None:
        for bench in (self.struck, self.spared):
            self.call(bench.modem.device.power.restart)

    def advance(self, seconds: float) -> None:
        for bench in (self.struck, self.spared):
            self.run(bench.advance(seconds))

    def check(self) -> None:
        """Once all has ended and both have started, nothing tells one from the other, and a host is answered."""
        self.advance(LONGEST)
        shown = [
            {key: value for key, value in state.show(bench.modem).items() if key != "faults"}
            for bench in (self.struck, self.spared)
        ]
        assert shown[0] == shown[1]
        if self.struck.port is not self._open:
            self.call(self.struck.port.host_open)
        for bench in (self.struck, self.spared):
            for line in (
                "ATE0\r",
                "AT+CREG?;+CSQ;+CPIN?;+CGATT?;+CGREG?;+COPS?\r",
            ):  # a module that has started says the first again
                bench.read()
                self.call(lambda send=bench.send, line=line: send(line))  # type: ignore[misc]  # bound early
        assert self.struck.read() == self.spared.read()

    def close(self) -> None:
        for bench in (self.struck, self.spared):
            self.call(bench.modem.close)
        self.runner.close()


class AnyConditions(RuleBasedStateMachine):
    """Conditions begin and end in any order, while hands and reboots change things."""

    begun = Bundle("begun")

    def __init__(self) -> None:
        super().__init__()
        self.twins = Twins()
        self.open: list[Rule] = []

    @rule(target=begun, fault=st.sampled_from(CONDITIONS), seconds=st.none() | st.integers(1, LONGEST))
    def begin(self, fault: Mapping[str, Any], seconds: int | None) -> Rule:
        self.open.append(self.twins.begin(fault, seconds))
        return self.open[-1]

    @rule(begun=consumes(begun))
    def end(self, begun: Rule) -> None:
        self.open.remove(begun)
        self.twins.end(begun)

    @rule(seconds=st.integers(1, 20))
    def wait(self, seconds: int) -> None:
        self.twins.advance(seconds)

    @rule(value=st.integers(0, 31))
    def set_signal(self, value: int) -> None:
        self.twins.set(signal=str(value))

    @rule(value=st.sampled_from("01235"))
    def set_registration(self, value: str) -> None:
        self.twins.set(registration=value)

    @rule(value=st.sampled_from(["present", "absent"]))
    def set_sim(self, value: str) -> None:
        self.twins.set(sim=value)

    @rule(value=st.sampled_from(["on", "off"]))
    def set_power(self, value: str) -> None:
        self.twins.set(power=value)

    @rule()
    def reboot(self) -> None:
        self.twins.reboot()

    def teardown(self) -> None:
        for begun in self.open:
            self.twins.end(begun)
        self.twins.check()
        self.twins.close()


TestAnyConditions = AnyConditions.TestCase
TestAnyConditions.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


@pytest.mark.parametrize("first", CONDITIONS, ids=lambda fault: "-".join(map(str, fault.values())))
def test_any_two_conditions_leave_nothing_behind(first: Mapping[str, Any]) -> None:
    """Whichever of them ends first, and whether it ends by itself or is taken back."""
    for second in CONDITIONS:
        for first_ends_first in (True, False):
            twins = Twins()
            twins.set(signal="9")
            both = [twins.begin(first, None), twins.begin(second, None)]
            twins.set(signal="7")
            for one in both if first_ends_first else reversed(both):
                twins.end(one)
            twins.check()
            twins.begin(first, 10 if first_ends_first else 20)
            twins.begin(second, 20 if first_ends_first else 10)
            twins.reboot()
            twins.advance(30)
            for begun in twins.struck.modem.faults.rules:
                if begun.fault.name in CANNOT_LAST_FOR:
                    twins.end(begun)
            twins.check()
            twins.close()


async def test_the_latest_word_counts() -> None:
    """A fault that begins hides what was there; what is set by hand hides a fault that has begun before."""
    async with Bench("HE910") as bench:
        faults = bench.modem.faults
        long, short = ({"rssi": rssi, "duration": duration} for rssi, duration in ((3, 30), (5, 10)))
        heard = []
        for change in (
            lambda: state.change(bench.modem, {"signal": "11"}),
            lambda: faults.add("signal", **long),
            lambda: faults.add("signal", **short),
            lambda: state.change(bench.modem, {"signal": "13"}),
            lambda: faults.add("signal", **short),
        ):
            change()
            await bench.advance(0)
            heard.append(bench.modem.device.network.signal)
        await bench.advance(10)
        heard.append(bench.modem.device.network.signal)

        assert [11, 3, 5, 13, 5, 13] == heard


async def test_a_fault_that_is_taken_back_ends_what_it_has_begun() -> None:
    async with Bench("HE910") as bench:
        lost = bench.modem.faults.add("registration-lost")
        await bench.advance(0)
        assert information("+CREG: 0,2") == await bench.command("AT+CREG?")
        bench.modem.faults.remove(lost.number)

        assert information("+CREG: 0,1") == await bench.command("AT+CREG?")


async def test_a_fault_that_fires_again_lasts_from_then_on() -> None:
    """What it has begun before is in force no longer than what it begins now."""
    async with Bench("HE910") as bench:
        bench.modem.faults.add("signal", command="+CGMM", rssi=3, duration="10 s", times=2)
        await bench.command("AT+CGMM")
        await bench.advance(6)
        await bench.command("AT+CGMM")
        await bench.advance(6)
        assert information("+CSQ: 3,0") == await bench.command("AT+CSQ")
        await bench.advance(4)
        assert information("+CSQ: 20,0") == await bench.command("AT+CSQ")


async def test_nothing_starts_a_module_without_a_supply() -> None:
    """It starts once, when the last of two brown-outs is over."""
    async with Bench("HE910") as bench:
        bench.modem.faults.add("brown-out", duration="10 s")
        bench.modem.faults.add("brown-out", duration="20 s", time="5 s")
        bench.modem.faults.add("reboot", time="12 s")
        await bench.advance(24)
        bench.send("AT\r")
        assert "" == bench.read()
        await bench.advance(11)
        bench.send("ATE0\r")
        assert "ATE0\r" + OK == bench.read()


async def test_a_module_that_was_switched_off_stays_off_after_a_brown_out() -> None:
    """Whether it was before, or within."""
    async with Bench("HE910") as bench:
        for before, within, after in (("off", None, "off"), ("on", "off", "off"), ("off", "on", "running")):
            state.change(bench.modem, {"power": before})
            await bench.advance(10)
            bench.modem.faults.add("brown-out", duration="5 s")
            await bench.advance(1)
            state.change(bench.modem, {"power": within} if within else {})
            assert "off" == bench.modem.device.power.state.value
            await bench.advance(20)
            assert after == bench.modem.device.power.state.value


def test_every_kind_that_lasts_is_tried() -> None:
    lasting = {
        name
        for name, kind in FAULTS.items()
        if issubclass(kind, DeviceFault) and get_type_hints(kind.apply)["return"] is Condition
    }

    assert lasting == {fault["name"] for fault in CONDITIONS} - {"slow-network"}


def test_an_overlay_shows_itself() -> None:
    value = Overlaid(1)
    value.cover(2)

    assert "<Overlaid 2, 1 overlays>" == repr(value)
