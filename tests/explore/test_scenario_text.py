"""Faults written as a scenario."""

from pathlib import Path

import pytest

from emulator.explore.trials.scenario import scenario_text
from emulator.faults.scenario import load_scenario


@pytest.mark.parametrize("firmware", ["mine.toml", "./mine.toml", "HE910@12.00.004"])
def test_a_firmware_is_found_again_from_another_folder(
    firmware: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path of a profile is meant from where the exploration ran, in whatever folder the scenario lies."""
    (tmp_path / "mine.toml").write_text('extends = "HE910"\n')
    (tmp_path / "found").mkdir()
    scenario = tmp_path / "found" / "001.toml"
    monkeypatch.chdir(tmp_path)
    scenario.write_text(scenario_text([{"fault": "signal", "rssi": 3}], firmware=firmware))

    expected = firmware if "@" in firmware else str(tmp_path / "mine.toml")
    assert expected == load_scenario(scenario).firmware
