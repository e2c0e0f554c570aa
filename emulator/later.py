"""Parts that are loaded later: when something of them is first asked for, or before that, while nothing else happens.

    if TYPE_CHECKING:
        import h11
    else:
        h11 = later("h11")

A start is then as light as what it needs. A name of the module, `h11.Connection`, loads it: such names stand in
functions only, since what runs at the import, an annotation without quotes too, would load it at once.

A process that may open no more files loads its parts all the same: one descriptor is kept for that.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import RLock
from types import ModuleType
from typing import Any


class _Part:
    """Stands for a module, before and after it is loaded."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._module: ModuleType | None = None

    def __repr__(self) -> str:
        return f"<{self._name}{'' if self._module else ', not loaded yet'}>"

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self._module or self.load(), attribute)

    def load(self) -> ModuleType:
        with spare_descriptor():
            self._module = import_module(self._name)
        _waiting.pop(self._name, None)
        return self._module


class _SpareDescriptor:
    """Is lent to imports, each of which opens one file at a time."""

    def __init__(self) -> None:
        self._descriptor: int | None = None
        self._what: os.stat_result | None = None
        self._borrowers = 0
        self._changing = RLock()

    def keep(self) -> None:
        """Take a descriptor, if none is kept and one can be had."""
        with self._changing, suppress(OSError):
            if self._descriptor is None:
                self._descriptor = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
                self._what = os.fstat(self._descriptor)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Let it be free meanwhile, until the last import within another one has ended."""
        with self._changing:
            self._borrowers += 1
            self._release()
        try:
            yield
        finally:
            with self._changing:
                self._borrowers -= 1
                if not self._borrowers:
                    self.keep()

    def _release(self) -> None:
        with self._changing, suppress(OSError):
            kept, self._descriptor = self._descriptor, None
            if kept is not None and os.fstat(kept) == self._what:  # a program may close what it has not opened
                os.close(kept)


_waiting: dict[str, _Part] = {}
"""The parts that are not loaded yet, in the order in which they were declared."""
_spare = _SpareDescriptor()
spare_descriptor = _spare.lent
"""Lets a descriptor be free for the imports of a block."""


def later(name: str) -> Any:
    """Return what stands for the module `name`."""
    _spare.keep()
    part = _Part(name)
    _waiting[name] = part
    return part


def loading() -> Iterator[str]:
    """Load the parts that wait, one at each step; one that cannot be loaded now waits for its use."""
    for name, part in list(_waiting.items()):
        with suppress(ImportError, OSError):
            part.load()
            yield name
