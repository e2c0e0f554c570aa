"""The state machine that everything with states uses."""

from enum import Enum

import pytest

from emulator.states import StateMachine, TransitionRefused


class Lamp(Enum):
    OFF = "off"
    ON = "on"


class Switch(Enum):
    UP = "up"
    DOWN = "down"


TABLE = {(Lamp.OFF, Switch.UP): Lamp.ON, (Lamp.ON, Switch.DOWN): Lamp.OFF, (Lamp.OFF, Switch.DOWN): Lamp.OFF}


def test_a_trigger_leads_to_the_state_of_the_table() -> None:
    """And `check` only tells it."""
    machine = StateMachine(TABLE, Lamp.OFF)

    assert Lamp.ON is machine.check(Switch.UP)
    assert Lamp.OFF is machine.state
    assert Lamp.ON is machine.apply(Switch.UP)
    assert "<StateMachine on>" == repr(machine)


def test_a_pair_that_is_not_in_the_table_is_refused_by_name() -> None:
    """The machine stays where it is."""
    machine = StateMachine(TABLE, Lamp.ON)

    with pytest.raises(TransitionRefused, match="'on' does not allow 'up'") as refused:
        machine.apply(Switch.UP)

    assert (Lamp.ON, Switch.UP) == (refused.value.state, refused.value.trigger)
    assert Lamp.ON is machine.state


def test_the_owner_of_a_machine_can_refuse_in_its_own_words() -> None:
    """A socket raises what the firmware answers."""
    machine = StateMachine(TABLE, Lamp.ON, refusal=lambda state, trigger: KeyError(state, trigger))

    with pytest.raises(KeyError):
        machine.check(Switch.UP)


def test_the_observer_sees_each_change_and_nothing_else() -> None:
    """A trigger that leads nowhere is none."""
    seen: list[tuple[Lamp, Lamp]] = []
    machine = StateMachine(TABLE, Lamp.OFF, observer=lambda before, after: seen.append((before, after)))

    for trigger in (Switch.DOWN, Switch.UP, Switch.DOWN):
        machine.apply(trigger)

    assert [(Lamp.OFF, Lamp.ON), (Lamp.ON, Lamp.OFF)] == seen
