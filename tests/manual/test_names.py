"""A command is found by what somebody writes for it."""

import pytest

from emulator.errors import UserError
from emulator.firmware.loader import load_firmware
from emulator.manual.asking import asked_page
from emulator.manual.names import meant, nearest
from emulator.manual.overview import all_names

HE910 = load_firmware("HE910")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("#SSLD", "#SSLD"),
        ("SSLD", "#SSLD"),
        ("at#ssld", "#SSLD"),
        ("AT#SSLD=?", "#SSLD"),
        (' "+cgdcont" ', "+CGDCONT"),
        ("AT+CGDCONT?", "+CGDCONT"),
        ("ATE0", "E"),
        ("e", "E"),
        ("&k", "&K"),
        ("ATS0=1", "S0"),
        ("ATD*99#", "D"),
        ("#SSLRCV", "#SSLRCV"),
    ],
)
def test_a_name_is_taken_however_it_is_written(written: str, name: str) -> None:
    """With or without AT and its sign, in any case, and as a whole line."""
    assert meant(written, [*all_names(), "#SSLRCV"]) == [name]


def test_a_misspelt_name_has_neighbours() -> None:
    """The most similar comes first."""
    assert nearest("at#ssldd", all_names())[0] == "#SSLD"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("#SSLDD", "no command '#SSLDD'; the nearest are #SSLD, "),
        ("%%%", "no command '%%%'; `telit-emulator commands` lists them"),
        ("", "no command ''; `telit-emulator commands` lists them"),
        ("CGMI", "'CGMI' may be #CGMI or +CGMI; write it with its sign, in quotes"),
        ("#SSLFASTD", "#SSLFASTD is not on HE910@12.00.004; GC864-QUAD@10.00.007, "),
        ("#M2MCHDIR", "#M2MCHDIR is not on HE910@12.00.004; HE910@12.00.006, "),
        ("#HWREV", "#HWREV is not emulated: "),
    ],
)
def test_a_name_that_leads_to_no_page_says_why(written: str, said: str) -> None:
    """And what to write instead."""
    with pytest.raises(UserError) as caught:
        asked_page(written, HE910, "HE910")

    assert str(caught.value).startswith(said)


def test_the_firmware_to_add_can_be_pasted() -> None:
    """Without the status of its line, which stands behind the names alone."""
    with pytest.raises(UserError, match=r"LE910-EU-V2@20\.00\.402 \(public\), .*: add --firmware (\S+)$"):
        asked_page("#SSLSECCFG2", HE910, "HE910")
