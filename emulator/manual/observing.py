"""Observe a command on a module: what it says, which states it needs, what it refuses, what it keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emulator.at.bound import BoundCommand
from emulator.at.syntax import EXTENDED, Form
from emulator.errors import Cause
from emulator.firmware.loader import Firmware
from emulator.manual.conversation import PROMPTS, Conversation, conversation
from emulator.manual.examples import ENTRY, Example, example_of
from emulator.manual.memory import Memory, place_of
from emulator.manual.page import Refusal, Spoken
from emulator.manual.refusing import refusal
from emulator.manual.situations import BARE, Situation, lacking, ready
from emulator.manual.wrong_lines import wrong_lines
from emulator.trace.events import Refused

_CLOSED = "127.0.0.1:1"
"""Where nobody listens: what has come as far as to dial needs nothing more."""
_TEXTS = "AT+CMEE=2"
_ALONE = "without what the exchange has before it"
_UNTIL_POWER_OFF = "In the module, until power-off."


@dataclass(frozen=True, slots=True)
class Observed:
    """What a module has shown of a command."""

    exchange: Sequence[Spoken]
    needs: Sequence[str]
    refusals: Sequence[Refusal]
    kept: Sequence[str]


async def observe(bound: BoundCommand, firmware: Firmware, spec: str, routes: Mapping[str, str]) -> Observed:
    """Ask a command in every state, by its example.

    Args:
        bound: the command as the firmware has it.
        firmware: the firmware.
        spec: its name, or the path of its profile.
        routes: the ways to the lab's servers; without any, nothing is dialled.
    """
    example = example_of(bound)
    asking = _Asking(bound, firmware, spec, example, routes)
    if example.line and (routes or not example.dials):
        await asking.play()
    if example.line:
        await asking.look_for_needs()
    questions, refused = await asking.question()
    new = [spoken for spoken in asking.exchange if spoken not in questions]
    return Observed([*questions, *new, *refused], asking.needs, asking.refusals, asking.kept)


class _Asking:
    """Asks one command of one firmware."""

    def __init__(
        self, bound: BoundCommand, firmware: Firmware, spec: str, example: Example, routes: Mapping[str, str]
    ) -> None:
        self._bound = bound
        self._name = bound.command.name
        self._is_extended = self._name[0] in EXTENDED
        self._firmware = firmware
        self._spec = spec
        self._example = example
        self._routes = routes
        self._nowhere = dict.fromkeys(example.servers, _CLOSED)
        self._ready = ready(firmware)
        self.exchange: list[Spoken] = []
        self.needs: list[str] = []
        self.refusals: list[Refusal] = []
        self.kept: list[str] = []

    async def play(self) -> None:
        """Play the example, and see what it changes."""
        example = self._example
        reads = self._is_extended and self._bound.has(Form.READ) and not example.after
        async with conversation(self._spec, self._ready, self._routes, peers=example.dials) as host:
            for line in example.before:
                _add(self.exchange, await host.say(line))
            before = await self._shown(host) if reads else ()
            memory = Memory(host, self._firmware)
            spoken, refused = await host.ask(example.line)
            _add(self.exchange, spoken)
            for line in example.after:
                _add(self.exchange, await host.say(line))
            after = (await self._shown(host) if reads else ()) or before
            self.kept += memory.changes()
        if self._name in self._firmware.profile.settings:
            self.kept = [place_of(self._name, self._firmware)]
        if after != before:
            self.exchange.append(Spoken(f"AT{self._name}?", after))
            self.kept = self.kept or [_UNTIL_POWER_OFF]
        if refused is not None:
            self.refusals.append(self._refusal(example.line, "", refused))

    async def _shown(self, host: Conversation) -> Sequence[str]:
        return (await host.say(f"AT{self._name}?")).heard

    async def look_for_needs(self) -> None:
        """Type the command's line where something is missing."""
        if self._example.before:
            await self._is_refused(self._ready, _ALONE)
        if await self._refused_in(BARE) is not None:
            self.needs += [
                situation.need
                for situation in lacking(self._firmware)
                if await self._is_refused(situation, f"while {situation.words}")
            ]

    async def _is_refused(self, situation: Situation, words: str) -> bool:
        """Return whether the line is refused there by a cause that no refusal had before."""
        refused = await self._refused_in(situation)
        if refused is None:
            return False
        found = self._refusal(self._example.line, words, refused)
        is_new = found.text not in {before.text for before in self.refusals}
        if is_new:
            self.refusals.append(found)
        return is_new

    async def _refused_in(self, situation: Situation) -> Refused | None:
        async with conversation(self._spec, situation, self._nowhere) as host:
            return await host.asks_in_vain(self._example.line)

    async def question(self) -> tuple[Sequence[Spoken], Sequence[Spoken]]:
        """Ask for the values, and type what is refused in any state; return what was said of each."""
        async with conversation(self._spec, self._ready) as host:
            signs = ((Form.TEST, "=?"), (Form.READ, "?")) if self._is_extended else ()
            questions = [await host.say(f"AT{self._name}{sign}") for form, sign in signs if self._bound.has(form)]
            told: set[str] = set()
            for line in wrong_lines(self._bound, self._example.line):
                _, refused = await host.ask(line)
                if refused is not None and (refused.reason or line) not in told:
                    told.add(refused.reason or line)
                    self.refusals.append(self._refusal(line, "", refused, is_general=True))
            shown = [one.typed for one in self.refusals if not one.situation][:1]
            return questions, [await host.say(line) for line in (_TEXTS, *shown)] if shown else ()

    def _refusal(self, line: str, situation: str, refused: Refused, *, is_general: bool = False) -> Refusal:
        cause = None if refused.cause is None else Cause(refused.cause)
        return refusal(
            self._firmware.profile, cause, refused.reason, typed=line, situation=situation, is_general=is_general
        )


def _add(exchange: list[Spoken], spoken: Spoken) -> None:
    """Add what was said: an entry behind its prompt; a line that was only waited for to what came before."""
    last = exchange[-1] if exchange else None
    if last is not None and not spoken.typed:
        exchange[-1] = Spoken(last.typed, (*last.heard, *spoken.heard))
    elif last is not None and last.heard and last.heard[-1] in PROMPTS and spoken.typed.startswith(ENTRY):
        exchange[-1] = Spoken(last.typed, last.heard[:-1])
        exchange.append(Spoken(last.heard[-1] + spoken.typed.removeprefix(ENTRY), spoken.heard))
    else:
        exchange.append(spoken)
