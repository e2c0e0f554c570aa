"""Each contract test runs once a kind of port."""

import pytest

from tests.ports.benches import Bench, MemoryBench, PtyBench


@pytest.fixture(params=[PtyBench, MemoryBench], ids=["pty", "memory"])
def bench(request: pytest.FixtureRequest) -> Bench:
    made: Bench = request.param()
    return made
