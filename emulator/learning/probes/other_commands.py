"""Probe of the commands that the emulator lacks: they are answered by fixed texts, as the module does."""

import re
from collections.abc import Iterator

from emulator.commands.catalogue import declared_commands
from emulator.commands.fixed_answers import is_name
from emulator.commands.ledger import reference_guide
from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.presence import errors_in_words, tells_missing_forms
from emulator.learning.claims.claim import ABSENT, Claim
from emulator.learning.probe import Probe

_LIST = "AT+CLAC"
_MOST = 150
"""Commands that are asked for at most."""
_PERSONAL = re.compile(r'"|\d{7}')
"""What may be a name, a number or a password: no answer with it is kept."""


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probe."""
    yield OtherCommands()


class OtherCommands(Probe):
    """Ask for commands that the emulator lacks: those that the guide or the base names, and those that +CLAC lists."""

    name = "commands that the emulator lacks"
    asks = "+CLAC; each command that no file declares, with =? and ?, and never in another form"
    changes = "+CMEE"
    undone = "by what ? showed before"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        for name, answer in inquiry.base.profile.answers.items():
            yield from (("answers", name, form) for form in ("test", "read") if getattr(answer, form) is not None)

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        with errors_in_words(inquiry):
            for name in _names(inquiry):
                yield from _answers(inquiry, name)


def _names(inquiry: Inquiry) -> list[str]:
    declared = {name for command in declared_commands() for name in command.names}
    listed = (
        word for line in inquiry.once(_LIST).lines for word in re.split(r"[,\s]+", line.partition(": ")[2] or line)
    )
    wanted = [*inquiry.base.profile.answers, *reference_guide().names, *(word.removeprefix("AT") for word in listed)]
    others = {
        name: None for name in wanted if name and name not in declared and name not in inquiry.base.profile.settings
    }
    extended = (name for name in others if name[0] in "+#$*@" and is_name(name))
    return [name for name in extended if name not in inquiry.base.profile.stored][:_MOST]


def _answers(inquiry: Inquiry, name: str) -> Iterator[Claim]:
    """Claim what a command answers, where that is no more than a text; that it is gone, where the base answers it."""
    asked = {form: inquiry.once(f"AT{name}{sign}") for form, sign in (("test", "=?"), ("read", "?"))}
    for form, exchange in asked.items():
        text = "\n".join(exchange.lines)
        if exchange.is_ok and not (form == "read" and _PERSONAL.search(text)):
            yield Claim(("answers", name, form), text, [exchange])
    is_gone = all(_is_unknown(exchange) for exchange in asked.values())
    if is_gone and name in inquiry.base.profile.answers and tells_missing_forms(inquiry):
        yield Claim(("answers", name), ABSENT, list(asked.values()))


def _is_unknown(exchange: Exchange) -> bool:
    return exchange.refusal is not None and not exchange.refusal.family
