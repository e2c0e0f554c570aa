"""The server under test, as `--host` names it."""

import re
from dataclasses import dataclass

from emulator.errors import UserError

_FORM = "write [https://]HOST[:PORT][/PATH], as in api.example.com:8443/upload"
_HOST = re.compile(r"(?:https://)?(?P<host>[^/:\[\]\s\"]+)(?::(?P<port>\d{1,5}))?(?P<path>/\S*)?")


@dataclass(frozen=True)
class Server:
    """Where modules dial to."""

    host: str
    port: int
    path: str

    @classmethod
    def of(cls, text: str | None) -> "Server":
        """Read `--host`.

        Raises:
            UserError: it is missing, or not of that form.
        """
        if not text:
            raise UserError(f"--host is missing: it is the server under test; {_FORM}")
        found = _HOST.fullmatch(text)
        port = int(found["port"] or 443) if found is not None else 0
        if found is None or not 0 < port < 65536:
            raise UserError(f"--host {text}: no server that speaks TLS; {_FORM}")
        return cls(found["host"], port, found["path"] or "/")
