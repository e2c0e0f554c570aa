"""Waits for the end of a host program: by itself, by its limit, or because it surely never ends."""

import time
from dataclasses import dataclass

from emulator.explore.trials.process import SharedProcess
from emulator.explore.trials.trial import Trial
from emulator.host_program import HostProgram
from emulator.matrix.result import Ending, Outcome

_LOOK = 0.1
"""Seconds between two looks."""


@dataclass(frozen=True)
class Watched:
    """How a host program has ended."""

    ending: Ending
    is_stuck: bool = False
    """Whether it was ended before its limit, since it would never have gone on."""


def wait_for_end(program: HostProgram, started: float, trial: Trial, process: SharedProcess, port: str) -> Watched:
    """Wait for a host program at a port; end it when it is stuck, or its limit has passed since it `started`."""
    is_stuck = process.watch(port, trial.silence)
    while (left := started + trial.limit - time.perf_counter()) > 0:
        done = program.poll(min(_LOOK, left))
        if done is not None:
            outcome = Outcome.FAILED if done.exit_code else Outcome.PASSED
            seconds = time.perf_counter() - started
            return Watched(Ending(outcome, done.exit_code, seconds, done.output, done.errors))
        if is_stuck():
            return Watched(_ended(program, process, started), is_stuck=True)
    return Watched(_ended(program, process, started))


def _ended(program: HostProgram, process: SharedProcess, started: float) -> Ending:
    seconds = time.perf_counter() - started
    process.kill_hosts()
    program.end()
    done = program.poll(_DRAIN)
    output, errors = (done.output, done.errors) if done is not None else ("", "")
    return Ending(Outcome.TIMED_OUT, None, seconds, output, errors)


_DRAIN = 5.0
"""Seconds in which a killed program's output comes to its end; only where its children cannot be found it does not."""
