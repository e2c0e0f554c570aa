"""Debian's daemons that `scripts/test` has unpacked below the virtual environment, instead of installing them."""

import os
import shutil
import sys
from pathlib import Path

import pytest

_ROOT = Path(sys.prefix) / "debian"


def unpacked_program(name: str, package: str) -> str:
    """The program's path; the test is skipped, by name, where there is none."""
    unpacked = [str(_ROOT / folder) for folder in ("usr/bin", "usr/sbin", "bin")]
    installed = [os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"]
    path = shutil.which(name, path=os.pathsep.join([*unpacked, *installed]))
    if path is None:
        pytest.skip(f"{name} is not there (Debian package {package}): scripts/test unpacks it")
    return path


def unpacked_folder(pattern: str) -> Path | None:
    """The folder of that path, below where they are unpacked or installed."""
    return next((path for root in (_ROOT, Path("/")) for path in root.glob(pattern)), None)


def unpacked_environment() -> dict[str, str]:
    """This process's environment, with the libraries that came with them."""
    folders = [*_ROOT.glob("usr/lib/*-linux-*"), *_ROOT.glob("lib/*-linux-*"), _ROOT / "usr/lib"]
    libraries = [*map(str, folders), os.environ.get("LD_LIBRARY_PATH", "")]
    return {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(filter(None, libraries))}
