"""Say why the network refuses a PDP context, in the words of 24.008 10.5.6.6."""

from emulator.errors import Cause

IPV4_ONLY = "PDP type IPv4 only allowed"
"""Cause 50."""
_UNSPECIFIED = "Activation rejected, unspecified"
"""Cause 31."""
_WORDS = {
    Cause.PDP_AUTHENTICATION_FAILURE: "User authentication failed",
    Cause.SERVICE_OPTION_NOT_SUPPORTED: "Service option not supported",
    Cause.REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED: "Requested service option not subscribed",
    Cause.SERVICE_OPTION_OUT_OF_ORDER: "Service option temporarily out of order",
    Cause.UNSPECIFIED_GPRS_ERROR: _UNSPECIFIED,
}


def is_of_network(cause: Cause) -> bool:
    """Return whether it is the network that has this cause, not the module itself."""
    return cause in _WORDS


def words_of(cause: Cause) -> str:
    """Return the words of a refusal, whose cause for the host may be one of the module's own."""
    return _WORDS.get(cause, _UNSPECIFIED)
