"""What a client decides about a server's choices; both engines ask here, so that they decide alike."""

from collections.abc import Callable, Sequence

from emulator.tls.client import ChainRefused, FailureCause
from emulator.tls.wire.alert_messages import FatalError
from emulator.tls.wire.alerts import Alert
from emulator.tls.wire.suites import CipherSuite


def agreed_suite(number: int, offered: Sequence[CipherSuite]) -> CipherSuite:
    """The suite that the server chose by its number.

    Raises:
        FatalError: it was not offered.
    """
    if number not in offered:
        detail = f"the server chose suite {number:#06x}, which was not offered"
        raise FatalError(Alert.ILLEGAL_PARAMETER, detail, FailureCause.NO_COMMON_SUITE)
    return CipherSuite(number)


def judge_chain(chain: Sequence[bytes], verify: Callable[[Sequence[bytes]], None] | None) -> None:
    """Bring the server's chain before the verifier, if there is one.

    Raises:
        FatalError: it is empty, or the verifier refuses it.
    """
    if not chain:
        raise FatalError(Alert.BAD_CERTIFICATE, "the server sent no certificate")
    if verify is None:
        return
    try:
        verify(chain)
    except ChainRefused as refusal:
        raise FatalError(Alert(refusal.alert), refusal.detail, FailureCause.UNTRUSTED) from refusal
