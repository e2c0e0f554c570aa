"""The settings whose values the emulator acts on: a profile may narrow them, and cannot widen them."""

from collections.abc import Mapping

from emulator.firmware.schema.profile import Profile

ACTED_ON = frozenset(
    (
        "#AUTOATT",
        "#CSURVEXT",
        "#DIALMODE",
        "#DTMF",
        "#ECAM",
        "#CSURVF",
        "#CSURVNLF",
        "#CMUXMODE",
        "#E2ESC",
        "#E2SLRI",
        "#E2SMSRI",
        "#ENS",
        "#GAUTH",
        "#GPPPCFG.address",
        "#GPPPCFG.timeout",
        "#GSMAD.mode",
        "#GSMAD.urc",
        "#JDR.mode",
        "#MWI",
        "#ENAUSIM",
        "#ICMP",
        "#NITZ.mode",
        "#PADCMD",
        "#PADFWD.character",
        "#PSNT",
        "#QSS",
        "#SIMDET",
        "#SKIPESC",
        "#SLED.mode",
        "#SLED.off",
        "#SLED.on",
        "#SMOV",
        "#SMSMODE",
        "#SRS",
        "#TEMPMON.report",
        "#VAUX",
        "#WS46",
        "&C",
        "&D",
        "&K",
        "&S",
        "+CCWA.report",
        "+CEREG",
        "+CGEREP.mode",
        "+CGREG",
        "+CLIP",
        "+CLIR",
        "+CMEE",
        "+CMER.indicators",
        "+CMER.mode",
        "+CMGF",
        "+CNMI.bfr",
        "+CNMI.ds",
        "+CNMI.mode",
        "+CNMI.mt",
        "+COLP",
        "+CRC",
        "+CREG",
        "+CSCS",
        "+CSDH",
        "+CTZR",
        "+CTZU",
        "+CVHU",
        "+FCLASS",
        "+ICF.format",
        "+IPR",
        "+WS46",
        "E",
        "Q",
        "S0",
        "S2",
        "S3",
        "S4",
        "S5",
        "S12",
        "V",
        "X",
    )
)
"""The settings and stored numbers that something reads, besides the command that sets and shows them.

A command whose numbers are not among them is kept without effect. Whoever reads another one adds it.
"""

_CHARACTER = (255, "a character")
_HIGHEST: Mapping[str, tuple[int, str]] = {
    "#GAUTH": (3, "a type of authentication"),
    "S2": _CHARACTER,
    "S3": _CHARACTER,
    "S4": _CHARACTER,
    "S5": _CHARACTER,
    "+ICF.format": (5, "a format of V.250 6.2.11"),
}
"""By name, the highest value that has a meaning, and what a value is."""


def flaw(profile: Profile) -> tuple[tuple[str, str], str] | None:
    """Find the first setting that allows what has no meaning: its key and a message; None where there is none."""
    for name, (highest, what) in _HIGHEST.items():
        top = profile.settings[name].highest
        if top > highest:
            return ("settings", name), f"{top} is not {what}; give values from 0 to {highest}"
    return None
