"""Each write that was OK outlasts `kill -9`."""

from tests.device.kills import survive


def test_what_was_ok_is_there_after_a_kill() -> None:
    """Whatever the module was doing at that moment; the next start needs no help."""
    outcome = survive(kills=4, seed=12)

    assert [] == outcome.lost
    assert 4 == outcome.kills
    assert outcome.acknowledged >= 4
