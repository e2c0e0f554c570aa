"""Define the states of an MQTT instance, its transitions and its refusals.

The causes of the refusals stand in the firmware profile.
"""

from collections.abc import Mapping
from enum import Enum

from emulator.device.needs.transfer import DisabledMqtt, EnabledMqtt, MqttConnection, NoMqttConnection
from emulator.errors import Cause, DeviceError, Need
from emulator.firmware.schema.mqtt import MqttRefusals
from emulator.states import StateMachine, Symbol, Transitions
from emulator.trace.events import StateChanged
from emulator.trace.trace import Trace


class MqttState(Symbol):
    """State of an instance."""

    DISABLED = "disabled"
    IDLE = "enabled"
    """Enabled, without a connection."""
    CONNECTING = "connecting"
    CONNECTED = "connected"


class MqttAction(Symbol):
    """Trigger of a transition; the host asks for those up to `DISCONNECT`."""

    ENABLE = "enable"
    DISABLE = "disable"
    CONFIGURE = "configure"
    CONNECT = "connect"
    USE = "use"
    READ = "read"
    DISCONNECT = "disconnect"
    ACCEPTED = "accepted"
    FAILED = "failed"
    LOSE = "lose"


TRANSITIONS: Transitions[MqttState, MqttAction] = {
    (MqttState.DISABLED, MqttAction.ENABLE): MqttState.IDLE,
    (MqttState.IDLE, MqttAction.DISABLE): MqttState.DISABLED,
    (MqttState.IDLE, MqttAction.CONFIGURE): MqttState.IDLE,
    (MqttState.IDLE, MqttAction.READ): MqttState.IDLE,
    (MqttState.IDLE, MqttAction.CONNECT): MqttState.CONNECTING,
    (MqttState.CONNECTING, MqttAction.ACCEPTED): MqttState.CONNECTED,
    (MqttState.CONNECTING, MqttAction.FAILED): MqttState.IDLE,
    (MqttState.CONNECTED, MqttAction.USE): MqttState.CONNECTED,
    (MqttState.CONNECTED, MqttAction.READ): MqttState.CONNECTED,
    (MqttState.CONNECTED, MqttAction.DISCONNECT): MqttState.IDLE,
    (MqttState.CONNECTED, MqttAction.DISABLE): MqttState.DISABLED,
    (MqttState.CONNECTED, MqttAction.LOSE): MqttState.IDLE,
}


class Refusal(Enum):
    """Why a state refuses an action; the value is the field of the profile's `[mqtt.refusals]`."""

    NOT_ENABLED = "not_enabled"
    ALREADY_ENABLED = "already_enabled"
    ALREADY_DISABLED = "already_disabled"
    CONNECTED = "connected"
    NOT_CONNECTED = "not_connected"

    def cause(self, refusals: MqttRefusals) -> Cause:
        """Return what the firmware answers."""
        cause: Cause = getattr(refusals, self.value)
        return cause


_OF_CONNECTION = (MqttAction.USE, MqttAction.DISCONNECT)
_IN_USE = {
    MqttAction.ENABLE: Refusal.ALREADY_ENABLED,
    MqttAction.CONFIGURE: Refusal.CONNECTED,
    MqttAction.CONNECT: Refusal.CONNECTED,
}

REFUSALS: Mapping[MqttState, Mapping[MqttAction, Refusal]] = {
    MqttState.DISABLED: {
        MqttAction.DISABLE: Refusal.ALREADY_DISABLED,
        **dict.fromkeys(
            (MqttAction.CONFIGURE, MqttAction.CONNECT, MqttAction.READ, *_OF_CONNECTION), Refusal.NOT_ENABLED
        ),
    },
    MqttState.IDLE: {
        MqttAction.ENABLE: Refusal.ALREADY_ENABLED,
        **dict.fromkeys(_OF_CONNECTION, Refusal.NOT_CONNECTED),
    },
    MqttState.CONNECTING: {
        **_IN_USE,
        MqttAction.DISABLE: Refusal.CONNECTED,
        MqttAction.READ: Refusal.NOT_CONNECTED,
        **dict.fromkeys(_OF_CONNECTION, Refusal.NOT_CONNECTED),
    },
    MqttState.CONNECTED: _IN_USE,
}

_REASONS: Mapping[Refusal, str] = {
    Refusal.NOT_ENABLED: "MQTT instance {} is disabled",
    Refusal.ALREADY_ENABLED: "MQTT instance {} is enabled already",
    Refusal.ALREADY_DISABLED: "MQTT instance {} is disabled already",
    Refusal.CONNECTED: "MQTT instance {} is connected, or connecting",
    Refusal.NOT_CONNECTED: "MQTT instance {} is not connected",
}


def _need(refusal: Refusal, number: int) -> Need | None:
    needs: Mapping[Refusal, Need] = {
        Refusal.NOT_ENABLED: EnabledMqtt(number),
        Refusal.ALREADY_ENABLED: DisabledMqtt(number),
        Refusal.CONNECTED: NoMqttConnection(number),
        Refusal.NOT_CONNECTED: MqttConnection(number),
    }
    return needs.get(refusal)


def mqtt_states(number: int, refusals: MqttRefusals, trace: Trace) -> StateMachine[MqttState, MqttAction]:
    """Return the state machine of one instance."""

    def refused(state: MqttState, action: MqttAction) -> DeviceError:
        refusal = REFUSALS[state][action]
        return DeviceError(refusal.cause(refusals), _REASONS[refusal].format(number), _need(refusal, number))

    def changed(before: MqttState, after: MqttState) -> None:
        trace.emit(StateChanged(thing=f"MQTT {number}", before=before.value, after=after.value))

    return StateMachine(TRANSITIONS, MqttState.DISABLED, refusal=refused, observer=changed)
