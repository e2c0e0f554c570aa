"""Runs an MQTT 3.1.1 broker, in clear text and within TLS: topics with wildcards, QoS 0 to 2, retained messages, wills.

Both are on one port: a client that begins with a TLS handshake gets one.
"""

import socket
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Unpack

from emulator.lab.connections import LabConnection, PlainConnection
from emulator.lab.mqtt_client import BrokerClient, BrokerSession
from emulator.lab.record import Kind, Record, Recorder
from emulator.lab.tls_server import HANDSHAKE, Talker, TlsOptions, TlsServer


@dataclass(frozen=True)
class PublishedMessage:
    """A message that a client or the broker itself has published."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False


class _Topics:
    """Messages and sessions of a broker from one `forget` to the next."""

    def __init__(self, settings: "MqttBroker") -> None:
        self._settings = settings
        self.messages: list[PublishedMessage] = []
        self.sessions: dict[str, BrokerSession] = {}
        self.retained: dict[str, PublishedMessage] = {}
        self.lock = threading.RLock()
        self.recorder = Recorder()

    def __repr__(self) -> str:
        return f"<Topics, {len(self.messages)} messages, {len(self.sessions)} sessions>"

    @property
    def accounts(self) -> Mapping[str, str] | None:
        """Return passwords by user."""
        return self._settings.accounts

    @property
    def refused(self) -> Collection[str]:
        """Return topics to which nobody may subscribe."""
        return self._settings.refused

    @property
    def silent(self) -> Collection[str]:
        """Return packets that get no answer."""
        return self._settings.silent

    def publish(self, topic: str, payload: bytes, qos: int = 0, retain: bool = False, *, repeats: bool = False) -> None:
        """Pass on a message of a client, and record it."""
        with self.lock:
            self.recorder.add(Kind.MESSAGE, topic, payload, counts=not repeats)
            self.pass_on(PublishedMessage(topic, payload, qos, retain))

    def pass_on(self, message: PublishedMessage) -> None:
        """Deliver a message to all that have subscribed to its topic."""
        with self.lock:
            self.messages.append(message)
            if message.retain:
                self.retained[message.topic] = message
                if not message.payload:
                    del self.retained[message.topic]
            for session in list(self.sessions.values()):
                wanted = [qos for wanted, qos in session.subscriptions.items() if matches(wanted, message.topic)]
                if wanted:
                    session.deliver(message.topic, message.payload, min(message.qos, max(wanted)))

    def subscribed(self, session: BrokerSession, wanted: str, qos: int) -> None:
        """Deliver what was retained for a new subscription."""
        for topic, message in self.retained.items():
            if matches(wanted, topic):
                session.deliver(topic, message.payload, min(qos, message.qos), retained=True)


class MqttBroker(TlsServer):
    """Pass messages on between clients; `messages` has all that were published."""

    _tells_apart = True

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
        self._topics = _Topics(self)
        super().__init__(**options)

    @property
    def messages(self) -> list[PublishedMessage]:
        """Return all messages that were published; whoever has the answer to one finds it."""
        with self._topics.lock:
            return list(self._topics.messages)

    @property
    def sessions(self) -> dict[str, BrokerSession]:
        """Return the sessions of clients by client id."""
        return self._topics.sessions

    @property
    def record(self) -> Record:
        with self._topics.lock:
            return super().record + self._topics.recorder.record.of_server(self.address)

    def publish(self, topic: str, payload: bytes, qos: int = 0, retain: bool = False) -> None:
        """Publish a message to all that have subscribed to its topic; the record has those of clients alone."""
        self._topics.pass_on(PublishedMessage(topic, payload, qos, retain))

    def _renew(self) -> None:
        super()._renew()
        self._topics = _Topics(self)

    def _connect(self, client: socket.socket) -> LabConnection:
        if client.recv(1, socket.MSG_PEEK) == HANDSHAKE:
            return super()._connect(client)
        return PlainConnection(client)

    def _talker(self) -> Talker:
        return partial(_serve, topics=self._topics)


def _serve(connection: LabConnection, topics: _Topics) -> None:
    BrokerClient(connection, topics).run()
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
