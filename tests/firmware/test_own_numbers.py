"""Modules that differ in their own numbers alone share the rest of their firmware."""

import pytest

from emulator import UserError
from emulator.commands.catalogue import command_table
from emulator.firmware.loader import load_firmware

OWN = ['identity.imei="356938030000001"', 'identity.imsi="222013000000001"', 'identity.iccid="8939104300073661358"']


@pytest.mark.parametrize("common", [[], ["network.signal=9"]])
def test_modules_with_numbers_of_their_own_share_profile_and_commands(common: list[str]) -> None:
    """Thousands of them take little more memory than as many with the same numbers."""
    shared, own = load_firmware("HE910", common), load_firmware("HE910", [*common, *OWN])

    theirs = {
        name
        for name in own.profile.__struct_fields__
        if getattr(own.profile, name) is not getattr(shared.profile, name)
    }
    assert theirs == {"identity"}
    assert own.profile.identity.imei == "356938030000001"
    assert own.profile.identity.model == shared.profile.identity.model
    assert command_table(own) is command_table(shared)


def test_a_wrong_number_is_told_as_ever() -> None:
    """With its key, and what is allowed."""
    with pytest.raises(UserError, match=r'identity\.imei is "12"; give 15 digits in quotes'):
        load_firmware("HE910", ['identity.imei="12"'])


def test_other_values_of_the_identity_are_shared_with_nobody() -> None:
    """A command may depend on them."""
    assert load_firmware("HE910", ['identity.manufacturer="Acme"']).common is None
