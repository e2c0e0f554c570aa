"""Needs of FTP, HTTP, e-mail and MQTT."""

from emulator.errors import Need


class OpenFtpSession(Need, frozen=True):
    """An FTP session is open."""


class NoFtpSession(Need, frozen=True):
    """No FTP session is open."""


class ReleasedFtp(Need, frozen=True):
    """The AT instance that has an FTP session has closed it."""


class FtpUpload(Need, frozen=True):
    """An upload in command mode is open."""


class FtpDownload(Need, frozen=True):
    """A download in command mode is open."""


class NoFtpUpload(Need, frozen=True):
    """No upload is open."""


class NoFtpDownload(Need, frozen=True):
    """No download has data that the host has not read."""

    limit: int
    """How many bytes one command reads at most."""


class HttpServer(Need, frozen=True):
    """The HTTP profile names a server."""

    number: int


class HttpAnswer(Need, frozen=True):
    """An answer of the server has come."""

    number: int


class MailServer(Need, frozen=True):
    """A mail server is set."""


class EnabledMqtt(Need, frozen=True):
    """The MQTT instance is enabled."""

    number: int


class DisabledMqtt(Need, frozen=True):
    """The MQTT instance is disabled."""

    number: int


class ReleasedMqtt(Need, frozen=True):
    """The AT instance that has enabled the MQTT instance has disabled it."""

    number: int


class MqttConnection(Need, frozen=True):
    """The MQTT instance is connected."""

    number: int


class NoMqttConnection(Need, frozen=True):
    """The MQTT instance is not connected."""

    number: int


class NoSecureMqtt(Need, frozen=True):
    """No MQTT instance is connected within TLS."""


class MqttServer(Need, frozen=True):
    """The MQTT instance has a broker."""

    number: int


class MqttMessage(Need, frozen=True):
    """A message of the broker waits."""

    number: int
