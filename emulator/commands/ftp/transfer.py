"""FTP transfers: getting, listing, putting and appending, in online and in command mode. Guide chapter 5."""

from collections.abc import Coroutine
from typing import Annotated, Any

from emulator.at.answers import FailedResult, Final, Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text
from emulator.at.prompt import CountedPrompt
from emulator.commands.context import Context
from emulator.commands.ftp.link import TransferLink
from emulator.commands.ftp.session import Name, in_session, of_this_instance
from emulator.commands.kinds import SettingsCommand, attribute, no_values
from emulator.device.ftp.transfer import Transfer
from emulator.errors import DeviceError

_ONLINE = 0
_HEXADECIMAL = 1

Mode = Annotated[
    int, Number(lambda profile: profile.ftp.connection_modes), "0 online until +++, 1 piece by piece with #FTPAPPEXT."
]


async def _online(at: Context, beginning: Coroutine[Any, Any, Transfer]) -> TransferLink | FailedResult:
    """Enter data mode; where the transfer fails, answer as data mode does: by NO CARRIER."""
    try:
        transfer = await beginning
    except DeviceError as error:
        return FailedResult(Final[at.profile.ftp.online_refusal.name], error.reason, error.need)
    return TransferLink(transfer, at.profile.ftp, at.device.environment.clock)


ftp_get = Command("#FTPGET", source="guide chapter 5", needs=in_session, test=no_values)


@ftp_get.set
async def get(at: Context, name: Name) -> TransferLink | FailedResult:
    """Get a file, in online mode: CONNECT, the file, NO CARRIER.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPGET="file.txt"
        < NO CARRIER
    """
    return await _online(at, at.device.ftp.download("RETR", name))


ftp_list = Command("#FTPLIST", source="IP Easy User Guide", needs=in_session, test=no_values)


@ftp_list.execute
@ftp_list.set
async def list_files(
    at: Context, name: Annotated[str, Text(lambda profile: profile.ftp.name_length)] = ""
) -> TransferLink | FailedResult:
    """List a directory of the server, or the working one: CONNECT, the list, NO CARRIER.

    Args:
        name: The directory or file; the working directory unless given.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPLIST
    """
    return await _online(at, at.device.ftp.download("LIST", name))


ftp_restart = SettingsCommand(
    "#FTPREST",
    "Set the byte at which the next download begins.",
    source="MultiTech HSPA+ AT Commands Reference Guide",
    needs=in_session,
    example=(
        'AT#FTPOPEN="ftp.lab","telit","public-demo",1',
        "AT#FTPREST=11",
        'AT#FTPGET="file.txt"',
        "< NO CARRIER",
    ),
    position=attribute(lambda at: at.device.ftp.session, "restart", lambda profile: profile.ftp.restart).required,
)
ftp_put = Command("#FTPPUT", source="IP Easy User Guide", needs=in_session)


@ftp_put.set
async def put(at: Context, name: Name, mode: Mode = FROM_PROFILE) -> TransferLink | FailedResult | None:
    """Store a file on the server: online until +++, or piece by piece with #FTPAPPEXT.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPPUT="new.txt",1
    """
    return await _store(at, "STOR", name, mode)


ftp_append = Command("#FTPAPP", source="IP Easy User Guide", needs=in_session)


@ftp_append.set
async def append(at: Context, name: Name, mode: Mode = FROM_PROFILE) -> TransferLink | FailedResult | None:
    """Append to a file on the server: online until +++, or piece by piece with #FTPAPPEXT.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPAPP="new.txt",1
    """
    return await _store(at, "APPE", name, mode)


async def _store(at: Context, verb: str, name: str, mode: int) -> TransferLink | FailedResult | None:
    if mode == _ONLINE:
        return await _online(at, at.device.ftp.upload(verb, name))
    await at.device.ftp.upload(verb, name)
    return None


ftp_append_piece = Command("#FTPAPPEXT", source="IP Easy User Guide", needs=in_session)


@ftp_append_piece.set
async def append_piece(
    at: Context,
    size: Annotated[int, Number(lambda profile: profile.ftp.append_sizes)],
    end: Annotated[int, Number(lambda profile: profile.ftp.append_ends)] = FROM_PROFILE,
) -> Information:
    """Send exactly `size` bytes of the file; with `end` it is complete.

    Args:
        size: The number of bytes.
        end: 1 says that the file is complete.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPPUT="new.txt",1
        AT#FTPAPPEXT=5,1
        > hello
    """
    ftp = at.device.ftp
    _ = ftp.open_upload  # refused before anything is asked for
    entry = await at.instance.enter(CountedPrompt(size))
    await ftp.append(entry.data, is_last=bool(end))
    return Information.of(f"{at.name}: {len(entry.data)}")


ftp_get_packets = Command("#FTPGETPKT", source="IP Easy User Guide", needs=of_this_instance)


@ftp_get_packets.set
async def fetch(
    at: Context, name: Name, view: Annotated[int, Number(lambda profile: profile.ftp.view_modes)] = FROM_PROFILE
) -> None:
    """Get a file in command mode; #FTPRECV reads it, as text or in hexadecimal digits.

    Args:
        view: 0 text, 1 hexadecimal digits.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPGETPKT="file.txt"
    """
    await at.device.ftp.fetch_file(name, view)


@ftp_get_packets.read
async def show_fetch(at: Context) -> Information:
    """Show the file's name, its view mode and whether its end has been reached."""
    file = at.device.ftp.fetch
    ended = await file.has_ended(at.profile.ftp.end_of_file)
    return Information.of(f"{at.name}: {file.name},{file.view},{int(ended)}")


ftp_receive = Command("#FTPRECV", source="IP Easy User Guide", needs=of_this_instance)


@ftp_receive.set
async def receive(at: Context, limit: Annotated[int, Number(lambda profile: profile.ftp.receive_sizes)]) -> Information:
    """Show what has come of the file, at once; 0 bytes when none have come yet, and once more at its end.

    Args:
        limit: The most bytes to show.

    Example:
        AT#FTPRECV=200
    """
    ftp = at.device.ftp
    file = ftp.open_fetch
    with ftp.refusing():
        data = await file.read(limit)
    if not data:
        return Information.of(f"{at.name}: 0")
    return Information.of(f"{at.name}: {len(data)}", data.hex().upper() if file.view == _HEXADECIMAL else data)


@ftp_receive.read
def show_available(at: Context) -> Information:
    """Show how many bytes can be read."""
    return Information.of(f"{at.name}: {at.device.ftp.open_fetch.available}")
