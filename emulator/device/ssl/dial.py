"""Dial for the secure socket: from an address to an open TLS session. Guide 4.1 and 4.4."""

import msgspec

from emulator.device.connection.attempt import attempt
from emulator.device.connection.handshake_failure import refusal_of
from emulator.device.connection.secure import SecureStream, open_secure_stream
from emulator.device.environment import Environment
from emulator.device.ssl.policy import TlsPolicy
from emulator.errors import DeviceError
from emulator.firmware.schema.ssl import SecureSocketRefusals
from emulator.tls.client import TlsFailure, TlsSession


class Dial(msgspec.Struct, frozen=True):
    """Parameters of a dial; a fast dial uses them again."""

    host: str
    port: int
    closure: int
    """1 keeps the session for a fast dial."""


async def connect(
    dial: Dial,
    session: TlsSession | None,
    timeout: float,
    policy: TlsPolicy,
    refusals: SecureSocketRefusals,
    environment: Environment,
) -> SecureStream:
    """Open a stream, by `session` where the peer still knows it; cancelled, leave no connection behind.

    `timeout` is in seconds: the handshake inactivity timeout, and the limit of the TCP connection where the firmware
    has no other.

    Raises:
        DeviceError: security data is missing, nobody answers, or the handshake fails.
    """
    clock, cause = environment.clock, refusals.connect
    try:
        engine, configuration = policy.prepare(dial.host, session)
    except OSError as error:  # the engine's files cannot be opened, as when the process has no descriptor left
        raise DeviceError(cause, f"this machine cannot begin a TLS session: {error}") from error
    peer = dial.host, dial.port
    limit = policy.connection_seconds(timeout)
    with attempt(peer, limit, unresolved=cause, unreachable=cause, too_late=cause):
        async with clock.timeout(limit):
            tcp = await environment.bearer.dial(dial.host, dial.port)
    try:
        times, trace = policy.times(timeout), environment.trace
        return await open_secure_stream(tcp, engine, configuration, clock, times, trace, policy.ssid, policy.advise)
    except (TlsFailure, TimeoutError) as failure:
        raise refusal_of(failure, refusals.handshake, policy.ssid) from failure
