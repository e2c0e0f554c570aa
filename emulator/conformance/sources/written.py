"""The items that are written by hand, a file a subject in `set/`."""

import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from emulator.commands.catalogue import command_table
from emulator.conformance import safety
from emulator.conformance.chapters import chapter_of
from emulator.conformance.items import Item, Need, Server
from emulator.conformance.lines import steps_of
from emulator.firmware.loader import Firmware

FOLDER = Path(safety.__file__).parent / "set"


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"all_because": "all"}):
    command: str
    play: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    needs: Sequence[Literal["SIM", "network"]] = ()
    all_because: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    items: Sequence[_Item]


def items(firmware: Firmware, server: Server | None) -> Iterator[Item]:
    """Make the items of the commands that the firmware has."""
    table = command_table(firmware)
    for path in sorted(FOLDER.glob("*.toml")):
        for item in msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File).items:
            if table.find(item.command) is not None:
                yield _made(item, path.stem)


def _made(item: _Item, source: str) -> Item:
    needs = frozenset(Need(need) for need in item.needs)
    steps = steps_of(item.play.splitlines())
    return Item(
        item.command,
        chapter_of(item.command),
        source,
        steps,
        before=item.before,
        after=item.after,
        needs=needs,
        all_because=item.all_because,
    )
