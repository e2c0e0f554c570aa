"""A process that may open no more files or sockets: the module refuses, and works on when it may again."""

import json
import subprocess
import sys
from pathlib import Path

TIMEOUT = 60.0

SCRIPT = """
import asyncio, json, os, resource, socket, sys
from emulator.testing import Bench
from emulator.trace.events import Defect

COMMANDS = json.loads(sys.argv[2])
SETUP = (
    "AT+CMEE=2", 'AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SSLEN=1,1", "AT#FRWL=1,127.0.0.1,255.0.0.0",
    'AT#HTTPCFG=0,"10.0.0.1"'
)
HTTP = ['commands."#HTTPCFG"=true', 'commands."#HTTPQRY"=true']

def limit(count):
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

async def main():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    answers = []
    routes = {"10.0.0.1": f"127.0.0.1:{port}"}
    async with Bench("GE865-QUAD", state=sys.argv[1], routes=routes, settings=HTTP) as bench:
        for line in SETUP:
            assert (await bench.command(line)).endswith("OK\\r\\n"), line
        await bench.command('AT#SD=1,0,80,"10.0.0.1",0,0,1')  # what is made once is made
        usual = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        free = os.open("/dev/null", os.O_RDONLY)
        os.close(free)
        for line in COMMANDS:
            limit(free)
            answer = await asyncio.wait_for(bench.command(line), 20)
            await asyncio.sleep(0)
            limit(usual)
            answers.append((line, answer.strip()))
        assert (await bench.command('AT+CPBW=1,"123"')).endswith("OK\\r\\n")
        assert (await bench.command("AT#SL=2,1,0")).endswith("OK\\r\\n")
        port = bench.modem.device.sockets[2].reachable_at[1]
        with socket.socket() as peer:
            limit(free)
            peer.connect(("127.0.0.1", port))
            await asyncio.sleep(0)
            limit(usual)
            while "SRING: 2" not in bench.read():
                await asyncio.sleep(0.01)
        defects = [event.text for event in bench.events if isinstance(event, Defect)]
    print(json.dumps([answers, defects]))

asyncio.run(main())
"""

REFUSALS = {
    'AT#SD=2,0,80,"10.0.0.1",0,0,1': "+CME ERROR: connection failed",
    'AT#SD=2,1,80,"10.0.0.1",0,0,1': "+CME ERROR: connection failed",
    "AT#SL=2,1,0": "+CME ERROR: can not setup socket",
    "AT#SLUDP=2,1,0": "+CME ERROR: can not setup socket",
    'AT#SSLD=1,443,"10.0.0.1",0,1': "+CME ERROR: SSL socket error",
    'AT#FTPOPEN="10.0.0.1","a","b",1': "+CME ERROR: can not connect control socket",
    'AT#HTTPQRY=0,0,"/"': "+CME ERROR: connection failed",
    'AT+CPBW=1,"123"': "+CME ERROR: memory failure",
    "AT&W0": "+CME ERROR: memory failure",
}


def test_without_a_descriptor_each_command_gets_its_refusal(tmp_path: Path) -> None:
    """No traceback, no defect, one line about the memory; and when there are some again all is as before.

    A connection that comes meanwhile is accepted then.
    """
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "state"), json.dumps([*REFUSALS])]

    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False)

    assert 1 == done.stderr.count("\n")
    assert "nvm.json: Too many open files; " in done.stderr
    answers, defects = json.loads(done.stdout)
    assert REFUSALS == dict(answers)
    assert [] == defects
