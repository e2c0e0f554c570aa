"""Everything that a module can be asked: the items of every source, each line once."""

import pkgutil
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module

from emulator.conformance import sources
from emulator.conformance.items import Item, Server
from emulator.conformance.lines import sent_by, with_safety
from emulator.firmware.loader import Firmware


def items(firmware: Firmware, server: Server | None = None) -> Sequence[Item]:
    """Return everything that a module can be asked, in the order in which it is played.

    Args:
        firmware: what the module is compared with; dialogues that are of another line are left out.
        server: the user's; without one the items that need it are there all the same, and are not tried.
    """
    return [with_safety(item, firmware) for item in _once(_all(firmware, server))]


def _all(firmware: Firmware, server: Server | None) -> Iterator[Item]:
    for file in sorted(module.name for module in pkgutil.iter_modules(sources.__path__)):
        yield from import_module(f"{sources.__name__}.{file}").items(firmware, server)


def _once(items: Iterable[Item]) -> Iterator[Item]:
    """Leave out items that send nothing that another one has not sent in the same state."""
    seen: set[tuple[object, ...]] = set()
    for item in items:
        key = (item.before, tuple(sent_by(item)), len(item.steps) if len(item.steps) > 1 else 1)
        if key not in seen:
            seen.add(key)
            yield item
