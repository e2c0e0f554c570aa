"""Coverage is dear: what is measured takes more than twice as long. Tests on many models measure some of them."""

from collections.abc import Container, Iterable
from typing import Any

import pytest


def measured_with(some: Container[str], models: Iterable[str]) -> list[Any]:
    """Return the models as parameters; those that are not among some come by the same lines and are not measured."""
    return [pytest.param(model, marks=[] if model in some else [pytest.mark.no_cover]) for model in models]
