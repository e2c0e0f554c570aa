"""Reading of TOML files; each failure is an error of one line that names the file."""

from pathlib import Path
from typing import Any

from emulator.errors import UserError
from emulator.firmware.layers import Tables


def read_tables(path: Path, name: str, *, what: str = "a profile", instead: str = "") -> Tables:
    """Read the tables of the TOML file at `path`; messages call it `name`.

    Args:
        path: the file.
        name: what the user called it.
        what: what it should hold, with its article.
        instead: what else the user might have given, as in `, or MODEL[@VERSION]`.

    Raises:
        UserError: there is no such file, it cannot be read, or it is not TOML.
    """
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{name}: no such file; give the path of {what}{instead}") from None
    except IsADirectoryError:
        raise UserError(f"{name}: a folder, not {what}; name a file in it") from None
    except OSError as error:
        raise UserError(f"{name}: {error.strerror}; {what} must be a readable file") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{name}: byte {error.start} is not UTF-8; save {what} as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name}: not TOML: {error}") from error
    except RecursionError as error:
        raise UserError(f"{name}: nested too deeply; {what} has tables in tables, and no more") from error
    except ValueError as error:
        raise UserError(f"{name!r}: {error}; give the path of {what}") from error


def read_value(text: str) -> Any:
    """Read a TOML value; any other text stays as it is, so that `command=#SSLD` needs no quotes."""
    import tomllib

    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text
