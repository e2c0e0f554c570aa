"""Name what must hold before the module does what it has refused, so that the commands can tell the next step."""

from dataclasses import dataclass, field

from emulator.errors import Need

# Service and contexts.


@dataclass(frozen=True)
class RadioOn(Need):
    """The radio is on."""

    functionality: int
    """A level that has it on."""


@dataclass(frozen=True)
class UnlockedCard(Need):
    """The card has got its PIN."""


@dataclass(frozen=True)
class UnblockedCard(Need):
    """The card has got its PUK, and a new PIN."""


@dataclass(frozen=True)
class DetectedCard(Need):
    """The module looks into its slot for a card."""


@dataclass(frozen=True)
class ReturnedCard(Need):
    """The host has given the card back to the module."""


@dataclass(frozen=True)
class UsedPin(Need):
    """The card asks for its PIN at each start."""


@dataclass(frozen=True)
class GivenPin2(Need):
    """The card has got its PIN2."""


@dataclass(frozen=True)
class WantedRegistration(Need):
    """The host wants the module to register."""


@dataclass(frozen=True)
class Service(Need):
    """The network serves the module."""


@dataclass(frozen=True)
class Attachment(Need):
    """The module is attached to packet service."""


@dataclass(frozen=True)
class DefinedContext(Need):
    """The context is defined, of a type that sockets and data calls can use."""

    cid: int


@dataclass(frozen=True)
class ActiveContext(Need):
    """The context is active for the module's sockets."""

    cid: int


@dataclass(frozen=True)
class InactiveContext(Need):
    """The context is not active."""

    cid: int


@dataclass(frozen=True)
class TiedSocket(Need):
    """A socket uses the context; the others are its settings now."""

    cid: int
    number: int
    packet_size: int
    inactivity: int
    connection_timeout: int
    transmission: int


@dataclass(frozen=True)
class NoDataCall(Need):
    """There is no data call."""


# The plain sockets.


@dataclass(frozen=True)
class OpenSocket(Need):
    """The socket has a connection."""

    number: int


@dataclass(frozen=True)
class ClosedSocket(Need):
    """The socket has no connection."""

    number: int


@dataclass(frozen=True)
class ListeningSocket(Need):
    """The socket listens, and a peer has come."""

    number: int


@dataclass(frozen=True)
class NoListener(Need):
    """The socket does not listen."""

    number: int
    port: int


@dataclass(frozen=True)
class NoDatagramListener(Need):
    """The socket does not wait for datagrams."""

    number: int
    port: int


@dataclass(frozen=True)
class NoEasyListener(Need):
    """The module does not listen by easy GPRS."""

    protocol: int
    port: int


@dataclass(frozen=True)
class EasyPeer(Need):
    """Easy GPRS has a peer to dial."""


@dataclass(frozen=True)
class FreeRule(Need):
    """The firewall has room for a rule."""

    address: str
    mask: str


# The secure socket.


@dataclass(frozen=True)
class OfSecureSocket(Need):
    """Something holds for one secure socket."""

    ssid: int = field(default=1, kw_only=True)


@dataclass(frozen=True)
class EnabledSsl(OfSecureSocket):
    """SSL is enabled."""


@dataclass(frozen=True)
class DisabledSsl(OfSecureSocket):
    """SSL is disabled."""


@dataclass(frozen=True)
class ReleasedSsl(OfSecureSocket):
    """The AT instance that has enabled SSL has disabled it."""


@dataclass(frozen=True)
class OpenSecureSocket(OfSecureSocket):
    """The secure socket has a connection."""


@dataclass(frozen=True)
class ClosedSecureSocket(OfSecureSocket):
    """The secure socket has no connection."""


@dataclass(frozen=True)
class KeptSession(OfSecureSocket):
    """A session of the secure socket is kept."""


@dataclass(frozen=True)
class CaCertificate(OfSecureSocket):
    """The certificate of the server's issuer is stored."""

    cipher_suite: int = 0
    """The choice of suites; 0 is all of them."""


@dataclass(frozen=True)
class Identity(OfSecureSocket):
    """The module's own certificate and private key are stored, and they belong together."""

    cipher_suite: int = 0


@dataclass(frozen=True)
class PresentedIdentity(OfSecureSocket):
    """The module shows the server a certificate of its own."""

    cipher_suite: int = 0


@dataclass(frozen=True)
class AnySuite(OfSecureSocket):
    """The module offers every suite that it has."""

    authentication: int
    """The authentication now."""


@dataclass(frozen=True)
class OfferedVersion(OfSecureSocket):
    """The module offers other versions of TLS, or names the server."""

    version: int
    server_name: int


@dataclass(frozen=True)
class SkippedName(OfSecureSocket):
    """The module takes a certificate with another name than the dialled one."""

    configuration: str
    """The values of #SSLCFG behind <SSId> that say so; the others are as they are now."""


@dataclass(frozen=True)
class RightClock(Need):
    """The module's clock tells the date."""


# FTP.


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


# HTTP and mail.


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


# MQTT.


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


# Messages and the phonebook.


@dataclass(frozen=True)
class KnownCentre(Need):
    """The number of a service centre is known."""


@dataclass(frozen=True)
class ShownMessage(Need):
    """A message was shown at once, and is to be acknowledged."""


@dataclass(frozen=True)
class MessageRoom(Need):
    """The memory has room for a message."""

    memory: str
    index: int
    """A message that is there."""


@dataclass(frozen=True)
class PhonebookRoom(Need):
    """The storage has room for an entry."""

    index: int
    """An entry that is there."""


@dataclass(frozen=True)
class WritableStorage(Need):
    """A storage is selected that the host may write."""

    storage: str
    """The name of one."""


@dataclass(frozen=True)
class UsersList(Need):
    """The user's list of networks is selected."""


@dataclass(frozen=True)
class FreePlace(Need):
    """The list of networks has a free place."""

    place: int
    """A place that is taken."""


# Positions and scripts.


@dataclass(frozen=True)
class ReceiverOn(Need):
    """The receiver of positions is on."""


@dataclass(frozen=True)
class ControlledReceiver(Need):
    """The module controls the receiver of positions."""


@dataclass(frozen=True)
class StoredScript(Need):
    """A script of that name is stored."""

    name: str


@dataclass(frozen=True)
class ScriptRoom(Need):
    """There is room for a script."""

    name: str
    """A script that is there."""
