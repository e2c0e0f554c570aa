"""Reads and changes the state of a running modem by name."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from emulator.clock import WallClock
from emulator.control.board import BOARD
from emulator.control.place import PLACE
from emulator.control.state_keys import StateKey, number, word
from emulator.device.connection.states import State
from emulator.device.mqtt.states import MqttState
from emulator.device.power import PowerState
from emulator.errors import UserError
from emulator.firmware import keys
from emulator.modem import Modem


def show(modem: Modem) -> dict[str, Any]:
    """Return all states, by name."""
    return {name: key.read(modem) for name, key in STATE.items()}


def change(modem: Modem, values: Mapping[str, str | int | float]) -> None:
    """Change the named states; change nothing when a name or value is wrong.

    Raises:
        UserError: a name is unknown or cannot be changed, or a value is not allowed.
    """
    for apply in [_prepared(name, str(value)) for name, value in values.items()]:
        apply(modem)


def _prepared(name: str, text: str) -> Callable[[Modem], None]:
    key = STATE.get(name)
    if key is None:
        near = keys.nearest(name, CHANGEABLE) or f"; those that can be set: {', '.join(CHANGEABLE)}"
        raise UserError(f"unknown state {name!r}{near}")
    if key.change is None or key.allowed is None:
        raise UserError(f"{name} cannot be changed; those that can be set: {', '.join(CHANGEABLE)}")
    try:
        value = key.allowed.parse(text)
    except ValueError:
        raise UserError(f"{name}: {text!r} is not allowed; give {key.allowed.words}") from None
    apply = key.change
    return lambda modem: apply(modem, value)


def _set_power(modem: Modem, word: str) -> None:
    power = modem.device.power
    {"on": power.on, "off": power.off, "restart": power.restart}[word]()


def _set_sim(modem: Modem, word: str) -> None:
    sim = modem.device.sim
    {"present": sim.insert, "absent": sim.remove}[word]()


def _set_attached(modem: Modem, word: str) -> None:
    modem.device.network.set_attached(word == "yes")


def _set_registration(modem: Modem, status: int) -> None:
    modem.device.coverage.offer(status)


def _set_signal(modem: Modem, value: int) -> None:
    modem.device.coverage.hear(signal=value)


def _set_bit_errors(modem: Modem, value: int) -> None:
    modem.device.coverage.hear(bit_errors=value)


def _contexts(modem: Modem) -> dict[str, str]:
    contexts = modem.device.contexts
    return {str(cid): contexts.address(cid) for cid in contexts.definitions if contexts.is_active(cid)}


def _defined_contexts(modem: Modem) -> dict[str, dict[str, Any]]:
    contexts = modem.device.contexts
    return {
        str(cid): {"type": one.type, "apn": one.apn, "active": contexts.is_active(cid)}
        for cid, one in contexts.definitions.items()
    }


def _clock(modem: Modem) -> str:
    clock = modem.clock
    return f"{clock.scale:g}" if isinstance(clock, WallClock) else "manual"


def _secure_session(modem: Modem) -> dict[str, str]:
    ssl = modem.device.ssl
    sockets = ssl.sockets.items() if ssl is not None else ()
    return {str(ssid): socket.suite_name for ssid, socket in sockets if socket.suite_name is not None}


def _peers(modem: Modem) -> dict[str, str]:
    return {
        str(number): f"{one.remote[0]}:{one.remote[1]}"
        for number, one in modem.device.sockets.items()
        if one.remote is not None and one.state is not State.CLOSED
    }


def _sockets(modem: Modem) -> dict[str, str]:
    return {
        str(number): connection.state.value
        for number, connection in modem.device.sockets.items()
        if connection.state is not State.CLOSED
    }


def _ussd_replies(modem: Modem) -> list[str]:
    return list(modem.device.ussd_network.replies)


def _data_call(modem: Modem) -> str | None:
    call = modem.device.data_calls.current
    return None if call is None else call.state.value


def _calls(modem: Modem) -> dict[str, str]:
    return {
        str(one.id): f"{'from' if one.incoming else 'to'} {one.number or 'a hidden number'}, {one.state}"
        for one in modem.calls.shown
    }


def _mqtt(modem: Modem) -> dict[str, str]:
    return {
        str(client.number): f"{client.state.value}, {len(client.inbox)} unread"
        for client in modem.device.mqtt or ()
        if client.state is not MqttState.DISABLED
    }


def _listening(modem: Modem) -> dict[str, str]:
    return {str(port): f"{host}:{taken}" for port, (host, taken) in modem.device.listening.items()}


def _socket(modem: Modem, attribute: str) -> Any:
    ssl = modem.device.ssl
    return None if ssl is None else getattr(ssl.shared, attribute)


def _socket_state(modem: Modem) -> str | None:
    state = _socket(modem, "state")
    return None if state is None else state.value


def _secure_sockets(modem: Modem) -> dict[str, str]:
    ssl = modem.device.ssl
    sockets = ssl.sockets.items() if ssl is not None else ()
    return {str(ssid): socket.state.value for ssid, socket in sockets if socket.state is not State.DISABLED}


STATE: Mapping[str, StateKey] = {
    "firmware": StateKey("model and version", lambda modem: modem.firmware.name),
    "firmware.status": StateKey("how well its software line is known", lambda modem: modem.firmware.status),
    "port": StateKey("what the host opens", lambda modem: modem.port),
    "time": StateKey("seconds of the module's time since the start", lambda modem: round(modem.clock.now(), 3)),
    "clock": StateKey("how many times as fast as real time it passes; `manual` where `advance` lets it pass", _clock),
    "power": StateKey(
        f"{', '.join(state.value for state in PowerState)}; `off` as from a supply that fails",
        lambda modem: modem.device.power.state.value,
        _set_power,
        word("on", "off", "restart"),
    ),
    "sim": StateKey(
        "what +CPIN? shows; `absent` without a card",
        lambda modem: modem.device.sim.state.value or "absent",
        _set_sim,
        word("present", "absent"),
    ),
    "registration": StateKey(
        "<stat> of +CREG: 0 not, 1 home, 2 searching, 3 denied, 5 roaming",
        lambda modem: modem.device.network.registration,
        _set_registration,
        number(0, 5),
    ),
    "attached": StateKey(
        "whether the module is attached to packet service",
        lambda modem: "yes" if modem.device.network.attached else "no",
        _set_attached,
        word("yes", "no"),
    ),
    "signal": StateKey("<rssi> of +CSQ", lambda modem: modem.device.network.signal, _set_signal, number(0, 99)),
    "bit_errors": StateKey(
        "<ber> of +CSQ", lambda modem: modem.device.network.bit_errors, _set_bit_errors, number(0, 99)
    ),
    "jammed": StateKey(
        "whether somebody jams the network (#JDR)",
        lambda modem: "yes" if modem.device.coverage.is_jammed else "no",
        lambda modem, word: modem.device.coverage.jam(word == "yes"),
        word("yes", "no"),
    ),
    **BOARD,
    "contexts": StateKey("the addresses of the active PDP contexts, by <cid>", _contexts),
    "contexts.defined": StateKey("the PDP contexts by <cid>: type, APN, and whether it is active", _defined_contexts),
    "ssl.state": StateKey("the secure socket with SSId 1; nothing where the firmware has none", _socket_state),
    "ssl.suite": StateKey("the number of the suite that it uses", partial(_socket, attribute="suite_number")),
    "ssl.pending": StateKey("bytes that wait there for #SSLRECV", partial(_socket, attribute="pending")),
    "ssl.sockets": StateKey("the secure sockets that are enabled, by <SSId>", _secure_sockets),
    "ssl.suites": StateKey("the name of the suite that each secure socket uses, by <SSId>", _secure_session),
    "calls": StateKey("the voice calls, by <id> of +CLCC", _calls),
    "sockets": StateKey("the plain connections that are open, by <connId>", _sockets),
    "sockets.peers": StateKey("where their peers are, by <connId>", _peers),
    "mqtt": StateKey("the MQTT instances that are enabled, by their number", _mqtt),
    "ussd_replies": StateKey("what hosts have replied to USSD texts of the network", _ussd_replies),
    "data_call": StateKey("the data call: online or open, which is suspended; nothing without one", _data_call),
    "listening": StateKey("where peers can reach the ports on which the module listens", _listening),
    **PLACE,
    "faults": StateKey("the faults at work", lambda modem: [str(rule) for rule in modem.rules]),
}
"""By name, in the order in which it is shown."""

CHANGEABLE = tuple(name for name, key in STATE.items() if key.change is not None)
"""The names of what can be changed."""
