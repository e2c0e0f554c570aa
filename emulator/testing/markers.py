"""Reads markers whose options are given by name."""

from typing import Any

import pytest

_EXAMPLES = {"modem": "modem(routes={...})", "explore": "explore(budget=500)"}


def options_of(node: pytest.Item, name: str) -> dict[str, Any]:
    """Return the options of a test's marker; none when it has none. The test fails where one has no name."""
    marker = node.get_closest_marker(name)
    if marker is None:
        return {}
    if marker.args:
        pytest.fail(f"pytest.mark.{name} takes options by name only, as in {_EXAMPLES[name]}", pytrace=False)
    return dict(marker.kwargs)
