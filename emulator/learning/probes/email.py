"""Probes of e-mail: the longest texts of a mail that is refused in any case, as no server is set."""

from collections.abc import Iterator

from emulator.dte.exchange import Exchange
from emulator.firmware.layers import KeyPath
from emulator.learning.answers.ranges import fields_of
from emulator.learning.asking.halving import highest_accepted
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.states import states
from emulator.learning.asking.undoing import setting, undone_by
from emulator.learning.claims.claim import Claim
from emulator.learning.probe import Probe

_BEYOND = 256
"""One more than any text of a mail has."""
_ESC = "\x1b"
_OTHERS = 2
"""Values of #SMTPCFG that every firmware with the command has."""


def probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probes, where the base has the commands."""
    if inquiry.commands.find("#SMTPCL") is not None:
        yield RefusedLength("subject of a mail", 'AT#SMTPCL="a@b","{}",0', ("email", "parameter_length"))
        yield RefusedLength("file name of a mail", 'AT#SMTPCL="a@b","s",1,"{}",0', ("email", "file_name_length"))
    elif inquiry.commands.find("#EMAILD") is not None:
        yield RefusedLength("subject of a mail", 'AT#EMAILD="a@b","{}"', ("email", "parameter_length"))
    if inquiry.base.profile.email.configuration is not None:
        yield Reserved()


class RefusedLength(Probe):
    """Send a command with longer and longer texts: one that is too long is refused otherwise than all the others.

    A line that is too long is refused without a number, which tells nothing.
    """

    changes = "+CMEE"
    undone = "it is set to what it was"

    def __init__(self, name: str, command: str, key: KeyPath) -> None:
        """Take a command with `{}` in place of the text, which is refused while no mail server is set."""
        self.name = name
        self.asks = command.format("zz…")
        self._command = command
        self._key = key

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield self._key

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        shown: dict[int, Exchange] = {}

        def accepts(length: int) -> bool:
            shown[length] = self._refused(inquiry, length)
            return shown[length].refusal == shown[1].refusal

        with states(inquiry, "mail_no_server") as is_there, setting(inquiry, "+CMEE", "1"):
            longest = highest_accepted(accepts, 1, _BEYOND) if is_there else None
        if longest is None or longest == _BEYOND:
            return
        refusals = [shown[length].refusal for length in (longest, longest + 1)]
        if all(refusal is not None and refusal.code is not None for refusal in refusals):
            yield Claim(self._key, longest, [shown[longest + 1], shown[longest]])

    def _refused(self, inquiry: Inquiry, length: int) -> Exchange:
        with undone_by(inquiry):
            exchange = inquiry.ask(self._command.format("z" * length))
            if exchange.is_prompt:
                inquiry.enter(_ESC)
        return exchange


class Reserved(Probe):
    """Ask which values #SMTPCFG has: some can only be 0."""

    name = "#SMTPCFG"
    asks = "AT#SMTPCFG=? and AT#SMTPCFG?"

    def tells(self, inquiry: Inquiry) -> Iterator[KeyPath]:
        yield "email", "configuration", "reserved"

    def run(self, inquiry: Inquiry) -> Iterator[Claim]:
        configuration = inquiry.base.profile.email.configuration
        assert configuration is not None, "the probe is made where the base has the command"
        form, exchange = inquiry.ask("AT#SMTPCFG=?"), inquiry.ask("AT#SMTPCFG?")
        taken, shown = (fields_of(one.value("#SMTPCFG") or "") for one in (form, exchange))
        known = _OTHERS + (configuration.modes is not None) + (configuration.cids is not None)
        zeros = sum(field == "(0)" for field in taken)
        if len(taken) == len(shown) == known + zeros and zeros != configuration.reserved:
            yield Claim(("email", "configuration", "reserved"), zeros, [form, exchange])
