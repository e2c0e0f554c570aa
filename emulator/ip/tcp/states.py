"""The states of a connection as the end that is called has them (RFC 9293 3.3.2)."""

from emulator.states import Symbol, Transitions


class TcpState(Symbol):
    """State of a connection."""

    REQUESTED = "requested"
    """The SYN of the host has come; nobody has said yet what the peer answers."""
    SYN_RECEIVED = "SYN received"
    ESTABLISHED = "established"
    FIN_WAIT_1 = "FIN wait 1"
    FIN_WAIT_2 = "FIN wait 2"
    CLOSE_WAIT = "close wait"
    CLOSING = "closing"
    LAST_ACK = "last ACK"
    TIME_WAIT = "time wait"
    CLOSED = "closed"


class TcpTrigger(Symbol):
    """Trigger of a transition."""

    ACCEPT = "the peer is there"
    ESTABLISH = "our SYN is acknowledged"
    FINISH = "the peer has ended"
    CONFIRM = "our FIN is acknowledged"
    END = "the FIN of the host"
    EXPIRE = "the time is over"
    BREAK = "reset, or given up"


_S, _T = TcpState, TcpTrigger

TRANSITIONS: Transitions[TcpState, TcpTrigger] = {
    (_S.REQUESTED, _T.ACCEPT): _S.SYN_RECEIVED,
    (_S.SYN_RECEIVED, _T.ESTABLISH): _S.ESTABLISHED,
    (_S.ESTABLISHED, _T.FINISH): _S.FIN_WAIT_1,
    (_S.ESTABLISHED, _T.END): _S.CLOSE_WAIT,
    (_S.FIN_WAIT_1, _T.CONFIRM): _S.FIN_WAIT_2,
    (_S.FIN_WAIT_1, _T.END): _S.CLOSING,
    (_S.FIN_WAIT_2, _T.END): _S.TIME_WAIT,
    (_S.CLOSE_WAIT, _T.FINISH): _S.LAST_ACK,
    (_S.CLOSING, _T.CONFIRM): _S.TIME_WAIT,
    (_S.LAST_ACK, _T.CONFIRM): _S.CLOSED,
    (_S.TIME_WAIT, _T.EXPIRE): _S.CLOSED,
    **{(state, _T.BREAK): _S.CLOSED for state in _S if state is not _S.CLOSED},
}

SYNCHRONIZED = frozenset(_S) - {_S.REQUESTED, _S.SYN_RECEIVED, _S.CLOSED}
"""States in which both ends know each other's sequence numbers."""
HEARS = frozenset((_S.ESTABLISHED, _S.FIN_WAIT_1, _S.FIN_WAIT_2))
"""States in which the host may send data."""
SPEAKS = frozenset((_S.REQUESTED, _S.SYN_RECEIVED, _S.ESTABLISHED, _S.CLOSE_WAIT))
"""States in which data to the host can be queued."""
HAS_FINISHED = frozenset((_S.FIN_WAIT_1, _S.CLOSING, _S.LAST_ACK))
"""States in which our FIN has to be sent, and is not acknowledged yet."""
