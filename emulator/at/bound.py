"""Binding of a command to a device's profile: which parameters it has there, and what they may be."""

import inspect
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from operator import attrgetter
from typing import Any, Generic

from msgspec.structs import replace

from emulator.at import reasons
from emulator.at.answers import Information
from emulator.at.command import Command, Outcome, Parameter, Waiting
from emulator.at.limits import Numeric
from emulator.at.parameters import FROM_PROFILE, OutOfRange, Reader, Repeated, Text, Unfit
from emulator.at.profile import Profile
from emulator.at.syntax import EXTENDED, Argument, Call, Form
from emulator.errors import Cause, DeviceError

_SHORTEST_SECRET = 4
"""Characters of a PIN."""

Limits = Mapping[str, bool | Numeric]
"""Presence and ranges of a command's parameters, by name: whether a device has one, or the numbers it takes."""


class PresenceError(ValueError):
    """A profile names a command or a parameter that is not declared, or gives it what it cannot have."""

    def __init__(self, path: tuple[str, ...], message: str, known: Collection[str] = ()) -> None:
        """Tell what is wrong at `path`, a command and maybe a parameter; `known` are the names that are declared."""
        super().__init__(message)
        self.path = path
        self.known = known


class BoundCommand(Generic[Profile]):
    """A command as one device has it, with its ranges."""

    def __init__(self, command: Command[Profile], profile: Profile, limits: Limits | None = None) -> None:
        """Bind a command; `limits` are those of its parameters that the device lacks, or takes other numbers for.

        Raises:
            PresenceError: the limits do not fit the command.
        """
        self.command = command
        self._readers: list[tuple[Parameter[Profile], Reader[Any]]] = []
        self._values: dict[str, Any] = {}
        """The values of parameters that the device lacks: their defaults, None where only the profile has one."""
        required = command.effect_requires
        self._has_what_effects_require = not required or attrgetter(required)(profile) is not None
        limits, known = limits or {}, [parameter.name for parameter in command.parameters]
        for name in limits:
            if name not in known:
                there_are = f", only {', '.join(known)}" if known else ""
                raise self._misfit(name, f"the command has no such parameter{there_are}", known)
        for parameter in command.parameters:
            self._bind(parameter, profile, limits.get(parameter.name, True))
        self.takes_secret = any(parameter.kind.secret for parameter, _ in self._readers)
        """Whether one of the parameters is a PIN or a password."""

    def _misfit(self, parameter: str, message: str, known: Collection[str] = ()) -> PresenceError:
        return PresenceError((self.command.name, parameter), message, known)

    def _bind(self, parameter: Parameter[Profile], profile: Profile, limits: bool | Numeric) -> None:
        reader = parameter.kind.bind(profile)
        if limits is False:
            self._leave_out(parameter, reader)
        elif limits is not True:
            self._readers.append(self._narrowed(parameter, reader, limits))
        elif reader is not None:
            self._readers.append((parameter, reader))
        elif parameter.default is FROM_PROFILE:
            self._values[parameter.name] = None

    def _narrowed(
        self, parameter: Parameter[Profile], declared: Reader[Any] | None, limits: Numeric
    ) -> tuple[Parameter[Profile], Reader[Any]]:
        """Give a parameter other numbers, and the default of these where they have one."""
        try:
            reader = parameter.kind.within(limits, declared)
        except Unfit as error:
            raise self._misfit(parameter.name, str(error)) from error
        default = parameter.default
        if limits.default is not None:
            return replace(parameter, default=FROM_PROFILE), reader
        if default is FROM_PROFILE and reader.default is None:
            raise self._misfit(parameter.name, "it may be left out; give a `default`")
        if isinstance(default, int) and not limits.allows(default):
            raise self._misfit(parameter.name, f"its default {default} is outside the values given; give a `default`")
        return parameter, reader

    def _leave_out(self, parameter: Parameter[Profile], reader: Reader[Any] | None) -> None:
        if parameter.default is inspect.Parameter.empty:
            raise self._misfit(parameter.name, "the command cannot do without it")
        if parameter.default is FROM_PROFILE and reader is not None:
            self._values[parameter.name] = reader.default

    def __repr__(self) -> str:
        return f"<BoundCommand {self.command.name}>"

    @property
    def has_effect(self) -> bool:
        """Whether the command does more on this device than keep and show what the host has set."""
        return self.command.has_effect and self._has_what_effects_require

    def invoke(self, context: Any, call: Call) -> Outcome | Waiting:
        """Run the handler of the form that the call uses.

        Raises:
            DeviceError: the command has no such form, a parameter is refused, or the device refuses.
        """
        command = self.command
        handler = command.handlers.get(call.form) if self.has(call.form) else None
        if call.form is Form.TEST and handler is None and self._describes_itself:
            return self.described(call.name)
        if handler is None:
            there = [form for form in Form if self.has(form)]
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, reasons.no_form(call.name, call.form, there))
        values = self._read(call.arguments, context) if call.form is Form.SET else {}
        if call.form is not Form.TEST:
            self._check_state(context, values)
        return handler(context, **values)

    def check_state(self, context: Any, call: Call) -> None:
        """Refuse what the device's state forbids, whether the parameters are right or wrong.

        Raises:
            DeviceError: the state forbids the command.
        """
        values: Mapping[str, Any] = {}
        with suppress(DeviceError):
            values = self._read(call.arguments, context) if call.form is Form.SET else {}
        self._check_state(context, values)

    def _check_state(self, context: Any, values: Mapping[str, Any]) -> None:
        needs = self.command.needs
        if needs is not None:
            needs(context, **{name: values[name] for name in self.command.needed if name in values})

    def described(self, name: str) -> Information:
        """Return the answer to `=?`: the values of each parameter, in order."""
        return Information.of(f"{name}: {','.join(reader.described for _, reader in self._readers)}")

    def values(self, *names: str) -> str:
        """Describe the values of these parameters as `=?` does, with commas between."""
        described = {parameter.name: reader.described for parameter, reader in self._readers}
        return ",".join(described[name] for name in names if name in described)

    def _read(self, arguments: tuple[Argument, ...], context: Any) -> Mapping[str, Any]:
        if len(arguments) > len(self._readers):
            names = [parameter.name for parameter, _ in self._readers]
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, reasons.too_many(len(arguments), names))
        values = dict(self._values)
        for index, (parameter, reader) in enumerate(self._readers):
            argument = arguments[index] if index < len(arguments) else Argument("")
            value = self._value(parameter, reader, argument, context)
            if isinstance(parameter.kind, Repeated):
                values.setdefault(parameter.name, []).append(value)
            else:
                values[parameter.name] = value
        return values

    def has(self, form: Form) -> bool:
        """Return whether the command has this form.

        There is nothing to set on a device that lacks all parameters of a command that shows something by its name.
        """
        if form is Form.SET and self.command.parameters and not self._readers and Form.EXECUTE in self.command.handlers:
            return False
        return form in self.command.handlers or (form is Form.TEST and self._describes_itself)

    @property
    def _describes_itself(self) -> bool:
        """Whether `=?` is answered by the parameters: an extended command that has some, and no handler of its own."""
        return bool(self._readers) and self.command.name[0] in EXTENDED

    @property
    def parameters(self) -> Sequence[tuple[Parameter[Profile], Reader[Any]]]:
        """The parameters that the device has, in order, with what they may be."""
        return self._readers

    def signature(self) -> str:
        """Describe the parameters by names, values and defaults, optional ones in brackets."""
        described: dict[str, list[str]] = {}
        for parameter, reader in self._readers:
            described.setdefault(parameter.name, []).append(_described(parameter, reader))
        return ", ".join(f"{one[0]}, {len(one)} times" if len(one) > 1 else one[0] for one in described.values())

    def redacted(self, call: Call) -> str:
        """Return the arguments of a call for a trace: as they were typed, with secret ones starred."""
        return typed(call.arguments, self.secret_places(call))

    def hides(self, call: Call) -> bool:
        """Return whether an argument of a call is secret."""
        return bool(self.secret_places(call))

    def secret_places(self, call: Call) -> set[int]:
        """Return the places of the arguments that are secret, or may be, in the wrong place."""
        return {
            index
            for index, argument in enumerate(call.arguments)
            if not argument.omitted
            and (self._hides(*self._readers[index], argument) if index < len(self._readers) else self.takes_secret)
        }

    def _hides(self, parameter: Parameter[Profile], reader: Reader[Any], argument: Argument) -> bool:
        """Return whether no trace shows this argument: as long as a PIN and no value here, it may be a secret."""
        if parameter.kind.hides(argument.text):
            return True
        if not self.takes_secret or len(argument.text) < _SHORTEST_SECRET or isinstance(parameter.kind, Text):
            return False
        try:
            reader.read(argument)
        except OutOfRange:
            return True
        return False

    def _value(self, parameter: Parameter[Profile], reader: Reader[Any], argument: Argument, context: Any) -> Any:
        if not argument.omitted:
            try:
                return reader.read(_decoded(argument, context) if parameter.kind.encoded else argument)
            except OutOfRange as error:
                secret = self._hides(parameter, reader, argument)
                reason = reasons.outside(parameter.name, argument, reader.allowed(), str(error), secret=secret)
                raise DeviceError(error.cause, reason) from error
        if parameter.default is FROM_PROFILE:
            return reader.default
        if parameter.default is inspect.Parameter.empty:
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, reasons.missing(parameter.name, reader.allowed()))
        return parameter.default


def _described(parameter: Parameter[Any], reader: Reader[Any]) -> str:
    shown = f"<{parameter.name}> {reader.described}".strip()
    if parameter.default is inspect.Parameter.empty:
        return shown
    default = reader.default if parameter.default is FROM_PROFILE else parameter.default
    return f"[{shown}]" if default in (None, "") else f"[{shown} = {default}]"


def _decoded(argument: Argument, context: Any) -> Argument:
    try:
        return replace(argument, text=context.characters.read(argument.text))
    except ValueError as error:
        raise OutOfRange(str(error), Cause.TEXT_MALFORMED) from error


def typed(arguments: Sequence[Argument], hidden: Collection[int] = ()) -> str:
    """Return arguments as they were typed; those at the `hidden` places starred."""
    texts = (reasons.STARS if index in hidden else argument.text for index, argument in enumerate(arguments))
    return ",".join(f'"{text}"' if argument.quoted else text for argument, text in zip(arguments, texts, strict=True))
