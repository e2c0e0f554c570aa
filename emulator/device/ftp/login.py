"""Log in: greeting, protection, user and password. RFC 959 5.4, RFC 4217 chapters 4 to 9."""

from dataclasses import dataclass, field

from emulator.device.ftp.control import ControlConnection, LoginRefused, Unexpected
from emulator.device.ssl.protection import Protection


@dataclass(frozen=True)
class Account:
    """Server, user and mode of a session."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    passive: bool


async def greet(control: ControlConnection) -> None:
    """Wait until the server is ready.

    Raises:
        Unexpected: it is not.
    """
    reply = await control.final_reply()
    if not reply.is_success:
        raise Unexpected(reply)


async def protect(control: ControlConnection, protection: Protection) -> None:
    """Go on within TLS; nothing of the account has been said before.

    Raises:
        Unexpected: the server has no TLS, or has said more than it should.
        TlsFailure: the handshake has failed.
    """
    reply = await control.request("AUTH", "TLS")
    if reply.code != 234:
        raise Unexpected(reply, "AUTH TLS")
    tcp = control.release()
    if tcp is None:
        raise Unexpected(reply, "AUTH TLS")
    control.protect(await protection.open(tcp))


async def log_in(control: ControlConnection, account: Account) -> None:
    """Send user and password.

    Raises:
        LoginRefused: the server does not accept them.
    """
    verb = "USER"
    reply = await control.request(verb, account.user)
    if reply.code == 331:
        verb = "PASS"
        reply = await control.request(verb, account.password, secret=True)
    if not reply.is_success:
        raise LoginRefused(reply, verb, account.password)


async def protect_data(control: ControlConnection) -> None:
    """Protect each data connection, too (RFC 4217 chapter 9).

    Raises:
        Unexpected: the server does not.
    """
    await control.expect("PBSZ", "0")
    await control.expect("PROT", "P")
