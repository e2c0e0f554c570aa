"""The project's own dialogues: what the host does in them, as far as it needs no peer of the emulator's own.

With a server of the user's, those with a TLS peer dial that one; a context stays as the user has defined it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from emulator.commands.catalogue import command_table
from emulator.conformance.chapters import chapter_of, needs_of
from emulator.conformance.items import Item, Need, Server
from emulator.conformance.lines import first_command, line_of
from emulator.conformance.safety import ANEW, SENDS, dials, why_all
from emulator.dialogue.reading import load
from emulator.dialogue.steps import Answer, Connect, Dialogue, PeerHears, PeerStep, Poll, Send, Step
from emulator.dialogue.texts import Value
from emulator.firmware.loader import Firmware
from emulator.resources import DIALOGUES

_BASIC = "basic"
_CONTEXT = "AT+CGDCONT=1"
_DATA = "AT#SSLSECDATA"
"""The snapshot of the module writes again what it replaces."""
_KNOWN = ("ca", "ca:size")
_END_OF_ENTRY = b"\x1a"
_LONGEST = 60.0


def items(firmware: Firmware, server: Server | None) -> Iterator[Item]:
    """Make an item of each dialogue that is of the firmware's line, and has a step that can be played."""
    for path in sorted(DIALOGUES.rglob("*.txt")):
        dialogue = load(path)
        if firmware.line in dialogue.lines:
            yield from _made(dialogue, firmware, server, path.relative_to(DIALOGUES).as_posix())


def _made(dialogue: Dialogue, firmware: Firmware, server: Server | None, source: str) -> Iterator[Item]:
    steps = [_sent_once(step) for step in dialogue.steps if not isinstance(step, Answer | Connect | PeerHears)]
    playable = list(_until_a_peer(steps, firmware))
    dialling = next((place for place, step in enumerate(playable) if dials(line_of(step))), None)
    if dialling is not None and (dialogue.server != "tls" or not dialogue.peers):
        playable, dialling = playable[:dialling], None
    if dialling is not None:
        playable = list(_until_data(playable))
    if any(why_all(line_of(step), firmware) for step in playable):
        playable = [_to(server, dialogue, step) for step in playable if not line_of(step).startswith(_CONTEXT)]
    names = [name for step in playable if _is_vendors(name := first_command(line_of(step)), firmware)]
    command = next((name for name in names if chapter_of(name) != _BASIC), next(iter(names), ""))
    if command:
        needs = frozenset({Need.SERVER}) if dialling is not None else needs_of(command)
        yield Item(
            command, chapter_of(command), source, tuple(playable), after=_AFTER, needs=needs, within=_within(dialogue)
        )


_AFTER = ("AT#SSLH=1", "AT#SSLEN=1,0")


def _sent_once(step: Step) -> Step:
    return Send(text=step.text, at=step.at) if isinstance(step, Poll) else step


def _until_a_peer(steps: Sequence[Step], firmware: Firmware) -> Iterator[Step]:
    """Yield the steps before the first one that needs the emulator's peer, or that nobody wants on his own module."""
    for step in steps:
        if isinstance(step, PeerStep) or (isinstance(step, Send) and not _is_known(step)):
            return
        if why_all(line_of(step), firmware) not in ("", SENDS, ANEW) and not line_of(step).startswith(_DATA):
            return
        yield step


def _until_data(steps: Sequence[Step]) -> Iterator[Step]:
    """Yield the steps before the first data of data mode: what a peer says to that is its own affair."""
    for step in steps:
        if isinstance(step, Send) and not line_of(step) and step.text[-1:] != (_END_OF_ENTRY,):
            return
        yield step


def _is_known(step: Send) -> bool:
    return all(part.name in _KNOWN for part in step.text if isinstance(part, Value))


def _to(server: Server | None, dialogue: Dialogue, step: Step) -> Step:
    """Return the step with the user's server in the place of the dialogue's peer."""
    if server is None or not isinstance(step, Send):
        return step
    text = step.text
    for peer in dialogue.peers:
        host, _, port = peer.partition(":")
        for quoted in (f'{port or 443},"{host}"', f"{port or 443},{host}"):
            theirs = f'{server.port},"{server.host}"'.encode()
            text = tuple(p.replace(quoted.encode(), theirs) if isinstance(p, bytes) else p for p in text)
    return replace(step, text=text)


def _is_vendors(name: str, firmware: Firmware) -> bool:
    return bool(name) and command_table(firmware).find(name) is not None


def _within(dialogue: Dialogue) -> float:
    named = [step.within for step in dialogue.steps if isinstance(step, Answer) and step.within is not None]
    return min(max([10.0, *named]), _LONGEST)
