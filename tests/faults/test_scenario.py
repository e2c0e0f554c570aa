"""Scenario files."""

from pathlib import Path
from typing import Any

import pytest

from emulator.errors import UserError
from emulator.faults.scenario import load_scenario
from emulator.testing import Bench


def written(folder: Path, text: str) -> Path:
    path = folder / "bad-day.toml"
    path.write_text(text)
    return path


def test_a_scenario_has_a_seed_and_faults(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'seed = 7\n[[faults]]\nfault = "reboot"\ncommand = "#SSLD"\n'
        '[[faults]]\nfault = "signal"\nrssi = 3\ntime = "2 s"\n',
    )

    scenario = load_scenario(path)

    assert 7 == scenario.seed
    assert ["reboot command=#SSLD", "signal time=2 s rssi=3"] == [fault.rule for fault in scenario.faults]


def test_a_scenario_names_its_firmware(tmp_path: Path) -> None:
    """By its model and version, or by the path of a profile from its own folder; nothing but a name of one alone."""
    (tmp_path / "mine.toml").write_text('extends = "HE910"\nname = "mine"\n')

    assert "GE865-QUAD@10.00.007" == load_scenario(written(tmp_path, 'firmware = "ge865-quad"')).firmware
    assert f"{tmp_path}/mine.toml" == load_scenario(written(tmp_path, 'firmware = "mine.toml"')).firmware


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "GE865-QUAD@10.00.007"),
        ({"firmware": "UE910-EUR"}, "UE910-EUR@12.00.004"),
        ({"scenario": None}, "HE910@12.00.004"),
    ],
)
async def test_a_modem_is_of_the_firmware_of_its_scenario_unless_another_is_named(
    tmp_path: Path, options: dict[str, Any], name: str
) -> None:
    path = written(tmp_path, 'firmware = "GE865-QUAD"')

    async with Bench(**{"scenario": path, **options}) as bench:
        assert name == bench.modem.firmware.name


def test_an_empty_one_is_a_good_day(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, ""))

    assert (0, ()) == (scenario.seed, scenario.faults)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('seed = "seven"', "seed is 'seven'; give a whole number"),
        ("seed = true", "seed is True; give a whole number"),
        ("firmware = 3", "firmware is 3; give MODEL[@VERSION], or the path of a profile"),
        ('firmware = ""', "firmware is ''; give MODEL[@VERSION], or the path of a profile"),
        ('firmware = "HE911"', "firmware: no model 'HE911'; the nearest is HE910"),
        ('firmware = "HE910@10.00.001"', "firmware: HE910 runs "),
        ('firmware = "all"', "firmware: no model 'all'"),
        ("firmwar = 7", "unknown key 'firmwar'; the nearest is firmware"),
        ("sed = 7", "unknown key 'sed'; the nearest is seed"),
        ("faults = 3", "`faults` is no list of tables; write [[faults]]"),
        ("[[faults]]\nrssi = 3", "fault 1 has no name; write [[faults]]"),
        ('[[faults]]\nfault = "reboot"\n[[faults]]\nfault = "rebot"', "fault 2: there is no fault 'rebot'"),
        ('[[faults]]\nfault = "reboot"\nafter = 3', "fault 1: reboot: unknown key 'after'"),
        ('[[faults]]\nfault = "reboot"\ntime = "3 weeks"', "fault 1: reboot: time: '3 weeks' has no unit"),
        ("[[faults", "not TOML: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_file(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)

    with pytest.raises(UserError) as refused:
        load_scenario(path)

    assert str(refused.value).startswith(f"{path}: {message}")
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.toml: no such file; give the path of a scenario"):
        load_scenario(tmp_path / "none.toml")


async def test_an_instance_that_is_none_is_refused_with_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, '[[faults]]\nfault = "reboot"\n[[faults]]\nfault = "reboot"\nterminal = "2"\n')

    with pytest.raises(UserError) as refused:
        await Bench("HE910", scenario=path).__aenter__()

    assert str(refused.value).startswith(f"{path}: fault 2: reboot: there is no AT instance '2'; there are 1, and")
