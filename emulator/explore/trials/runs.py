"""Runs trials within a budget and a time, and counts them."""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from emulator.explore.observer import Observer
from emulator.explore.steps.step import Step
from emulator.explore.trials.pool import Pool
from emulator.explore.trials.trial import Result, Trial


@dataclass
class Allowance:
    """How many runs there may be, and until when."""

    runs: int | None = None
    until: float | None = None
    """By `time.monotonic`."""

    @property
    def seconds(self) -> float | None:
        """Return the seconds that are left; None for as many as are needed."""
        return None if self.until is None else max(0.0, self.until - time.monotonic())


class Runs:
    """Run trials of one firmware, as long as the allowance lasts."""

    def __init__(self, pool: Pool, firmware: str, allowance: Allowance, observer: Observer) -> None:
        self._pool = pool
        self._firmware = firmware
        self._allowance = allowance
        self._observer = observer
        self.count = 0
        """How many have ended or run now."""
        self._ended = 0
        self.limit = 120.0
        """Seconds of real time that a run may take, beside what its steps last."""
        self.silence = math.inf
        """As of `Trial`."""
        self.time_scale = 1.0
        self.waiting = 0
        """How many more are known to be needed: what observers are told."""

    def __repr__(self) -> str:
        return f"<Runs {self.count}, of {self._allowance}>"

    @property
    def left(self) -> int | None:
        """Return how many runs are left; None for as many as are needed."""
        return None if self._allowance.runs is None else max(0, self._allowance.runs - self.count)

    @property
    def until(self) -> float | None:
        """Return the time of `time.monotonic` after which no run begins; None for as long as it takes."""
        return self._allowance.until

    def part_of_time(self, share: float) -> float:
        """Return the time of `time.monotonic` at which so much of what is left now is over."""
        now = time.monotonic()
        return math.inf if self.until is None else now + share * (self.until - now)

    @property
    def is_spent(self) -> bool:
        """Return whether no run may begin any more."""
        return self.left == 0 or self._allowance.seconds == 0

    @property
    def is_free(self) -> bool:
        """Return whether a worker has nothing to do."""
        return self._pool.has_room

    @property
    def has_room(self) -> bool:
        """Return whether a run may begin now."""
        return self.is_free and not self.is_spent

    @property
    def is_busy(self) -> bool:
        """Return whether a result is still to come."""
        return self._pool.is_busy

    def trial(self, steps: Sequence[Step], *, takes_census: bool = False) -> Trial:
        """Return the next trial: it has a number, and a limit by what its steps last."""
        self.count += 1
        firmware = next((step.firmware for step in steps if step.firmware is not None), self._firmware)
        limit = self.limit + max((step.lasts for step in steps), default=0.0) / self.time_scale
        return Trial(self.count, firmware, tuple(steps), limit, takes_census, self.silence)

    def start(self, trial: Trial) -> None:
        """Begin a run."""
        self._pool.start(trial)

    def next_result(self) -> Result | None:
        """Wait for the next run that ends; None when the time is over: what still runs has been abandoned.

        Raises:
            UserError: the host program, an option or a fault is wrong.
        """
        result = self._pool.next_result(self._allowance.until)
        if result is None:
            self._pool.abandon()
            return None
        self._ended += 1
        self._observer.ended(result, self._ended, self.waiting)
        return result

    def stop(self) -> None:
        """End what runs now, at once; nothing begins any more."""
        self._pool.stop()
        self._allowance = Allowance(runs=0)

    def run(self, attempts: Iterable[Sequence[Step]]) -> Iterator[Result]:
        """Run steps side by side, as far as the allowance goes; yield each result as it comes."""
        for steps in attempts:
            while not self.is_free:
                if (result := self.next_result()) is None:
                    return
                yield result
            if self.is_spent:
                break
            self.start(self.trial(steps))
        while self.is_busy:
            if (result := self.next_result()) is None:
                return
            yield result
