"""`--set KEY=VALUE`: one value of a profile, given on the command line."""

from enum import Enum
from typing import Any

from emulator.errors import UserError
from emulator.firmware import keys
from emulator.firmware.layers import KeyPath, Layer, Tables


def override_layer(text: str) -> Layer:
    """The layer that one `KEY=VALUE` makes.

    KEY is a dotted TOML key, such as `network.signal` or `settings."+CMEE".default`; its last part is enough where no
    other key ends in it. VALUE is a TOML value; what is none is taken as text, and so is all that goes where text is
    wanted, so that an IMEI needs no quotes.

    Raises:
        UserError: it has no `=`, or the schema has no such key.
    """
    key, equals, value = text.partition("=")
    source = f"--set {key if key.isprintable() else repr(key)}"
    if not equals:
        raise UserError(f"{source}: no value; write KEY=VALUE")
    path = _known(_parts(key.strip(), source), source)
    tables: Tables = {str(path[-1]): _value(value.strip(), keys.kind_at(path))}
    for name in reversed(path[:-1]):
        tables = {str(name): tables}
    return Layer(source, tables)


def _parts(key: str, source: str) -> KeyPath:
    import tomllib

    path: list[str] = []
    try:
        inner: Any = tomllib.loads(f"{key} = 0")
        while isinstance(inner, dict):
            ((name, inner),) = inner.items()
            path.append(name)
    except ValueError:  # not TOML, or a comment in place of the key
        raise UserError(f'{source}: {key!r} is no TOML key; one reads like settings."+CMEE".default') from None
    return tuple(path)


def _known(path: KeyPath, source: str) -> KeyPath:
    if keys.kind_at(path) is not None:
        return path
    candidates = keys.all_keys()
    ending = [candidate for candidate in candidates if len(path) == 1 and candidate[-1] == path[0]]
    if len(ending) == 1:
        return ending[0]
    if ending:
        raise UserError(f"{source}: {path[0]} may be {' or '.join(map(keys.written, ending))}; write it whole")
    raise UserError(f"{source}: {_unknown(path)}")


def _unknown(path: KeyPath) -> str:
    """What is wrong with a key that the schema does not have, told where it leaves the schema."""
    for length in range(len(path) - 1, 0, -1):
        table = keys.plain(keys.kind_at(path[:length]))
        if keys.is_table(table):
            known = keys.kinds(table)
            if path[length] in known:
                return f"{keys.written(path[: length + 1])} holds one value and has no keys"
            near = keys.nearest(str(path[length]), known)
            return f"unknown key {keys.written(path[: length + 1])}{near or '; ' + keys.one_of(known)}"
    endings = {str(candidate[-1]): keys.written(candidate) for candidate in keys.all_keys()}
    near = keys.nearest(str(path[0]), endings)
    return f"unknown key {keys.written(path)}{near or '; docs/firmware-profiles.md lists them'}"


def _value(text: str, kind: keys.Kind | None) -> Any:
    import tomllib

    try:
        tables = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    value = tables["value"]
    wanted = keys.plain(kind)
    is_text = wanted is str or (isinstance(wanted, type) and issubclass(wanted, Enum))
    return text if len(tables) > 1 or (is_text and not isinstance(value, str)) else value
