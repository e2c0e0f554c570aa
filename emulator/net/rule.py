"""Reads a rule of the user: what the module dials, and where that leads, to a server or by way of a gateway."""

import re
from pathlib import Path

import msgspec

from emulator.errors import UserError

Address = tuple[str, int]

_ADDRESS = r"(?:\[(?P<ipv6>[^\[\]]+)\]|(?P<host>[^\[\]:]+))(?::(?P<port>[^:]*))?"
_FORM = "write HOST[:PORT]=HOST:PORT, as in 10.0.0.1:443=127.0.0.1:8443, with an IPv6 address in brackets"
_GATEWAY = r"(?s)gateway(?P<tls>\+tls)?:(?P<rest>.*)"
_CA = "?ca="
_GATEWAY_FORM = "write gateway:HOST:PORT, as in gateway:127.0.0.1:8000, or gateway+tls:HOST:PORT[?ca=FILE]"


class BackEnd(msgspec.Struct, frozen=True):
    """The server behind a gateway."""

    address: Address
    speaks_tls: bool = False
    """Whether the gateway speaks modern TLS to it, or no TLS."""
    ca_file: Path | None = None
    """The PEM file of its CA certificates; those of the system unless given."""

    def __str__(self) -> str:
        return _written(*self.address)


class Rule(msgspec.Struct, frozen=True):
    """One rule, `HOST[:PORT]=TARGET`."""

    host: str
    port: int | None
    """None for every port."""
    target: Address | BackEnd

    @property
    def dialled(self) -> str:
        """Return what the module dials, as it is written."""
        return self.host if self.port is None else _written(self.host, self.port)

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """Read a rule.

        Raises:
            UserError: it is not of that form.
        """
        dialled, _, target = text.partition("=")
        host, port = _split(dialled, text, _FORM)
        return cls(host, port, _target(target.strip(), text))


def _written(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _target(target: str, text: str) -> Address | BackEnd:
    gateway = re.fullmatch(_GATEWAY, target)
    if gateway is None:
        return _address(target, text, _FORM)
    rest, given, ca_file = gateway["rest"].partition(_CA)
    if given and not (gateway["tls"] and ca_file):
        raise UserError(f"route {text!r}: {_CA}FILE is for gateway+tls: and names a PEM file; {_GATEWAY_FORM}")
    address = _address(rest, text, f"{_GATEWAY_FORM}; a host of the name gateway is [gateway]")
    return BackEnd(address, bool(gateway["tls"]), Path(ca_file) if ca_file else None)


def _address(address: str, text: str, form: str) -> Address:
    host, port = _split(address, text, form)
    if port is None:
        raise UserError(f"route {text!r}: {form}")
    return host, port


def _split(address: str, text: str, form: str) -> tuple[str, int | None]:
    match = re.fullmatch(_ADDRESS, address.strip())
    if match is None:
        raise UserError(f"route {text!r}: {form}")
    port = match["port"]
    if port is None:
        return match["ipv6"] or match["host"], None
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65536):
        raise UserError(f"route {text!r}: the port {port!r} is not a number from 1 to 65535")
    return match["ipv6"] or match["host"], int(port)
