"""An empty place for security data: what is written there is deleted at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from emulator.dte.exchange import Exchange
from emulator.learning.answers.rows import rows_of
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.asking.states import states
from emulator.learning.asking.undoing import undone_by

CA, KEY = 1, 2
"""<DataType>."""
_ESC, _CTRL_Z = "\x1b", "\x1a"
_SSID = 1
_WRITING = 20.0
"""Seconds that writing may take."""


@dataclass(frozen=True)
class Slot:
    """An empty place of the first secure socket, while SSL is enabled."""

    inquiry: Inquiry
    kind: int

    def store(self, data: bytes, size: int | None, what: str) -> Exchange:
        """Write data and delete it; return how writing went, as `what`."""
        command = f"AT#SSLSECDATA={_SSID},1,{self.kind}{'' if size is None else f',{size}'}"
        with undone_by(self.inquiry, f"AT#SSLSECDATA={_SSID},0,{self.kind}"):
            exchange = self.inquiry.ask(command)
            if exchange.is_prompt:
                entered = self.inquiry.enter(data.decode("latin-1") + _CTRL_Z, _WRITING)
                exchange = Exchange(command, entered.said, exchange.seconds + entered.seconds)
        return replace(exchange, sent=f"{command} with {what}")

    def prompts(self, size: str) -> Exchange:
        """Ask for the prompt with what stands behind <DataType>, and cancel the entry."""
        exchange = self.inquiry.ask(f"AT#SSLSECDATA={_SSID},1,{self.kind}{size}")
        if exchange.is_prompt:
            self.inquiry.enter(_ESC)
        return exchange

    def read(self) -> Exchange:
        """Read what is stored: nothing."""
        return self.inquiry.ask(f"AT#SSLSECDATA={_SSID},2,{self.kind}")


@contextmanager
def empty_slot(inquiry: Inquiry, kind: int) -> Iterator[Slot | None]:
    """Give the place for a kind of security data; None where something is stored there, or SSL cannot be enabled."""
    with states(inquiry, "ssl_on", "ssl_closed") as is_ready:
        rows = rows_of(inquiry.ask("AT#SSLSECDATA?"), "#SSLSECDATA")
        is_empty = any(row[0] == _SSID and len(row) > kind + 1 and row[kind + 1] == 0 for row in rows)
        with undone_by(inquiry):
            yield Slot(inquiry, kind) if is_ready and is_empty else None
