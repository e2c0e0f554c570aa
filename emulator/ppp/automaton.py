"""The option negotiation automaton: states, events, actions, and the table of RFC 1661 4.1."""

from collections.abc import Mapping
from enum import Enum

import msgspec

from emulator.states import Symbol


class State(Symbol):
    """States, in the order of the table (RFC 1661 4.2)."""

    INITIAL = "initial"
    STARTING = "starting"
    CLOSED = "closed"
    STOPPED = "stopped"
    CLOSING = "closing"
    STOPPING = "stopping"
    REQUEST_SENT = "request sent"
    ACK_RECEIVED = "ack received"
    ACK_SENT = "ack sent"
    OPENED = "opened"


class Event(Symbol):
    """Events, by the names of the table (RFC 1661 4.3)."""

    UP = "Up"
    DOWN = "Down"
    OPEN = "Open"
    CLOSE = "Close"
    TIMEOUT = "TO+"
    LAST_TIMEOUT = "TO-"
    GOOD_REQUEST = "RCR+"
    BAD_REQUEST = "RCR-"
    ACK = "RCA"
    NAK_OR_REJECT = "RCN"
    TERMINATE_REQUEST = "RTR"
    TERMINATE_ACK = "RTA"
    UNKNOWN_CODE = "RUC"
    HARMLESS_REJECT = "RXJ+"
    FATAL_REJECT = "RXJ-"
    ECHO = "RXR"


class Action(Enum):
    """Actions, by the names of the table (RFC 1661 4.4)."""

    LAYER_UP = "tlu"
    LAYER_DOWN = "tld"
    LAYER_STARTED = "tls"
    LAYER_FINISHED = "tlf"
    INITIALIZE_COUNT = "irc"
    ZERO_COUNT = "zrc"
    SEND_REQUEST = "scr"
    SEND_ACK = "sca"
    SEND_NAK = "scn"
    SEND_TERMINATE_REQUEST = "str"
    SEND_TERMINATE_ACK = "sta"
    SEND_CODE_REJECT = "scj"
    SEND_ECHO_REPLY = "ser"


_TABLE = """
       0      1          2    3               4      5      6           7           8           9
Up     2      irc,scr/6  -    -               -      -      -           -           -           -
Down   -      -          0    tls/1           0      1      1           1           1           tld/1
Open   tls/1  1     irc,scr/6 3               5      5      6           7           8           9
Close  0      tlf/0      2    2               4      4      irc,str/4   irc,str/4   irc,str/4   tld,irc,str/4
TO+    -      -          -    -               str/4  str/5  scr/6       scr/6       scr/8       -
TO-    -      -          -    -               tlf/2  tlf/3  tlf/3       tlf/3       tlf/3       -
RCR+   -      -        sta/2  irc,scr,sca/8   4      5      sca/8       sca,tlu/9   sca/8       tld,scr,sca/8
RCR-   -      -        sta/2  irc,scr,scn/6   4      5      scn/6       scn/7       scn/6       tld,scr,scn/6
RCA    -      -        sta/2  sta/3           4      5      irc/7       scr/6       irc,tlu/9   tld,scr/6
RCN    -      -        sta/2  sta/3           4      5      irc,scr/6   scr/6       irc,scr/8   tld,scr/6
RTR    -      -        sta/2  sta/3           sta/4  sta/5  sta/6       sta/6       sta/6       tld,zrc,sta/5
RTA    -      -          2    3               tlf/2  tlf/3  6           6           8           tld,scr/6
RUC    -      -        scj/2  scj/3           scj/4  scj/5  scj/6       scj/7       scj/8       scj/9
RXJ+   -      -          2    3               4      5      6           6           8           9
RXJ-   -      -        tlf/2  tlf/3           tlf/2  tlf/3  tlf/3       tlf/3       tlf/3       tld,irc,str/5
RXR    -      -          2    3               4      5      6           7           8           ser/9
"""
"""As in the RFC: a row an event, a column a state; actions, then the next state. `-` cannot come about."""


class Step(msgspec.Struct, frozen=True):
    """What an event does in a state."""

    actions: tuple[Action, ...]
    state: State


def _read(table: str) -> Mapping[tuple[State, Event], Step]:
    states, (_, *rows) = tuple(State), table.strip().splitlines()
    steps = {}
    for event, *cells in map(str.split, rows):
        for state, cell in zip(states, cells, strict=True):
            if cell != "-":
                actions, _, after = cell.rpartition("/")
                named = tuple(Action(name) for name in actions.split(",") if name)
                steps[state, Event(event)] = Step(named, states[int(after)])
    return steps


STEPS = _read(_TABLE)
TIMED = frozenset({State.CLOSING, State.STOPPING, State.REQUEST_SENT, State.ACK_RECEIVED, State.ACK_SENT})
"""The states in which the restart timer runs."""
