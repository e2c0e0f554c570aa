"""Certificates and the private key in the module's memory: writing, reading, deleting. Guide 3.3."""

from collections.abc import Callable
from hashlib import md5
from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, between
from emulator.at.prompt import CountedPrompt, Prompt, TextPrompt
from emulator.commands.context import Context
from emulator.commands.ssl.settings import Ssid, of_socket, rows, ssl_ready
from emulator.device.connection.states import Action
from emulator.device.ssl.item import DataType
from emulator.device.ssl.socket import SecureSocket
from emulator.errors import Cause, DeviceError
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.profile import Profile

DELETE, WRITE, READ = range(3)
"""<Action>."""
DER = 0
"""<cert_format>; everything else is PEM."""


def _sizes(profile: Profile) -> Numeric:
    limits = of_socket(profile).security_data
    return Numeric(range=(0 if limits.size_zero else 1, limits.size_limit))


security_data = Command("#SSLSECDATA", source="guide 3.3", requires="secure_socket", needs=ssl_ready)


@security_data.set
async def manage(
    at: Context,
    ssid: Ssid,
    action: Annotated[int, Number(lambda profile: of_socket(profile).security_data.actions)],
    data_type: Annotated[int, between(0, 2)],
    size: Annotated[int, Number(_sizes)] | None = None,
    md5_when_reading: Annotated[
        int, Number(lambda profile: of_socket(profile).security_data.md5_when_reading)
    ] = FROM_PROFILE,
) -> Information | None:
    """Delete (0), write (1) or read (2) the client certificate (0), the CA certificate (1) or the private key (2).

    Args:
        action: 0 deletes, 1 writes, 2 reads.
        data_type: 0 client certificate, 1 CA certificate, 2 private key.
        size: The number of bytes to be written.
        md5_when_reading: 1 shows the MD5 of the private key instead of the key, 0 the key.

    Example:
        AT#SSLSECDATA=1,2,1
    """
    kind = DataType(data_type)
    socket = at.ssl.sockets[ssid]
    socket.check(Action.CONFIGURE)
    if action in at.ssl.profile.security_data.undocumented_actions:
        raise DeviceError(at.ssl.profile.refusals.security_data, f"no document tells what <Action> {action} does")
    size = size or None
    _check_size(at, socket, action, size)
    if action == READ:
        return _read(at, socket, kind, _digest if md5_when_reading and kind is DataType.PRIVATE_KEY else bytes)
    if action == DELETE:
        socket.security_data.delete(kind)
        socket.forget_session()
    else:
        await _write(at, socket, kind, size)
    return None


def _check_size(at: Context, socket: SecureSocket, action: int, size: int | None) -> None:
    counted = action == WRITE and socket.certificate_format == DER
    if size is None and counted:
        raise DeviceError(
            Cause.OPERATION_NOT_SUPPORTED,
            "size is missing: an entry in DER, <cert_format> 0 of #SSLSECCFG, ends by its size",
        )
    if (size is None) is (action == WRITE) and not counted and not at.ssl.profile.security_data.size_optional:
        reason = "size is missing; <Action> 1 needs it" if size is None else "only <Action> 1 takes a size"
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, reason)


def _digest(data: bytes) -> bytes:
    return md5(data, usedforsecurity=False).hexdigest().encode()


def _read(at: Context, socket: SecureSocket, kind: DataType, shown: Callable[[bytes], bytes]) -> Information:
    header = f"{at.name}: {socket.ssid},{kind.value}"
    item = socket.security_data.get(kind)
    if item is None:
        return Information.of(header, at.ssl.profile.security_data.nothing_stored)
    return Information((header, shown(item.data)), secret=kind is DataType.PRIVATE_KEY)


async def _write(at: Context, socket: SecureSocket, kind: DataType, size: int | None) -> None:
    secret = kind is DataType.PRIVATE_KEY
    binary = socket.certificate_format == DER
    limits, too_long = at.ssl.profile.security_data, at.ssl.profile.refusals.too_long
    prompt: Prompt = TextPrompt(limits.size_limit, secret=secret)
    if binary and size is not None:
        prompt = CountedPrompt(size, secret=secret)
    entry = await at.instance.enter(prompt)
    if entry.surplus:
        raise DeviceError(
            too_long, f"more than {limits.size_limit} bytes were entered, the most that this firmware stores"
        )
    if size is not None and len(entry.data) > size + limits.size_excess:
        raise DeviceError(too_long, f"{len(entry.data)} bytes were entered where <size> is {size}")
    socket.security_data.write(kind, entry.data, "DER" if binary else "PEM")
    socket.forget_session()


@security_data.read
def show_stored(at: Context) -> Information:
    """Show what is stored: client certificate, CA certificate, private key."""
    return rows(at, _stored)


def _stored(socket: SecureSocket) -> str:
    return ",".join(str(int(socket.security_data.get(kind) is not None)) for kind in DataType)
