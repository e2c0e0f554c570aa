"""Stars the secrets of a recording: PINs, passwords and private keys, wherever either side says them."""

import re
from typing import Any

from emulator.at.reasons import STARS
from emulator.at.syntax import Call, parse_line
from emulator.at.table import CommandTable
from emulator.recording.chunk import Side
from emulator.recording.conversation import Said
from emulator.trace.private_keys import KeyMask, starred

_PREFIX = re.compile("AT", re.IGNORECASE)
_PPP = re.compile(rb"\x7e\xff(?:\x7d\x23|\x03)")
"""The beginning of a packet of a data call, which may carry a password."""
_SHORTEST = 4
"""Characters of a secret that is recognized in what the module says; a shorter one would star half the answer."""


class Redaction:
    """Show what may be shown; a secret that the host has typed is starred in later answers, too."""

    def __init__(self, commands: CommandTable[Any]) -> None:
        """Take the commands that say which of their values are secret."""
        self._commands = commands
        self._known: set[str] = set()
        self._online = {side: KeyMask() for side in Side}
        self._in_data_call = False

    def __repr__(self) -> str:
        return f"<Redaction, {len(self._known)} secrets known>"

    def shown(self, said: Said) -> str:
        """Return a piece as a trace may show it, as Latin-1."""
        if said.mode == "online":
            self._in_data_call = self._in_data_call or _PPP.search(said.data) is not None
            data = self._commands.redacted_data(said.data)
            return STARS if self._in_data_call else self._online[said.side].mask(data).decode("latin-1")
        self._in_data_call = False
        if said.mode == "command" and said.side is Side.HOST:
            return self.line(said.data.decode("latin-1").rstrip("\r"))
        data = said.data if said.mode == "command" else self._commands.redacted_data(said.data)
        return self.without_known(starred(data).decode("latin-1"))

    def line(self, line: str) -> str:
        """Return a command line with its secrets starred, and remember these."""
        found = _PREFIX.search(line)
        if found is None:
            return self.without_known(starred(line.encode("latin-1")).decode("latin-1"))
        before, body = line[: found.end()], line[found.end() :]
        shown = self._commands.redacted(body)
        if shown != body:
            self._remember(body, shown)
        return before + shown

    def _remember(self, body: str, shown: str) -> None:
        for call, redacted in zip(parse_line(body), parse_line(shown), strict=False):
            if isinstance(call, Call) and isinstance(redacted, Call):
                for argument, starred_one in zip(call.arguments, redacted.arguments, strict=False):
                    if starred_one.text == STARS and len(argument.text) >= _SHORTEST:
                        self._known.add(argument.text)

    def without_known(self, text: str) -> str:
        """Return a text with the secrets starred that the host has typed."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, STARS)
        return text
