"""Runs the probes of one subject on an emulated module whose profile they don't know."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from emulator import VirtualModem
from emulator.dte.module_line import ModuleLine
from emulator.firmware.keys import parts, written
from emulator.firmware.layers import merge, value_at
from emulator.firmware.loader import load_firmware
from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.probe import PassedOver


@contextmanager
def inquiry_of(firmware: str, *settings: str, base: str = "") -> Iterator[Inquiry]:
    """Give an inquiry of an emulated module with these settings, which begins from the firmware without them."""
    with VirtualModem(firmware, settings=settings) as modem, ModuleLine(modem.port) as line:
        line.ask("ATE0")
        line.ask("AT+CMEE=1")
        yield Inquiry(line, load_firmware(base or firmware))


def run_probes(inquiry: Inquiry, subject: str) -> Mapping[str, Any]:
    """Return the values that the probes of a subject claim, by their keys; each key is one that they declare."""
    found: dict[str, Any] = {}
    for probe in import_module(f"emulator.learning.probes.{subject}").probes(inquiry):
        declared = {*probe.tells(inquiry), *probe.seldom_tells(inquiry)}
        with suppress(PassedOver):
            for claim in probe.run(inquiry):
                assert claim.path in declared, written(claim.path)
                assert claim.shown_by
                found[written(claim.path)] = claim.value
    return found


def told(subject: str, firmware: str, *settings: str) -> Mapping[str, Any]:
    """Return what the probes of a subject tell of an emulated module: only what differs from its firmware."""
    with inquiry_of(firmware, *settings) as inquiry:
        found = run_probes(inquiry, subject)
        base = merge(inquiry.base.layers)
    return {key: value for key, value in found.items() if value_at(base, parts(key, "a claim")) != value}
