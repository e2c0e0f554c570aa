"""The secure socket: enabling, configuring, dialling, exchanging data, closing. Guide 3.1, 3.2, 3.4 and chapter 4."""

from typing import Annotated

from emulator.at.answers import Final, Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text, between, fixed
from emulator.at.prompt import CountedPrompt, Prompt, TextPrompt
from emulator.commands.context import Context
from emulator.commands.ssl.link import SslLink
from emulator.commands.ssl.urc import SslUrcs
from emulator.device.connection.states import Action, State
from emulator.device.ssl.configuration import SocketConfiguration
from emulator.device.ssl.dial import Dial
from emulator.errors import DeviceError
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.profile import Profile
from emulator.firmware.schema.ssl import PeerClosed, SecureSocket

ONLINE = 0
"""<connMode>: data mode; 1 stays in command mode."""


def ssl_ready(at: Context) -> None:
    """Refuse what needs SSL enabled, by this AT instance (guide 3.1)."""
    ssl = at.ssl
    socket = ssl.socket
    if socket.state is State.DISABLED:
        raise DeviceError(ssl.profile.refusals.not_enabled)
    if socket.owner is None:
        socket.owner, socket.listener = at.instance, SslUrcs(ssl, at.instance)
    if socket.owner is not at.instance:
        raise DeviceError(ssl.profile.refusals.owned_by_another)


def of_socket(profile: Profile) -> SecureSocket:
    """The SSL part of a profile; asked only where there is one."""
    assert profile.secure_socket is not None
    return profile.secure_socket


def _cipher_suites(profile: Profile) -> Numeric:
    numbers = [choice.number for choice in of_socket(profile).suites]
    return Numeric(range=(0, max(numbers)), default=of_socket(profile).cipher_default)


def _certificate_format(profile: Profile) -> Numeric | None:
    return Numeric(range=(0, 1)) if of_socket(profile).security_data.choosable else None


def _tail(index: int, profile: Profile) -> Numeric | None:
    """The values that newer firmware adds to #SSLCFG: ring mode, carrier mode, and two that stay 0."""
    socket = of_socket(profile)
    if index >= socket.configuration_tail:
        return None
    return (socket.ring_modes, socket.no_carrier_modes, _ZERO, _ZERO)[index]


_ZERO = Numeric(choices=(0,), default=0)

Ssid = Annotated[int, fixed(1)]
Closure = Annotated[int, Number(lambda profile: of_socket(profile).closure_types)]
Mode = Annotated[int, Number(lambda profile: of_socket(profile).modes)]
DialTimeout = Annotated[int, Number(lambda profile: of_socket(profile).dial_timeout)]
TransferTimeout = Annotated[int, Number(lambda profile: of_socket(profile).transfer_timeout)]


ssl_enable = Command("#SSLEN", source="guide 3.1", requires="secure_socket")


@ssl_enable.set
def enable_ssl(at: Context, ssid: Ssid, enable: Annotated[int, fixed(0, 1)]) -> None:
    """Enable SSL for this AT instance, or give it back."""
    socket = at.ssl.socket
    if enable:
        if socket.state is not State.DISABLED and socket.owner not in (None, at.instance):
            raise DeviceError(at.ssl.profile.refusals.owned_by_another)
        socket.enable(at.instance)
        socket.listener = SslUrcs(at.ssl, at.instance)
    else:
        if socket.state is not State.DISABLED:
            ssl_ready(at)
        socket.disable()


@ssl_enable.read
def show_enabled(at: Context) -> Information:
    """Show whether SSL is enabled."""
    return Information.of(f"{at.name}: 1,{int(at.ssl.socket.state is not State.DISABLED)}")


ssl_security = Command("#SSLSECCFG", source="guide 3.2", requires="secure_socket", needs=ssl_ready)


@ssl_security.set
def set_security(
    at: Context,
    ssid: Ssid,
    cipher_suite: Annotated[int, Number(_cipher_suites)],
    authentication: Annotated[int, Number(lambda profile: of_socket(profile).authentication)],
    certificate_format: Annotated[int, Number(_certificate_format)] | None = None,
) -> None:
    """Set the cipher suite, whom to authenticate, and the format in which security data is entered."""
    at.ssl.socket.check(Action.CONFIGURE)
    before = at.device.nvm
    with at.device.store.change() as nvm:
        nvm.cipher_suite, nvm.authentication = cipher_suite, authentication
    if (before.cipher_suite, before.authentication) != (cipher_suite, authentication):
        at.ssl.socket.forget_session()
    if certificate_format is not None:
        at.ssl.certificate_format = certificate_format


@ssl_security.read
def show_security(at: Context) -> Information:
    """Show the choices; the format only once it has been given since power-on (guide 3.2, note)."""
    nvm, form = at.device.nvm, at.ssl.certificate_format
    shown = "" if form is None else f",{form}"
    return Information.of(f"{at.name}: 1,{nvm.cipher_suite},{nvm.authentication}{shown}")


ssl_configuration = Command("#SSLCFG", source="guide 3.4", requires="secure_socket", needs=ssl_ready)


@ssl_configuration.set
def configure(
    at: Context,
    ssid: Ssid,
    cid: Annotated[int, fixed(1)],
    packet_size: Annotated[int, Number(lambda profile: of_socket(profile).packet_size)],
    inactivity: Annotated[int, Number(lambda profile: of_socket(profile).inactivity)],
    default_timeout: Annotated[int, Number(lambda profile: of_socket(profile).default_timeout)],
    transmission: Annotated[int, Number(lambda profile: of_socket(profile).transmission)],
    ring_mode: Annotated[int, Number(lambda profile: _tail(0, profile))] = 0,
    no_carrier_mode: Annotated[int, Number(lambda profile: _tail(1, profile))] = 0,
    host_mismatch: Annotated[int, Number(lambda profile: _tail(2, profile))] = 0,
    unused: Annotated[int, Number(lambda profile: _tail(3, profile))] = 0,
) -> None:
    """Set packet size, timeouts and, where the firmware has them, the modes of SSLSRING and NO CARRIER."""
    at.ssl.socket.check(Action.CONFIGURE)
    with at.device.store.change() as nvm:
        nvm.socket_configuration = SocketConfiguration(
            packet_size, inactivity, default_timeout, transmission, ring_mode, no_carrier_mode, host_mismatch, unused
        )


@ssl_configuration.read
def show_configuration(at: Context) -> Information:
    """Show the configuration."""
    kept = at.device.nvm.socket_configuration
    values = [kept.packet_size, kept.inactivity, kept.default_timeout, kept.transmission]
    tail = [kept.ring_mode, kept.no_carrier_mode, kept.host_mismatch, kept.unused]
    shown = values + tail[: at.ssl.profile.configuration_tail]
    return Information.of(f"{at.name}: 1,1,{','.join(map(str, shown))}")


ssl_dial = Command("#SSLD", source="guide 4.1", requires="secure_socket", needs=ssl_ready)


@ssl_dial.set
async def dial(
    at: Context,
    ssid: Ssid,
    port: Annotated[int, between(1, 65535)],
    address: Annotated[str, Text(255, pattern=".+")],
    closure: Closure,
    mode: Mode = FROM_PROFILE,
    timeout: DialTimeout = FROM_PROFILE,
) -> SslLink | None:
    """Open the secure socket to a remote server, in online or in command mode."""
    await at.ssl.socket.dial(Dial(address, port, closure), timeout / 10)
    return _opened(at, mode)


ssl_fast_dial = Command("#SSLFASTD", source="guide 4.4", requires="secure_socket", needs=ssl_ready)


@ssl_fast_dial.set
async def fast_dial(
    at: Context, ssid: Ssid, mode: Mode = FROM_PROFILE, timeout: DialTimeout = FROM_PROFILE
) -> SslLink | None:
    """Open the secure socket again by its kept session, without a full handshake."""
    await at.ssl.socket.fast_dial(timeout / 10)
    return _opened(at, mode)


def _opened(at: Context, mode: int) -> SslLink | None:
    if mode == ONLINE:
        return SslLink(at.ssl)
    at.ssl.socket.announce()
    return None


ssl_resume = Command("#SSLO", source="guide 4.2.1", requires="secure_socket", needs=ssl_ready)


@ssl_resume.set
def resume(at: Context, ssid: Ssid) -> SslLink:
    """Return to online mode."""
    at.ssl.socket.check(Action.RESUME)
    return SslLink(at.ssl)


ssl_close = Command("#SSLH", source="guide 4.3", requires="secure_socket", needs=ssl_ready)


@ssl_close.set
def close(at: Context, ssid: Ssid, closure: Closure | None = None) -> None:
    """Close the secure socket; with closure type 1 its session is kept for #SSLFASTD."""
    at.ssl.socket.close(closure)


ssl_status = Command("#SSLS", source="guide 4.5", requires="secure_socket")


@ssl_status.set
def show_status(at: Context, ssid: Ssid) -> Information:
    """Show whether the socket is disabled (0), closed (1) or open (2), and the suite of an open one."""
    socket = at.ssl.socket
    if socket.state is State.DISABLED:
        return Information.of(f"{at.name}: 1,0")
    if socket.suite_number is None:
        return Information.of(f"{at.name}: 1,1")
    return Information.of(f"{at.name}: 1,2,{socket.suite_number}")


def _patience(at: Context, timeout: int | None) -> float:
    """The blocking timeout in seconds; one that was not given is <defTo> (guide 3.4)."""
    return (at.device.nvm.socket_configuration.default_timeout if timeout is None else timeout) / 10


ssl_send = Command("#SSLSEND", source="guide 4.2.2.1", requires="secure_socket", needs=ssl_ready)


@ssl_send.set
async def send(at: Context, ssid: Ssid, timeout: TransferTimeout | None = None) -> None:
    """Send what is entered at the prompt, up to Ctrl-Z."""
    await _send(at, TextPrompt(at.ssl.profile.send_limit), timeout)


async def _send(at: Context, prompt: Prompt, timeout: int | None) -> None:
    socket = at.ssl.socket
    with socket.transfer(Action.SEND):
        entry = await at.instance.enter(prompt)
        await socket.send(entry.data, _patience(at, timeout))


ssl_send_extended = Command(
    "#SSLSENDEXT", source="Telit AT Commands Reference Guide", requires="secure_socket", needs=ssl_ready
)


@ssl_send_extended.set
async def send_counted(
    at: Context,
    ssid: Ssid,
    size: Annotated[int, Number(lambda profile: of_socket(profile).send_sizes)],
    timeout: TransferTimeout | None = None,
) -> None:
    """Send exactly `size` bytes, whatever their values."""
    await _send(at, CountedPrompt(size), timeout)


ssl_receive = Command(
    "#SSLRECV", aliases=("#SSLRCV",), source="guide 4.2.2.2", requires="secure_socket", needs=ssl_ready
)


@ssl_receive.set
async def receive(
    at: Context,
    ssid: Ssid,
    limit: Annotated[int, Number(lambda profile: of_socket(profile).receive_sizes)],
    timeout: TransferTimeout | None = None,
) -> Information | Final:
    """Show what has come from the peer, waiting for it when nothing has."""
    socket = at.ssl.socket
    with socket.transfer(Action.RECEIVE):
        reading = await socket.receive(limit, _patience(at, timeout))
    if reading is None:
        return _peer_closed(at)
    if not reading.data:
        return Information.of(f"{at.name}: 0", "TIMEOUT")
    return Information.of(f"{at.name}: {len(reading.data)}", reading.data)


def _peer_closed(at: Context) -> Information | Final:
    if at.ssl.profile.peer_closed is PeerClosed.DISCONNECTED:
        return Information.of(f"{at.name}: 0", PeerClosed.DISCONNECTED.value)
    return Final.NO_CARRIER
