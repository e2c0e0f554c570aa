"""Runs Locust in this process, with the plan of a fleet."""

import os
import sys
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from emulator.errors import UserError
from emulator.fleet.plan import FleetPlan, encode

if TYPE_CHECKING:
    from locust.argument_parser import LocustArgumentParser

_PROGRAM = "telit-emulator fleet"
_LOCUSTFILES = Path(__file__).parent / "locustfiles"
_LOOPBACK = "127.0.0.1"


def run_locust(plan: FleetPlan, arguments: Sequence[str], power_cut: float | None) -> NoReturn:
    """Run Locust to its end, and exit with its code.

    Locust is not to replace the sockets and threads of Python: the modems need the real ones in their own thread. Its
    own parts use gevent's by name; only `time.sleep` is replaced, by which it waits for its workers.

    Raises:
        UserError: it is not installed, or a locustfile cannot be found.
    """
    os.environ["LOCUST_SKIP_MONKEY_PATCH"] = "1"
    os.environ.setdefault("LOCUST_WEB_HOST", _LOOPBACK)
    os.environ.setdefault("LOCUST_MASTER_BIND_HOST", _LOOPBACK)
    files, rest = _locustfiles(arguments)
    try:
        from gevent import monkey
        from locust import events
        from locust.main import main
    except ModuleNotFoundError as error:
        raise UserError(f"{error.name} is not installed; pip install 'telit-emulator[fleet]' brings it") from error
    monkey.patch_time()

    def add_options(parser: "LocustArgumentParser") -> None:
        """Add what the master hands on to its workers."""
        for name, value in {"--fleet-plan": encode(plan), "--power-cut": power_cut}.items():
            parser.add_argument(name, default=value, help=SUPPRESS, include_in_web_ui=False)
        parser.exit = _leave  # a mistake is one line here

    events.init_command_line_parser.add_listener(add_options)
    if power_cut is not None:
        files.append(str(_LOCUSTFILES / "power_cut.py"))
    sys.argv = [_PROGRAM, "--locustfile", ",".join(files), *rest]
    main()
    raise AssertionError("Locust ends by an exit")


def _leave(status: int = 0, message: str | None = None) -> NoReturn:
    if message:
        raise UserError(f"{' '.join(message.split()).removeprefix(f'{_PROGRAM}: error: ')}; see `{_PROGRAM} -- --help`")
    sys.exit(status)


def _locustfiles(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the locustfiles, that for telemetry unless others are named, and the other arguments.

    Raises:
        UserError: one cannot be found.
    """
    parser = ArgumentParser(prog=_PROGRAM, add_help=False, allow_abbrev=False)
    parser.add_argument("-f", "--locustfile", default=os.environ.get("LOCUST_LOCUSTFILE"))
    named, rest = parser.parse_known_args(arguments)
    if named.locustfile is None:
        return [str(_LOCUSTFILES / "telemetry.py")], rest
    files = [file.strip() for file in named.locustfile.split(",")]
    for file in files:
        if file != "-" and "://" not in file and not Path(file).exists():
            raise UserError(f"-f {file}: there is no such file; name a locustfile, or leave -f out for the ready one")
    return files, rest
