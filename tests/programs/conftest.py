"""A guest in QEMU that the tests share: to boot one takes seconds."""

from collections.abc import Iterator

import pytest

from tests.peers.guest.qemu import Guest, guest


@pytest.fixture(scope="session")
def booted() -> Iterator[Guest]:
    """A guest that stays up until the worker has run its tests."""
    with guest() as running:
        yield running


@pytest.fixture
def linux(booted: Guest) -> Iterator[Guest]:
    """The guest, with nothing running in it and nothing plugged in."""
    yield booted
    booted.tidy_up()
