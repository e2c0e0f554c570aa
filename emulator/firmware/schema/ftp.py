"""The schema of the FTP client (guide chapter 5)."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Default, Numeric, Section


class OnlineRefusal(StrEnum):
    """The final result of a transfer in online mode that cannot begin."""

    NO_CARRIER = "NO CARRIER"
    ERROR = "ERROR"


class EndOfFile(StrEnum):
    """The moment from which #FTPGETPKT? shows the end of the file."""

    READ = "read"
    """All of it has been read by the host."""
    RECEIVED = "received"
    """All of it has come from the server."""


class FtpRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of the FTP commands."""

    not_connected: Cause
    """No session is open."""
    already_connected: Cause
    """#FTPOPEN while a session is open."""
    used_by_another: Cause
    """Another AT instance has opened the session."""
    no_context: Cause
    """#FTPOPEN while context 1 is down."""
    unresolved: Cause
    """The name of the server cannot be resolved."""
    unreachable: Cause
    """The server cannot be reached."""
    timeout: Cause
    """No connection to the server within the timeout."""
    response: Cause
    """The server refuses, or answers something else than expected."""
    login: Cause
    """The server does not accept user and password."""
    silence: Cause
    """The server does not answer in time, or has closed the control connection."""
    data_port_open: Cause
    """A command of the control connection while a transfer in command mode is open."""
    no_data_port: Cause
    """#FTPRECV or #FTPAPPEXT without a transfer in command mode."""
    data_connection: Cause
    """The data connection of a transfer in command mode cannot be opened, or breaks."""
    upload: Cause
    """The server ends an upload in command mode, or takes no more of it."""
    tls_handshake: Cause
    """A TLS handshake fails, or the server is not trusted."""
    ssl_in_use: Cause
    """The SSL socket and an FTPS session exclude each other."""


class Ftp(Section, frozen=True, kw_only=True):
    """The FTP client."""

    timeout: Default
    """#FTPTO and <tout> of #FTPCFG, tenths of a second: for a connection, a handshake packet, a reply of the server."""
    secure: Default
    """<FTPSEn> of #FTPCFG: 1 protects sessions by TLS. Exists where SSL does."""
    extended: Default | None = None
    """<FTPext> of #FTPCFG, kept and shown: 1 for EPRT and EPSV. Absent: no such parameter."""
    ignore_address: Default
    """<IPPignoring> of #FTPCFG: 1 takes the server's address instead of the one in its reply to PASV."""
    transfer_modes: Default
    """<mode> of #FTPOPEN: 0 active, 1 passive."""
    transfer_types: Default
    """#FTPTYPE: 0 binary, 1 ASCII; the default is sent to the server after the login."""
    cids: Numeric | None = None
    """<cid> of #FTPOPEN, 1 where it is left out. Absent: no such parameter."""
    connection_modes: Default
    """<connMode> of #FTPPUT and #FTPAPP: 0 online, 1 command."""
    view_modes: Default
    """<viewMode> of #FTPGETPKT: 0 as it comes, 1 in hexadecimal digits."""
    append_sizes: Numeric
    """<bytestosend> of #FTPAPPEXT."""
    append_ends: Default
    """<eof> of #FTPAPPEXT."""
    receive_sizes: Numeric
    """<blocksize> of #FTPRECV."""
    restart: Default
    """<restartposition> of #FTPREST, bytes."""
    name_length: Annotated[int, Meta(ge=1, le=4096)]
    """Longest file or directory name in characters."""
    idle_limit: Annotated[int, Meta(ge=0, le=65535)]
    """Seconds without data, either way, after which a transfer in online mode ends; 0 waits for ever."""
    upload_packet: Annotated[int, Meta(ge=1, le=16384)]
    """Bytes of an upload in online mode that are sent at once."""
    upload_delay: Annotated[int, Meta(ge=0, le=65535)]
    """Tenths of a second after which fewer bytes are sent; 0 waits for ever."""
    escape_is_data: bool
    """Whether the `+++` that ends an upload becomes part of the file, where #SKIPESC is 0."""
    online_refusal: OnlineRefusal
    """The answer of #FTPGET, #FTPLIST, #FTPPUT and #FTPAPP in online mode when they fail within a session."""
    end_of_file: EndOfFile
    """The moment from which <eof> of #FTPGETPKT? is 1."""
    replies_shown: tuple[Literal["#FTPCWD", "#FTPDELE"], ...]
    """The commands that show the server's reply before their OK."""
    beside_ssl: tuple[Literal["disabled", "closed", "open"], ...]
    """The states of the SSL socket in which an FTPS session can be open."""
    resumes_session: bool
    """Whether each data connection resumes the TLS session of the control connection, if the server allows it."""
    freezes_ssl: bool
    """Whether SSL can be neither configured nor disabled while an FTPS session is open, as while the socket is."""
    lost_can_be_closed: bool
    """Whether #FTPCLOSE answers OK once after the server has ended the session."""
    refusals: FtpRefusals
