"""Gateways of a modem: each route to one gets a TLS server of its own, and the trace hears what becomes of it."""

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from emulator.guard import guarded
from emulator.net.addresses import numeric_address
from emulator.net.rule import Address, BackEnd, Rule
from emulator.trace.defect import report_defect
from emulator.trace.events import GatewayConnection
from emulator.trace.trace import Trace

if TYPE_CHECKING:
    from emulator.lab.back_end import BackEnd as Connection


class Gateways:
    """Run the gateways of one modem until `close`."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._running = ExitStack()
        self._addresses: dict[Rule, Address] = {}
        self._closed = False

    def __repr__(self) -> str:
        return f"<Gateways to {', '.join(str(rule.target) for rule in self._addresses)}>"

    def address(self, rule: Rule, back_end: BackEnd) -> Address:
        """Return where the gateway of `rule`, which leads to `back_end`, listens; start it where there is none yet.

        Raises:
            UserError: the extra `lab` is not installed, or the file of the CA certificates cannot be used.
        """
        if rule not in self._addresses:
            self._addresses[rule] = self._start(rule, back_end)
        return self._addresses[rule]

    def close(self) -> None:
        """End all gateways and their connections."""
        self._closed = True
        self._running.close()

    def _start(self, rule: Rule, back_end: BackEnd) -> Address:
        from emulator.lab.gateway import Gateway

        loop = asyncio.get_running_loop()

        def tell(outcome: str) -> None:
            event = GatewayConnection(dialled=rule.dialled, back_end=str(back_end), outcome=outcome)
            with contextlib.suppress(RuntimeError):  # the event loop has ended, and the modem before it
                loop.call_soon_threadsafe(self._emit, event)

        gateway = self._running.enter_context(Gateway(_dialler(rule, back_end), tell))
        return "127.0.0.1", gateway.port

    @guarded
    def _emit(self, event: GatewayConnection) -> None:
        if not self._closed:
            self._trace.emit(event)

    def fail(self, error: Exception) -> None:
        """Report a defect; the gateways go on."""
        report_defect(self._trace, "a gateway", error)


def _dialler(rule: Rule, back_end: BackEnd) -> "Callable[[], Connection]":
    from emulator.lab.back_end import dial, tls_dialler

    if not back_end.speaks_tls:
        return partial(dial, back_end.address)
    name = rule.host if numeric_address(rule.host) is None else back_end.address[0]
    return tls_dialler(back_end.address, name, back_end.ca_file)
