"""Anything in any mode: on the command line, at prompts, online, in a multiplexer."""

from collections.abc import Callable
from random import Random

from fuzzing.case import Case, Finding, Step
from fuzzing.declarations import LINES, commands
from fuzzing.host import MODES, SSL_MODES, play_modes
from fuzzing.isolation import run_alone
from fuzzing.lines import make_line
from fuzzing.peers import tls_peer_of

_TYPED = (
    "+++",
    "\x1a",
    "\x1b",
    "\r",
    "\n",
    "A/",
    "AT",
    "AT\r",
    "ATO\r",
    "ATH\r",
    "\x08",
    "\x11",
    "\x13",
    "\xf9",
    "\xff",
)
_FRAMES = (
    "\xf9\x03?\x01\x1c\xf9",
    "\xf9\x07?\x01\xde\xf9",
    "\xf9\x07\xef\x09AT\r\r\xb1\xf9",
    "\xf9\x03\xef\x05\xc3\x01\xf2\xf9",
    "\xf9\x07\x53\x01\x3f\xf9",
)
"""SABM of channels 0 and 1, data, CLD and DISC, some with a wrong check."""


class Modes:
    """Do anything in each mode, and then find a module that answers."""

    name = "modes"
    summary = "bytes, pauses, closed ports and peers in every mode of the terminal"
    weight = 0.25

    def make(self, dice: Random) -> Case:
        firmware = dice.choice(LINES)
        steps: list[Step] = []
        peer, modes = ("TLS", SSL_MODES) if dice.random() < 0.05 else ("plain", MODES)
        for _ in range(dice.randint(1, 3)):
            steps.append(Step("enter", dice.choice(modes)))
            steps += [self._step(dice, firmware) for _ in range(dice.randint(5, 25))]
        return Case(self.name, tuple(steps), {"firmware": firmware, "peer": peer})

    def _step(self, dice: Random, firmware: str) -> Step:
        chance = dice.random()
        if chance < 0.12:
            return Step("wait", dice.choice([0.01, 0.6, 1.1, 6, 30, 100, 700]))
        if chance < 0.18:
            return Step(dice.choice(["reopen", "peer-says", "peer-closes"]))
        makers: list[Callable[[], str]] = [
            lambda: make_line(dice, commands(firmware)) + "\r",
            lambda: "".join(chr(dice.randrange(256)) for _ in range(dice.choice([1, 3, 20, 200]))),
            lambda: "".join(dice.choice(_TYPED) for _ in range(dice.randint(1, 4))),
            lambda: dice.choice(_FRAMES),
            lambda: "x" * dice.choice([1, 10, 500, 1600]),
            lambda: make_line(dice, commands(firmware))[: dice.randint(0, 12)],
        ]
        return Step("say", dice.choice(makers)())

    def inputs(self, case: Case) -> int:
        return len(case.steps)

    def play(self, case: Case) -> Finding | None:
        with tls_peer_of(case) as tls_peer:
            finding, uncaught = run_alone(play_modes(case, tls_peer))
        return finding or (Finding("uncaught", uncaught[0]) if uncaught else None)
