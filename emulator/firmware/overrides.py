"""`--set KEY=VALUE`: one value of a profile, given on the command line."""

import re
from enum import Enum
from typing import Any

from emulator.errors import UserError
from emulator.firmware import keys
from emulator.firmware.layers import UNSET, Layer, Tables


def override_layer(text: str) -> Layer:
    """Make the layer of one `KEY=VALUE`.

    KEY is a dotted TOML key, such as `network.signal` or `settings."+CMEE".default`; its last part is enough where no
    other key ends in it. VALUE is a TOML value; what is none is taken as text, and so is all that goes where text is
    wanted, so that an IMEI needs no quotes. The KEY `unset` takes keys away: its VALUE is a list of them.

    Raises:
        UserError: it has no `=`, or the schema has no such key.
    """
    key = _key(text)
    equals, value = text[len(key) :][:1], text[len(key) + 1 :]
    source = f"--set {key if key.isprintable() else repr(key)}"
    if not equals:
        raise UserError(f"{source}: no value; write KEY=VALUE")
    if key.strip() == UNSET:
        return Layer.of(source, {UNSET: _value(value.strip(), None)})
    path = keys.known(keys.parts(key.strip(), source), source)
    tables: Tables = {str(path[-1]): _value(value.strip(), keys.kind_at(path))}
    for name in reversed(path[:-1]):
        tables = {str(name): tables}
    return Layer(source, tables)


_KEY = re.compile(r"""("[^"]*"|'[^']*'|[^="'])*(?==)""")


def _key(text: str) -> str:
    """Return what stands before the first `=` outside quotes; all of it where there is none."""
    found = _KEY.match(text)
    return found[0] if found else text.partition("=")[0]


def _value(text: str, kind: keys.Kind | None) -> Any:
    import tomllib

    try:
        tables = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):  # not TOML, a number of thousands of digits, or nested too deeply
        return text
    value = tables["value"]
    wanted = keys.plain(kind)
    is_text = wanted is str or (isinstance(wanted, type) and issubclass(wanted, Enum))
    return text if len(tables) > 1 or (is_text and not isinstance(value, str)) else value
