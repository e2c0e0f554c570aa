"""Runs a function of Python as a host application: in a process of its own, so that it may crash or hang."""

import builtins
import importlib.util
import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from emulator.errors import UserError
from emulator.host_program import PORT_VARIABLE, HostProgram

_HONEST: tuple[type[BaseException], ...] = (OSError, AssertionError)
"""Exceptions of Python itself by which a host says that it has failed, as it does by all that are not Python's own."""
_HIGHEST = 1 << 16
"""Above the descriptors that a worker has open."""


@dataclass(frozen=True)
class HostFunction:
    """A function that is called with the port; it can be sent to another process.

    It succeeds when it returns; by False, or by another exit code than 0, it says that it has failed, and so it does by
    an exception: an OSError, an AssertionError, and any that is not Python's own. All others are crashes.
    """

    name: str
    module: str
    file: str
    """Where the module lies, for a process that cannot import it by its name."""
    pickled: bytes = field(repr=False)
    honest: tuple[str, ...] = ()
    """Names of further exceptions by which it says that it has failed."""

    @staticmethod
    def of(function: Callable[[str], object], honest: Sequence[type[BaseException]] = ()) -> "HostFunction":
        """Take a function of a module, or a `functools.partial` of one.

        Raises:
            UserError: it is no such function, so that no other process could call it.
        """
        inner = getattr(function, "func", function)
        module = sys.modules.get(getattr(inner, "__module__", ""))
        name = getattr(inner, "__qualname__", repr(inner))
        try:
            pickled = pickle.dumps(function)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise UserError(
                f"host function {name}: another process cannot call it ({error}); write it at the top of a module, and "
                "give it what it needs by functools.partial"
            ) from error
        file = getattr(module, "__file__", None) or ""
        return HostFunction(name, getattr(inner, "__module__", ""), file, pickled, tuple(map(_name_of, honest)))

    def start(self, port: str, environment: Mapping[str, str] | None = None) -> HostProgram:
        """Call the function in a new process.

        Raises:
            UserError: its module cannot be imported.
        """
        return _FunctionProgram(self, self._load(), port, environment or {})

    def _load(self) -> Callable[[str], object]:
        try:
            if self.module not in sys.modules:
                _import(self.module, Path(self.file))
            function: Callable[[str], object] = pickle.loads(self.pickled)  # noqa: S301  our own process has written it
        except Exception as error:
            raise UserError(
                f"host function {self.name}: {self.file or self.module} cannot be imported in another process: "
                f"{type(error).__name__}: {error}"
            ) from error
        return function

    def is_honest(self, error: BaseException) -> bool:
        """Return whether the function says by this exception that it has failed."""
        kinds = type(error).__mro__
        if not _is_pythons_own(kinds[0]) or isinstance(error, _HONEST):
            return True
        return any(_name_of(kind) in self.honest for kind in kinds)


def _import(name: str, file: Path) -> None:
    try:
        import_module(name)
    except ModuleNotFoundError as error:
        spec = importlib.util.spec_from_file_location(name, file)
        if error.name != name.partition(".")[0] or spec is None or spec.loader is None:
            raise
        for parent in _parents(name):
            sys.modules.setdefault(parent, ModuleType(parent))
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


def _parents(name: str) -> list[str]:
    words = name.split(".")
    return [".".join(words[:count]) for count in range(1, len(words))]


def _is_pythons_own(kind: type) -> bool:
    if kind.__module__ == builtins.__name__:
        return getattr(builtins, kind.__name__, None) is kind  # pytest's call themselves so, too
    return kind.__module__.partition(".")[0] in sys.stdlib_module_names


def _name_of(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


class _FunctionProgram(HostProgram):
    """A function in a process of its own; it is the one that a program would be started in.

    So it has the streams and the session of a program. It is forked without more: a new interpreter would take longer
    than most hosts do.
    """

    def __init__(
        self, host: HostFunction, function: Callable[[str], object], port: str, environment: Mapping[str, str]
    ) -> None:
        self.command = (host.name,)

        def call() -> NoReturn:
            os.closerange(3, _HIGHEST)  # connections would not end before this process does; nor would the start return
            os._exit(_called(host, function, port, environment))

        self._process = subprocess.Popen(
            [sys.executable],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            preexec_fn=call,
        )


def _called(host: HostFunction, function: Callable[[str], object], port: str, environment: Mapping[str, str]) -> int:
    """Call the function in the new process; return its exit code."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    os.environ.update({**environment, PORT_VARIABLE: port})
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  a descriptor
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  a descriptor
    try:
        result = function(port)
        return result & 0xFF if isinstance(result, int) and not isinstance(result, bool) else int(result is False)
    except SystemExit as error:
        return _exit_code(error)
    except BaseException as error:
        if host.is_honest(error):
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
        else:
            traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _exit_code(end: SystemExit) -> int:
    """Return the exit code of `sys.exit`, and print its words as an interpreter does."""
    if end.code is None or isinstance(end.code, int):
        return (end.code or 0) & 0xFF
    sys.stderr.write(f"{end.code}\n")
    return 1
