"""What the emulator's user writes: profiles, values, routes, scenarios, dialogues, requests, and a state on disk."""

import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random

from emulator.bench import Bench
from emulator.commands.catalogue import command_table
from emulator.control.requests import answer
from emulator.device.memory.file import NvmFile
from emulator.dialogue.reading import load
from emulator.errors import UserError
from emulator.faults.scenario import load_scenario
from emulator.firmware.loader import load_firmware
from emulator.net.routes import Routes
from emulator.resources import PROFILES
from fuzzing.case import Case, Finding, Step
from fuzzing.isolation import run_alone

_FIRMWARE = "HE910"
_DIALOGUES = Path(__file__).resolve().parent.parent.parent.parent / "tests" / "dialogues"
_ROUTES = ("10.0.0.1:443=127.0.0.1:8443", "api.example.com=localhost:80", "[::1]:80=[fe80::1]:443", "a=b", "1:=2:3")
_SCENARIO = """firmware = "GE865-QUAD@10.00.007"
seed = 7

[[faults]]
fault = "registration-lost"
time = "20 s"
duration = "30 s"

[[faults]]
fault = "connection-reset"
command = "#SSLD"
occurrence = 2
byte = "2 kB"
times = 0
probability = 0.5

[[faults]]
fault = "handshake-stalled"
message = "certificate"
"""
_PROFILE = """extends = "HE910@12.00.004"
model = "HE910-X"

[network]
signal = 12

[commands]
"#SD" = false
"#FRWL" = { action = { range = [0, 1] } }

[settings."+CMEE"]
range = [0, 2]
default = 1

[secure_socket]
tls_version = "1.1"
"""
_REQUESTS = (
    '{"do": "show"}',
    '{"do": "change", "what": "signal", "value": "3"}',
    '{"do": "fault", "name": "signal", "parameters": {"rssi": 3}}',
    '{"do": "remove", "number": 1}',
    '{"do": "route", "dialled": "a:1", "target": "b:2"}',
    '{"do": "say", "text": "RING"}',
    '{"do": "sms", "number": "+39331", "text": "hello"}',
)
_PIECES = (
    "", "\x00", "\xff", "\u20ac", '"', "'", "[", "]", "{", "}", "=", ",", ":", ".", "-1", "1e9", "99999999999999999999",
    "nan", "true", "null", "[]", "{}", "[[", "\n", "#", "../", "1979-05-27", "0x10", " ", "\\", "\ud7ff",
)  # fmt: skip


class Files:
    """Write what a user could have written wrong: each mistake is one line of a UserError, and nothing else."""

    name = "files"
    summary = "profiles, values, routes, scenarios, dialogues, requests and states, each with mistakes"
    weight = 0.04

    def make(self, dice: Random) -> Case:
        kind = dice.choice(list(_READERS))
        text = _sample(dice, kind)
        for _ in range(dice.choice([0, 1, 1, 1, 2, 3])):
            text = _changed(dice, text)
        return Case(self.name, (Step("text", text),), {"kind": kind})

    def inputs(self, case: Case) -> int:
        return 1

    def play(self, case: Case) -> Finding | None:
        text = "".join(step.argument for step in case.steps)
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            try:
                _READERS[case.setting["kind"]](text, Path(folder))
            except UserError as error:
                return None if str(error).strip() else Finding("no reason", repr(text))
        return None


def _sample(dice: Random, kind: str) -> str:
    match kind:
        case "profile":
            return _PROFILE if dice.random() < 0.5 else f"{_PROFILE}\n{_part_of_a_shipped_profile(dice)}"
        case "value":
            return dice.choice(_part_of_a_shipped_profile(dice).splitlines() or ["network.signal = 3"])
        case "route":
            return dice.choice(_ROUTES)
        case "scenario":
            return _SCENARIO
        case "dialogue":
            return dice.choice(_dialogues())
        case "request":
            return dice.choice(_REQUESTS)
    return _state()


def _part_of_a_shipped_profile(dice: Random) -> str:
    tables = (PROFILES / "common.toml").read_text(encoding="utf-8").split("\n[")[1:]
    return "[" + dice.choice(tables)


@cache
def _dialogues() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(_DIALOGUES.glob("*.txt"))]


@cache
def _state() -> str:
    with tempfile.TemporaryDirectory() as folder:
        store = NvmFile(Path(folder), load_firmware(_FIRMWARE))
        with store.change() as nvm:
            nvm.interface_style = 2
        store.close()
        return Path(folder, "nvm.json").read_text(encoding="utf-8")


def _changed(dice: Random, text: str) -> str:
    """Put something in, leave something out, double a part, or take a part from elsewhere."""
    start = dice.randint(0, len(text))
    end = min(len(text), start + dice.choice([0, 1, 3, 20, 200]))
    chance = dice.random()
    if chance < 0.4:
        return text[:start] + dice.choice(_PIECES) + text[end:]
    if chance < 0.6:
        return text[:start] + text[end:]
    if chance < 0.7:
        return text[:end] + text[start:end] * dice.choice([1, 3]) + text[end:]
    if chance < 0.8:
        return text[:start] + chr(dice.randrange(0xD800)) + text[end:]
    if chance < 0.85:
        return text[:start] + "[" * 5000 + text[end:]
    digits = [place for place, character in enumerate(text) if character.isdigit()] or [0]
    place = dice.choice(digits)
    return text[:place] + dice.choice(["-", "9", "99999", '"x"', "0.5", "[1]"]) + text[place + 1 :]


def _read_profile(text: str, folder: Path) -> None:
    (folder / "own.toml").write_text(text, encoding="utf-8")
    command_table(load_firmware(str(folder / "own.toml")))


def _read_value(text: str, folder: Path) -> None:
    command_table(load_firmware(_FIRMWARE, [text]))


def _read_route(text: str, folder: Path) -> None:
    Routes.parse([text])


def _read_scenario(text: str, folder: Path) -> None:
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    scenario = load_scenario(folder / "scenario.toml")

    async def put() -> None:
        async with Bench(_FIRMWARE) as bench:
            for fault in scenario.faults:
                with suppress(UserError):
                    bench.modem.faults.put(fault)
            await bench.advance(60)

    run_alone(put())


def _read_dialogue(text: str, folder: Path) -> None:
    (folder / "dialogue.txt").write_text(text, encoding="utf-8")
    load(folder / "dialogue.txt")


def _read_request(text: str, folder: Path) -> None:
    async def ask() -> bytes:
        async with Bench(_FIRMWARE) as bench:
            return (await answer(bench.modem, text.encode())).line

    said, _ = run_alone(ask())
    assert said.startswith((b'{"ok":', b'{"error":')), said


def _read_state(text: str, folder: Path) -> None:
    (folder / "nvm.json").write_text(text, encoding="utf-8")
    NvmFile(folder, load_firmware(_FIRMWARE)).close()


_READERS: Mapping[str, Callable[[str, Path], None]] = {
    "profile": _read_profile,
    "value": _read_value,
    "route": _read_route,
    "scenario": _read_scenario,
    "dialogue": _read_dialogue,
    "request": _read_request,
    "state": _read_state,
}
