"""A session: everything that can be played on a module, one item after the other, and the module put back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from emulator.conformance.absence import with_absences
from emulator.conformance.exchange import Sides
from emulator.conformance.items import Item, Server
from emulator.conformance.playlist import items
from emulator.conformance.situation import Situation, settings_of, situation_of
from emulator.conformance.stage import Stage
from emulator.conformance.twin import Twin
from emulator.conformance.verdict import Result, Verdict
from emulator.dte.identity import Identity
from emulator.dte.module_line import ModuleLine
from emulator.dte.nearest import nearest_firmware
from emulator.dte.snapshot import Kept, kept, restore
from emulator.errors import UserError
from emulator.firmware.loader import Firmware, load_firmware


@dataclass(frozen=True)
class Wishes:
    """What the user wants to have played."""

    all: bool = False
    """Also what costs, locks or sends."""
    server: Server | None = None


@dataclass
class ParitySession:
    """What came of playing everything; filled while it is played, so that it can be told at any time."""

    identity: Identity
    firmware: Firmware
    wishes: Wishes
    started: datetime
    playlist: Sequence[Item] | None = None
    """What is played; everything where it is None."""
    results: list[Result] = field(default_factory=list)
    broken_off: str = ""
    """Why not everything was played; empty where it was."""
    kept: Kept | None = None
    """The state of the module before; None where nothing has been changed yet."""
    situation: Situation | None = None
    """Its card and its registration; None until they are known."""

    @property
    def left(self) -> Sequence[str]:
        """Return what could not be put back, each in words."""
        if self.kept is None:
            return []
        return list(map(str, self.kept.left)) if self.kept.is_restored else [_NOT_BACK]

    @property
    def judged(self) -> Sequence[Result]:
        """Return the results, with the commands named that exist on one side only."""
        return with_absences(self.results, self.firmware)


Progress = Callable[[int, int, Item], None]
"""Called before each item with its number, their count and the item."""


def run(session: ParitySession, module: ModuleLine, progress: Progress) -> None:
    """Play everything on a module, and put it back, also when it is broken off.

    Raises:
        UserError: the port has failed; the session says what was played until then.
        KeyboardInterrupt: somebody has stopped it; the same.
    """
    playlist = items(session.firmware, session.wishes.server) if session.playlist is None else session.playlist
    done = 0
    try:
        session.situation = situation = situation_of(module)
        own = load_firmware(nearest_firmware(session.identity))
        with (
            kept(module, own) as session.kept,
            Twin(session.firmware.name, settings_of(situation, PIN)) as twin,
        ):
            restore(twin.line, session.kept.before, session.firmware)
            stage = Stage(Sides(module, twin, session.firmware.name, _values(session.wishes.server)))
            for done, item in enumerate(playlist):
                progress(done + 1, len(playlist), item)
                session.results += _played(item, stage, session.wishes, situation)
        done = len(playlist)
    except KeyboardInterrupt:
        session.broken_off = "it was broken off"
        raise
    except UserError as error:
        session.broken_off = str(error)
        raise
    finally:
        session.results += [_not_tried(item, session.broken_off) for item in playlist[done:]]


_NOT_BACK = "settings and memory: the port did not come back"
PIN = "1234"
"""The PIN of an emulated card, where the module's own waits for its PIN."""


def _played(item: Item, stage: Stage, wishes: Wishes, situation: Situation) -> Iterator[Result]:
    why = f"it needs --all: {item.all_because}" if item.all_because and not wishes.all else ""
    why = why or situation.lacks(item, wishes.server is not None)
    if why:
        yield _not_tried(item, why)
    else:
        yield from stage.play(item)


def _not_tried(item: Item, why: str) -> Result:
    return Result(item, item.command, "", Verdict.NOT_TRIED, why)


def _values(server: Server | None) -> dict[str, bytes]:
    return {"ca": server.ca} if server is not None else {}
