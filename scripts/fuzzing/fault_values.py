"""Faults by chance: each kind with some of its keys, most values such as its manual lists."""

from random import Random
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from emulator.errors import Cause
from emulator.faults.catalogue import FAULTS
from emulator.faults.quantities import Duration, Quantity, Rate, Size

_COMMANDS = ("#SD", "#SSLD", "#SGACT", "+CREG?", "+CSQ", "#SSEND", "#SSLRECV", "+CMGS", "#SSLSECDATA", "AT")
_OFTEN_LEFT_OUT = 0.65
_BY_NAME: dict[str, tuple[Any, ...]] = {
    "command": _COMMANDS,
    "terminal": ("1", "2", "1.1", "1.2", "9"),
    "host": ("123.124.125.126", "no.such.name"),
    "text": ("RING", "OK", "> ", "+CREG: 2", "AT"),
    "pin": ("1234", "0000", "12345678"),
    "message": (1, 2, 3, "server_hello", "certificate", "finished", "nothing"),
    "times": (0, 1, 2, 5),
    "occurrence": (1, 1, 2, 3),
    "probability": (0.1, 0.5, 1.0),
    "preset": ("gprs", "edge", "none"),
    "cid": (1, 2, 5),
    "rssi": (0, 3, 31, 99),
    "bit_errors": (0, 7, 99),
    "count": (1, 2, 50),
    "operator": ("Chunghwa Telecom", "Tele2, Estonia"),
    "code": (100, 548, 1002),
}
_QUANTITIES: dict[type[Quantity], tuple[str, ...]] = {
    Duration: ("0.1 s", "1 s", "20 s", "5 min", "1 h"),
    Size: ("0 B", "1 B", "10 B", "300 B", "2 kB"),
    Rate: ("1 kbit/s", "40 kbit/s"),
}


def make_fault(dice: Random) -> dict[str, Any]:
    """Return the arguments of `FaultPlan.add`."""
    name = dice.choice(list(FAULTS))
    fault: dict[str, Any] = {"name": name}
    for field in msgspec.structs.fields(FAULTS[name]):
        if field.required or dice.random() > _OFTEN_LEFT_OUT:
            fault[field.name] = _value(dice, field.name, field.type)
    if name == "port-vanished":
        fault["terminal"] = "1"  # a bench hands every port that comes back to its first host
    if name == "bytes-late":
        fault["duration"] = "1 s"  # for each byte: fifty times an hour would outlast the case
    return fault


def _value(dice: Random, name: str, kind: Any) -> Any:
    if name in _BY_NAME:
        return dice.choice(_BY_NAME[name])
    origin, members = get_origin(kind), get_args(kind)
    if origin is Literal:
        return dice.choice(members)
    if origin is Annotated:
        return _value(dice, name, members[0])
    if origin in (Union, UnionType):
        return _value(dice, name, dice.choice([member for member in members if member is not type(None)]))
    if kind is bool:
        return dice.random() < 0.5
    if kind is Cause:
        return dice.choice(list(Cause)).value
    for quantity, values in _QUANTITIES.items():
        if kind is quantity:
            return dice.choice(values)
    return dice.choice([0, 1, 2])
