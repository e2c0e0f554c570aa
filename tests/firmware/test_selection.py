"""Which firmwares `all` and `every` stand for."""

import pytest

from emulator import UserError, load_firmware
from emulator.firmware.loader import Firmware, list_models
from emulator.firmware.selection import ALL, EVERY, Choice, choose, distinct_firmwares


def differing(first: Firmware, second: Firmware) -> set[str]:
    """The parts of the profile in which two firmwares differ."""
    return {
        part
        for part in first.profile.__struct_fields__
        if getattr(first.profile, part) != getattr(second.profile, part)
    }


def test_all_is_one_firmware_for_each_distinct_behaviour() -> None:
    """Any two differ in more than their names."""
    firmwares = [load_firmware(choice.name) for choice in choose([ALL])]

    assert len(firmwares) > len({firmware.line for firmware in firmwares if firmware.profile.secure_socket})
    for index, first in enumerate(firmwares):
        for second in firmwares[:index]:
            assert differing(first, second) - {"identity"}


@pytest.mark.parametrize("choice", distinct_firmwares(), ids=lambda choice: choice.name)
def test_those_that_are_alike_differ_in_their_names_only(choice: Choice) -> None:
    """So that one of them speaks for all."""
    first = load_firmware(choice.name)

    for name in choice.alike:
        assert differing(first, load_firmware(name)) <= {"identity"}


def test_all_speaks_for_every_model_and_for_each_release_that_brought_something() -> None:
    """With and without SSL, with and without SSLSRING, and no firmware is named twice."""
    named = [name for choice in distinct_firmwares() for name in (choice.name, *choice.alike)]

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
    assert [load_firmware(model.name).name for model in list_models()] == [choice.name for choice in choose([EVERY])]


def test_a_firmware_that_is_asked_for_twice_is_run_once() -> None:
    """In any spelling; one that nobody knows is refused."""
    assert choose(["he910", "HE910@12.00.004", "GE865-QUAD"]) == [
        Choice("HE910@12.00.004"),
        Choice("GE865-QUAD@10.00.007"),
    ]
    with pytest.raises(UserError, match="HE911"):
        choose(["HE911"])
