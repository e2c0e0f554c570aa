"""Keep compiled modules; else each start would compile the emulator anew."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def cached_bytecode() -> Iterator[None]:
    """Let every Python that is started meanwhile keep its bytecode in a folder that is gone afterwards."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        yield
