"""Transports by scheme: `--listen SCHEME:ADDRESS` finds one in the folder `transports/`, where it was declared."""

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module

from emulator.errors import UserError
from emulator.line import transports
from emulator.line.port import Port
from emulator.line.serial_line import SerialLine

PortMaker = Callable[[SerialLine], Port]
"""Makes a port inside a running event loop, and makes it again at the same place when it has gone.

Raises UserError when it cannot be made.
"""


@dataclass(frozen=True)
class Transport:
    """A way for hosts to reach the device: the `TRANSPORT` of the file or folder that is named by its scheme."""

    form: str
    """How `--listen` writes it: the scheme, and what stands behind it in capitals."""
    summary: str
    """What a host opens."""
    at: Callable[[str], PortMaker]
    """Read what stands behind the scheme's colon. Raises UserError, which says what is wrong with it."""


def find_transport(scheme: str) -> Transport | None:
    """Import the transport of a scheme; None when there is none."""
    if scheme not in _schemes():
        return None
    declared: Transport | None = getattr(import_module(f"{transports.__name__}.{scheme}"), "TRANSPORT", None)
    return declared


def list_transports() -> Iterator[Transport]:
    """Import all transports, in the order of their schemes."""
    for scheme in _schemes():
        if (transport := find_transport(scheme)) is not None:
            yield transport


def _schemes() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(transports.__path__))


def listen_at(text: str) -> PortMaker:
    """Return what makes a port at an address as `--listen` has it.

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
