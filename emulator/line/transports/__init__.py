"""Transports by scheme: each file or folder here is one, named by its scheme, and `--listen SCHEME:ADDRESS` finds it.

Memory is for tests alone.
"""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import msgspec

from emulator.errors import UserError
from emulator.later import later
from emulator.line.serial.port import Port
from emulator.line.serial.serial_line import SerialLine

if TYPE_CHECKING:
    import pkgutil
else:
    pkgutil = later("pkgutil")

PortMaker = Callable[[SerialLine], Port]
"""Makes a port inside a running event loop, again at the same place when it has gone. Raises UserError."""


class Transport(msgspec.Struct, frozen=True):
    """A way for hosts to reach the device: the `TRANSPORT` of the file or folder that is named by its scheme."""

    form: str
    """Form of `--listen`: the scheme, and what follows it in capitals."""
    summary: str
    """Kind of port, for the help."""
    at: Callable[[str], PortMaker]
    """Reads the address behind the scheme's colon. Raises UserError, which says what is wrong with it."""


def find_transport(scheme: str) -> Transport | None:
    """Import the transport of a scheme; None when there is none."""
    if scheme not in _schemes(tuple(__path__)):
        return None
    declared: Transport | None = getattr(import_module(f"{__name__}.{scheme}"), "TRANSPORT", None)
    return declared


def list_transports() -> Iterator[Transport]:
    """Import all transports, in the order of their schemes."""
    for scheme in _schemes(tuple(__path__)):
        if (transport := find_transport(scheme)) is not None:
            yield transport


@cache
def _schemes(folders: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(module.name for module in pkgutil.iter_modules(folders)))


def listen_at(text: str) -> PortMaker:
    """Return the maker of a port at the address of `--listen`.

    Raises:
        UserError: there is no such transport, or it knows no such address; what makes the port raises it, too.
    """
    scheme, _, address = text.partition(":")
    transport = find_transport(scheme)
    if transport is None:
        forms = ", ".join(known.form for known in list_transports())
        raise UserError(f"--listen {text}: {scheme!r} is no kind of port; there are {forms}")
    try:
        make = transport.at(address)
    except UserError as error:
        raise UserError(f"--listen {text}: {error}") from None

    def made(line: SerialLine) -> Port:
        try:
            return make(line)
        except UserError as error:
            raise UserError(f"--listen {error}") from error

    return made
