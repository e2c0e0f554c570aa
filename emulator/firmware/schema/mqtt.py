"""The schema of the MQTT client."""

from typing import Annotated, Literal

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Default, Numeric, Section

Length = Annotated[int, Meta(ge=1, le=4096)]


class MqttRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of the MQTT commands."""

    not_enabled: Cause
    """A command for an instance that #MQEN has not enabled."""
    already_enabled: Cause
    """#MQEN enables an instance that is enabled."""
    already_disabled: Cause
    """#MQEN disables an instance that is disabled."""
    used_by_another: Cause
    """Another AT instance has enabled the MQTT instance."""
    connected: Cause
    """A setting, or #MQCONN, while the instance is connected."""
    not_connected: Cause
    """A command that needs a connection, without one."""
    no_server: Cause
    """#MQCONN of an instance that names no broker."""
    no_context: Cause
    """#MQCONN while the context is down, or the context goes down while a command waits."""
    unresolved: Cause
    """The name of the broker cannot be resolved."""
    unreachable: Cause
    """The broker cannot be reached."""
    timeout: Cause
    """The connection does not come about in time, or the broker does not answer within the packet timeout."""
    tls_handshake: Cause
    """The TLS handshake fails, or the broker is not trusted."""
    ssl_in_use: Cause
    """The SSL socket and an MQTT connection within TLS exclude each other."""
    refused: Cause
    """The broker refuses the connection or the subscription."""
    malformed: Cause
    """A topic, a client id or a message that MQTT cannot carry."""
    ended: Cause
    """The connection ends before the broker has answered."""
    nothing_received: Cause
    """#MQREAD of a message that is not there."""


class Mqtt(Section, frozen=True, kw_only=True):
    """The MQTT client."""

    instances: Numeric
    """<instance> of all MQTT commands."""
    port: Default
    """<port> of #MQCFG."""
    cids: Default
    """<cid> of #MQCFG."""
    secure: Default
    """<sslEn> of #MQCFG: 1 for TLS. Exists where SSL does."""
    shown_fields: Annotated[int, Meta(ge=1, le=4)]
    """How many of server, port, <cid> and <sslEn> #MQCFG? shows."""
    keep_alive: Default
    """<keepalive> of #MQCFG2 in seconds; 0 for none."""
    clean_session: Default
    """<cleanSession> of #MQCFG2."""
    packet_timeout: Default
    """<pktTimeout> of #MQTCFG: seconds that the broker may take for an answer."""
    connection_timeout: Annotated[float, Meta(ge=1, le=600)]
    """Seconds that the connection, and each packet of the TLS handshake, may take."""
    will: Default
    """<flag> of #MQWCFG: 1 for a will."""
    retain: Default
    """<retain> of #MQWCFG, #MQPUBS and #MQPUBSEXT."""
    qos: Default
    """<qos> of #MQWCFG, #MQPUBS and #MQPUBSEXT."""
    subscription_qos: Annotated[int, Meta(ge=0, le=2)]
    """The QoS that #MQSUB asks the broker for."""
    body_sizes: Numeric
    """<len> of #MQPUBSEXT."""
    message_numbers: Numeric
    """<mId> of #MQRING and #MQREAD: as many messages can wait."""
    inbox_size: Annotated[int, Meta(ge=64, le=131072)]
    """Bytes that topics and messages which wait can have together."""
    server_length: Length
    """Longest <host> in characters."""
    topic_length: Length
    """Longest <topic> in characters."""
    client_id_length: Length
    """Longest <clientId> in characters."""
    account_length: Length
    """Longest <user> and <pwd> in characters."""
    message_length: Length
    """Longest <message> of #MQPUBS and #MQWCFG in characters."""
    configured_beside_ssl: tuple[Literal["disabled", "closed", "open"], ...]
    """The states of the SSL socket in which #MQCFG takes <sslEn> 1."""
    beside_ssl: tuple[Literal["disabled", "closed", "open"], ...]
    """The states of the SSL socket in which MQTT can connect within TLS."""
    freezes_ssl: bool
    """Whether SSL can be neither configured nor disabled while MQTT is connected within TLS."""
    refusals: MqttRefusals
