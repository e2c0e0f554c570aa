"""Connections of MQTT instances, subscriptions and messages: #MQCONN … #MQREAD. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information, RawData
from emulator.at.command import Command
from emulator.at.parameters import Number, Text
from emulator.at.prompt import CountedPrompt
from emulator.commands.context import Context
from emulator.commands.mqtt.instances import SOURCE, InstanceNumber, MessageText, Qos, Topic, decoded, of_mqtt, ready
from emulator.commands.mqtt.urc import shown_topic
from emulator.device.mqtt.client import Login
from emulator.device.mqtt.states import MqttAction, MqttState

_PROMPT = b">>>"
_DATA = b"<<<"

Retain = Annotated[
    int, Number(lambda profile: of_mqtt(profile).retain), "1 lets the broker keep the message for later subscribers."
]

mqtt_connect = Command("#MQCONN", source=SOURCE, requires="mqtt")


@mqtt_connect.set
async def connect(
    at: Context,
    number: InstanceNumber,
    client_id: Annotated[str, Text(lambda profile: of_mqtt(profile).client_id_length, shows_length=True)],
    user: Annotated[str, Text(lambda profile: of_mqtt(profile).account_length, shows_length=True)] = "",
    password: Annotated[str, Text(lambda profile: of_mqtt(profile).account_length, shows_length=True, secret=True)]
    | None = None,
) -> None:
    """Connect to the broker; OK comes once it has accepted.

    Args:
        client_id: The name of the client, which is the broker's key for its session.
        user: The account; empty for none.
        password: Its password.

    Example:
        AT#MQEN=1,1
        AT#MQCFG=1,"mqtt.lab",1883,1
        AT#MQCONN=1,"module"
    """
    client = ready(at, number, MqttAction.CONNECT)
    account = (decoded(user), decoded(password or "")) if user else (None, None)
    with at.instance.dialling():
        await client.connect(Login(decoded(client_id), *account))


@mqtt_connect.read
def show_connected(at: Context) -> Information:
    """Show whether each instance is connected: 1, or 0."""
    return Information(
        tuple(f"{at.name}: {client.number},{int(client.state is MqttState.CONNECTED)}" for client in at.mqtt)
    )


mqtt_disconnect = Command("#MQDISC", source=SOURCE, requires="mqtt")


@mqtt_disconnect.set
def disconnect(at: Context, number: InstanceNumber) -> None:
    """Disconnect from the broker in order, so that it publishes no will.

    Example:
        AT#MQEN=1,1
        AT#MQCFG=1,"mqtt.lab",1883,1
        AT#MQCONN=1,"module"
        AT#MQDISC=1
    """
    ready(at, number, MqttAction.DISCONNECT).disconnect()


mqtt_subscribe = Command("#MQSUB", source=SOURCE, requires="mqtt")


@mqtt_subscribe.set
async def subscribe(at: Context, number: InstanceNumber, topic: Topic) -> None:
    """Subscribe to a topic, which may have + and # as wildcards; OK comes once the broker has accepted.

    Example:
        AT#MQEN=1,1
        AT#MQCFG=1,"mqtt.lab",1883,1
        AT#MQCONN=1,"module"
        AT#MQSUB=1,"commands"
    """
    client = ready(at, number, MqttAction.USE)
    with at.instance.dialling():
        await client.subscribe(decoded(topic))


mqtt_unsubscribe = Command("#MQUNS", source=SOURCE, requires="mqtt")


@mqtt_unsubscribe.set
async def unsubscribe(at: Context, number: InstanceNumber, topic: Topic) -> None:
    """End a subscription.

    Example:
        AT#MQEN=1,1
        AT#MQCFG=1,"mqtt.lab",1883,1
        AT#MQCONN=1,"module"
        AT#MQSUB=1,"commands"
        AT#MQUNS=1,"commands"
    """
    client = ready(at, number, MqttAction.USE)
    with at.instance.dialling():
        await client.unsubscribe(decoded(topic))


mqtt_publish = Command("#MQPUBS", source=SOURCE, requires="mqtt")


@mqtt_publish.set
async def publish(
    at: Context, number: InstanceNumber, topic: Topic, retain: Retain, qos: Qos, message: Annotated[str, MessageText]
) -> None:
    """Publish a text; OK comes once it is sent, or with QoS 1 and 2 once the broker has it.

    Args:
        message: The text.

    Example:
        AT#MQEN=1,1
        AT#MQCFG=1,"mqtt.lab",1883,1
        AT#MQCONN=1,"module"
        AT#MQPUBS=1,"values",0,1,"21.5"
    """
    client = ready(at, number, MqttAction.USE)
    with at.instance.dialling():
        await client.publish(decoded(topic), message.encode("latin-1", "replace"), qos, bool(retain))


mqtt_publish_bytes = Command("#MQPUBSEXT", source=SOURCE, requires="mqtt")


@mqtt_publish_bytes.set
async def publish_bytes(
    at: Context,
    number: InstanceNumber,
    topic: Topic,
    retain: Retain,
    qos: Qos,
    size: Annotated[int, Number(lambda profile: of_mqtt(profile).body_sizes)],
) -> None:
    """Publish exactly `size` bytes, which `>>>` asks for.

    Args:
        size: The number of bytes that follow.

    Example:
        AT#MQEN=1,1
        AT#MQCFG=1,"mqtt.lab",1883,1
        AT#MQCONN=1,"module"
        AT#MQPUBSEXT=1,"values",0,1,5
        > hello
    """
    client = ready(at, number, MqttAction.USE)
    with at.instance.dialling():
        entry = await at.instance.enter(CountedPrompt(size, sign=_PROMPT))
        await client.publish(decoded(topic), entry.data, qos, bool(retain))


mqtt_read = Command("#MQREAD", source=SOURCE, requires="mqtt")


@mqtt_read.set
def read(
    at: Context,
    number: InstanceNumber,
    message_number: Annotated[int, Number(lambda profile: of_mqtt(profile).message_numbers)],
) -> None:
    """Show a message that has come, behind `<<<`, and forget it.

    Args:
        message_number: The message, as #MQRING names it.

    Example:
        AT#MQEN=1,1
        AT#MQCFG=1,"mqtt.lab",1883,1
        AT#MQCONN=1,"module"
        AT#MQSUB=1,"commands"
        AT#MQPUBS=1,"commands",0,1,"start"
        < #MQRING
        AT#MQREAD=1,1
    """
    message = ready(at, number, MqttAction.READ).read(message_number)
    at.instance.show(Information.of(f"{at.name}: {number},{shown_topic(message)},{len(message.payload)}"))
    at.instance.show(RawData(_DATA + message.payload))


@mqtt_read.read
def show_unread(at: Context) -> Information:
    """Show how many messages of each instance wait."""
    return Information(tuple(f"{at.name}: {client.number},{len(client.inbox)}" for client in at.mqtt))
