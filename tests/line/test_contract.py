"""The public contract of ports, held by each of ours."""

import pytest

from emulator.testing.contracts.port_bench import PortBench
from emulator.testing.contracts.ports import PortContract, SharedPortContract
from tests.line.benches import (
    ChannelBench,
    MemoryBench,
    PacedBench,
    PtyBench,
    Rfc2217Bench,
    TcpBench,
    UartBench,
    UnixBench,
)


class TestPorts(PortContract):
    """One host at a time."""

    @pytest.fixture(params=[TcpBench, UnixBench, Rfc2217Bench, UartBench, PacedBench, ChannelBench])
    def bench(self, request: pytest.FixtureRequest) -> PortBench:
        made: PortBench = request.param()
        return made


class TestSharedPorts(SharedPortContract):
    """Several hosts at once."""

    @pytest.fixture(params=[PtyBench, MemoryBench])
    def bench(self, request: pytest.FixtureRequest) -> PortBench:
        made: PortBench = request.param()
        return made
