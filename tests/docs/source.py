"""The source of the emulator as others get it: what the container copies, and nothing else of the tree."""

import re
import shutil
from pathlib import Path

from tests.docs.pages import ROOT

PACKED = re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
"""What the Containerfile copies: a wheel must be made of that."""


def copy_source(folder: Path) -> None:
    """The files that the container gets, and no others."""
    folder.mkdir()
    for name in PACKED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
