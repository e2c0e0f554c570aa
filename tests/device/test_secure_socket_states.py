"""The tables of the secure socket's life cycle."""

import pytest

from emulator.clock import ManualClock
from emulator.device.connection.states import Action, State
from emulator.device.ssl.states import REFUSALS, TRANSITIONS, Refusal, SecureSocketStates
from emulator.errors import DeviceError
from emulator.firmware.loader import load_firmware
from emulator.trace.events import Event, StateChanged
from emulator.trace.trace import Trace

_ASKED_FOR = list(Action)[:8]
_TABLE = """
             enable           disable           configure    dial          resume       send          receive      close
disabled     closed           already_disabled  not_enabled  not_enabled   not_enabled  not_enabled   not_enabled  not_enabled
closed       already_enabled  disabled          closed       connecting    not_open     not_open      not_open     not_open
lost         already_enabled  disabled          lost         connecting    not_open     disconnected  not_open     closed
connecting   already_enabled  open!             open!        already_open  not_open     not_open      not_open     not_open
online       already_enabled  open!             open!        already_open  open!        open!         open!        open!
open         already_enabled  open!             open!        already_open  online       open          open         closed
"""  # noqa: E501  a table reads by its columns
_CELLS = [
    (State(row.split()[0]), action, cell)
    for row in _TABLE.strip().splitlines()[1:]
    for action, cell in zip(_ASKED_FOR, row.split()[1:], strict=True)
]


def _life(state: State, events: list[Event]) -> SecureSocketStates:
    ssl = load_firmware("HE910").profile.secure_socket
    assert ssl is not None
    trace = Trace(ManualClock())
    trace.subscribe(lambda now, event: events.append(event))
    return SecureSocketStates(state, 1, ssl, trace)


def _named(cell: str) -> State | Refusal:
    """A state is written as its value; a refusal too, with `!` where a state has the same."""
    states = {state.value: state for state in State}
    return states[cell] if cell in states else Refusal(cell.rstrip("!"))


@pytest.mark.parametrize(("state", "action", "cell"), _CELLS, ids=lambda value: getattr(value, "value", value))
def test_each_state_allows_or_refuses_each_action_as_the_table_says(state: State, action: Action, cell: str) -> None:
    """What the host asks for leads to a state, or is refused with the firmware's own cause."""
    events: list[Event] = []
    life, expected = _life(state, events), _named(cell)
    if isinstance(expected, State):
        life.apply(action)
        assert expected is life.state
        changes = [StateChanged(thing="secure socket", before=state.value, after=expected.value)]
        assert events == ([] if expected is state else changes)
    else:
        with pytest.raises(DeviceError) as refused:
            life.apply(action)
        ssl = load_firmware("HE910").profile.secure_socket
        assert ssl is not None
        assert refused.value.cause is expected.cause(ssl.refusals)
        assert life.state is state
        assert events == []


def test_every_state_knows_what_to_do_with_every_wish_of_the_host() -> None:
    """No pair is missing, and none is both allowed and refused."""
    for state in {state for state, _ in TRANSITIONS}:
        allowed = {action for known, action in TRANSITIONS if known is state}
        refused = set(REFUSALS[state])
        assert not allowed & refused
        assert set(_ASKED_FOR) <= allowed | refused


def test_a_connection_that_comes_about_or_ends_by_itself_moves_the_socket() -> None:
    """What no command asks for: opened, failed, suspended, lost."""
    assert {pair: after for pair, after in TRANSITIONS.items() if pair[1] not in _ASKED_FOR} == {
        (State.CONNECTING, Action.OPENED): State.SUSPENDED,
        (State.CONNECTING, Action.FAILED): State.CLOSED,
        (State.SUSPENDED, Action.LOSE): State.LOST,
        (State.ONLINE, Action.SUSPEND): State.SUSPENDED,
        (State.ONLINE, Action.LOSE): State.LOST,
    }
