"""Faults on purpose: of networks, servers, modules and lines.

Nothing else in the emulator knows of them: `modem.py` calls `install`, and does without where the folder is missing. A
`Fault` says what happens and where it is addressed to; a `Rule` is a fault at work, with its count; the `FaultPlan`
holds the rules and is asked at each place that the module's work passes. `FaultyBearer` stands between the module and
its connections, `FaultyInstance` between an AT instance and its host, and both do to the bytes what the plan says.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from emulator.device.environment import Environment
from emulator.device.memory.store import NvmStore
from emulator.errors import UserError
from emulator.faults.bearer import FaultyBearer
from emulator.faults.instance import FaultyInstance
from emulator.faults.plan import FaultPlan
from emulator.line.at_port import AtPort

if TYPE_CHECKING:
    from emulator.faults.scenario import Scenario


def install(
    environment: Environment,
    store: NvmStore,
    ports: Mapping[str, AtPort],
    *,
    channels: int,
    scenario: "Scenario | None",
    seed: int | None,
) -> tuple[FaultPlan, Environment]:
    """Put the faults around a module, before it is made.

    Args:
        environment: that of the module without faults.
        store: its non-volatile memory.
        ports: those of the modem, by name.
        channels: how many the multiplexer may have on a port.
        scenario: the faults to begin with; see `load`.
        seed: for all that is left to chance; that of the scenario when left out.

    Returns:
        The plan, and the environment of the module with faults.

    Raises:
        UserError: the scenario is wrong.
    """
    if scenario is not None and seed is None:
        seed = scenario.seed
    clock, trace = environment.clock, environment.trace
    plan = FaultPlan(ports, clock, trace, channels=channels, seed=seed or 0)
    for port in ports.values():
        port.observe = partial(FaultyInstance, plan=plan)
    store.power_failure = plan.power_failure
    if scenario is not None:
        _put(plan, scenario)
    return plan, replace(environment, bearer=FaultyBearer(environment.bearer, plan, clock, trace), admit=plan.admit)


def _put(plan: FaultPlan, scenario: "Scenario") -> None:
    for number, fault in enumerate(scenario.faults, 1):
        try:
            plan.put(fault)
        except UserError as error:
            raise UserError(f"{scenario.path}: fault {number}: {error}") from error


def load(path: Path) -> "Scenario":
    """Read a scenario.

    Raises:
        UserError: as `load_scenario`.
    """
    from emulator.faults.scenario import load_scenario  # a modem on a good day starts without it

    return load_scenario(path)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario."""
    from emulator.faults.scenario_schema import scenario_schema

    return scenario_schema()


def manual(name: str | None) -> tuple[str, list[list[str]]]:
    """Return the manual of the fault called `name`, or of all of them: a line and a table.

    Raises:
        UserError: there is no such fault.
    """
    from emulator.faults.catalogue import FAULTS
    from emulator.faults.reference import Key, keys_of, summary
    from emulator.firmware.keys import nearest

    def row(key: Key) -> list[str]:
        needed = "required" if not key.default else "" if key.default == "-" else f"= {key.default}"
        return [f"  {key.name}", needed, f"{key.meaning} ({key.allowed})" if key.allowed else key.meaning]

    if name is None:
        return "", [[known, summary(kind)] for known, kind in FAULTS.items()]
    if name not in FAULTS:
        raise UserError(f"there is no fault {name!r}{nearest(name, FAULTS)}; `telit-emulator faults` lists them")
    return f"{name}: {summary(FAULTS[name])}", [row(key) for key in keys_of(FAULTS[name])]
