"""Hosts that follow one another at random moments all get their answer."""

import pytest

from tests.line.hand_over import TRANSPORTS, stress

ROUNDS = 40
"""At each transport; long runs are made by hand."""


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_each_host_is_answered_whatever_the_one_before_has_left(transport: str) -> None:
    """The first line, where 20 ms lie between the two; else the second one at the latest."""
    outcome = stress(ROUNDS, seed=7, transport=transport)

    assert outcome.rounds == ROUNDS
    if transport != "pty":  # only a pseudo-terminal does not tell whose bytes they are
        assert not outcome.lost, outcome
