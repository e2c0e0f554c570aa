"""How a command is declared, once, and how a firmware's table of commands comes out of the declarations.

    hang_up = Command("#SSLH", source="guide 4.3", requires="secure_socket")

    @hang_up.set
    async def close(at: Context, ssid: Ssid, closure: Closure = None) -> None:
        \"\"\"Close the secure socket.\"\"\"

The handler's signature gives order, names, kinds and defaults; from it come the parser, the range errors, the answer to
`=?` and the command table of the documentation.
"""

import inspect
import re
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, TypeVar, get_args

from emulator.at.answers import Final, Information
from emulator.at.online import DataLink
from emulator.at.parameters import FROM_PROFILE, Kind, OutOfRange, Reader, Unfit
from emulator.at.syntax import Argument, Call, Form, Malformed, parse_line
from emulator.errors import Cause, DeviceError
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.profile import Profile

Outcome = Information | Final | DataLink | None
"""What a handler gives back: information text and then OK, a final result of its own, data mode, or just OK."""

Waiting = Coroutine[Any, Any, Outcome]
"""What a handler that waits gives back at once: itself, to be run."""

Handler = Callable[..., Outcome | Waiting]
"""Takes the context and the parameters. One that never waits is a plain function, so that its answer leaves at once."""

AnyHandler = TypeVar("AnyHandler", bound=Handler)


_LETTERS = re.compile(r"[^A-Z]?[A-Z]*")

Limits = Mapping[str, bool | Numeric]
"""What a firmware says of a command's parameters, by name: whether it has one, or which numbers it takes."""

Presence = Mapping[str, bool | Limits]
"""What a firmware says of commands, by name: whether it has one, or the limits of its parameters."""

_QUESTIONS = {Form.READ: "?", Form.TEST: "=?"}
"""The forms that carry no value."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a handler's signature."""

    name: str
    kind: Kind[Any]
    default: Any
    """What stands in the signature: `inspect.Parameter.empty` for a mandatory one."""


class Command:
    """A command of the language, with a handler for each form it has."""

    def __init__(
        self,
        name: str,
        *,
        source: str,
        requires: str = "",
        aliases: tuple[str, ...] = (),
        needs: Callable[[Any], None] | None = None,
    ) -> None:
        """Declare a command.

        Args:
            name: as the host types it, in upper case: `#SSLD`, `+CREG`, `E`, `&F`.
            source: the clause that defines it.
            requires: the key of a profile that its handlers read and a firmware may lack, as in `secure_socket`.
            aliases: other names of the same command.
            needs: called with the context before every handler but that of `=?`; raises DeviceError when the
                module's state forbids the command.
        """
        self.name = name
        self.source = source
        self.requires = requires
        self.aliases = aliases
        self.needs = needs
        self.handlers: dict[Form, Handler] = {}
        self.parameters: tuple[Parameter, ...] = ()

    def __repr__(self) -> str:
        return f"<Command {self.name} {' '.join(form.value for form in self.handlers)}>"

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that it answers to."""
        return (self.name, *self.aliases)

    def set(self, handler: AnyHandler) -> AnyHandler:
        """Declare the handler of `AT<name>=…`; its signature declares the parameters."""
        self.parameters = tuple(_parameters(handler))
        self.handlers[Form.SET] = handler
        return handler

    def read(self, handler: AnyHandler) -> AnyHandler:
        """Declare the handler of `AT<name>?`."""
        self.handlers[Form.READ] = handler
        return handler

    def execute(self, handler: AnyHandler) -> AnyHandler:
        """Declare the handler of `AT<name>` alone."""
        self.handlers[Form.EXECUTE] = handler
        return handler

    def test(self, handler: AnyHandler) -> AnyHandler:
        """Declare the handler of `AT<name>=?`, where the answer is more than the parameters' ranges."""
        self.handlers[Form.TEST] = handler
        return handler

    @property
    def summary(self) -> str:
        """The first line of the first handler's docstring."""
        for handler in self.handlers.values():
            return inspect.getdoc(handler).splitlines()[0]  # type: ignore[union-attr]  # every handler has one; tests hold it
        return ""

    @property
    def secret(self) -> bool:
        """Whether a parameter is a PIN or a password."""
        return any(parameter.kind.secret for parameter in self.parameters)


def _parameters(handler: Handler) -> Iterable[Parameter]:
    for parameter in list(inspect.signature(handler).parameters.values())[1:]:
        kinds = [kind for kind in _metadata(parameter.annotation) if isinstance(kind, Kind)]
        if len(kinds) != 1:
            raise TypeError(f"{handler.__qualname__}: parameter `{parameter.name}` does not declare its kind")
        yield Parameter(parameter.name, kinds[0], parameter.default)


def _metadata(annotation: Any) -> Iterable[Any]:
    """What `Annotated` carries, also inside `X | None`."""
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _metadata(inner)


class BoundCommand:
    """A command as one firmware has it: the ranges are known."""

    def __init__(self, command: Command, profile: Profile, limits: Limits | None = None) -> None:
        """Bind a command; `limits` are the parameters that this firmware lacks, or takes other numbers for.

        Raises:
            PresenceError: the limits do not fit the command.
        """
        self.command = command
        self._readers: list[tuple[Parameter, Reader[Any]]] = []
        self._values: dict[str, Any] = {}
        """Of parameters that this firmware lacks: the default that it takes for them."""
        limits = limits or {}
        self._refuse_unknown(limits)
        for parameter in command.parameters:
            self._bind(parameter, profile, limits.get(parameter.name, True))

    def _refuse_unknown(self, limits: Limits) -> None:
        known = [parameter.name for parameter in self.command.parameters]
        for name in limits:
            if name not in known:
                raise PresenceError((self.command.name, name), "the command has no such parameter", known)

    def _bind(self, parameter: Parameter, profile: Profile, limits: bool | Numeric) -> None:
        reader = parameter.kind.bind(profile)
        if limits is False:
            self._leave_out(parameter, reader)
            return
        if limits is not True:
            try:
                reader = parameter.kind.within(limits, reader)
            except Unfit as error:
                raise PresenceError((self.command.name, parameter.name), str(error)) from error
            if parameter.default is FROM_PROFILE and reader.default is None:
                raise PresenceError((self.command.name, parameter.name), "it may be left out; give a `default`")
        if reader is not None:
            self._readers.append((parameter, reader))

    def _leave_out(self, parameter: Parameter, reader: Reader[Any] | None) -> None:
        if parameter.default is inspect.Parameter.empty:
            raise PresenceError((self.command.name, parameter.name), "the command cannot do without it")
        if parameter.default is FROM_PROFILE and reader is not None:
            self._values[parameter.name] = reader.default

    def __repr__(self) -> str:
        return f"<BoundCommand {self.command.name}>"

    def invoke(self, context: Any, call: Call) -> Outcome | Waiting:
        """Run the handler of the form that was used.

        Raises:
            DeviceError: the command has no such form, a parameter is refused, or the module refuses.
        """
        command = self.command
        handler = command.handlers.get(call.form)
        if call.form is Form.TEST and handler is None and self._describes_itself:
            return self.described(call.name)
        if handler is None:
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED)
        values = self._read(call.arguments) if call.form is Form.SET else {}
        if call.form is not Form.TEST and command.needs is not None:
            command.needs(context)
        return handler(context, **values)

    def described(self, name: str) -> Information | None:
        """The answer to `=?`: the values of each parameter, in order."""
        return Information.of(f"{name}: {','.join(reader.described for _, reader in self._readers)}")

    def _read(self, arguments: tuple[Argument, ...]) -> Mapping[str, Any]:
        if len(arguments) > len(self._readers):
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, "too many parameters")
        values = dict(self._values)
        for index, (parameter, reader) in enumerate(self._readers):
            argument = arguments[index] if index < len(arguments) else Argument("")
            values[parameter.name] = _value(parameter, reader, argument)
        return values

    def has(self, form: Form) -> bool:
        """Whether the command can be used in this form."""
        return form in self.command.handlers or (form is Form.TEST and self._describes_itself)

    @property
    def _describes_itself(self) -> bool:
        """Whether `=?` is answered by the parameters: an extended command that has some, and no handler of its own."""
        return bool(self._readers) and self.command.name[0] in "+#$*"

    def signature(self) -> str:
        """The parameters for a reader: their names, values and defaults, optional ones in brackets."""
        return ", ".join(_described(parameter, reader) for parameter, reader in self._readers)

    def redacted(self, call: Call) -> str:
        """The arguments of a call, as a trace may show them: secret ones are starred."""
        secret = [parameter.kind.secret for parameter, _ in self._readers]
        shown = [
            "***" if index < len(secret) and secret[index] and not argument.omitted else argument.text
            for index, argument in enumerate(call.arguments)
        ]
        return ",".join(shown)


def _described(parameter: Parameter, reader: Reader[Any]) -> str:
    shown = f"<{parameter.name}> {reader.described}".strip()
    if parameter.default is inspect.Parameter.empty:
        return shown
    default = reader.default if parameter.default is FROM_PROFILE else parameter.default
    return f"[{shown}]" if default in (None, "") else f"[{shown} = {default}]"


def _value(parameter: Parameter, reader: Reader[Any], argument: Argument) -> Any:
    if not argument.omitted:
        try:
            return reader.read(argument)
        except OutOfRange as error:
            raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"{parameter.name}: {error}") from error
    if parameter.default is FROM_PROFILE:
        return reader.default
    if parameter.default is inspect.Parameter.empty:
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"{parameter.name} is missing")
    return parameter.default


def _refuse_unknown(declared: Collection[Command], presence: Presence) -> None:
    known = {name: command.name for command in declared for name in command.names}
    for name, said in presence.items():
        if name not in known:
            raise PresenceError((name,), "no command declares it", known)
        if name != known[name] and not isinstance(said, bool):
            raise PresenceError((name,), f"it is another name of {known[name]}; give the limits there")


def _limits(command: Command, profile: Profile, presence: Presence) -> Limits | None:
    """What the firmware says of the command's parameters; None where it lacks the command."""
    said = presence.get(command.name)
    if command.requires and attrgetter(command.requires)(profile) is None:
        if said:
            raise PresenceError((command.name,), f"it needs {command.requires}, which this firmware lacks")
        return None
    if said is False:
        return None
    return {} if said is None or said is True else said


class PresenceError(ValueError):
    """What a firmware says of a command cannot be."""

    def __init__(self, path: tuple[str, ...], message: str, known: Collection[str] = ()) -> None:
        """Tell what is wrong at `path`, a command and maybe a parameter; `known` are the names that would do."""
        super().__init__(message)
        self.path = path
        self.known = known


class CommandTable:
    """The commands that one firmware has, by every name they answer to."""

    def __init__(self, commands: Iterable[Command], profile: Profile, presence: Presence | None = None) -> None:
        """Bind the commands that the firmware has.

        Args:
            commands: every command there is.
            profile: the firmware.
            presence: what it says of them; a command that it does not name is there where it has what it requires.

        Raises:
            PresenceError: the firmware speaks of what no command declares, or cannot have.
        """
        self._by_name: dict[str, BoundCommand] = {}
        presence, declared = presence or {}, list(commands)
        _refuse_unknown(declared, presence)
        for command in declared:
            limits = _limits(command, profile, presence)
            if limits is None:
                continue
            bound = BoundCommand(command, profile, limits)
            for name in command.names:
                if name in self._by_name:
                    raise ValueError(f"{name} is declared twice")
                if presence.get(name) is not False:
                    self._by_name[name] = bound

    def __iter__(self):  # type: ignore[no-untyped-def]  # an iterator of BoundCommand
        return iter(dict.fromkeys(self._by_name.values()))

    def __len__(self) -> int:
        return len(self._by_name)

    def find(self, name: str) -> BoundCommand | None:
        """The command of that name; None where this firmware has none."""
        return self._by_name.get(name)

    def redacted(self, line: str) -> str:
        """What stands after `AT`, as a trace may show it.

        Of a command that this firmware has not, or that is malformed, only the letters it begins with are shown, and
        whether it was read or tested: its name may be misspelt, and what follows a PIN.
        """
        calls = parse_line(line)
        if any(self._hides(call) for call in calls):
            return ";".join(self._redacted(call) for call in calls)
        return line

    def _hides(self, call: Call | Malformed) -> bool:
        bound = self.find(call.name) if isinstance(call, Call) else None
        return bound is None or bound.command.secret

    def _redacted(self, call: Call | Malformed) -> str:
        name = call.name if isinstance(call, Call) else str(call)
        bound = self.find(name)
        letters = _LETTERS.match(name)
        shown = letters[0] if letters else ""
        if isinstance(call, Call) and call.form in _QUESTIONS and (bound is not None or name == shown):
            return name + _QUESTIONS[call.form]
        if bound is None or isinstance(call, Malformed):
            return f"{shown}***"
        if call.form is not Form.SET:
            return name
        return f"{name}{'=' if name[0] in '+#$*S' else ''}{bound.redacted(call)}"
