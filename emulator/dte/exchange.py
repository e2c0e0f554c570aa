"""An exchange on a line: what the host sent, what the module said, and the final result in it."""

import re
from dataclasses import dataclass

_FINALS = r"OK|ERROR|\+CM[ES] ERROR: ?[^\r\n]*|CONNECT[^\r\n]*|NO CARRIER[^\r\n]*|BUSY|NO ANSWER|NO DIALTONE"
_FINAL = re.compile(rf"(?:^|[\r\n])({_FINALS})\r?\n")
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
        found = _FINAL.findall(self.said)
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


def is_complete(said: str) -> bool:
    """Return whether an answer ends here: with a final result, or a prompt."""
    return _PROMPT.search(said) is not None or any(match.end() == len(said) for match in _FINAL.finditer(said))


def is_complete_in_any_form(said: str) -> bool:
    """Return whether an answer ends here, maybe with a number for OK or ERROR, as under V0."""
    return is_complete(said) or _NUMBER.search(said) is not None
