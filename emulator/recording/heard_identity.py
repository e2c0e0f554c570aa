"""Hears which module is recorded, where the host asks it; the recorder itself asks nothing."""

import re

from emulator.recording.chunk import Side
from emulator.recording.conversation import Said

_ASKS = re.compile(rb"AT[+#](?:C?GM(?P<what>[MR]))\s*\r", re.IGNORECASE)
_FIRST_LINE = re.compile(rb"\r\n(?:[+#]C?GM[MR]: ?)?\"?(?P<value>[^\r\n\"]+)\"?\r\n.*\r\nOK\r\n\Z", re.DOTALL)


class HeardIdentity:
    """Read the answers to AT+CGMM and AT+CGMR, and to their other names."""

    def __init__(self) -> None:
        self._asked = ""
        self._answer = b""
        self._known: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"<HeardIdentity {self}>"

    def __str__(self) -> str:
        """Return model and firmware version, as far as they are known."""
        return " ".join(self._known[what] for what in "MR" if what in self._known)

    def take(self, said: Said) -> bool:
        """Take a piece of the conversation; return whether more is known with it."""
        if said.mode != "command":
            return False
        if said.side is Side.HOST:
            asks = _ASKS.fullmatch(said.data)
            self._asked, self._answer = (asks["what"].decode().upper() if asks else ""), b""
            return False
        self._answer += said.data
        if not (said.ends_answer and self._asked):
            return False
        asked, self._asked = self._asked, ""
        first = _FIRST_LINE.search(self._answer)
        if first is None or self._known.get(asked) == first["value"].decode("latin-1"):
            return False
        self._known[asked] = first["value"].decode("latin-1")
        return True
