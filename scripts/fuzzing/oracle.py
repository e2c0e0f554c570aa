"""The oracle for command lines: may this line be OK, and may it be refused?

It reads the line with a small reader of its own, and compares the arguments with what the module says of them at `=?`.
"""

import re
from collections.abc import Mapping
from enum import Enum

from emulator.at.syntax import Form
from fuzzing.declarations import Command
from fuzzing.values import Written


class Verdict(Enum):
    """What may be answered to a line."""

    REFUSED = "must not be OK"
    IN_RANGE = "must not be refused as out of range"
    ANYTHING = "may be answered by anything"


NO_SUCH_COMMAND = "there is no"
"""How the reason begins where a command is unknown: the answer is a plain ERROR, whatever +CMEE says."""
_EXTENDED = re.compile(r"([+#][A-Z0-9!%./:_-]*)(.*)", re.IGNORECASE | re.DOTALL)
_BASIC = re.compile(r"(S\d+|[&\\%]?[A-CE-RT-Z])(=?)(\d*)", re.IGNORECASE)


def judge_line(line: str, commands: Mapping[str, Command]) -> tuple[Verdict, str]:
    """Judge a line that begins with AT, and say why."""
    if not line.upper().startswith("AT") or any(not 0x20 <= ord(character) <= 0xFF for character in line):
        return Verdict.ANYTHING, "it holds control characters"
    text = _without_blanks(line[2:])
    parts = _split(text, ";")
    if parts is None or text in ("", "#/"):
        return Verdict.ANYTHING, "a quote is open, nothing is asked for, or the last line is repeated"
    verdicts = [_judge_command(part, commands) for part in parts if part]
    for verdict, why in verdicts:
        if verdict is not Verdict.IN_RANGE:
            return verdict, why
    return (
        (Verdict.IN_RANGE, "all values are in range") if len(verdicts) == 1 else (Verdict.ANYTHING, "several commands")
    )


def _judge_command(text: str, commands: Mapping[str, Command]) -> tuple[Verdict, str]:
    if match := _EXTENDED.fullmatch(text):
        command = commands.get(match[1].upper())
        if command is None:
            return Verdict.REFUSED, f"{NO_SUCH_COMMAND} {match[1]}"
        return _judge_rest(command, match[2])
    if match := _BASIC.fullmatch(text):
        return _judge_basic(commands.get(re.sub(r"(?<=S)0+(?=\d)", "", match[1].upper())), match)
    return Verdict.ANYTHING, "several basic commands, or a dialled number"


def _judge_basic(command: Command | None, match: "re.Match[str]") -> tuple[Verdict, str]:
    if command is None:
        return Verdict.REFUSED, f"{NO_SUCH_COMMAND} {match[1]}"
    if match[3]:
        return _judge_arguments(command, [Written(match[3])])
    if not match[2] and Form.EXECUTE not in command.forms:
        return Verdict.REFUSED, f"{command.name} has no execute form"
    return Verdict.ANYTHING, "without a value"


def _judge_rest(command: Command, rest: str) -> tuple[Verdict, str]:
    forms = {"": Form.EXECUTE, "?": Form.READ, "=?": Form.TEST}
    form = forms.get(rest, Form.SET)
    if form is Form.SET and not rest.startswith("="):
        return Verdict.REFUSED, f"{rest[:1]!r} follows the name"
    if form not in command.forms:
        return Verdict.REFUSED, f"{command.name} has no {form.value} form"
    if form is not Form.SET:
        return Verdict.IN_RANGE, f"the {form.value} form"
    written = _split(rest[1:], ",")
    if written is None:
        return Verdict.REFUSED, "a quote is open"
    arguments = [_argument(text) for text in written]
    if None in arguments:
        return Verdict.REFUSED, "something stands beside quotes"
    return _judge_arguments(command, [argument for argument in arguments if argument is not None])


def _judge_arguments(command: Command, arguments: list[Written]) -> tuple[Verdict, str]:
    if len(arguments) > len(command.parameters):
        return Verdict.REFUSED, f"{len(arguments)} parameters, of which {command.name} has {len(command.parameters)}"
    is_certain = True
    for index, parameter in enumerate(command.parameters):
        argument = arguments[index] if index < len(arguments) else Written("")
        if argument.is_omitted:
            if not parameter.is_optional:
                return Verdict.REFUSED, f"<{parameter.name}> is missing"
            continue
        fits = parameter.described.fits(argument)
        if fits is False:
            return Verdict.REFUSED, f"<{parameter.name}> {argument.text!r} is not of {parameter.described}"
        is_certain = is_certain and fits is True and len(argument.text) <= 10
    return (Verdict.IN_RANGE, "all values are in range") if is_certain else (Verdict.ANYTHING, "free texts")


def _argument(text: str) -> Written | None:
    if '"' not in text:
        return Written(text)
    match = re.fullmatch('"([^"]*)"', text)
    return None if match is None else Written(match[1], quoted=True)


def _without_blanks(text: str) -> str:
    """Drop blanks outside quotes (V.250 5.2.1)."""
    parts = text.split('"')
    return '"'.join(part.replace(" ", "") if index % 2 == 0 else part for index, part in enumerate(parts))


def _split(text: str, separator: str) -> list[str] | None:
    """Split at separators outside quotes; None where a quote is not closed."""
    parts, begun, is_quoted = [], 0, False
    for position, character in enumerate(text):
        if character == '"':
            is_quoted = not is_quoted
        elif character == separator and not is_quoted:
            parts.append(text[begun:position])
            begun = position + 1
    return None if is_quoted else [*parts, text[begun:]]
