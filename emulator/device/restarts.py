"""Restarts that the host orders for later: #ENHRST. AT Commands Reference Guide."""

from enum import IntEnum

from emulator.device.memory.store import NvmStore
from emulator.device.power import Power


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
        """Restart after `delay` minutes, which are more than 0; `NEVER` takes an order back."""
        content = self._store.content
        periodic = mode is RestartMode.PERIODIC
        if periodic or content.restart_mode == RestartMode.PERIODIC:
            with self._store.change() as nvm:
                nvm.restart_mode, nvm.restart_delay = (int(mode), delay) if periodic else (0, 0)
        self._set(mode, delay)

    @property
    def minutes_left(self) -> int:
        """Whole minutes until the next restart."""
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
