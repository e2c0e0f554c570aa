"""Opens the module's port, and the end of the line that suits it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from emulator.dte.port import SerialPort
from emulator.recording.module.descriptor import DescriptorEnd
from emulator.recording.module.end import ModuleEnd
from emulator.recording.module.rfc2217 import SCHEME, Rfc2217End
from emulator.recording.module.threaded import LOOK, ThreadedEnd


@contextmanager
def module_end(name: str, baud: int) -> Iterator[ModuleEnd]:
    """Open a serial port, or a URL of one, for this program alone; DTR and RTS stay down until a host comes.

    Raises:
        UserError: it cannot be opened.
    """
    if name.startswith(SCHEME):
        with closing(Rfc2217End(name, baud)) as end:
            yield end
        return
    port = SerialPort(name, baud)
    port.serial.timeout = LOOK
    port.serial.dtr = port.serial.rts = False
    with port, closing(_end_of(port)) as end:
        yield end


def _end_of(port: SerialPort) -> DescriptorEnd | ThreadedEnd:
    """Return the end for an open port: by its descriptor, where it reads and writes by nothing else."""
    try:
        return DescriptorEnd(port, port.serial.fileno())
    except (AttributeError, OSError, ValueError):
        return ThreadedEnd(port)
