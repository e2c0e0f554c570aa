"""Finds the data files that travel with the code: firmware profiles, demo certificates, dialogues and captures."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_folder(name: str, in_the_tree: str = "") -> Path:
    """Return the folder `name`: in the package of a wheel, beside the package in a source tree.

    Args:
        name: of the folder.
        in_the_tree: where it lies in a source tree, if elsewhere.
    """
    packaged = _PACKAGE / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / (in_the_tree or name)


PROFILES = resource_folder("firmware_profiles")
CERTS = resource_folder("certs")
DIALOGUES = resource_folder("dialogues", "tests/dialogues")
CAPTURES = resource_folder("captures", "tests/captures")
