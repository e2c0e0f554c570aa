"""Records a host's words with an emulated module, writes them, and plays what was written on a new one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import asdict, replace

from emulator.bench import Bench
from emulator.commands.catalogue import command_table
from emulator.dialogue.emulated import BenchLine
from emulator.dialogue.materials import demo_materials
from emulator.dialogue.play import play_emulated
from emulator.dialogue.player import Player
from emulator.dialogue.reading import load
from emulator.dialogue.steps import Dialogue
from emulator.firmware.loader import load_firmware
from emulator.options import ModemOptions
from emulator.recording.chunk import Chunk, Side
from emulator.recording.writer import DialogueWriter
from tests.peers.sockets import TIMEOUT

DAY = "2026-11-27"


class TappedLine:
    """Carry bytes as the bench does, and keep them as chunks."""

    def __init__(self, bench: Bench, timeout: float) -> None:
        self._bench = bench
        self._line = BenchLine(bench, timeout)
        self.name, self.timeout = self._line.name, timeout
        self.chunks: list[Chunk] = []

    def send(self, data: bytes) -> None:
        self._keep(Side.HOST, data)
        self._line.send(data)

    def read(self) -> bytes:
        return self._kept(self._line.read())

    async def hear(self, within: float | None) -> bytes:
        return self._kept(await self._line.hear(within))

    async def rest(self) -> bytes:
        return self._kept(await self._line.rest())

    async def wait(self, seconds: float) -> None:
        await self._line.wait(seconds)

    def values(self) -> Mapping[str, bytes]:
        return self._line.values()

    def _kept(self, data: bytes) -> bytes:
        if data:
            self._keep(Side.MODULE, data)
        return data

    def _keep(self, side: Side, data: bytes) -> None:
        self.chunks.append(Chunk(side, data, self._bench.clock.now()))


async def record_dialogue(dialogue: Dialogue, options: ModemOptions) -> Sequence[Chunk]:
    """Play a dialogue, and return all bytes that pass."""
    async with Bench(**asdict(options), echo=True) as bench:
        line = TappedLine(bench, TIMEOUT)
        line.send(b"ATE0\r")
        await line.hear(None)
        await Player(dialogue, line, demo_materials().values).play()
        line.read()
    return line.chunks


def write(chunks: Sequence[Chunk], path: Path, firmware: str, *, keep_secrets: bool = False) -> str:
    """Write what was recorded; the file is as good as the text that is returned."""
    profile = load_firmware(firmware)
    writer = DialogueWriter(path, profile.name, DAY, commands=command_table(profile), keep_secrets=keep_secrets)
    for chunk in chunks:
        writer.take(chunk)
    text = writer.finish()
    assert path.read_text(encoding="utf-8") == text
    return text


async def replay(path: Path, options: ModemOptions, *changes: str) -> None:
    """Play what was written on a new module, which may have other values."""
    await play_emulated(load(path), replace(options, settings=(*options.settings, *changes)), answer_timeout=TIMEOUT)
