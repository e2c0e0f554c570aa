"""Which firmwares `all` and `every` stand for."""

from pathlib import Path

import pytest

from emulator import UserError, load_firmware
from emulator.firmware.loader import Firmware, ModelEntry, identified, list_models
from emulator.firmware.selection import ALL, EVERY, Choice, choose, distinct_firmwares
from emulator.firmware.status import ANY, Status


def differing(first: Firmware, second: Firmware) -> set[str]:
    """The parts of the profile in which two firmwares differ."""
    return {
        part
        for part in first.profile.__struct_fields__
        if getattr(first.profile, part) != getattr(second.profile, part)
    }


def test_all_is_one_firmware_for_each_distinct_behaviour() -> None:
    """Any two differ in more than their names."""
    firmwares = [load_firmware(choice.name) for choice in choose([ALL], ANY)]

    assert len(firmwares) > len({firmware.line for firmware in firmwares if firmware.profile.secure_socket})
    for index, first in enumerate(firmwares):
        for second in firmwares[:index]:
            assert first.status is not second.status or differing(first, second) - {"identity"}


@pytest.mark.parametrize("choice", distinct_firmwares(ANY), ids=lambda choice: choice.name)
def test_those_that_are_alike_differ_in_their_names_only(choice: Choice) -> None:
    """So that one of them speaks for all."""
    first = load_firmware(choice.name)

    for name in choice.alike:
        assert differing(first, load_firmware(name)) <= {"identity"}


def test_all_speaks_for_every_model_and_for_each_release_that_brought_something() -> None:
    """With and without SSL, with and without SSLSRING, and no firmware is named twice."""
    named = [name for choice in distinct_firmwares(ANY) for name in (choice.name, *choice.alike)]

    assert len(set(named)) == len(named)
    assert {load_firmware(model.name).name for model in list_models()} <= set(named)
    assert {
        "HE910@12.00.000",
        "HE910@12.00.004",
        "HE910@12.00.005",
        "GE865-QUAD@10.00.000",
        "GE865-QUAD@10.00.005",
    } <= set(named)


def test_every_is_every_model_in_its_default_version() -> None:
    """In the order of the applicability table."""
    chosen = choose([EVERY], ANY)

    assert [load_firmware(model.name).name for model in list_models()] == [choice.name for choice in chosen]


@pytest.mark.parametrize("word", [ALL, EVERY])
def test_a_provisional_line_is_asked_for(word: str) -> None:
    """By its name, or by its status; a host is not judged by what is mostly made up unless that is wanted."""
    assert {Status.DOCUMENTED, Status.PUBLIC} == {choice.status for choice in choose([word])}
    assert set(Status) == {choice.status for choice in choose([word], ANY)}
    assert [Choice("HE920@14.00.003", status=Status.PROVISIONAL)] == choose(["HE920"])


def test_a_line_has_versions_without_ssl_only_where_some_are_known() -> None:
    """No later module is made up that has none."""
    without = {
        choice.name for choice in distinct_firmwares(ANY) if not load_firmware(choice.name).profile.secure_socket
    }

    assert {"10.00", "12.00", "13.00", "16.00"} == {load_firmware(name).line for name in without}
    assert load_firmware("LE910C1@25.00.000").profile.secure_socket is not None


def test_a_profile_of_a_users_own_has_the_status_of_its_line(tmp_path: Path) -> None:
    """One that builds on the facts common to all has none."""
    of_a_line, of_none = tmp_path / "line.toml", tmp_path / "common.toml"
    of_a_line.write_text('extends = "20.00"\nmodel = "X"\nversion = "20.00.999"\n')
    of_none.write_text('extends = "common"\nmodel = "X"\nversion = "20.00.999"\n')

    assert [Status.PUBLIC, None] == [choice.status for choice in choose([str(of_a_line), str(of_none)])]


def test_a_firmware_that_is_asked_for_twice_is_run_once() -> None:
    """In any spelling; one that nobody knows is refused."""
    assert choose(["he910", "HE910@12.00.004", "GE865-QUAD"]) == [
        Choice("HE910@12.00.004", status=Status.DOCUMENTED),
        Choice("GE865-QUAD@10.00.007", status=Status.DOCUMENTED),
    ]
    with pytest.raises(UserError, match="HE911"):
        choose(["HE911"])


@pytest.mark.parametrize("model", list_models(), ids=lambda model: model.name)
def test_a_model_is_identified_as_its_loaded_firmware_is(model: ModelEntry) -> None:
    """Which is left for the process that runs it."""
    for spec in (model.name.lower(), f"{model.name}@{model.version}", *model.aliases):
        firmware = load_firmware(spec)

        assert (firmware.name, firmware.status) == identified(spec)
