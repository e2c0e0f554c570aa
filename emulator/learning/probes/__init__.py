"""The probes by subject: each file here has a function `probes` that makes them, in the order in which they run."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module

from emulator.learning.asking.inquiry import Inquiry
from emulator.learning.probe import Probe


def all_probes(inquiry: Inquiry) -> Iterator[Probe]:
    """Make the probes of every file, in alphabetical order of the files."""
    for file in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        yield from import_module(f"{__name__}.{file}").probes(inquiry)
