"""Commands that are refused, and results in other forms: what firmwares differ in."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from emulator.at.answers import Connect, Failure, Result
from emulator.at.syntax import EXTENDED
from emulator.errors import Cause
from emulator.faults.fault import Ending, RefusalFault, ResultFault

_DIAL, _PPP_DIAL = "D", "+CGDATA"
"""The commands that open a data call."""
_CME = "CME"
"""The family of errors that +CMEE speaks of."""


class CommandRefused(RefusalFault, frozen=True, kw_only=True):
    """The command is refused, as by a module that is busy, or by a network that is congested; nothing else happens.

    Basic commands but ATD depend on nothing that could refuse them.
    """

    cause: Cause = Cause.OPERATION_NOT_ALLOWED
    """What the module says; +CMEE decides how."""

    def obstacle(self, command: str) -> str | None:
        refusable = command[0] in EXTENDED or command == _DIAL
        return None if refusable else f"AT{command} depends on nothing that could refuse it"

    def refusal(self) -> Cause | None:
        return self.cause


class ConnectRate(ResultFault, frozen=True, kw_only=True):
    """A data call begins with CONNECT and the rate of the link, as V.250 6.2.7 has it where ATX asks for it.

    Other commands open data mode with CONNECT alone.
    """

    awaited = "no CONNECT came"

    text: Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[!-~]([ -~]*[!-~])?$")] = "115200"
    """What stands behind CONNECT, as in `115200` or `150000000`."""

    def concerns(self, result: Result) -> bool:
        return isinstance(result, Connect)

    def obstacle(self, ending: Ending) -> str | None:
        if ending.command not in (_DIAL, _PPP_DIAL):
            return f"AT{ending.command} dials no data call"
        if not ending.settings["X"]:
            return "ATX0 wants CONNECT alone"
        return None if ending.settings.verbose else "ATV0 wants numbers"

    def altered(self, ending: Ending) -> Result:
        return Connect(self.text)


@dataclass(frozen=True, slots=True)
class _Printed:
    """See `ErrorText`."""

    code: int
    text: str
    family: str


class ErrorForm(ResultFault, frozen=True, kw_only=True):
    """A command that fails says so with another number and text, or with ERROR alone: firmwares differ in the causes.

    It does not fire where +CMEE=0 wants ERROR alone.
    """

    awaited = "the command did not fail"

    code: Annotated[int, Meta(ge=0, le=65535)] | None = None
    """The number of another cause; ERROR alone when left out."""
    text: Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[!-~]([ -~]*[!-~])?$")] = "unknown"
    """Its text, for +CMEE=2."""

    def concerns(self, result: Result) -> bool:
        return isinstance(result, Failure)

    def obstacle(self, ending: Ending) -> str | None:
        printed = ending.printed
        if self.code is None and printed is None:
            return "it is ERROR alone already"
        if not ending.settings["+CMEE"] and (printed is None or printed.family == _CME):
            return "+CMEE=0 wants ERROR alone"
        return None

    def altered(self, ending: Ending) -> Result:
        if self.code is None:
            return Failure()
        family = ending.printed.family if ending.printed is not None else _CME
        return Failure(printed=_Printed(self.code, self.text, family))
