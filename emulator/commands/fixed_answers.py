"""Commands that the profile answers with a fixed text, for what the emulator lacks."""

from collections.abc import Iterator
from typing import Any

from emulator.at.answers import Information
from emulator.at.command import Command, Handler, Parameter
from emulator.at.parameters import Repeated, Text
from emulator.at.syntax import Call, Form, parse_line
from emulator.commands.context import Context
from emulator.errors import Cause, DeviceError
from emulator.firmware.schema.commands import FixedAnswer

_MOST_VALUES = 40
_MEANING = "What the host gives; nothing looks at it."
_LONGEST_VALUE = 4000


class FixedCommand(Command[Any]):
    """A command that answers what the profile says, and keeps nothing."""

    def __init__(self, name: str, answer: FixedAnswer) -> None:
        """Declare a command."""
        summary = "Answer with the text of the profile."
        super().__init__(name, source="profile", summary=summary, has_effect=False)
        self.handlers = dict(_handlers(answer))
        if answer.set is not None:
            values = Repeated[str, Any](Text(_LONGEST_VALUE, secret=answer.secret), _MOST_VALUES)
            self.parameters = tuple(Parameter("values", values, None, _MEANING) for _ in range(_MOST_VALUES))
            self.handlers.setdefault(Form.TEST, _refuse)  # else the values would answer it


def is_name(text: str) -> bool:
    """Return whether a host can use a command of that name, written in capitals."""
    return parse_line(text) == (Call(text, Form.EXECUTE),)


def _handlers(answer: FixedAnswer) -> Iterator[tuple[Form, Handler]]:
    for form in Form:
        text = getattr(answer, form.value)
        if text is not None:
            yield form, _answering(text)


def _answering(text: str) -> Handler:
    def answer(at: Context, **values: object) -> Information | None:
        return Information(tuple(text.split("\n"))) if text else None

    return answer


def _refuse(at: Context) -> None:
    raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"the profile has no answer to {at.name}=?")
