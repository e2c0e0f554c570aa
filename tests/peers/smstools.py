"""smsd of smstools, from Debian: a daemon that sends what it finds in a folder, and puts what comes into another."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.sockets import TIMEOUT
from tests.peers.unpacked import unpacked_environment, unpacked_program

_CONFIGURATION = """
devices = GSM1
outgoing = {folder}/outgoing
checked = {folder}/checked
incoming = {folder}/incoming
failed = {folder}/failed
sent = {folder}/sent
stats = {folder}
logfile = {folder}/smsd.log
loglevel = 7
delaytime = 1

[GSM1]
device = {port}
incoming = yes
baudrate = 115200
rtscts = no
"""


@contextmanager
def smsd(folder: Path, port: str) -> Iterator[None]:
    """The daemon at work with the module at `port`, with `outgoing`, `incoming`, `sent` and more in `folder`."""
    program = unpacked_program("smsd", "smstools")
    for name in ("outgoing", "checked", "incoming", "failed", "sent"):
        (folder / name).mkdir()
    configuration = folder / "smsd.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, port=port).lstrip())
    with subprocess.Popen(
        [program, "-c", str(configuration), "-t"], env=unpacked_environment(), stdout=subprocess.DEVNULL
    ) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(TIMEOUT)
