"""Imports libraries that warn when they are imported, as of asyncore and asynchat, which Python 3.12 removes."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_warnings() -> Iterator[None]:
    """Let such an import succeed where warnings are errors, as under `pytest -W error`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
