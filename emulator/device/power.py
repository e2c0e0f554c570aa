"""Power on, off and restart, at once or after a delay (#REBOOT, #ENHRST, #SHDN)."""

from collections.abc import Callable
from enum import Enum, IntEnum

from emulator.clock import Clock, Timer
from emulator.device.memory.store import NvmStore
from emulator.device.pace import Choice, Pace
from emulator.firmware.schema.times import Spread, Times
from emulator.trace.defect import reporting
from emulator.trace.events import StateChanged
from emulator.trace.trace import Trace


def _cold(times: Times) -> Spread:
    return times.start.cold


def _warm(times: Times) -> Spread:
    return times.start.warm


class PowerState(Enum):
    """Whether the module answers."""

    RUNNING = "running"
    STARTING = "starting"
    OFF = "off"


class Power:
    """Calls `on_stop` when the volatile state is lost, and `on_start` when the port answers again."""

    def __init__(self, boot: float, pace: Pace, clock: Clock, trace: Trace) -> None:
        """Begin running, or with the first start if `pace` lets that take time.

        Args:
            boot: seconds from power-on until the port answers, where `pace` says nothing else.
            pace: how long starts take.
            clock: the module's time.
            trace: gets each change.
        """
        self._boot = boot
        self._pace = pace
        self._clock = clock
        self._trace = trace
        self._boot_timer: Timer | None = None
        self._restart_timer: Timer | None = None
        self._restart_at = 0.0
        self._off_timer: Timer | None = None
        self._is_wanted = True
        """Whether the last order was to be on."""
        self._cuts = 0
        """How many cuts of the supply last."""
        self.state = PowerState.RUNNING
        self.running = True
        """Whether the module answers; every byte asks for it."""
        self.on_stop: list[Callable[[], None]] = []
        self.on_start: list[Callable[[], None]] = []
        if (seconds := pace.seconds(_cold)) > 0:
            self.state = PowerState.OFF
            self.running = False
            self._begin(seconds)

    def __repr__(self) -> str:
        return f"<Power {self.state.value}>"

    def off(self) -> None:
        """Power off, and cancel an ordered restart; harmless when off."""
        self._is_wanted = False
        self._halt()

    def shut_down(self) -> None:
        """Power off, once the module has left the network."""
        if (seconds := self._pace.seconds(lambda times: times.start.off)) > 0:
            self._off_timer = self._clock.call_later(seconds, reporting(self._trace, "a shutdown", self.off))
        else:
            self.off()

    def on(self) -> None:
        """Power on, as soon as there is a supply; harmless unless off."""
        self._is_wanted = True
        self._start(_cold)

    def cut(self) -> Callable[[], None]:
        """Cut the supply until the return value is called, once; then follow the last order."""
        self._cuts += 1
        self._halt()
        return self._restore

    def _restore(self) -> None:
        self._cuts -= 1
        self._start(_cold)

    def _halt(self) -> None:
        self.cancel()
        running = self.running
        self._change(PowerState.OFF)
        if running:
            for listener in self.on_stop:
                listener()

    def _start(self, how: Choice) -> None:
        if self._is_wanted and not self._cuts and self.state is PowerState.OFF:
            self._begin(self._pace.seconds(how, self._boot))

    def _begin(self, seconds: float) -> None:
        self._change(PowerState.STARTING)
        started = reporting(self._trace, "a start", self._started)
        self._boot_timer = self._clock.call_later(seconds, started)

    def restart(self) -> None:
        """Off and on again."""
        self.off()
        self._is_wanted = True
        self._start(_warm)

    def restart_later(self, delay: float | None) -> None:
        """Restart after `delay` seconds; None cancels an earlier order."""
        if self._restart_timer is not None:
            self._restart_timer.cancel()
            self._restart_timer = None
        if delay is not None:
            self._restart_at = self._clock.now() + delay
            restart = reporting(self._trace, "a restart", self.restart)
            self._restart_timer = self._clock.call_at(self._restart_at, restart)

    def cancel(self) -> None:
        """Cancel all timers."""
        self.restart_later(None)
        if self._off_timer is not None:
            self._off_timer.cancel()
            self._off_timer = None
        if self._boot_timer is not None:
            self._boot_timer.cancel()
            self._boot_timer = None

    @property
    def restart_due_in(self) -> float | None:
        """Return the seconds until the ordered restart; None without one."""
        return None if self._restart_timer is None else max(0.0, self._restart_at - self._clock.now())

    def _started(self) -> None:
        self._boot_timer = None
        self._change(PowerState.RUNNING)
        for listener in self.on_start:
            listener()

    def _change(self, state: PowerState) -> None:
        before, self.state = self.state, state
        self.running = state is PowerState.RUNNING
        if state is not before:
            self._trace.emit(StateChanged(thing="power", before=before.value, after=state.value))


class RestartMode(IntEnum):
    """<mod> of #ENHRST."""

    NEVER = 0
    ONCE = 1
    PERIODIC = 2


class Restarts:
    """Periodic restarts are kept in NVM and go on after each start; a single one is forgotten with the power."""

    def __init__(self, power: Power, store: NvmStore) -> None:
        self._power = power
        self._store = store
        self.mode = RestartMode.NEVER
        self.delay = 0
        """Minutes."""
        power.on_stop.append(self._stop)
        power.on_start.append(self._start)
        self._start()

    def __repr__(self) -> str:
        return f"<Restarts {self.mode.name}, {self.delay} min>"

    def order(self, mode: RestartMode, delay: int) -> None:
        """Restart after `delay` minutes, more than 0; `NEVER` cancels an order."""
        content = self._store.content
        periodic = mode is RestartMode.PERIODIC
        if periodic or content.restart_mode == RestartMode.PERIODIC:
            with self._store.change() as nvm:
                nvm.restart_mode, nvm.restart_delay = (int(mode), delay) if periodic else (0, 0)
        self._set(mode, delay)

    @property
    def minutes_left(self) -> int:
        """Return the whole minutes until the next restart."""
        return int((self._power.restart_due_in or 0.0) // 60)

    def _set(self, mode: RestartMode, delay: int) -> None:
        self.mode, self.delay = mode, delay
        self._power.restart_later(60.0 * delay if mode is not RestartMode.NEVER else None)

    def _stop(self) -> None:
        self._set(RestartMode.NEVER, 0)

    def _start(self) -> None:
        content = self._store.content
        if content.restart_mode == RestartMode.PERIODIC and content.restart_delay > 0:
            self._set(RestartMode.PERIODIC, content.restart_delay)
