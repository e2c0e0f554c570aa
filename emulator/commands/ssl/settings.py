"""Enabling and configuration of the secure socket. Guide 3.1, 3.2 and 3.4."""

from collections.abc import Callable, Mapping
from typing import Annotated, NoReturn

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, fixed
from emulator.commands.context import Context
from emulator.commands.ssl.urc import SslUrcs
from emulator.device.connection.states import Action, State
from emulator.device.needs.ssl import ReleasedSsl
from emulator.device.ssl.configuration import SocketConfiguration
from emulator.device.ssl.socket import SecureSocket
from emulator.errors import DeviceError
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile

_OWNED_BY_ANOTHER = "another AT instance has enabled SSL, and only that one can use it"


def ssl_ready(at: Context, ssid: int | None = None) -> None:
    """Refuse what needs SSL enabled, by this AT instance (guide 3.1); without an SSId, for any of the sockets."""
    socket = _usable(at) if ssid is None else at.ssl.sockets[ssid]
    if socket.state is State.DISABLED:
        socket.check(Action.CONFIGURE)
    if socket.owner is None:
        socket.owner, socket.listener = at.instance, SslUrcs(socket, at.instance)
    if socket.owner is not at.instance:
        _refuse_another(at, socket)


def security_ready(at: Context, ssid: int | None = None) -> None:
    """Refuse what needs SSL enabled, where the firmware wants that for the security settings, too."""
    sockets = at.ssl.sockets.values() if ssid is None else [at.ssl.sockets[ssid]]
    is_one_disabled = any(socket.state is State.DISABLED for socket in sockets)
    if not is_one_disabled or not at.ssl.profile.security_while_disabled:
        ssl_ready(at, ssid)


def _usable(at: Context) -> SecureSocket:
    """Return a socket that this AT instance has, or may have; the first of all where there is none."""
    first, *others = at.ssl.sockets.values()
    enabled = [socket for socket in (first, *others) if socket.state is not State.DISABLED]
    own = [socket for socket in enabled if socket.owner is at.instance]
    free = [socket for socket in enabled if socket.owner is None]
    return next(iter([*own, *free, *enabled]), first)


def _refuse_another(at: Context, socket: SecureSocket) -> NoReturn:
    raise DeviceError(at.ssl.profile.refusals.owned_by_another, _OWNED_BY_ANOTHER, ReleasedSsl(ssid=socket.ssid))


def rows(at: Context, shown: Callable[[SecureSocket], str]) -> Information:
    """Show a line for each socket: its SSId, and what `shown` returns."""
    return Information.of(*(f"{at.name}: {ssid},{shown(socket)}" for ssid, socket in at.ssl.sockets.items()))


def of_socket(profile: Profile) -> SecureSocketProfile:
    """Return the SSL part of a profile; asked only where there is one."""
    assert profile.secure_socket is not None
    return profile.secure_socket


def _certificate_format(profile: Profile) -> Numeric | None:
    return Numeric(range=(0, 1)) if of_socket(profile).security_data.choosable else None


def _tail(profile: Profile) -> Mapping[str, Numeric]:
    """Return the limits of what newer firmware adds to #SSLCFG, by name and in order."""
    return of_socket(profile).added_configuration


def _added(name: str) -> Number[Profile]:
    return Number(lambda profile: _tail(profile).get(name))


Ssid = Annotated[int, Number(lambda profile: of_socket(profile).identifiers), "The secure socket."]


ssl_enable = Command("#SSLEN", source="guide 3.1", requires="secure_socket")


@ssl_enable.set
def enable_ssl(at: Context, ssid: Ssid, enable: Annotated[int, fixed(0, 1)]) -> None:
    """Enable SSL for this AT instance, or give it back.

    Args:
        enable: 0 disables, 1 enables.

    Example:
        AT#SSLEN=1,0
        AT#SSLEN=1,1
    """
    socket = at.ssl.sockets[ssid]
    if enable:
        if socket.state is not State.DISABLED and socket.owner not in (None, at.instance):
            _refuse_another(at, socket)
        socket.enable(at.instance)
        socket.listener = SslUrcs(socket, at.instance)
    else:
        if socket.state is not State.DISABLED:
            ssl_ready(at, ssid)
        socket.disable()


@ssl_enable.read
def show_enabled(at: Context) -> Information:
    """Show whether SSL is enabled."""
    return rows(at, lambda socket: str(int(socket.state is not State.DISABLED)))


ssl_security = Command("#SSLSECCFG", source="guide 3.2", requires="secure_socket", needs=security_ready)


@ssl_security.set
def set_security(
    at: Context,
    ssid: Ssid,
    cipher_suite: Annotated[int, Number(lambda profile: of_socket(profile).cipher_suites)],
    authentication: Annotated[int, Number(lambda profile: of_socket(profile).authentication)],
    certificate_format: Annotated[int, Number(_certificate_format)] | None = None,
) -> None:
    """Set the cipher suite, whom to authenticate, and the format in which security data is entered.

    Args:
        cipher_suite: 0 offers the firmware's suites, another number that suite alone.
        authentication: 0 nobody, 1 the server, 2 the server and the module.
        certificate_format: How security data is entered: 0 DER, 1 PEM.

    Example:
        AT#SSLSECCFG=1,0,1
    """
    socket = at.ssl.sockets[ssid]
    before = socket.settings
    socket.change_security(cipher_suite=cipher_suite, authentication=authentication)
    if (before.cipher_suite, before.authentication) != (cipher_suite, authentication):
        socket.forget_session()
    if certificate_format is not None:
        socket.certificate_format = certificate_format


@ssl_security.read
def show_security(at: Context) -> Information:
    """Show the choices; the format only once it has been given since power-on (guide 3.2, note)."""
    return rows(at, _security)


def _security(socket: SecureSocket) -> str:
    settings, form = socket.settings, socket.certificate_format
    return f"{settings.cipher_suite},{settings.authentication}{'' if form is None else f',{form}'}"


ssl_configuration = Command("#SSLCFG", source="guide 3.4", requires="secure_socket", needs=ssl_ready)


@ssl_configuration.set
def configure(
    at: Context,
    ssid: Ssid,
    cid: Annotated[int, Number(lambda profile: of_socket(profile).cids)],
    packet_size: Annotated[int, Number(lambda profile: of_socket(profile).packet_size)],
    inactivity: Annotated[int, Number(lambda profile: of_socket(profile).inactivity)],
    default_timeout: Annotated[int, Number(lambda profile: of_socket(profile).default_timeout)],
    transmission: Annotated[int, Number(lambda profile: of_socket(profile).transmission)],
    ring_mode: Annotated[int, _added("ring_mode")] | None = FROM_PROFILE,
    no_carrier_mode: Annotated[int, _added("no_carrier_mode")] | None = FROM_PROFILE,
    host_mismatch: Annotated[int, _added("host_mismatch")] | None = FROM_PROFILE,
    equal_pieces: Annotated[int, _added("equal_pieces")] | None = FROM_PROFILE,
    connection_timeout: Annotated[int, _added("connection_timeout")] | None = FROM_PROFILE,
    unused: Annotated[int, _added("unused")] | None = FROM_PROFILE,
) -> None:
    """Set packet size, timeouts and, where the firmware has them, the modes of SSLSRING and NO CARRIER.

    Args:
        cid: The PDP context.
        packet_size: Bytes that fill a packet in online mode; 0 lets the module choose.
        inactivity: Seconds of silence after which the connection is closed; 0 never.
        default_timeout: Tenths of a second, for commands that are given no timeout.
        transmission: Tenths of a second that data waits for a full packet; 0 for ever.
        ring_mode: 0 no SSLSRING, 1 SSLSRING with the amount, 2 with the data.
        no_carrier_mode: How NO CARRIER looks: 0 alone, 1 with the socket, 2 with the reason, too.
        host_mismatch: 1 accepts a certificate with another name than the dialled one, 0 does not; or reserved, 0.
        equal_pieces: 1 cuts what is sent in online mode into pieces of the same size, 0 does not.
        connection_timeout: Tenths of a second that the TCP connection may take.
        unused: Reserved; 0.
    """
    at.ssl.sockets[ssid].change_settings(
        configuration=SocketConfiguration(
            packet_size,
            inactivity,
            default_timeout,
            transmission,
            ring_mode or 0,
            no_carrier_mode or 0,
            host_mismatch or 0,
            unused or 0,
            equal_pieces or 0,
            connection_timeout or 0,
            cid=cid,
        )
    )


@ssl_configuration.read
def show_configuration(at: Context) -> Information:
    """Show the configuration."""
    return rows(at, lambda socket: socket.settings.configuration.values(_tail(at.profile)))
