"""Hold the environment of a device."""

from collections.abc import Callable

import msgspec

from emulator.clock import Clock
from emulator.device.network.coverage import Admission, admit_all
from emulator.device.pace import AT_ONCE, Pace
from emulator.net.bearer import Bearer
from emulator.trace.trace import Trace


class Environment(msgspec.Struct, frozen=True):
    """Clock, trace and network of one device, and how it speaks TLS."""

    clock: Clock
    trace: Trace
    bearer: Bearer
    tls_engine: str = "auto"
    """`auto`, `openssl` or `native`."""
    admit: Callable[[int], Admission] = admit_all
    """Returns the network's answer to the activation of a PDP context."""
    pace: Pace = AT_ONCE
    """How long things take."""
