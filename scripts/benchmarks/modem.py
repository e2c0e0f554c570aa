"""The emulator as its users run it: the installed command, in a process of its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.host import HostTerminal, open_host
from benchmarks.processes import child
from benchmarks.tls_setting import TlsSetting

COMMAND = str(Path(sys.executable).with_name("telit-emulator"))


_WITHOUT_UVLOOP = "import sys\nsys.modules['uvloop'] = None\nfrom telit_emulator import main\nmain()"
"""The command where uvloop is not installed."""


@contextmanager
def modem(*arguments: str, uvloop: bool = True) -> Iterator[HostTerminal]:
    """Run a modem, with `uvloop` if that is installed; yield a host on its port, with echo off."""
    command = [COMMAND] if uvloop else [sys.executable, "-c", _WITHOUT_UVLOOP]
    with child([*command, "run", *arguments]) as process:
        port = process.wait_for(rb"ready on (\S+);")[1].decode()
        with open_host(port) as host:
            host.command("ATE0")
            yield host


@contextmanager
def ssl_modem(setting: TlsSetting, engine: str) -> Iterator[HostTerminal]:
    """Run a modem that is ready for #SSLD."""
    with modem(setting.firmware, "--tls-engine", engine) as host:
        host.command('AT+CGDCONT=1,"IP","benchmark"')
        if b"#SGACT: 1,1" not in host.command("AT#SGACT?"):
            host.command("AT#SGACT=1,1")
        host.command("AT#SSLEN=1,1")
        for command in setting.commands:
            host.command(command)
        yield host
