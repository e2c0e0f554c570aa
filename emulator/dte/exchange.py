"""An exchange on a line: what the host sent, what the module said, and the final result in it."""

import re
from dataclasses import dataclass

from emulator.at.syntax import Call, Form, Malformed, parse_line

_FINALS = r"OK|ERROR|\+CM[ES] ERROR: ?[^\r\n]*|CONNECT[^\r\n]*"
_FINALS_OF_CALLS = rf"{_FINALS}|NO CARRIER[^\r\n]*|BUSY|NO ANSWER|NO DIALTONE"
_FINAL, _FINAL_OF_CALL = (re.compile(rf"(?:^|[\r\n])({finals})\r?\n") for finals in (_FINALS, _FINALS_OF_CALLS))
_SOCKETS = ("#SA", "#SD", "#SO", "#SKTD", "#SKTOP", "#SSLD", "#SSLFASTD", "#SSLO", "#SSLRECV")
_TRANSFERS = ("#FTPAPP", "#FTPGET", "#FTPLIST", "#FTPPUT", "#SMTPCL", "$GPSNMUN")
_ENDS_WITH_CARRIER = frozenset(("D", "A", "O", "+CGDATA", "#SGACT", *_SOCKETS, *_TRANSFERS))
"""Commands that dial, go online or can be broken off, and so may end with NO CARRIER; behind all others it is a URC."""
_PROMPT = re.compile(r"\r\n(> ?|>>>)\Z")
_NUMBER = re.compile(r"(?:^|[\r\n])[04]\r\Z")
_ERROR = re.compile(r"\+(CM[ES]) ERROR: ?(?:(\d+)|(.+))")


@dataclass(frozen=True)
class Refusal:
    """A final result that refuses."""

    family: str = ""
    """CME or CMS; empty for plain `ERROR`."""
    code: int | None = None
    text: str | None = None


@dataclass(frozen=True)
class Exchange:
    """A command, or other bytes of the host, and the module's answer."""

    sent: str
    """As the host sent it, as Latin-1, without its CR where it is a command."""
    said: str
    """All that the module said, as Latin-1, the echo included."""
    seconds: float = 0.0
    """Time until the answer was complete."""

    @property
    def final(self) -> str | None:
        """Return the final result; None where there is none, as before a prompt and after a timeout."""
        found = _results_of(self.sent).findall(self.said)
        return str(found[-1]) if found else None

    @property
    def is_prompt(self) -> bool:
        """Return whether the module waits for an entry."""
        return _PROMPT.search(self.said) is not None

    @property
    def is_ok(self) -> bool:
        """Return whether the command was carried out."""
        return self.final == "OK"

    @property
    def lines(self) -> list[str]:
        """Return the lines of the answer, without the echo, blank lines, the final result and what is behind it."""
        said = [line for line in re.split(r"[\r\n]+", self.said) if line and line != self.sent]
        final = self.final
        return said[: len(said) - 1 - said[::-1].index(final)] if final in said else said

    @property
    def refusal(self) -> Refusal | None:
        """Return what the module refused with; None where it did not."""
        if self.final == "ERROR":
            return Refusal()
        found = _ERROR.fullmatch(self.final or "")
        return Refusal(found[1], int(found[2]) if found[2] else None, found[3]) if found else None

    def value(self, name: str) -> str | None:
        """Return what stands behind `NAME: ` in the answer; None where no line begins so."""
        return next((line[len(name) + 1 :].strip() for line in self.lines if line.startswith(f"{name}:")), None)

    def ends_here(self) -> bool:
        """Return whether the answer ends here: with a final result, or a prompt."""
        finals = _results_of(self.sent).finditer(self.said)
        return self.is_prompt or any(match.end() == len(self.said) for match in finals)

    def ends_here_in_any_form(self) -> bool:
        """Return whether the answer ends here, maybe with a number for OK or ERROR, as under V0."""
        return self.ends_here() or _NUMBER.search(self.said) is not None


def _results_of(sent: str) -> re.Pattern[str]:
    """Return what the final results look like; what is no command line, as an entry, can have all of them."""
    return _FINAL_OF_CALL if may_end_with_carrier(sent) else _FINAL


def may_end_with_carrier(sent: str) -> bool:
    """Return whether NO CARRIER may be the final result: of a command that can dial, and of what is no command line."""
    return sent[:2].upper() != "AT" or any(map(_can_dial, parse_line(sent[2:])))


def _can_dial(call: Call | Malformed) -> bool:
    return isinstance(call, Malformed) or (call.name in _ENDS_WITH_CARRIER and call.form in (Form.SET, Form.EXECUTE))
