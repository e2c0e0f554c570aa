"""The entry of pytest and of the console script, under a name that no folder of a project has.

A project may have a folder or a module `emulator` of its own, which Python then finds in the place of the package, or
the other way round. This says so in one line.
"""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_OWN = Path(__file__).resolve().parent / "emulator"


def _found() -> Path:
    """Return the folder or file that Python takes for `emulator`."""
    spec = find_spec("emulator")
    if spec is None or spec.origin is None:
        return Path("emulator")
    origin = Path(spec.origin).resolve()
    return origin.parent if origin.name == "__init__.py" else origin


def _hidden() -> str:
    """Return a line that says what hides the package; empty where nothing does."""
    found = _found()
    return "" if found == _OWN else f"{found} has the name of the emulator's package and hides it; rename it"


def _hiding() -> str:
    """Return a line that says what the package hides in the working folder; empty where it hides nothing."""
    folder = Path.cwd() / "emulator"
    if folder.resolve() == _OWN or not any(folder.glob("*.py")):
        return ""
    return f"{folder} is hidden by the emulator's package, which has its name; rename it"


def main() -> None:
    """Run the command `telit-emulator`."""
    if told := _hidden():
        sys.exit(_refusal(told))
    from emulator.cli import main as run

    run()


def _refusal(told: str) -> int:
    sys.stderr.write(f"telit-emulator: {told}, or leave its folder out of PYTHONPATH\n")
    return 2


# The plugin of pytest.

pytest_plugins = () if _hidden() else ("emulator.testing.plugin",)


def pytest_report_header() -> list[str]:
    """Name what hides the package, so that there are no fixtures, or what the package hides."""
    return [f"telit-emulator: {told}" for told in _clash()]


def pytest_terminal_summary(terminalreporter: Any, config: Any) -> None:
    """Do the same at the end of a quiet run, which has no header."""
    for told in _clash() if config.get_verbosity() < 0 else ():
        terminalreporter.write_line(f"telit-emulator: {told}")


def _clash() -> list[str]:
    told = _hidden()
    if told:
        return [f"no fixtures: {told}, or run `pytest` in the place of `python -m pytest`"]
    told = _hiding()
    return [f"{told}, or leave the plugin out by -p no:telit-emulator"] if told else []
