"""Declaration of a command, by the signatures of its handlers.

    registration = Command("+CREG", source="27.007 7.2")

    @registration.set
    def report(at: Context, mode: Annotated[int, Number(modes)] = FROM_PROFILE) -> None:
        \"\"\"Choose whether changes of the registration are reported.\"\"\"

The signature gives order, names, kinds and defaults. From it come the parser, the range errors, the answer to `=?` and
the command table of the documentation. A text in the annotation, `Annotated[int, fixed(1), "The socket."]`, or the
section `Args:` of the docstring says what a parameter is for; the section `Example:` has lines for the manual.
"""

import inspect
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args

import msgspec

from emulator.at.answers import FailedResult, Final, Information
from emulator.at.online import DataLink
from emulator.at.parameters import Kind, Repeated
from emulator.at.profile import Profile
from emulator.at.syntax import Form

Outcome = Information | Final | FailedResult | DataLink | None
"""The result of a handler: information text before OK, a final result of its own, data mode, or OK alone.

A handler fails by a `DeviceError` or by a `FailedResult`, which have a reason; `Final` is for what has succeeded.
"""

Waiting = Coroutine[Any, Any, Outcome]
"""The result of a handler that waits: the coroutine to be run."""

Handler = Callable[..., Outcome | Waiting]
"""Takes the context and the parameters. One that never waits is a plain function, so that its answer leaves at once."""

AnyHandler = TypeVar("AnyHandler", bound=Handler)


_HIDE = ("hides", "hidden_in")
"""The methods of a kind that find secrets in an argument."""


class Parameter(msgspec.Struct, Generic[Profile], frozen=True):
    """One parameter of a handler's signature."""

    name: str
    kind: Kind[Any, Profile]
    default: Any
    """The default in the signature: `inspect.Parameter.empty` for a mandatory one."""
    meaning: str = ""
    """What it is for, in one sentence; empty where the docstring of the handler tells it."""


class Command(Generic[Profile]):
    """A command of the language, with a handler for each form it has."""

    example: Sequence[str] = ()
    """Lines of a host that show it, where no docstring has them."""

    def __init__(
        self,
        name: str,
        *,
        source: str,
        summary: str = "",
        requires: str = "",
        aliases: tuple[str, ...] = (),
        needs: Callable[..., None] | None = None,
        test: Handler | None = None,
        has_effect: bool = True,
        effect_requires: str = "",
    ) -> None:
        """Declare a command.

        Args:
            name: the name in upper case: `+CREG`, `E`, `&F`.
            source: the clause that defines it.
            summary: what it does; without one, the first line of the docstring of its first handler but that of `=?`.
            requires: the key of the profile, with dots, that its handlers read and a device may lack.
            aliases: other names of the same command.
            needs: called with the context before every handler but that of `=?`; raises DeviceError where the
                device's state forbids the command. It gets those parameters that it has itself, by name, where the
                host has given them.
            test: the handler of `=?`, where the answer is not the parameters' values.
            has_effect: whether it does more than keep and show what the host has set.
            effect_requires: the key of the profile without which it only keeps and shows, after all.
        """
        self.name = name
        self.source = source
        self._summary = summary
        self.requires = requires
        self.aliases = aliases
        self.names = (name, *aliases)
        self.needs = needs
        self._has_effect = has_effect
        self.effect_requires = effect_requires
        self.handlers: dict[Form, Handler] = {} if test is None else {Form.TEST: test}

    def __repr__(self) -> str:
        return f"<Command {self.name} {' '.join(form.value for form in self.handlers)}>"

    def set(self, handler: AnyHandler) -> AnyHandler:
        """Declare the handler of `AT<name>=…`; its signature declares the parameters."""
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
        """Declare the handler of `AT<name>=?`, where the answer is more than the ranges of the parameters."""
        self.handlers[Form.TEST] = handler
        return handler

    @cached_property
    def parameters(self) -> tuple[Parameter[Profile], ...]:
        """What the handler of `AT<name>=…` takes; read when first asked for, as most commands are never used."""
        handler = self.handlers.get(Form.SET)
        return () if handler is None else tuple(_parameters(handler))

    @property
    def has_effect(self) -> bool:
        """Whether it does more than keep and show what the host has set."""
        return self._has_effect

    @cached_property
    def needed(self) -> Sequence[str]:
        """The parameters that `needs` has itself."""
        return () if self.needs is None else tuple(inspect.signature(self.needs).parameters)[1:]

    @cached_property
    def may_hide(self) -> bool:
        """Whether one of its values may be a PIN or a password; asked once its parameters are declared."""
        kinds = [parameter.kind for parameter in self.parameters]
        return any(
            kind.secret or any(getattr(type(kind), one) is not getattr(Kind, one) for one in _HIDE) for kind in kinds
        )

    @property
    def summary(self) -> str:
        """Return what it does, in one sentence."""
        for handler in (handler for form, handler in self.handlers.items() if form is not Form.TEST):
            return self._summary or (inspect.getdoc(handler) or "").partition("\n")[0]
        return ""

    def documented(self, form: Form) -> str:
        """Return the docstring of the handler of a form; empty where it has none of its own."""
        handler = self.handlers.get(form)
        return inspect.getdoc(handler) or "" if handler is not None else ""


def _parameters(handler: Handler) -> Iterable[Parameter]:
    for parameter in list(inspect.signature(handler).parameters.values())[1:]:
        kinds = [kind for kind in _metadata(parameter.annotation) if isinstance(kind, Kind)]
        if len(kinds) != 1:
            raise TypeError(f"{handler.__qualname__}: parameter `{parameter.name}` does not declare its kind")
        kind = kinds[0]
        meaning = next((text for text in _metadata(parameter.annotation) if isinstance(text, str)), "")
        if isinstance(kind, Repeated):
            for number in range(kind.most):
                default = inspect.Parameter.empty if number < kind.least else None
                yield Parameter(parameter.name, kind, default, meaning)
        else:
            yield Parameter(parameter.name, kind, parameter.default, meaning)


def _metadata(annotation: Any) -> Iterable[Any]:
    """Return the metadata of `Annotated`, also inside `X | None`."""
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _metadata(inner)
