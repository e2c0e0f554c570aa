"""MQTT instances and their settings: #MQEN, #MQCFG, #MQCFG2, #MQTCFG, #MQWCFG. AT Commands Reference Guide."""

from typing import Annotated, Any

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text
from emulator.commands.context import Context
from emulator.commands.mqtt.urc import MqttRings
from emulator.device.mqtt.client import MqttClient
from emulator.device.mqtt.states import MqttAction, MqttState
from emulator.device.needs.transfer import ReleasedMqtt
from emulator.errors import DeviceError
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.mqtt import Mqtt
from emulator.firmware.schema.profile import Profile

SOURCE = "AT Commands Reference Guide"


def of_mqtt(profile: Profile) -> Mqtt:
    """Return the MQTT part of a profile; asked only where there is one."""
    assert profile.mqtt is not None
    return profile.mqtt


InstanceNumber = Annotated[int, Number(lambda profile: of_mqtt(profile).instances), "The MQTT instance."]
Qos = Annotated[int, Number(lambda profile: of_mqtt(profile).qos), "0 at most once, 1 at least once, 2 exactly once."]
Topic = Annotated[str, Text(lambda profile: of_mqtt(profile).topic_length, shows_length=True), "The topic."]
MessageText = Text(lambda profile: of_mqtt(profile).message_length, shows_length=True)


def ready(at: Context, number: int, action: MqttAction) -> MqttClient:
    """Return an instance that this AT instance has enabled, and whose state allows this.

    Raises:
        DeviceError: it is not enabled, another AT instance has it, or its state forbids this.
    """
    client = at.mqtt[number]
    if client.owner not in (None, at.instance):
        reason = f"another AT instance has enabled MQTT instance {number}, and only that one can use it"
        raise DeviceError(client.profile.refusals.used_by_another, reason, ReleasedMqtt(number))
    client.check(action)
    return client


def decoded(text: str) -> str:
    """Return a text whose bytes the host has sent: MQTT has UTF-8 (1.5.3), and other bytes stand for themselves."""
    data = text.encode("latin-1", "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return text


def _secure(profile: Profile) -> Numeric | None:
    return of_mqtt(profile).secure if profile.secure_socket is not None else None


def _configure(at: Context, number: int, **values: Any) -> None:
    """Keep the values that the host has given."""
    client = ready(at, number, MqttAction.CONFIGURE)
    client.configure({name: value for name, value in values.items() if value is not None})


def _rows(at: Context, *fields: str) -> Information:
    """Show these settings of every instance."""
    return Information(
        tuple(
            f"{at.name}: {','.join(map(str, [client.number, *(getattr(client.settings, field) for field in fields)]))}"
            for client in at.mqtt
        )
    )


mqtt_enable = Command("#MQEN", source=SOURCE, requires="mqtt")


@mqtt_enable.set
def enable(at: Context, number: InstanceNumber, enabled: Annotated[int, Number(Numeric(range=(0, 1)))]) -> None:
    """Enable an MQTT instance for this AT instance, or give it back: its connection ends, its messages are forgotten.

    Args:
        enabled: 0 disables, 1 enables.

    Example:
        AT#MQEN=1,1
    """
    client = ready(at, number, MqttAction.ENABLE if enabled else MqttAction.DISABLE)
    if enabled:
        client.enable(at.instance, MqttRings(at.instance))
    else:
        client.disable()


@mqtt_enable.read
def show_enabled(at: Context) -> Information:
    """Show whether each instance is enabled."""
    return Information(
        tuple(f"{at.name}: {client.number},{int(client.state is not MqttState.DISABLED)}" for client in at.mqtt)
    )


mqtt_configuration = Command("#MQCFG", source=SOURCE, requires="mqtt")


@mqtt_configuration.set
def configure(
    at: Context,
    number: InstanceNumber,
    server: Annotated[str, Text(lambda profile: of_mqtt(profile).server_length, shows_length=True)],
    port: Annotated[int, Number(lambda profile: of_mqtt(profile).port)],
    cid: Annotated[int, Number(lambda profile: of_mqtt(profile).cids)],
    secure: Annotated[int, Number(_secure)] = FROM_PROFILE,
) -> None:
    """Set the broker, the context and TLS of an MQTT instance, kept in NVM.

    Args:
        server: The name or the address of the broker.
        port: Its port.
        cid: The PDP context.
        secure: 1 protects the connection by TLS, with the settings and the security data of SSId 1.

    Example:
        AT#MQEN=1,1
        AT#MQCFG=1,"mqtt.lab",1883,1
    """
    _configure(at, number, server=server, port=port, cid=cid, secure=secure)


@mqtt_configuration.read
def show_configuration(at: Context) -> Information:
    """Show broker, port and so on of every instance."""
    return _rows(at, *("server", "port", "cid", "secure")[: of_mqtt(at.profile).shown_fields])


mqtt_session_configuration = Command("#MQCFG2", source=SOURCE, requires="mqtt")


@mqtt_session_configuration.set
def configure_session(
    at: Context,
    number: InstanceNumber,
    keep_alive: Annotated[int, Number(lambda profile: of_mqtt(profile).keep_alive)],
    clean_session: Annotated[int, Number(lambda profile: of_mqtt(profile).clean_session)] | None = None,
) -> None:
    """Set keep-alive and clean session of an MQTT instance, kept in NVM.

    Args:
        keep_alive: Seconds without a packet, after which the module sends PINGREQ; 0 never.
        clean_session: 1 begins anew with each connection, 0 goes on with the session of the last one.

    Example:
        AT#MQEN=1,1
        AT#MQCFG2=1,60,1
    """
    _configure(at, number, keep_alive=keep_alive, clean_session=clean_session)


@mqtt_session_configuration.read
def show_session(at: Context) -> Information:
    """Show keep-alive and clean session of every instance."""
    return _rows(at, "keep_alive", "clean_session")


mqtt_timeouts = Command("#MQTCFG", source=SOURCE, requires="mqtt")


@mqtt_timeouts.set
def configure_timeouts(
    at: Context,
    number: InstanceNumber,
    packet_timeout: Annotated[int, Number(lambda profile: of_mqtt(profile).packet_timeout)],
) -> None:
    """Set how long an MQTT instance waits for an answer of the broker, kept in NVM.

    Args:
        packet_timeout: Seconds.

    Example:
        AT#MQEN=1,1
        AT#MQTCFG=1,10
    """
    _configure(at, number, packet_timeout=packet_timeout)


@mqtt_timeouts.read
def show_timeouts(at: Context) -> Information:
    """Show the timeout of every instance."""
    return _rows(at, "packet_timeout")


mqtt_will = Command("#MQWCFG", source=SOURCE, requires="mqtt")


@mqtt_will.set
def configure_will(
    at: Context,
    number: InstanceNumber,
    will: Annotated[int, Number(lambda profile: of_mqtt(profile).will)],
    retain: Annotated[int, Number(lambda profile: of_mqtt(profile).retain)] | None = None,
    qos: Annotated[int, Number(lambda profile: of_mqtt(profile).qos)] | None = None,
    topic: Topic | None = None,
    message: Annotated[str, MessageText] | None = None,
) -> None:
    """Set the will of an MQTT instance, which the broker publishes when the module is lost; kept in NVM.

    Args:
        will: 0 none, 1 a will.
        retain: 1 lets the broker keep it for later subscribers.
        qos: 0 at most once, 1 at least once, 2 exactly once.
        message: What the will says.

    Example:
        AT#MQEN=1,1
        AT#MQWCFG=1,1,0,1,"status","lost"
    """
    client = ready(at, number, MqttAction.CONFIGURE)
    if will and not (client.settings.will_topic if topic is None else topic):
        raise DeviceError(client.profile.refusals.malformed, "a will has a topic of one character at least")
    _configure(
        at,
        number,
        will=will,
        will_retain=retain,
        will_qos=qos,
        will_topic=None if topic is None else decoded(topic),
        will_message=None if message is None else decoded(message),
    )


@mqtt_will.read
def show_will(at: Context) -> Information:
    """Show the will of every instance."""
    rows = []
    for client in at.mqtt:
        kept = client.settings
        words = (kept.will_topic.encode().decode("latin-1"), kept.will_message.encode().decode("latin-1"))
        rows.append(f"{at.name}: {client.number},{kept.will},{kept.will_retain},{kept.will_qos},{','.join(words)}")
    return Information(tuple(rows))
