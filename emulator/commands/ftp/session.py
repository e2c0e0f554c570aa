"""FTP sessions: timeouts and protection, opening and closing, and what needs no data connection. Guide chapter 5."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text
from emulator.commands.context import Context
from emulator.commands.kinds import Kept, Limits, SettingsCommand, attribute, no_values
from emulator.device.ftp.login import Account
from emulator.device.needs.transfer import ReleasedFtp
from emulator.device.network.contexts import FTP_CONTEXT
from emulator.errors import Cause, DeviceError

_PASSIVE = 1
_PORT = 21
"""The server's, where none is given (RFC 959 5.2)."""
_HIGHEST_PORT = 65535


def in_session(at: Context) -> None:
    """Refuse what needs a session, or one of this AT instance."""
    _ = at.device.ftp.session
    of_this_instance(at)


def of_this_instance(at: Context) -> None:
    """Refuse what touches the session of another AT instance."""
    ftp = at.device.ftp
    if ftp.owner not in (None, at.instance):
        raise DeviceError(ftp.profile.refusals.used_by_another, "another AT instance uses FTP", ReleasedFtp())


Timeout = Annotated[int, Number(lambda profile: profile.ftp.timeout), "Seconds to wait for the server, in tenths."]
Name = Annotated[
    str,
    Text(lambda profile: profile.ftp.name_length, pattern=".+", form="not empty", shows_length=True),
    "The name on the server.",
]


ftp_timeout = Command("#FTPTO", source="IP Easy User Guide")


@ftp_timeout.set
def set_timeout(at: Context, tenths: Timeout | None = None) -> Information | None:
    """Set the timeout of a connection, a handshake packet or a reply of the server; without a value, show it."""
    if tenths is None:
        return show_timeout(at)
    at.device.ftp.settings.timeout = tenths
    return None


@ftp_timeout.read
@ftp_timeout.execute
def show_timeout(at: Context) -> Information:
    """Show the timeout."""
    return Information.of(f"{at.name}: {at.device.ftp.settings.timeout}")


def _settings(key: str, limits: Limits, meaning: str) -> Kept:
    return attribute(lambda at: at.device.ftp.settings, key, limits, meaning)


ftp_configuration = SettingsCommand(
    "#FTPCFG",
    "Set the timeout, whose address to trust in passive mode, and whether sessions are protected by TLS.",
    source="guide chapter 5",
    tenths=_settings(
        "timeout", lambda profile: profile.ftp.timeout, "Tenths of a second to wait for the server."
    ).required,
    ignore_address=_settings(
        "ignores_address",
        lambda profile: profile.ftp.ignore_address,
        "1 takes the server's own address in passive mode, not the one that it names.",
    ),
    secure=_settings(
        "secure",
        lambda profile: profile.ftp.secure if profile.secure_socket is not None else None,
        "1 protects sessions by TLS.",
    ),
    extended=_settings(
        "extended", lambda profile: profile.ftp.extended, "Which commands open data connections; kept without effect."
    ),
)
ftp_open = Command("#FTPOPEN", source="guide chapter 5", test=no_values)


@ftp_open.set
async def open_session(
    at: Context,
    server: Annotated[str, Text(pattern="[^:]+(:[0-9]{1,5})?", form="a name or an address, with or without :port")],
    user: Annotated[str, Text()],
    password: Annotated[str, Text(secret=True)],
    mode: Annotated[int, Number(lambda profile: profile.ftp.transfer_modes)] = FROM_PROFILE,
    cid: Annotated[int, Number(lambda profile: profile.ftp.cids)] | None = None,
) -> None:
    """Open a session with a server, protected by TLS where #FTPCFG says so, in active or passive mode.

    Args:
        server: The name or the address of the server, and maybe its port behind a colon.
        user: The account.
        password: Its password.
        mode: 0 active, 1 passive.
        cid: The PDP context.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPCLOSE
    """
    host, _, port = server.partition(":")
    number = int(port) if port else _PORT
    if not 0 < number <= _HIGHEST_PORT:
        raise DeviceError(Cause.OPERATION_NOT_SUPPORTED, f"the port of the server is {number}; 1 to {_HIGHEST_PORT}")
    with at.instance.dialling():
        account = Account(host, number, user, password, mode == _PASSIVE)
        await at.device.ftp.open(account, at.instance, cid or FTP_CONTEXT)


ftp_close = Command("#FTPCLOSE", source="guide chapter 5", needs=of_this_instance, test=no_values)


@ftp_close.execute
async def close_session(at: Context) -> None:
    """Close the session.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPCLOSE
    """
    await at.device.ftp.close()


ftp_type = Command("#FTPTYPE", source="IP Easy User Guide", needs=in_session)


@ftp_type.set
async def set_file_type(
    at: Context, number: Annotated[int, Number(lambda profile: profile.ftp.transfer_types)] | None = None
) -> Information | None:
    """Choose binary or ASCII transfers; without a value, show the choice.

    Args:
        number: 0 binary, 1 ASCII.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPTYPE=1
    """
    if number is None:
        return show_file_type(at)
    await at.device.ftp.set_type(number)
    return None


@ftp_type.read
@ftp_type.execute
def show_file_type(at: Context) -> Information:
    """Show the type of transfers."""
    return Information.of(f"{at.name}: {at.device.ftp.session.type}")


ftp_message = Command("#FTPMSG", source="Telit AT Commands Reference Guide", test=no_values)


@ftp_message.execute
def show_message(at: Context) -> Information:
    """Show the last reply of a server, also after its session."""
    reply = at.device.ftp.last_reply
    first, *others = reply.lines if reply is not None else ("",)
    return Information.of(f"{at.name}: {first}", *others)


ftp_directory = Command("#FTPPWD", source="IP Easy User Guide", needs=in_session, test=no_values)


@ftp_directory.execute
async def show_directory(at: Context) -> Information:
    """Show the working directory, in the server's words.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPPWD
    """
    reply = await at.device.ftp.ask("PWD")
    return Information.of(f"{at.name}: {reply.last_line}")


ftp_change_directory = Command("#FTPCWD", source="IP Easy User Guide", needs=in_session, test=no_values)


@ftp_change_directory.set
async def change_directory(at: Context, name: Name) -> Information | None:
    """Change the working directory.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPCWD="/"
    """
    return await _ask(at, "CWD", name)


ftp_delete = Command("#FTPDELE", source="IP Easy User Guide", needs=in_session, test=no_values)


@ftp_delete.set
async def delete_file(at: Context, name: Name) -> Information | None:
    """Delete a file on the server.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPPUT="old.txt",1
        AT#FTPAPPEXT=5,1
        > hello
        AT#FTPDELE="old.txt"
    """
    return await _ask(at, "DELE", name)


async def _ask(at: Context, verb: str, name: str) -> Information | None:
    reply = await at.device.ftp.ask(verb, name)
    if at.name not in at.profile.ftp.replies_shown:
        return None
    return Information.of(f"{at.name}: {reply.last_line}")


ftp_file_size = Command("#FTPFSIZE", source="IP Easy User Guide", needs=in_session, test=no_values)


@ftp_file_size.set
async def show_size(at: Context, name: Name) -> Information:
    """Show the size of a file on the server, in bytes; most servers want the binary type for it.

    Example:
        AT#FTPOPEN="ftp.lab","telit","public-demo",1
        AT#FTPFSIZE="file.txt"
    """
    reply = await at.device.ftp.ask("SIZE", name)
    size = reply.last_line[4:].strip()
    if not (size.isascii() and size.isdigit()):
        reason = f"the server answers {reply.last_line}, which is no size"
        raise DeviceError(at.profile.ftp.refusals.response, reason)
    return Information.of(f"{at.name}: {size}")
