"""Every fault says at the end how often it has fired, and of one that never did why."""

from typing import Any

import pytest

from emulator.testing import Bench, PlainServer, echo
from emulator.trace.events import FaultTally, Seeded
from tests.commands.ssl_bench import OK

HOST = "echo.example"

NEVER: dict[str, dict[str, Any]] = {
    "+COPS was not used": {"name": "signal", "rssi": 3, "command": "+COPS"},
    "+CSQ was not used after 20 s": {"name": "signal", "rssi": 3, "command": "+CSQ", "time": "20 s"},
    "the modem ended before 1 min": {"name": "reboot", "time": "60 s"},
    "context 5 is not active": {"name": "context-dropped", "cid": 5, "command": "+CSQ"},
    "no connection was opened by #SSLD": {"name": "connection-reset", "command": "#SSLD", "byte": 1},
    "nothing was dialled to other.example": {"name": "connection-refused", "host": "other.example"},
    "less than 2 kB passed there": {"name": "connection-reset", "byte": "2 kB"},
    "no handshake came to message certificate": {"name": "handshake-stalled", "message": "certificate"},
    "no prompt was opened": {"name": "bytes-lost", "at": "entry", "byte": 0},
    "it matched 2 times, and its occurrence is 3": {"name": "signal", "rssi": 3, "command": "+CSQ", "occurrence": 3},
    "chance never chose it in 2 of its places (probability 1e-09)": {
        "name": "signal",
        "rssi": 3,
        "command": "+CSQ",
        "probability": 1e-9,
    },
    "no context was activated by +CGACT": {"name": "activation-refused", "command": "+CGACT"},
}
"""{why: a fault that never fires in this test's dialogue}"""


async def test_each_fault_says_at_the_end_what_has_become_of_it() -> None:
    """Of one that never fired by what did not happen of its address; one that fired is counted."""
    with PlainServer(echo) as server:
        async with Bench(routes={f"{HOST}:7": server.address}) as bench:
            for fault in NEVER.values():
                bench.modem.faults.make(fault["name"], {key: fault[key] for key in fault if key != "name"})
            bench.modem.faults.add("activation-late", duration="1 ms", times=0)
            bench.modem.faults.add("activation-late", duration="2 ms")
            bench.modem.faults.add("signal", rssi=9, command="+CSQ", times=2)
            for line in ("AT+CSQ;+CSQ", 'AT+CGDCONT=1,"IP","x"'):
                await bench.command(line)
            bench.send("AT#SGACT=1,1\r")
            await bench.advance(1)
            assert OK in bench.read()
            assert OK == await bench.command(f'AT#SD=1,0,7,"{HOST}",0,0,1')

    *never, always, behind, limited = (event for event in bench.events if isinstance(event, FaultTally))
    assert list(NEVER) == [told.why for told in never]
    assert f"fault {always.number} fired in its place" == behind.why
    assert {0} == {told.fired for told in never}
    assert "fault 1 (signal command=+COPS rssi=3) never fired: +COPS was not used" == never[0].in_words
    assert (1, 0, "", "fired 1 time") == (always.fired, always.times, always.why, always.told)
    assert "fired 2 of 2 times" == limited.told


@pytest.mark.parametrize(("options", "seed"), [({}, 0), ({"seed": 5}, 5)])
async def test_the_trace_names_the_seed(options: dict[str, Any], seed: int) -> None:
    """Also where nobody has given one."""
    async with Bench(**options) as bench:
        pass

    assert [seed] == [event.seed for event in bench.events if isinstance(event, Seeded)]
    assert seed == bench.modem.seed
