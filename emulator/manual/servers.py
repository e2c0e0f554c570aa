"""Start the servers that take part in exchanges, which say the same on every day."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from emulator.lab import Lab
from emulator.lab.time_server import TimeServer

_MOMENT = 1_404_381_600.0
"""What the time server says, in seconds since 1970: 2014-07-03, 10:00 UTC."""


@contextmanager
def servers() -> Iterator[Mapping[str, str]]:
    """Start the servers of the lab; yield the routes to them.

    Raises:
        UserError: the extra `lab` is not installed.
    """
    with Lab(thinking=0) as lab, TimeServer(lambda: _MOMENT) as clock:
        yield {**lab.routes, "ntp.lab:123": clock.address}
