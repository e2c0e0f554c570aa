"""What puts a module back is not broken off by a signal."""

import os
import signal
import threading

import pytest

from emulator.dte.signals import signals_deferred


def test_a_signal_waits_until_the_block_has_ended() -> None:
    """Ctrl-C in the middle comes behind the block."""
    done: list[str] = []

    with pytest.raises(KeyboardInterrupt), signals_deferred():
        os.kill(os.getpid(), signal.SIGINT)
        done.append("put back")

    assert done == ["put back"]


def test_a_thread_that_gets_no_signals_needs_not_wait_for_any() -> None:
    """Python has signals in the main thread alone."""
    done: list[str] = []

    def put_back() -> None:
        with signals_deferred():
            done.append("put back")

    thread = threading.Thread(target=put_back)
    thread.start()
    thread.join()

    assert done == ["put back"]
