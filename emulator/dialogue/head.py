"""Reads the head of a dialogue: `key: value` lines before the first step."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast, get_args

from emulator.dialogue.steps import Server
from emulator.dialogue.texts import Text, parse_text
from emulator.errors import UserError
from emulator.firmware.lines import lines
from emulator.net.routes import Routes

KEYS = ("source", "lines", "peer", "authentication", "server", "tls", "echo", "unsolicited")
_VERSIONS = ("1.0", "1.1", "1.2", "1.3")

_KEY = re.compile(r"([a-z]+):(?:\s+(.*))?")
_NO_PEER = "none"
_GUIDE_PEERS = ("123.124.125.126:443", "www.example.com:443")


def is_key(line: str) -> bool:
    """Return whether the line has the form of a key."""
    return _KEY.fullmatch(line) is not None


@dataclass
class Head:
    """Values of the keys, with their defaults."""

    lines: frozenset[str] = field(default_factory=lambda: frozenset(line.name for line in lines()))
    peers: tuple[str, ...] = _GUIDE_PEERS
    unsolicited: tuple[Text, ...] = ()
    mutual: bool = False
    server: Server = "tls"
    versions: tuple[str, str] = ("TLS 1.0", "TLS 1.3")
    echo: bool = False

    def take(self, line: str, folder: Path) -> None:
        """Read one key.

        Raises:
            ValueError: there is no such key, or its value is wrong.
        """
        match = _KEY.fullmatch(line)
        assert match is not None
        key, value = match[1], (match[2] or "").strip()
        if not value and key in KEYS:
            raise ValueError(f"{key} is empty; give its value, or leave it out")
        match key:
            case "source":
                pass
            case "lines":
                self.lines = _lines(value)
            case "peer":
                self.peers = _peers(value)
            case "authentication":
                self.mutual = _one_of(key, value, "server", "mutual") == "mutual"
            case "server":
                self.server = cast(Server, _one_of(key, value, *get_args(Server)[1:]))
            case "tls":
                self.versions = _range_of_versions(value)
            case "echo":
                self.echo = _one_of(key, value, "off", "on") == "on"
            case "unsolicited":
                self.unsolicited += (parse_text(value, folder),)
            case _:
                raise ValueError(f"no key {key!r}; there are {', '.join(KEYS)}")


def _lines(value: str) -> frozenset[str]:
    known = [line.name for line in lines()]
    for name in value.split():
        if name not in known:
            raise ValueError(f"no software line {name!r}; there are {', '.join(known)}")
    return frozenset(value.split())


def _range_of_versions(value: str) -> tuple[str, str]:
    found = value.split()
    if not 1 <= len(found) <= 2 or not set(found) <= set(_VERSIONS) or found != sorted(found):
        raise ValueError(f"tls {value!r}; give one version or the lowest and the highest, of {', '.join(_VERSIONS)}")
    return f"TLS {found[0]}", f"TLS {found[-1]}"


def _peers(value: str) -> tuple[str, ...]:
    if value == _NO_PEER:
        return ()
    try:
        Routes.parse(f"{dialled}=127.0.0.1:1" for dialled in value.split())
    except UserError:
        raise ValueError(f"peer {value!r}; give what the module dials, HOST or HOST:PORT each, or none") from None
    return tuple(value.split())


def _one_of(key: str, value: str, *allowed: str) -> str:
    if value not in allowed:
        raise ValueError(f"{key} {value!r}; it can be {' or '.join(allowed)}")
    return value
