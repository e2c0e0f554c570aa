"""Hosts from npm that `scripts/test` has installed below the virtual environment."""

import os
import sys
from pathlib import Path

import pytest

from tests.peers.processes import require_program

_MODULES = Path(sys.prefix) / "npm" / "node_modules"


def node_with(package: str) -> tuple[str, dict[str, str]]:
    """The path of node, and an environment in which it finds the package; the test is skipped where one is missing."""
    node = require_program("node", "nodejs")
    if not (_MODULES / package).is_dir():
        pytest.skip(f"{package} is not there (npm): scripts/test installs it")
    return node, {**os.environ, "NODE_PATH": str(_MODULES)}
