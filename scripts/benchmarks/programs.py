"""The programs that figures are compared with."""

import shutil
from collections.abc import Mapping

_PACKAGES: Mapping[str, str] = {"cc": "gcc", "curl": "curl", "make": "make", "openssl": "openssl", "socat": "socat"}
"""Program and Debian package."""


class Unavailable(Exception):
    """A figure cannot be measured on this machine; the text says why."""


def require(program: str) -> str:
    """Return the program's path.

    Raises:
        Unavailable: it is not installed.
    """
    path = shutil.which(program)
    if path is None:
        raise Unavailable(f"{program} is not installed (Debian package {_PACKAGES[program]})")
    return path
