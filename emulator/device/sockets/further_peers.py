"""Let a UDP connection send datagrams to peers that it was not opened for: #SSENDUDP."""

from emulator.device.connection.datagram import DatagramStream
from emulator.errors import Cause, DeviceError
from emulator.net.bearer import Bearer, DialFailed, NameUnknown
from emulator.net.routes import Address


async def reach(stream: DatagramStream, peer: Address, bearer: Bearer, unreachable: Cause) -> None:
    """Let a stream know a peer, if it does not yet.

    Raises:
        DeviceError: there is no way to the peer.
    """
    if stream.reaches(peer):
        return
    try:
        datagrams = await bearer.associate(*peer)
    except (NameUnknown, DialFailed) as error:
        raise DeviceError(unreachable, f"{peer[0]}:{peer[1]} cannot be reached: {error}") from error
    stream.join(peer, datagrams)
