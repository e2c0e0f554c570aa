"""Options of a modem: one struct that Python, the bench, the command line, the matrix and pytest read.

An option is one field with its docstring. The keyword argument of `VirtualModem` and `Bench`, the key of the marker,
the flag with its help, and the table in docs/testing.md follow from it.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, Literal, ParamSpec, TypeVar, get_args

import msgspec

from emulator.clock import Clock, WallClock
from emulator.errors import UserError

if TYPE_CHECKING:
    from emulator.line.serial.port import Port
    from emulator.trace.events import Reader

DEFAULT_FIRMWARE = "HE910"

PathName = str | Path


class Flag(msgspec.Struct, frozen=True):
    """The parts of a command-line flag that do not follow from the option's name and type."""

    metavar: str = ""
    name: str = ""
    is_shared: bool = True
    """Whether modems that run side by side can have one value in common; a file is written by one modem only."""
    forms: "Callable[[], str] | None" = None
    """Lists the values that the option takes, for its help, where that is found and not written down."""


_OWN_FILE = Flag("FILE", is_shared=False)


def _transports() -> str:
    from emulator.line.transports import list_transports

    return ", ".join(f"`{transport.form}`" for transport in list_transports())


class FirmwareOption(msgspec.Struct, frozen=True):
    """The option that needs no name."""

    firmware: str | None = None
    """Emulate this firmware: `MODEL[@VERSION]`, or the path of a profile; that of the scenario, or HE910, unless
    given."""


class ModemOptions(FirmwareOption, frozen=True, kw_only=True):
    """Options of a modem; each may be left out. Their docstrings are the help of the command line, too."""

    settings: Annotated[Sequence[str], Flag("KEY=VALUE", "--set")] = ()
    """Override a profile value, or preload security data: `security_data.ca_certificate=FILE`."""
    routes: Annotated[Mapping[str, str], Flag("FROM=TO", "--route")] = {}
    """Connect TO when the module dials FROM (`HOST` or `HOST:PORT`): `HOST:PORT`, or `gateway:HOST:PORT`, whose TLS
    ends at a gateway."""
    offline: bool = False
    """Let everything fail that the module dials, resolves or pings and that no route leads to a server."""
    ports: Annotated[int | None, Flag(is_shared=False)] = None
    """Open N pseudo-terminals, each with its own AT instance; one, unless there are `listen` ports."""
    listen: Annotated[Sequence[str], Flag("ADDRESS", is_shared=False, forms=_transports)] = ()
    """Open a port at ADDRESS, such as `tcp:127.0.0.1:4000`; PORT 0 takes a free one."""
    baud: int | None = None
    """Limit the serial line to N bit/s, which +IPR changes; without it bytes take no time."""
    link: Annotated[PathName | None, Flag("PATH", is_shared=False)] = None
    """Make PATH a symbolic link to the port while the modem runs; to further ports `PATH.2`, `PATH.3` and so on."""
    state: Annotated[PathName | None, Flag("DIR", is_shared=False)] = None
    """Keep the module's memory in DIR between runs: certificates, SSL and PDP settings, profiles."""
    time_scale: float = 1.0
    """Let the module's time run X times as fast as real time."""
    realistic: bool = False
    """Let starts, registration, commands, dials and handshakes take their usual time, not none at all."""
    clock: Clock | None = None
    """Take the time from this clock: `ManualClock()`, or `WallClock(scale=20)`; real time unless given."""
    tls_engine: Literal["auto", "openssl", "native"] = "auto"
    """Choose the TLS library of the module's sessions."""
    active_ftp: bool = False
    """Let FTP servers beyond loopback connect to this machine for active mode."""
    transcript: Annotated[PathName | None, _OWN_FILE] = None
    """Append every line of the dialogue to FILE, with time and direction."""
    trace: Annotated[PathName | None, _OWN_FILE] = None
    """Append every event to FILE, one JSON object a line, a moment after it has happened."""
    keylog: Annotated[PathName | None, _OWN_FILE] = None
    """Append the TLS secrets to FILE, for Wireshark."""
    pcap: Annotated[PathName | None, _OWN_FILE] = None
    """Write the TCP traffic to FILE, a new capture for Wireshark."""
    scenario: PathName | None = None
    """Trigger the faults of FILE, in TOML; it may name the firmware, too."""
    seed: int | None = None
    """Seed everything that is left to chance; the scenario's seed unless given."""
    readers: "Sequence[Reader]" = ()
    """Call these with the time and each trace event, in the modem's thread."""
    port: "Callable[[], Port] | None" = None
    """Make another port than a pseudo-terminal, inside the modem's event loop."""

    def __post_init__(self) -> None:
        if self.ports is not None and not 0 < self.ports <= _MOST_PORTS:
            raise UserError(f"--ports {self.ports}: give a number from 1 to {_MOST_PORTS}")
        if self.time_scale != 1.0 and self.clock is not None:
            raise UserError("time_scale and clock exclude each other; give WallClock(scale=…), or leave one out")

    def make_clock(self) -> Clock:
        """Return the given clock, or a new one that runs at `time_scale`."""
        return self.clock or WallClock(self.time_scale)


def option_kinds(options: type[msgspec.Struct] = ModemOptions) -> Mapping[str, Any]:
    """Return the annotation of each option, in their order."""
    found = {name: kind for owner in reversed(options.__mro__) for name, kind in inspect.get_annotations(owner).items()}
    return {name: found[name] for name in options.__struct_fields__}


def option_meaning(option: str) -> str:
    """Return what an option does, and which forms its value has."""
    from emulator.docstrings import meaning

    text = meaning(ModemOptions, option)
    forms = _flag(option).forms
    return f"{text} Forms: {forms()}." if forms is not None else text


def written_flag(option: str) -> str:
    """Return the flag of an option as it is typed, as in `--time-scale`."""
    return _flag(option).name or f"--{option.replace('_', '-')}"


def is_shared(option: str) -> bool:
    """Return whether modems that run side by side, in processes of their own, can have one value in common."""
    return option not in _OF_ONE and _flag(option).is_shared


_OF_ONE = ("clock", "readers", "port")
"""Options without a flag that belong to one modem, in the process that made them."""


def _flag(option: str) -> Flag:
    return next((extra for extra in get_args(option_kinds()[option]) if isinstance(extra, Flag)), Flag())


_MOST_PORTS = 16

Parameters = ParamSpec("Parameters")
Owner = TypeVar("Owner")
Options = TypeVar("Options")


def takes(
    options: Callable[Parameters, Options],
) -> Callable[[Callable[[Owner, Options], None]], Callable[Concatenate[Owner, Parameters], None]]:
    """Give a constructor the parameters of its options struct, for type checkers, too.

    An unknown one is a TypeError that names the nearest.
    """

    def wrap(init: Callable[[Owner, Options], None]) -> Callable[Concatenate[Owner, Parameters], None]:
        def construct(owner: Owner, /, *args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
            _refuse_unknown(kwargs, known)
            init(owner, options(*args, **kwargs))

        known = _parameters(options)
        itself = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
        shown = inspect.Signature([itself, *known.values()], return_annotation=None)
        construct.__doc__, construct.__signature__ = init.__doc__, shown  # type: ignore[attr-defined]  # for help()
        return construct

    return wrap


def _parameters(options: Any) -> Mapping[str, inspect.Parameter]:
    """Return the parameters of an options struct by name; what is not named at a call is the firmware."""
    usual, kinds = options(), option_kinds(options)
    ways = dict.fromkeys(FirmwareOption.__struct_fields__, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return {
        name: inspect.Parameter(
            name, ways.get(name, inspect.Parameter.KEYWORD_ONLY), default=getattr(usual, name), annotation=kind
        )
        for name, kind in kinds.items()
    }


def _refuse_unknown(given: Iterable[str], known: Iterable[str]) -> None:
    for name in given:
        if name not in known:
            from emulator.firmware.keys import nearest

            raise TypeError(f"unexpected keyword argument {name!r}{nearest(name, known)}")
