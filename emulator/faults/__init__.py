"""Faults on purpose: of networks, servers, modules and lines.

Nothing else in the emulator knows of them: `modem.py` calls `install`, and does without where the folder is missing. A
`Fault` says what happens and where it is addressed to; a `Rule` is a fault at work, with its count; the `FaultPlan`
holds the rules and is asked at each place that the module's work passes. `FaultyBearer` stands between the module and
its connections, `FaultyInstance` between an AT instance and its host, and both do to the bytes what the plan says.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from emulator.device.environment import Environment
from emulator.device.memory.store import NvmStore
from emulator.errors import UserError
from emulator.faults.bearer import FaultyBearer
from emulator.faults.fault import Fault
from emulator.faults.instance import FaultyInstance
from emulator.faults.plan import FaultPlan
from emulator.line.at_port import AtPort


def install(
    environment: Environment,
    store: NvmStore,
    ports: Mapping[str, AtPort],
    *,
    channels: int,
    scenario: Path | None,
    seed: int | None,
) -> tuple[FaultPlan, Environment]:
    """Put the faults around a module, before it is made.

    Args:
        environment: that of the module without faults.
        store: its non-volatile memory.
        ports: those of the modem, by name.
        channels: how many the multiplexer may have on a port.
        scenario: a file of faults to begin with.
        seed: for all that is left to chance; that of the scenario when left out.

    Returns:
        The plan, and the environment of the module with faults.

    Raises:
        UserError: the scenario is wrong.
    """
    faults: tuple[Fault, ...] = ()
    if scenario is not None:
        from emulator.faults.scenario import load_scenario

        loaded = load_scenario(scenario)
        seed, faults = loaded.seed if seed is None else seed, loaded.faults
    clock, trace = environment.clock, environment.trace
    plan = FaultPlan(ports, clock, trace, channels=channels, seed=seed or 0)
    for port in ports.values():
        port.observe = partial(FaultyInstance, plan=plan)
    store.power_failure = plan.power_failure
    for number, fault in enumerate(faults, 1):
        try:
            plan.put(fault)
        except UserError as error:
            raise UserError(f"{scenario}: fault {number}: {error}") from error
    return plan, replace(environment, bearer=FaultyBearer(environment.bearer, plan, clock, trace), admit=plan.admit)


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
