"""Subscription of AT instances to the URCs (unsolicited result codes), which stand in the `urc.py` of each chapter."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from emulator import commands
from emulator.commands.context import AtInstance
from emulator.device.device import Device


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report to an AT instance from now on what its settings ask for; each start of the device needs this anew."""
    for subscribe_to_chapter in _found():
        subscribe_to_chapter(device, instance)


@lru_cache(maxsize=1)
def _found() -> Sequence[Callable[[Device, AtInstance], None]]:
    """Return `subscribe` of each chapter's `urc.py`; it has none where a command names who hears of a connection."""
    chapters = sorted(file.parent.name for folder in commands.__path__ for file in Path(folder).glob("*/urc.py"))
    found = [import_module(f"{commands.__name__}.{chapter}.urc") for chapter in chapters]
    return [file.subscribe for file in found if hasattr(file, "subscribe")]
