"""Each contract test runs once a kind of port."""

import pytest

from tests.ports.benches import Bench, MemoryBench, PacedBench, PtyBench, TcpBench, UartBench

BENCHES = {
    "pty": PtyBench,
    "memory": MemoryBench,
    "tcp": TcpBench,
    "uart": UartBench,
    "paced": PacedBench,
}


@pytest.fixture(params=BENCHES.values(), ids=BENCHES.keys())
def bench(request: pytest.FixtureRequest) -> Bench:
    made: Bench = request.param()
    return made


@pytest.fixture(params=[PtyBench, MemoryBench], ids=["pty", "memory"])
def shared_bench(request: pytest.FixtureRequest) -> Bench:
    """Of ports that several hosts may open at once."""
    made: Bench = request.param()
    return made
