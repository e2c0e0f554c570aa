"""Reads a profile's file; every way in which that can fail is told in one line that names the file."""

from pathlib import Path

from emulator.errors import UserError
from emulator.firmware.layers import Tables


def read_tables(path: Path, name: str) -> Tables:
    """The tables of the TOML file at `path`, which messages call `name`.

    Raises:
        UserError: there is no such file, it cannot be read, or it is not TOML.
    """
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{name}: no such file; give a profile's path, or MODEL[@VERSION]") from None
    except IsADirectoryError:
        raise UserError(f"{name}: a folder, not a profile; name a file in it") from None
    except OSError as error:
        raise UserError(f"{name}: {error.strerror}; a profile must be a readable file") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{name}: byte {error.start} is not UTF-8; save the profile as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{name}: not TOML: {error}") from error
    except RecursionError as error:
        raise UserError(f"{name}: nested too deeply; a profile has tables in tables, and no more") from error
    except ValueError as error:
        raise UserError(f"{name!r}: {error}; give a profile's path") from error
