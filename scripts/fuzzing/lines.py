"""Command lines by chance: made from the declarations, most of them nearly right."""

import re
from collections.abc import Mapping
from random import Random

from emulator.at.syntax import Form
from fuzzing.declarations import Command, Parameter

HOST = "123.124.125.126"
"""What lines dial; the target says where that leads."""

_TEXTS: Mapping[str, tuple[str, ...]] = {
    "address": (HOST, "10.0.0.1", "010.0.0.1", "999.1.1.1", "no.such.name"),
    "host": (HOST, "127.0.0.1", "127.1", "no.such.name", "1"),
    "server": (HOST, "no.such.name"),
    "primary": ("10.0.0.1", "0.0.0.0", "256.0.0.1", "1.2.3"),
    "secondary": ("10.0.0.2", "0.0.0.0", "x"),
    "mask": ("255.255.255.0", "0.0.0.0", "255.0.255.0", "1"),
    "kind": ("IP", "PPP", "145", "129", "0"),
    "target": ("+39331234567", "1234", "23", "160", "0", "+"),
    "number": ("+39331234567", "123", "*100#", "0"),
    "number_type": ("145", "129", "128"),
    "password": ("1234", "0000", "12345678", "x"),
    "old": ("1234", "4321"),
    "new": ("1234", "4321", "12"),
    "code": ("1234", "12345678", "*100#"),
    "text": ("14/06/01,12:00:00+08", "14/02/29,12:00:00+08", "99/12/31,23:59:59-48", "14/06/01"),
    "status": ("4", "ALL", "REC UNREAD", "STO SENT", "9"),
}
_ODD_TEXTS = ("", "a", "0", "'", "\\", "\xe9\xf6", "x" * 300, "00410042", "%s%n", "a b", ",", ";", "AT", "+", "\xb2")
_ODD_NUMBERS = ("-1", "+1", "0x1", "1.0", "1e3", "\xb9", "00000000001", "4294967296", "99999999999999999999", "a", "1a")
_JUNK = ',;"=?+#&0 9aZ\\/\xff:'

LEFT_OUT = ("+CMUX", "#SHDN", "#REBOOT", "#ENHRST", "E", "V", "Q", "Z", "&F", "&W", "&P", "&Y", "S3", "S4", "S5", "D")
"""Commands that end the answers' form, the module, or the line: the targets type them where they mean to."""


_OTHER_CHARACTERS = re.compile(r"S[ 0]*[345] *=", re.IGNORECASE)
"""Registers that hold the characters which end and edit lines."""


def make_line(dice: Random, commands: Mapping[str, Command]) -> str:
    """Make a line with its AT and without its CR."""
    line = _line(dice, commands)
    return "AT" if _OTHER_CHARACTERS.search(line) else line


def _line(dice: Random, commands: Mapping[str, Command]) -> str:
    chance = dice.random()
    if chance < 0.06:
        return "AT" + ";".join(_command(dice, commands) for _ in range(dice.randint(2, 4)))
    line = "AT" + _command(dice, commands)
    if chance < 0.12:
        return _with_junk(dice, line)
    if chance < 0.16:
        return line.lower() if dice.random() < 0.5 else line.replace("=", " = ").replace(",", " , ")
    return line


def _command(dice: Random, commands: Mapping[str, Command]) -> str:
    command = dice.choice([one for one in commands.values() if one.name not in LEFT_OUT])
    name = command.name
    if dice.random() < 0.03:
        name = _misspelt(dice, name)
    chance = dice.random()
    if (Form.SET in command.forms and chance < 0.75) or chance < 0.05:
        return name + ("=" if command.name[0] in "+#S" else "") + _arguments(dice, command)
    return name + dice.choice(["", "?", "=?", "=", "??", "=??", "?1"] if chance > 0.95 else ["", "?", "=?"])


def _misspelt(dice: Random, name: str) -> str:
    place = dice.randrange(len(name))
    return name[:place] + dice.choice(["", "X", name[place] * 2, "_", "9"]) + name[place + 1 :]


def _arguments(dice: Random, command: Command) -> str:
    is_right = dice.random() < 0.5
    given = [_argument(dice, parameter, is_right or dice.random() < 0.6) for parameter in command.parameters]
    while given and command.parameters[len(given) - 1].is_optional and dice.random() < 0.4:
        given.pop()
    if not is_right and dice.random() < 0.25:
        if given and dice.random() < 0.5:
            del given[dice.randrange(len(given))]
        else:
            given.insert(dice.randint(0, len(given)), dice.choice(["", "0", "1", '""', '"x"']))
    return ",".join(given)


def _argument(dice: Random, parameter: Parameter, is_right: bool) -> str:
    described = parameter.described
    if is_right and parameter.is_optional and dice.random() < 0.1:
        return ""
    if described.ranges:
        return _right_number(dice, described.ranges) if is_right else _wrong_number(dice, described.ranges)
    if described.words:
        word = dice.choice(described.words) if is_right else dice.choice(["XX", "", "S", described.words[0] + "X"])
        return f'"{word}"' if dice.random() < 0.8 else word
    return _text(dice, parameter, is_right)


def _right_number(dice: Random, ranges: tuple[tuple[int, int], ...]) -> str:
    low, high = dice.choice(ranges)
    number = dice.choice([low, high, dice.randint(low, high)])
    return f"{number:04d}" if dice.random() < 0.02 else str(number)


def _wrong_number(dice: Random, ranges: tuple[tuple[int, int], ...]) -> str:
    low, high = dice.choice(ranges)
    if dice.random() < 0.4:
        return dice.choice(_ODD_NUMBERS)
    if dice.random() < 0.2:
        return f'"{dice.randint(low, high)}"'
    return str(dice.choice([max(0, low - 1), high + 1, high + 256, high * 10 + 1, dice.randrange(1 << 33)]))


def _text(dice: Random, parameter: Parameter, is_right: bool) -> str:
    known = _TEXTS.get(parameter.name, ("a", "abc", "1"))
    text = dice.choice(known) if is_right else dice.choice([*_ODD_TEXTS, *known])
    return f'"{text}"' if dice.random() < 0.8 else text


def _with_junk(dice: Random, line: str) -> str:
    for _ in range(dice.randint(1, 4)):
        place = dice.randint(2, len(line))
        chance = dice.random()
        if chance < 0.4:
            line = line[:place] + dice.choice(_JUNK) + line[place:]
        elif chance < 0.7:
            line = line[:place] + line[place + 1 :]
        else:
            line = line[:place] + line[dice.randint(2, len(line)) :]
    return line
