"""Chapters are found, not listed: whoever adds a command or a URC adds one file, and edits no other."""

import runpy
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from emulator import commands
from emulator.commands import catalogue, urc
from emulator.commands.catalogue import command_table
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench

COMMAND = '''
from typing import Annotated

from emulator.at.command import Command
from emulator.at.parameters import between
from emulator.commands.context import Context

speaker = Command("#SPEAKER", source="a guide")


@speaker.set
def choose(at: Context, number: Annotated[int, between(0, 3)], volume: Annotated[int, between(1, 9)] = 5) -> None:
    """Choose the speaker."""
'''
URC = '''
from emulator.commands.context import AtInstance
from emulator.device.device import Device


def subscribe(device: Device, instance: AtInstance) -> None:
    """Report each registration."""
    device.network.on_registration.append(lambda: instance.notify("#SPEAKER: 1"))
'''
MAKE_DOCS = Path(__file__).parents[2] / "scripts" / "make_docs"

AddFile = Callable[[str, str], None]


@pytest.fixture
def add_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AddFile]:
    """Adds a file to a chapter: an existing one, or a new one."""
    caches = (catalogue.declared_commands, catalogue._table, urc._found)

    def forget() -> None:
        for cache in caches:
            cache.cache_clear()

    def add(path: str, text: str) -> None:
        file = tmp_path / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        chapter = file.parent.name
        if chapter in catalogue.chapters():
            package = import_module(f"{commands.__name__}.{chapter}")
            monkeypatch.setattr(package, "__path__", [*package.__path__, str(file.parent)])
        else:
            (file.parent / "__init__.py").touch()
            monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path)])
        forget()

    yield add
    monkeypatch.undo()
    forget()
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(tmp_path)):
            del sys.modules[name]


def test_urcs_are_sent_by_the_urc_file_of_a_chapter() -> None:
    """Whoever looks for the lines that no command asks for finds all of a chapter's in one place."""
    folder = Path(commands.__file__).parent
    senders = {path.name for path in folder.rglob("*.py") if ".notify(" in path.read_text(encoding="utf-8")}

    assert {"urc.py"} == senders


async def test_a_file_in_a_chapter_adds_its_command(add_file: AddFile) -> None:
    """With its parser, its answer to `=?`, and its errors."""
    add_file("hardware/speaker.py", COMMAND)

    async with Bench("GE865-QUAD") as bench:
        assert await bench.command("AT#SPEAKER=3") == "\r\nOK\r\n"
        assert await bench.command("AT#SPEAKER=4") == "\r\nERROR\r\n"
        assert await bench.command("AT#SPEAKER=?") == "\r\n#SPEAKER: (0-3),(1-9)\r\n\r\nOK\r\n"


def test_the_command_has_its_row_in_the_documents(add_file: AddFile) -> None:
    """With no further edit."""
    add_file("hardware/speaker.py", COMMAND)

    page = runpy.run_path(str(MAKE_DOCS))["commands"]()

    row = (
        "| [`#SPEAKER`](manual/hardware.md#hash-speaker) | set, test | Choose the speaker. |"
        " `<number> (0-3), [<volume> (1-9) = 5]` | a guide |"
    )
    assert row in page.splitlines()


def test_a_folder_is_a_chapter(add_file: AddFile) -> None:
    """Its commands stand between those of its neighbours in the alphabet."""
    add_file("headset/speaker.py", COMMAND)

    found = catalogue.chapters()

    assert found.index("headset") == found.index("hardware") + 1
    assert command_table(load_firmware("GE865-QUAD")).find("#SPEAKER")


async def test_the_urcs_of_a_new_chapter_reach_the_host(add_file: AddFile) -> None:
    """Its `urc.py` is found like its commands."""
    add_file("headset/urc.py", URC)

    async with Bench("GE865-QUAD") as bench:
        bench.modem.device.coverage.offer(registration=5)

        assert "#SPEAKER: 1" in bench.read()
