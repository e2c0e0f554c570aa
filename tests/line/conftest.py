"""Each contract test runs once a kind of port."""

import pytest

from tests.line.benches import Bench, MemoryBench, PacedBench, PtyBench, Rfc2217Bench, TcpBench, UartBench, UnixBench

BENCHES: dict[str, type[Bench]] = {
    "pty": PtyBench,
    "memory": MemoryBench,
    "tcp": TcpBench,
    "unix": UnixBench,
    "uart": UartBench,
    "paced": PacedBench,
    "rfc2217": Rfc2217Bench,
}


@pytest.fixture(params=list(BENCHES.values()), ids=list(BENCHES))
def bench(request: pytest.FixtureRequest) -> Bench:
    made: Bench = request.param()
    return made


@pytest.fixture(params=[PtyBench, MemoryBench], ids=["pty", "memory"])
def shared_bench(request: pytest.FixtureRequest) -> Bench:
    """Of ports that several hosts may open at once."""
    made: Bench = request.param()
    return made
