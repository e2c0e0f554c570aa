"""Writes faults as a scenario, in TOML."""

import json
import os.path
from collections.abc import Mapping, Sequence
from typing import Any

from emulator.firmware.loader import is_path


def scenario_text(faults: Sequence[Mapping[str, Any]], *, seed: int = 0, firmware: str = "", head: str = "") -> str:
    """Return a scenario that `run --scenario` and `matrix --scenario` take.

    Args:
        faults: tables by key.
        seed: decides what is left to chance.
        firmware: what the scenario is for; the path of a profile is made one that holds in every folder.
        head: comment lines, without their `#`.
    """
    comment = "".join(f"# {line}\n" if line else "#\n" for line in head.splitlines())
    named = os.path.abspath(firmware) if is_path(firmware) else firmware  # noqa: PTH100  without following links
    top = [*([f"firmware = {json.dumps(named)}"] if named else []), *([f"seed = {seed}"] if seed else [])]
    tables = [
        "\n".join(["[[faults]]", *(f"{key} = {json.dumps(value)}" for key, value in one.items())]) for one in faults
    ]
    return comment + "\n\n".join(part for part in ("\n".join(top), *tables) if part) + "\n"
