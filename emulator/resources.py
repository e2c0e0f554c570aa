"""Finds the data files that travel with the code: firmware profiles and the demo certificates."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_folder(name: str) -> Path:
    """Return the folder `name`: in the package of a wheel, beside the package in a source tree."""
    packaged = _PACKAGE / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name


PROFILES = resource_folder("firmware_profiles")
CERTS = resource_folder("certs")
