"""`--modem-server`: the address at which the module on a serial port reaches the servers of the tests."""

import re
import socket

import pytest

from emulator.errors import UserError
from emulator.lab.place import EVERYWHERE, Place

_FORM = re.compile(r"(?P<host>[^\s:\[\]]+)(?::(?P<first>\d{1,5})(?:-(?P<last>\d{1,5}))?)?")
_EXAMPLES = "write HOST:PORT, HOST:FIRST-LAST, or HOST alone for any free port, as in 192.0.2.1:4000-4009"
_LARGEST = 65535


def place_of(text: str) -> Place:
    """Read the option.

    A host that is an address of this machine is listened on; any other is known to the module alone, as that of a
    router which forwards the ports, so that all addresses are.

    Raises:
        UserError: it is not of that form.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise UserError(f"--modem-server {text}: {_EXAMPLES}")
    first = int(found["first"] or 0)
    last = int(found["last"] or first)
    if last > _LARGEST or last < first or (found["last"] and not first):
        raise UserError(f"--modem-server {text}: ports go from 1 to {_LARGEST}, the lower one first; {_EXAMPLES}")
    return Place(_listening(found["host"]), found["host"], range(first, last + 1))


def _listening(host: str) -> str:
    try:
        with socket.socket() as trial:
            trial.bind((host, 0))
            return str(trial.getsockname()[0])
    except OSError:
        return EVERYWHERE


def host_of_servers(config: pytest.Config) -> str | None:
    """Return the host by which the module reaches the servers; None where it does not."""
    text = config.getoption("--telit-modem-server")
    return place_of(text).reached if text else None


def place_for(request: pytest.FixtureRequest) -> Place:
    """Return where a server of a test listens: on loopback, unless the test runs on a module that cannot reach it."""
    config = request.config
    if not config.getoption("--telit-modem-port"):
        return Place()
    if text := config.getoption("--telit-modem-server"):
        return place_of(text)
    if "modem" in request.fixturenames:
        from emulator.testing.real_modem import UNREACHED

        pytest.skip(UNREACHED)
    return Place()
