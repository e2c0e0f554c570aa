"""`telit-emulator init`: writes first tests and a CI file for a host project."""

from pathlib import Path

import click

from emulator.cli.options import PATH
from emulator.errors import UserError

_TEMPLATES = Path(__file__).parent / "starter"
_FILES = {
    "tests/telit/conftest.py": "conftest.py.txt",
    "tests/telit/test_host.py": "test_host.py.txt",
    ".github/workflows/telit.yml": "telit.yml.txt",
}
"""What is written, and its template."""


@click.command(short_help="Write first tests and a CI file for a host project.")
@click.argument("folder", metavar="[DIR]", type=PATH, default=Path())
def init(folder: Path) -> None:
    """Write first tests and a CI file into the host project at DIR, the working folder when left out.

    The tests pass as they are written; put your program into HOST. A file that is there already stays as it is.

    \b
    Example:
      telit-emulator init . && pytest tests/telit --firmware all
    """
    written: list[str] = []
    kept: list[str] = []
    for name, template in _FILES.items():
        (written if _write(folder / name, (_TEMPLATES / template).read_text(encoding="utf-8")) else kept).append(name)
    if kept:
        click.echo(f"there already, and left alone: {', '.join(kept)}")
    if written:
        click.echo(f"wrote {', '.join(written)}")
        click.echo("next: pytest tests/telit; put your program into HOST of tests/telit/test_host.py")


def _write(path: Path, text: str) -> bool:
    """Write a new file; return False where there is one.

    Raises:
        UserError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        if path.exists() or path.is_symlink():
            return False
        raise UserError(f"init: {path.parent} is no folder; name one, or remove what is in its place") from None
    except OSError as error:
        raise UserError(f"init: {path}: {error.strerror}; name a folder that can be written") from error
    return True
