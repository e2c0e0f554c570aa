"""The fixture that explores a host: it finds what breaks it."""

from typing import TYPE_CHECKING

import pytest

from emulator.testing.markers import options_of
from emulator.testing.server_fixtures import started

if TYPE_CHECKING:
    from emulator.testing.explorer import Explorer


@pytest.fixture
def explore(request: pytest.FixtureRequest, firmware: str, tmp_path_factory: pytest.TempPathFactory) -> "Explorer":
    """Find what breaks a host: `explore(["./my_host", "{port}"], budget=500)`, or `explore(function)`."""
    if request.config.getoption("--telit-modem-port"):
        pytest.skip("only the emulator can be explored with")
    from emulator.testing.explorer import Explorer

    node = request.node
    seed = request.config.getoption("--telit-seed")
    return Explorer(
        firmware,
        options_of(node, "modem"),
        {"seed": seed or 0, **options_of(node, "explore")},
        servers=started(node),
        folder=lambda: tmp_path_factory.mktemp("explore", numbered=True),
        note=lambda name, value: node.user_properties.append((name, value)),
        again=f"pytest {node.nodeid!r}",
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test that has our marker and explores nothing: it would pass for ever."""
    marker = next((marker for marker in item.own_markers if marker.name == "explore"), None)
    if marker is None or not marker.kwargs or "explore" in getattr(item, "fixturenames", ()):
        return
    from emulator.testing.explorer import ExploreOptions

    if marker.kwargs.keys() <= ExploreOptions.__annotations__.keys():  # another project may have a marker of that name
        pytest.fail("pytest.mark.explore is for tests that use the fixture `explore`; take it, too", pytrace=False)
