"""HTTP profiles, requests and answers: #HTTPCFG, #HTTPQRY, #HTTPSND, #HTTPRCV. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information, RawData
from emulator.at.command import Command
from emulator.at.parameters import Number, NumberOrZero, Text
from emulator.at.prompt import CountedPrompt
from emulator.commands.context import Context
from emulator.commands.http.urc import HttpRing
from emulator.device.http.request import Request
from emulator.device.http.settings import HttpSettings
from emulator.errors import DeviceError
from emulator.firmware.limits import Numeric
from emulator.firmware.schema.http import CLEAR_ONLY
from emulator.firmware.schema.profile import Profile

_QUERIES = ("GET", "HEAD", "DELETE")
_SENDS = ("POST", "PUT")
_POST = 0
_PROMPT = b">>>"
_DATA = b"\r\n<<<"
_PIECE = 1500
"""Bytes that #HTTPRCV shows at once where all are wanted."""

_SECRET = ("authorization", "proxy-authorization")


class HeaderText(Text[Profile]):
    """A header line; one that proves an account is in no trace."""

    def hides(self, text: str) -> bool:
        return text.partition(":")[0].strip().lower() in _SECRET


ProfileId = Annotated[int, Number(lambda profile: profile.http.profiles), "The HTTP profile, as #HTTPCFG sets it."]
Resource = Annotated[
    str, Text(lambda profile: profile.http.resource_length, shows_length=True), "The path on the server."
]
HeaderLine = Annotated[
    str, HeaderText(lambda profile: profile.http.header_length, shows_length=True), "A header line more, `name:value`."
]

_ZERO = Numeric(choices=(0,))
_RESERVED = "Reserved; 0."
Reserved1 = Annotated[int | None, Number(lambda profile: _ZERO if profile.http.reserved > 0 else None), _RESERVED]
Reserved2 = Annotated[int | None, Number(lambda profile: _ZERO if profile.http.reserved > 1 else None), _RESERVED]

http_configuration = Command("#HTTPCFG", source="AT Commands Reference Guide")


@http_configuration.set
def configure(
    at: Context,
    number: ProfileId,
    server: Annotated[str, Text(lambda profile: profile.http.server_length, shows_length=True)] | None = None,
    port: Annotated[int, Number(lambda profile: profile.http.port)] | None = None,
    authentication: Annotated[int, Number(lambda profile: profile.http.authentication)] | None = None,
    user: Annotated[str, Text(lambda profile: profile.http.account_length, shows_length=True)] | None = None,
    password: Annotated[str, Text(lambda profile: profile.http.account_length, shows_length=True, secret=True)]
    | None = None,
    secure: Annotated[int, Number(lambda profile: profile.http.secure if profile.secure_socket else CLEAR_ONLY)]
    | None = None,
    timeout: Annotated[int, Number(lambda profile: profile.http.timeout)] | None = None,
    cid: Annotated[int, Number(lambda profile: profile.http.cids)] | None = None,
    packet_size: Annotated[int, Number(lambda profile: profile.http.packet_size)] | None = None,
    reserved_1: Reserved1 = None,
    reserved_2: Reserved2 = None,
) -> None:
    """Set server, authentication, TLS, timeout and context of an HTTP profile, kept in NVM; what is left out stays.

    Args:
        server: The name or the address of the server.
        port: Its port.
        authentication: 0 none, 1 basic.
        user: The account.
        password: Its password.
        secure: 1 protects the connection by TLS.
        timeout: Seconds to wait for the answer.
        cid: The PDP context.
        packet_size: Kept without effect.

    Example:
        AT#HTTPCFG=0,"http.lab",80
    """
    values = {
        "server": server,
        "port": port,
        "authentication": authentication,
        "user": user,
        "password": password,
        "secure": secure,
        "timeout": timeout,
        "cid": cid,
        "packet_size": packet_size,
    }
    at.device.http.settings.change(number, **{name: value for name, value in values.items() if value is not None})


@http_configuration.read
def show_configuration(at: Context) -> Information:
    """Show every HTTP profile."""
    store = at.device.http.settings
    secret = any(store[number].password for number in store.numbers)
    return Information(tuple(_shown(at, number, store[number]) for number in store.numbers), secret=secret)


def _shown(at: Context, number: int, kept: HttpSettings) -> str:
    values = [
        str(number),
        f'"{kept.server}"',
        str(kept.port),
        str(kept.authentication),
        f'"{kept.user}"',
        f'"{kept.password}"',
        str(kept.secure),
        str(kept.timeout),
        str(kept.cid),
        *([str(kept.packet_size)] if at.profile.http.packet_size and at.profile.http.packet_size_shown else []),
        *["0"] * at.profile.http.reserved,
    ]
    return f"{at.name}: {','.join(values)}"


http_query = Command("#HTTPQRY", source="AT Commands Reference Guide")


@http_query.set
async def query(
    at: Context,
    number: ProfileId,
    method: Annotated[int, Number(lambda profile: profile.http.queries)],
    resource: Resource,
    header: HeaderLine = "",
) -> None:
    """Send a GET, HEAD or DELETE; #HTTPRING reports the answer.

    Args:
        method: 0 GET, 1 HEAD, 2 DELETE.

    Example:
        AT#HTTPCFG=0,"http.lab",80
        AT#HTTPQRY=0,0,"/"
        < #HTTPRING
    """
    client = at.device.http
    request = Request(_QUERIES[method], resource or "/", extra=header, drops_connection=_drops_connection(at))
    with client.request(number), at.instance.dialling():
        exchange = await client.connect(number)
        await client.send(exchange, request, HttpRing(number, at.instance))


http_send = Command("#HTTPSND", source="AT Commands Reference Guide")


@http_send.set
async def send(
    at: Context,
    number: ProfileId,
    method: Annotated[int, Number(lambda profile: profile.http.sends)],
    resource: Resource,
    size: Annotated[int, Number(lambda profile: profile.http.body_sizes)],
    content: Annotated[str, Text(lambda profile: profile.http.content_type_length, shows_length=True)] = "",
    header: HeaderLine = "",
) -> None:
    """Send a POST or PUT with exactly `size` bytes, which `>>>` asks for; #HTTPRING reports the answer.

    Args:
        method: 0 POST, 1 PUT.
        size: The number of bytes that follow.
        content: The content type, or a number that stands for it.

    Example:
        AT#HTTPCFG=0,"http.lab",80
        AT#HTTPSND=0,0,"/echo",5
        > hello
    """
    client = at.device.http
    with client.request(number), at.instance.dialling():
        exchange = await client.connect(number)
        entry = await at.instance.enter(CountedPrompt(size, sign=_PROMPT))
        content_type = _content_type(content, at.profile.http.content_types) if method == _POST else ""
        request = Request(
            _SENDS[method], resource or "/", entry.data, content_type, header, drops_connection=_drops_connection(at)
        )
        await client.send(exchange, request, HttpRing(number, at.instance))


def _drops_connection(at: Context) -> bool:
    return at.profile.http.own_connection_header == "dropped"


def _content_type(content: str, known: tuple[str, ...]) -> str:
    """Return the content type that <post_param> stands for: a number, with an extension behind a colon, or itself.

    There is none without it.
    """
    number, _, extension = content.partition(":")
    if not (number.isascii() and number.isdigit() and int(number) < len(known)):
        return content
    return f"{known[int(number)]}; {extension}" if extension else known[int(number)]


http_receive = Command("#HTTPRCV", source="AT Commands Reference Guide")


@http_receive.set
async def receive(
    at: Context, number: ProfileId, limit: Annotated[int, NumberOrZero(lambda profile: profile.http.receive_sizes)] = 0
) -> None:
    """Show `limit` bytes of the answer behind `<<<`, or all of them with 0.

    Args:
        limit: The most bytes to show; 0 shows all.

    Example:
        AT#HTTPCFG=0,"http.lab",80
        AT#HTTPQRY=0,0,"/"
        < #HTTPRING
        AT#HTTPRCV=0
    """
    with at.device.http.answer(number) as exchange:
        piece = await exchange.read(limit or _PIECE)
        if not piece:
            reason = f"all of the answer for the HTTP profile {number} has been read, or it has no body"
            raise DeviceError(at.profile.http.refusals.nothing_received, reason)
        at.instance.show(RawData(_DATA + piece))
        while not limit and piece:
            await at.instance.host_takes()
            piece = await exchange.read(_PIECE)
            at.instance.show(RawData(piece))
        await at.device.http.pause()
