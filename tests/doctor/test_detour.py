"""The gateway that the doctor names where no module reaches a server."""

import shlex
import subprocess

import pytest

from emulator.doctor.detour import detour
from emulator.doctor.question import Question
from emulator.testing import Bench
from tests.cli.programs import COMMAND, TIMEOUT
from tests.commands.ssl_bench import has_come, prepare, succeed
from tests.doctor.asking import UMTS, ask
from tests.doctor.conftest import Start
from tests.doctor.servers import NAME


async def test_what_is_printed_leads_to_a_server_without_tls(serving: Start) -> None:
    """And the module hears what it has sent there."""
    port = serving("echo")
    done = subprocess.run(
        [*COMMAND, "doctor", f"127.0.0.1:{port}", "--firmware", UMTS], capture_output=True, text=True, timeout=TIMEOUT
    )
    [line] = [line for line in done.stdout.splitlines() if "telit-emulator run" in line]
    dialled, _, target = shlex.split(line)[-1].partition("=")

    async with Bench(UMTS, routes={dialled: target}) as bench:
        await prepare(bench)
        await succeed(bench, f'AT#SSLD=1,{port},"127.0.0.1",0,1')
        assert await bench.command("AT#SSLSEND=1") == "\r\n> "
        bench.send(b"hello\x1a")
        await has_come(bench, 5)


@pytest.mark.parametrize(("server", "route"), [("modern", f"{NAME}:443=gateway+tls:{NAME}:443"), ("old", "")])
async def test_a_modern_server_is_reached_by_modern_tls(serving: Start, server: str, route: str) -> None:
    """One that the modules reach needs no gateway."""
    assert route == detour(await ask(serving(server), UMTS), Question(NAME, 443))
