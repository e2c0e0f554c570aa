"""Tests of what `run` loads while its modem has nothing to do."""

import subprocess
import sys

import pytest

from emulator.lab import Lab

_FIRST_SESSION = """if True:
    import asyncio, gc, sys
    import emulator.cli.run
    from emulator.bench import Bench
    from emulator.cli.idle import load_when_idle

    async def main(engine, route):
        async with Bench("HE910", tls_engine=engine, routes={"a:443": route}) as bench:
            for line in ("AT+CGDCONT=1,\\"IP\\",\\"a\\"", "AT#SGACT=1,1", "AT#SSLEN=1,1", "AT#SSLSECCFG=1,3,0"):
                await bench.command(line)
            assert "cryptography" not in sys.modules
            await load_when_idle(bench.modem.loading())
            assert gc.get_freeze_count() > 20 * len(gc.get_objects())
            known = set(sys.modules)
            said = await bench.command("AT#SSLD=1,443,\\"a\\",0,1")
            print(said.strip(), *sorted(name for name in set(sys.modules) - known))

    asyncio.run(main(*sys.argv[1:]))
"""


@pytest.mark.parametrize("engine", ["native", "openssl"])
def test_the_first_session_of_an_idle_modem_loads_no_library(engine: str) -> None:
    """All that it needs is there, and no collection of garbage goes through it while the host waits."""
    with Lab() as lab:
        route = next(iter(lab.routes.values()))
        command = [sys.executable, "-c", _FIRST_SESSION, engine, route]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout.split() == ["OK"]


_FIRST_COMMANDS = """if True:
    import asyncio, sys
    from emulator.line.transports.memory import MemoryPort
    from emulator.modem import Modem
    from emulator.options import ModemOptions

    async def main():
        port = MemoryPort()
        modem = Modem(ModemOptions(port=lambda: port))
        before = set(sys.modules)
        for _ in modem.loading():
            pass
        known = set(sys.modules)
        print("emulator.commands.messages.sending" in known - before)
        port.host_open()
        port.host_write(b"AT+CMGF?;#SSLEN=1,1;#EUSER?;+CSQ\\r")
        print(port.host_read().count(b"\\r\\nOK\\r\\n"))
        print(*sorted(name for name in set(sys.modules) - known if name.startswith("emulator.commands")))
        modem.close()

    asyncio.run(main())
"""


def test_the_first_commands_of_an_idle_modem_load_nothing() -> None:
    """Of any chapter."""
    command = [sys.executable, "-c", _FIRST_COMMANDS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)

    assert ["True", "1", ""] == done.stdout.splitlines()


_WITHOUT_SSL = """if True:
    import asyncio
    from emulator.bench import Bench

    async def main():
        async with Bench("HE910", settings=["unset=[\\"secure_socket\\"]"]) as bench:
            print(bench.modem.device.ssl)
            print(*bench.modem.loading())

    asyncio.run(main())
"""


def test_a_modem_without_ssl_loads_no_library_for_it() -> None:
    """No session of it will ever need it; what else was left for later is loaded."""
    done = subprocess.run([sys.executable, "-c", _WITHOUT_SSL], capture_output=True, text=True, timeout=60, check=True)

    ssl, loaded = done.stdout.splitlines()
    assert "None" == ssl
    assert "h11" in loaded.split()
    assert not {"OpenSSL.SSL", "emulator.tls.native.client"} & {*loaded.split()}


_FIRST_TRIAL = """if True:
    import asyncio, sys
    from emulator.line.transports.memory import MemoryPort
    from emulator.modem import Modem, load_what_modems_share
    from emulator.options import ModemOptions

    async def main():
        load_what_modems_share()
        port = MemoryPort()
        modem = Modem(ModemOptions(port=lambda: port))
        modem.faults.take_census()
        port.host_open()
        known = set(sys.modules)
        port.host_write(b"ATE0\\r")
        print(port.host_read(), *sorted(set(sys.modules) - known))
        modem.close()

    asyncio.run(main())
"""


def test_the_first_command_of_a_trial_loads_nothing() -> None:
    """A host that is quick would take half an answer for the whole."""
    done = subprocess.run([sys.executable, "-c", _FIRST_TRIAL], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout == "b'ATE0\\r\\r\\nOK\\r\\n'\n"
