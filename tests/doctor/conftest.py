"""What the tests of the doctor share: servers that are started when the first test needs them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.doctor.servers import SERVERS

Start = Callable[[str], int]


@pytest.fixture(scope="session")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start the server of that name, once; gives its port."""
    ports: dict[str, int] = {}
    with ExitStack() as running:

        def start(name: str) -> int:
            if name not in ports:
                folder = tmp_path_factory.mktemp(name.replace(" ", "-"))
                ports[name] = running.enter_context(SERVERS[name](folder))
            return ports[name]

        yield start
