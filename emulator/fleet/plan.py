"""The plan of a fleet: which firmwares, networks and faults its modules have. The master sends it to its workers."""

import asyncio
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from emulator.errors import UserError
from emulator.firmware.files import read_value
from emulator.firmware.loader import load_firmware
from emulator.fleet.shares import Spread, parse_number, parse_percents, parse_weights
from emulator.line.transports.memory import MemoryPort
from emulator.modem import Modem
from emulator.options import DEFAULT_FIRMWARE, ModemOptions

_NETWORKS = ("GPRS", "EDGE", "UMTS", "HSPA")
_FAULT = "write PERCENT% FAULT KEY=VALUE…, as in '5% connection-reset command=#SSLD byte=200'"


class FaultShare(msgspec.Struct, frozen=True):
    """A fault that a part of the fleet has."""

    percent: float
    name: str
    parameters: dict[str, Any] = {}


class ModulePlan(msgspec.Struct, frozen=True):
    """What one module is."""

    firmware: str
    faults: list[FaultShare]
    seed: int


class FleetPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the modules of a fleet are."""

    mix: dict[str, float] = msgspec.field(default_factory=lambda: {DEFAULT_FIRMWARE: 100.0})
    """Percent of each firmware."""
    networks: dict[str, float] = {}
    """Percent of each preset of a slow network; the rest has as fast a network as this machine."""
    faults: list[FaultShare] = []
    seed: int = 0
    settings: list[str] = []
    routes: dict[str, str] = {}
    realistic: bool = False
    tls_engine: Literal["auto", "openssl", "native"] = "auto"

    @classmethod
    def of(
        cls, options: ModemOptions, mix: str | None = None, network: str | None = None, faults: Sequence[str] = ()
    ) -> "FleetPlan":
        """Read what a user has written.

        Raises:
            UserError: something is not of its form, or there is no such firmware, network or fault.
        """
        shares = parse_weights("--mix", mix) if mix is not None else {options.firmware or DEFAULT_FIRMWARE: 100.0}
        for firmware in shares:
            load_firmware(firmware)
        return cls(
            mix=shares,
            networks=parse_percents("--network", network, _NETWORKS) if network is not None else {},
            faults=[_fault(text) for text in faults],
            seed=options.seed or 0,
            settings=list(options.settings),
            routes=dict(options.routes),
            realistic=options.realistic,
            tls_engine=options.tls_engine,
        )

    def module(self, worker: int, number: int) -> ModulePlan:
        """Return what a module is: the same for the same seed, worker and number."""
        spread = Spread(self.seed, worker)
        firmware = spread.choose("firmware", 0, self.mix, number) or next(iter(self.mix))
        network = spread.choose("network", 1, self.networks, number)
        faults = [_slow(network)] if network is not None else []
        for place, fault in enumerate(self.faults, 2):
            if spread.choose(f"fault {place}", place, {True: fault.percent}, number):
                faults.append(fault)
        return ModulePlan(firmware, faults, spread.seed(number))

    def options(self, module: ModulePlan, **further: Any) -> ModemOptions:
        """Return the options of a module's modem; `further` ones are of the process that it runs in."""
        return ModemOptions(
            module.firmware,
            settings=self.settings,
            routes=self.routes,
            realistic=self.realistic,
            tls_engine=self.tls_engine,
            seed=module.seed,
            **further,
        )


def add_faults(modem: Modem, faults: Sequence[FaultShare]) -> None:
    """Give a modem its faults.

    Raises:
        UserError: there is no such fault or parameter, or a value is not allowed.
    """
    for fault in faults:
        modem.faults.add(fault.name, **fault.parameters)


def check(plan: FleetPlan) -> None:
    """Make a modem of each firmware, with all faults.

    Raises:
        UserError: the plan has something that a modem does not take.
    """

    async def make() -> None:
        for firmware in plan.mix:
            modem = Modem(plan.options(ModulePlan(firmware, [], 0), port=MemoryPort))
            try:
                add_faults(modem, plan.faults)
            finally:
                modem.close()

    asyncio.run(make())


def _slow(preset: str) -> FaultShare:
    return FaultShare(0.0, "slow-network", {"preset": preset, "times": 0})


def _fault(text: str) -> FaultShare:
    share, *words = text.split() or [""]
    if not share.endswith("%") or not words:
        raise UserError(f"--fault {text!r}: no share or no fault; {_FAULT}")
    percent = parse_number(f"--fault {text!r}", share.removesuffix("%"))
    if percent > 100:
        raise UserError(f"--fault {text!r}: more than 100 percent; {_FAULT}")
    parameters = {}
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if not equals:
            raise UserError(f"--fault {text!r}: {word!r} has no value; {_FAULT}")
        parameters[key] = value if key == "terminal" else read_value(value)
    return FaultShare(percent, words[0], parameters)


def encode(plan: FleetPlan) -> str:
    """Write a plan as JSON."""
    return msgspec.json.encode(plan).decode()


def decode(text: str) -> FleetPlan:
    """Read a plan that `encode` has written."""
    return msgspec.json.decode(text, type=FleetPlan)
