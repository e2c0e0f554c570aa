"""The emulator as its users run it: the installed command, in a process of its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.host import HostTerminal, open_host
from benchmarks.processes import child

COMMAND = str(Path(sys.executable).with_name("telit-emulator"))
ENGINES = ("native", "openssl")


@contextmanager
def modem(*arguments: str) -> Iterator[HostTerminal]:
    """Run a modem; yield a host on its port, with echo off."""
    with child([COMMAND, "run", *arguments]) as process:
        port = process.wait_for(rb"ready on (\S+);")[1].decode()
        with open_host(port) as host:
            host.command("ATE0")
            yield host


@contextmanager
def ssl_modem(firmware: str, engine: str, suite: int) -> Iterator[HostTerminal]:
    """Run a modem that is ready for #SSLD, with a cipher suite chosen by number."""
    with modem(firmware, "--tls-engine", engine) as host:
        host.command('AT+CGDCONT=1,"IP","benchmark"')
        host.command("AT#SGACT=1,1")
        host.command("AT#SSLEN=1,1")
        host.command(f"AT#SSLSECCFG=1,{suite},0")
        yield host
