"""The programs that figures are compared with: found, or installed where that is allowed."""

import os
import shutil
import subprocess
from collections.abc import Mapping

_PACKAGES: Mapping[str, str] = {"socat": "socat", "gnutls-serv": "gnutls-bin", "openssl": "openssl"}
"""Program and Debian package."""


class Unavailable(Exception):
    """A figure cannot be measured on this machine; the text says why."""


def install_missing() -> None:
    """Install the packages of missing programs, as root on a Debian system; anywhere else this does nothing."""
    packages = [package for program, package in _PACKAGES.items() if shutil.which(program) is None]
    if not packages or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for action in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "-qq", *action], env=environment, stdout=subprocess.DEVNULL, check=False)


def require(program: str) -> str:
    """The program's path.

    Raises:
        Unavailable: it is not installed.
    """
    path = shutil.which(program)
    if path is None:
        raise Unavailable(f"{program} is not installed (Debian package {_PACKAGES[program]})")
    return path
