"""The schema of the HTTP client."""

from typing import Annotated, Literal

from msgspec import Meta

from emulator.errors import Cause
from emulator.firmware.limits import Default, Numeric, Section

Length = Annotated[int, Meta(ge=1, le=4096)]

CLEAR_ONLY = Default(choices=(0,), default=0)
"""<ssl_enabled> of a firmware without SSL."""


class HttpRefusals(Section, frozen=True, kw_only=True):
    """The cause of each refusal of the HTTP commands."""

    no_server: Cause
    """A request of a profile that names no server."""
    waits: Cause
    """A request, or #HTTPRCV, while the profile waits for an answer, or another AT instance uses it."""
    no_context: Cause
    """A request while the context of the profile is down, or the context goes down meanwhile."""
    unresolved: Cause
    """The name of the server cannot be resolved."""
    unreachable: Cause
    """The server cannot be reached."""
    timeout: Cause
    """No connection comes about within the timeout of the profile."""
    malformed: Cause
    """The resource or the header line cannot be sent in a request."""
    not_sent: Cause
    """The connection ends before the request is out."""
    nothing_received: Cause
    """#HTTPRCV without data: no answer, one without a body, or one that was read to its end."""
    tls_handshake: Cause
    """The TLS handshake fails, or the server is not trusted."""
    ssl_in_use: Cause
    """The SSL socket and an HTTPS connection exclude each other."""


class Http(Section, frozen=True, kw_only=True):
    """The HTTP client."""

    profiles: Numeric
    """<prof_id> of all HTTP commands."""
    port: Default
    """<server_port> of #HTTPCFG."""
    authentication: Default
    """<auth_type> of #HTTPCFG: 0 none, 1 basic."""
    secure: Default
    """<ssl_enabled> of #HTTPCFG: 1 for HTTPS. Without SSL it can only be 0."""
    timeout: Default
    """<timeout> of #HTTPCFG in seconds: for the connection, a packet of the handshake, the answer, and its data."""
    cids: Default
    """<cid> of #HTTPCFG."""
    packet_size: Default | None = None
    """<pktSize> of #HTTPCFG: bytes of a request that are sent at once. Without it there is no such parameter."""
    reserved: Annotated[int, Meta(ge=0, le=2)] = 0
    """Number of values of #HTTPCFG behind <pktSize> that can only be 0."""
    packet_size_shown: bool
    """Whether #HTTPCFG? shows <pktSize>."""
    queries: Numeric
    """<command> of #HTTPQRY: 0 GET, 1 HEAD, 2 DELETE."""
    sends: Numeric
    """<command> of #HTTPSND: 0 POST, 1 PUT."""
    body_sizes: Numeric
    """<data_len> of #HTTPSND."""
    receive_sizes: Numeric
    """<maxByte> of #HTTPRCV, besides 0 for all."""
    server_length: Length
    """Longest <server_address> in characters."""
    account_length: Length
    """Longest <username> and <password> in characters."""
    resource_length: Length
    """Longest <resource> in characters."""
    header_length: Length
    """Longest <extra_header_line> in characters."""
    own_connection_header: Literal["refused", "dropped"]
    """What becomes of a header line of the host that says `Connection`: the module always sends its own."""
    content_type_length: Length
    """Longest <post_param> in characters."""
    content_types: tuple[str, ...]
    """The content types of <post_param> 0, 1 and so on."""
    beside_ssl: tuple[Literal["disabled", "closed", "open"], ...]
    """The states of the SSL socket in which an HTTPS connection can be open."""
    freezes_ssl: bool
    """Whether SSL can be neither configured nor disabled while an HTTPS connection is open."""
    refusals: HttpRefusals
