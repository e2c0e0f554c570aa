"""Choose the firmwares to examine."""

from collections.abc import Collection, Sequence

from emulator.firmware.loader import load_firmware
from emulator.firmware.selection import ALL, EVERY, Choice, choose
from emulator.firmware.status import KNOWN, Status


def choose_with_ssl(asked: Sequence[str], statuses: Collection[Status] = KNOWN) -> list[Choice]:
    """Return each firmware that is asked for, once; of `all` and `every`, those that have SSL commands.

    Args:
        asked: names, `all` or `every`.
        statuses: those of the software lines that `all` and `every` stand for.

    Raises:
        UserError: there is no such firmware.
    """
    chosen: dict[str, Choice] = {}
    for spec in asked:
        for choice in choose([spec], statuses):
            if spec not in (ALL, EVERY) or load_firmware(choice.name).profile.secure_socket is not None:
                chosen.setdefault(choice.name, choice)
    return list(chosen.values())
