"""Needs of FTP, HTTP, e-mail and MQTT."""

from dataclasses import dataclass

from emulator.errors import Need


@dataclass(frozen=True)
class OpenFtpSession(Need):
    """An FTP session is open."""


@dataclass(frozen=True)
class NoFtpSession(Need):
    """No FTP session is open."""


@dataclass(frozen=True)
class ReleasedFtp(Need):
    """The AT instance that has an FTP session has closed it."""


@dataclass(frozen=True)
class FtpUpload(Need):
    """An upload in command mode is open."""


@dataclass(frozen=True)
class FtpDownload(Need):
    """A download in command mode is open."""


@dataclass(frozen=True)
class NoFtpUpload(Need):
    """No upload is open."""


@dataclass(frozen=True)
class NoFtpDownload(Need):
    """No download has data that the host has not read."""

    limit: int
    """How many bytes one command reads at most."""


@dataclass(frozen=True)
class HttpServer(Need):
    """The HTTP profile names a server."""

    number: int


@dataclass(frozen=True)
class HttpAnswer(Need):
    """An answer of the server has come."""

    number: int


@dataclass(frozen=True)
class MailServer(Need):
    """A mail server is set."""


@dataclass(frozen=True)
class EnabledMqtt(Need):
    """The MQTT instance is enabled."""

    number: int


@dataclass(frozen=True)
class DisabledMqtt(Need):
    """The MQTT instance is disabled."""

    number: int


@dataclass(frozen=True)
class ReleasedMqtt(Need):
    """The AT instance that has enabled the MQTT instance has disabled it."""

    number: int


@dataclass(frozen=True)
class MqttConnection(Need):
    """The MQTT instance is connected."""

    number: int


@dataclass(frozen=True)
class NoMqttConnection(Need):
    """The MQTT instance is not connected."""

    number: int


@dataclass(frozen=True)
class NoSecureMqtt(Need):
    """No MQTT instance is connected within TLS."""


@dataclass(frozen=True)
class MqttServer(Need):
    """The MQTT instance has a broker."""

    number: int


@dataclass(frozen=True)
class MqttMessage(Need):
    """A message of the broker waits."""

    number: int
