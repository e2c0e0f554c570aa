"""Numbers that ATD dials: digits, entries of the phonebook, the last number, short codes. V.250 6.3.1, 22.030."""

import re

import msgspec

from emulator.commands.context import Context
from emulator.errors import Cause, DeviceError

VOICE_CLASS = 8
"""+FCLASS of voice calls."""

SERIAL_NUMBER = "*#06#"
"""The code to which the module itself answers with its serial number (22.030 6.2)."""

_NO_EFFECT = re.compile(r"[TPW,!@ -]")
"""Tone, pulse, pauses and the like."""
_NUMBER = re.compile(r"\+?[0-9*#A-D]+")
_SHORT_CODE = re.compile(r"[0-9]{1,2}")
_ENTRY = re.compile(r">([A-Z]{2})?([0-9]+)")
_NAME = re.compile(r'>"([^"]*)"')


class Dialled(msgspec.Struct, frozen=True):
    """A dial string, taken apart."""

    number: str
    voice: bool
    """Whether it is a voice call."""
    shows_number: bool | None = None
    """Whether this call shows the module's own number; None as +CLIR says."""


def take_apart(at: Context, text: str) -> Dialled:
    """Read a dial string.

    Raises:
        DeviceError: it is none, or the phonebook has no such entry.
    """
    voice = text.endswith(";")
    text = text.removesuffix(";")
    if ";" in text:
        raise DeviceError(Cause.DIAL_STRING_MALFORMED, "nothing may stand behind `;` in a dial string")
    voice = voice or at.settings["+FCLASS"] == VOICE_CLASS
    if text[:1] == ">":
        return Dialled(_from_phonebook(at, text), voice)
    if text.upper() == "L":
        return Dialled(_last(at), voice)
    text = text.rstrip("Gg")  # closed user groups: there are none
    shows = {"I": False, "i": True}.get(text[-1:])
    number = _NO_EFFECT.sub("", (text if shows is None else text[:-1]).upper())
    if not _NUMBER.fullmatch(number):
        reason = f"{text!r} is no number: digits, *, #, A to D, with + in front at most"
        raise DeviceError(Cause.DIAL_STRING_MALFORMED, reason)
    return Dialled(number, voice, shows)


def short_code(at: Context, text: str) -> str | None:
    """Return a code of one or two digits, which only #ENS=1 makes a number (Software User Guide 2.11.7)."""
    number = text.removesuffix(";")
    return number if _SHORT_CODE.fullmatch(number) and not at.device.enhanced_network else None


def _last(at: Context) -> str:
    number = at.device.calls.history.last_dialled
    if number is None:
        raise DeviceError(Cause.NOT_FOUND, "no number has been dialled before")
    return number


def _from_phonebook(at: Context, text: str) -> str:
    phonebook = at.device.phonebook
    if match := _ENTRY.fullmatch(text.upper()):
        number = phonebook.number_at(match[1] or phonebook.selected.name, int(match[2]))
    elif match := _NAME.fullmatch(text):
        number = phonebook.number_of(at.characters.read(match[1]))
    else:
        reason = f'{text!r} names no entry of the phonebook; >1, >SM1 or >"name" does'
        raise DeviceError(Cause.DIAL_STRING_MALFORMED, reason)
    if number is None:
        raise DeviceError(Cause.NOT_FOUND, f"no entry of the phonebook is {text[1:]}")
    return number
