"""Flags for the options of a modem, made from `ModemOptions`, and what else several commands take."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import click

from emulator.cli.completion import complete_firmwares, complete_setting
from emulator.firmware.status import ANY, KNOWN
from emulator.net.rule import Rule
from emulator.options import Flag, ModemOptions, PathName, option_kinds, option_meaning, written_flag


class _PathName(click.Path):
    """Accept a path, which need not exist; an empty one would be the working folder by accident."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:
            self.fail("it is empty", param, ctx)
        return super().convert(value, param, ctx)


PATH = _PathName(path_type=Path)

Command = Callable[..., Any]
_USUAL = ModemOptions()


def modem_options(*, less: Sequence[str] = (), shared: bool = False) -> Callable[[Command], Command]:
    """Give a command the flags of `ModemOptions`; they reach its `options` parameter as that struct.

    Args:
        less: options that the command sets itself, or has no use for.
        shared: for many modems at once: without the options that only one of them can have.
    """
    flags = [one for name, one in _flags().items() if name not in less and (one.flag.is_shared or not shared)]

    def wrap(command: Command) -> Command:
        @wraps(command)
        def run(*args: Any, **kwargs: Any) -> Any:
            typed = {one.name: one.value(kwargs.pop(one.name)) for one in flags}
            options = ModemOptions(**{name: value for name, value in typed.items() if value is not None})
            return command(*args, options=options, **kwargs)

        flagged: Command = run
        for one in reversed(flags):
            flagged = one.add_to(flagged)
        return flagged

    return wrap


def flag_of(option: str) -> str:
    """Return the flag of an option, as it is typed; empty where it is given in Python only, or as an argument."""
    return _flags()[option].written if option in _flags() else ""


class _Declared:
    """One option as a flag of the command line."""

    def __init__(self, name: str, kind: Any, flag: Flag) -> None:
        self.name = name
        self.flag = flag
        self._kind = kind
        self._default = getattr(_USUAL, name)
        self.written = written_flag(name)

    @classmethod
    def of(cls, name: str, kind: Any) -> "_Declared | None":
        """Read a field of the struct; None where its values cannot be written on a command line."""
        flag = Flag()
        if get_origin(kind) is Annotated:
            kind, flag = get_args(kind)
        if NoneType in get_args(kind):
            (kind, *rest) = (member for member in get_args(kind) if member is not NoneType)
            kind = PathName if rest else kind
        return cls(name, kind, flag) if kind in _KINDS or get_origin(kind) is Literal else None

    def add_to(self, command: Command) -> Command:
        """Add the flag."""
        return click.option(self.written, self.name, cls=_Option, **self._parameters())(command)

    def _parameters(self) -> dict[str, Any]:
        if get_origin(self._kind) is Literal:
            return {"type": click.Choice(get_args(self._kind)), "default": self._default, "show_default": True}
        parameters = dict(_KINDS[self._kind])
        if self.flag.metavar:
            parameters["metavar"] = self.flag.metavar
        if self.name in _COMPLETIONS:
            parameters["shell_complete"] = _COMPLETIONS[self.name]
        return parameters

    def value(self, given: Any) -> Any:
        """Make the option's value of what click has found."""
        return parse_routes(given) if self._kind == Mapping[str, str] else given


@cache
def _flags() -> dict[str, _Declared]:
    declared = {name: _Declared.of(name, kind) for name, kind in option_kinds().items()}
    return {name: one for name, one in declared.items() if one is not None and name != "firmware"}


class _Option(click.Option):
    """Take the help from the docstring of the field, which is read only for `--help`."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        assert self.name is not None
        self.help = option_meaning(self.name).replace("`", "") + " Repeatable." * self.multiple
        return super().get_help_record(ctx)


_COMPLETIONS: Mapping[str, Any] = {"settings": complete_setting}
"""How a shell completes the value of an option, by the option's name."""
_KINDS: Mapping[Any, Mapping[str, Any]] = {
    str: {"metavar": "TEXT"},
    int: {"type": int, "metavar": "N"},
    float: {"type": float, "metavar": "X"},
    bool: {"is_flag": True},
    PathName: {"type": PATH, "metavar": "FILE"},
    Sequence[str]: {"multiple": True},
    Mapping[str, str]: {"multiple": True},
}
"""How click takes each type of an option."""


def parse_routes(routes: Sequence[str]) -> dict[str, str]:
    """Read `FROM=TO` as a mapping.

    Raises:
        UserError: one is not of that form.
    """
    for route in routes:
        Rule.parse(route)
    return {dialled: target for dialled, _, target in (route.partition("=") for route in routes)}


def firmwares_option(*, left_out: str, scenario: bool = False) -> Callable[[Command], Command]:
    """Give a command a repeatable `--firmware`, and `--provisional` for the words that stand for many firmwares.

    Names reach its `firmwares` parameter, and the statuses of the lines that those words stand for `statuses`.

    Args:
        left_out: what the command takes when there are no names.
        scenario: whether it takes that of `--scenario` then, if there is one.
    """
    default = f"that of the scenario, or `{left_out}`," if scenario else f"`{left_out}`"
    named = click.option(
        "--firmware",
        "firmwares",
        multiple=True,
        metavar="NAME",
        shell_complete=complete_firmwares,
        callback=lambda context, parameter, values: [name for value in values for name in value.split(",")],
        help="Run with this firmware: MODEL[@VERSION] or a profile; `all` is one for each distinct behaviour, `every` "
        f"is each model. Repeatable, or with commas; {default} when left out.",
    )
    provisional = click.option(
        PROVISIONAL,
        "statuses",
        is_flag=True,
        callback=lambda context, parameter, given: ANY if given else KNOWN,
        help="Take the models of provisional software lines, too, where `all` or `every` is meant.",
    )
    return lambda command: named(provisional(command))


PROVISIONAL = "--provisional"
