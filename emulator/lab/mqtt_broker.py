"""Runs an MQTT 3.1.1 broker, in clear text and within TLS: topics with wildcards, QoS 0 to 2, retained messages, wills.

Both are on one port: a client that begins with a TLS handshake gets one.
"""

import socket
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Unpack

from emulator.lab.connections import LabConnection, PlainConnection
from emulator.lab.mqtt_client import BrokerClient, BrokerSession
from emulator.lab.tls_server import HANDSHAKE, TlsOptions, TlsServer


@dataclass(frozen=True)
class PublishedMessage:
    """A message that a client or the broker itself has published."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False


class MqttBroker(TlsServer):
    """Pass messages on between clients; `messages` has all that were published."""

    def __init__(
        self,
        *,
        accounts: Mapping[str, str] | None = None,
        refused: Collection[str] = (),
        silent: Collection[str] = (),
        **options: Unpack[TlsOptions],
    ) -> None:
        """Listen at once.

        Args:
            accounts: passwords by user; without it everybody is let in.
            refused: topics to which nobody may subscribe.
            silent: packets that get no answer, as in `PUBLISH`.
            options: those of `TlsServer`.

        Raises:
            UserError: as `TlsServer`.
        """
        self.accounts = accounts
        self.refused = refused
        self.silent = silent
        self.messages: list[PublishedMessage] = []
        self.sessions: dict[str, BrokerSession] = {}
        """By client id."""
        self._retained: dict[str, PublishedMessage] = {}
        self.lock = threading.RLock()
        super().__init__(**options)

    def publish(self, topic: str, payload: bytes, qos: int = 0, retain: bool = False) -> None:
        """Publish a message to all that have subscribed to its topic."""
        with self.lock:
            message = PublishedMessage(topic, payload, qos, retain)
            self.messages.append(message)
            if retain:
                self._retained[topic] = message
                if not payload:
                    del self._retained[topic]
            for session in list(self.sessions.values()):
                wanted = [qos for wanted, qos in session.subscriptions.items() if matches(wanted, topic)]
                if wanted:
                    session.deliver(topic, payload, min(qos, max(wanted)))

    def subscribed(self, session: BrokerSession, wanted: str, qos: int) -> None:
        """Deliver what was retained for a new subscription."""
        for topic, message in self._retained.items():
            if matches(wanted, topic):
                session.deliver(topic, message.payload, min(qos, message.qos), retained=True)

    def _connect(self, client: socket.socket) -> LabConnection:
        if client.recv(1, socket.MSG_PEEK) == HANDSHAKE:
            return super()._connect(client)
        return PlainConnection(client)

    def _talk(self, connection: LabConnection) -> None:
        BrokerClient(connection, self).run()
        connection.close()


def matches(wanted: str, topic: str) -> bool:
    """Return whether a topic filter admits a topic (MQTT 3.1.1 4.7)."""
    levels, given = wanted.split("/"), topic.split("/")
    if topic.startswith("$") and levels[0] in ("+", "#"):
        return False
    for index, level in enumerate(levels):
        if level == "#":
            return True
        if index >= len(given) or level not in ("+", given[index]):
            return False
    return len(levels) == len(given)
