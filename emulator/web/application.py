"""The page's side of HTTP: its files, its stream, and what is done there."""

import mimetypes
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from emulator.control.requests import answer, refusal
from emulator.errors import UserError
from emulator.modem import Modem, load_faults
from emulator.pages.frame import STYLESHEET
from emulator.web.browser import Browser
from emulator.web.messages import message
from emulator.web.saving import KINDS
from emulator.web.shown import ShownModem

_PAGE = Path(__file__).parent / "page"
MOST_SHOWN = 50
"""Modems of one page; of more of them nobody would find any, and each keeps its past."""
_LONGEST = 64 * 1024
"""Bytes of a request's body."""
_JSON = "application/json"


class PageApplication:
    """Answer the requests of browsers: those that `Admission` has let in."""

    def __init__(self, modems: Mapping[str, Modem]) -> None:
        self._run = secrets.token_hex(8)
        """Tells a page that has lost its stream whether it is served by the same emulator as before."""
        self._browsers: set[Browser] = set()
        shown = dict(islice(modems.items(), MOST_SHOWN))
        self._not_shown = len(modems) - len(shown)
        self._modems = {name: ShownModem(name, modem, self._send, len(shown)) for name, modem in shown.items()}
        self.asgi = Starlette(
            routes=[
                Route("/", self._page, methods=["GET"]),
                Route("/api/stream", self._stream, methods=["GET"]),
                Route("/api/snapshot", self._shown, methods=["GET"]),
                Route("/api/save/{kind:str}", self._save, methods=["GET"]),
                Route("/api/do", self._do, methods=["POST"]),
                Route("/{name:str}", self._page, methods=["GET"]),
            ]
        )

    def __repr__(self) -> str:
        return f"<PageApplication of {len(self._modems)} modems, {len(self._browsers)} browsers>"

    def begin(self) -> None:
        """Hear the modems."""
        for modem in self._modems.values():
            modem.begin()

    def close(self) -> None:
        """Hear them no more."""
        for modem in self._modems.values():
            modem.close()

    def _send(self, content: bytes) -> None:
        for browser in self._browsers:
            browser.put(content)

    def _snapshot(self) -> dict[str, Any]:
        modules = [modem.snapshot() for modem in self._modems.values()]
        return {"run": self._run, "modules": modules, "not_shown": self._not_shown, "faults": _faults()}

    # What is asked for.

    async def _page(self, request: Request) -> Response:
        name = request.path_params.get("name", "index.html")
        path = _files().get(name)
        if path is None:
            return PlainTextResponse(f"there is no {name!r} here\n", 404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(path.read_bytes(), media_type="text/javascript" if name.endswith(".js") else kind)

    async def _shown(self, request: Request) -> Response:
        return Response(msgspec.json.encode(self._snapshot()), media_type=_JSON)

    async def _stream(self, request: Request) -> Response:
        return StreamingResponse(self._messages(), media_type="text/event-stream")

    async def _messages(self) -> AsyncIterator[bytes]:
        browser = Browser(lambda: message("snapshot", self._snapshot()))
        self._browsers.add(browser)
        self._watch()
        try:
            async for content in browser.messages():
                yield content
        finally:
            self._browsers.discard(browser)
            self._watch()

    def _watch(self) -> None:
        for modem in self._modems.values():
            modem.watch(bool(self._browsers))

    async def _save(self, request: Request) -> Response:
        try:
            save = KINDS.get(request.path_params["kind"])
            if save is None:
                raise UserError(f"a session is saved as {', '.join(KINDS)}")
            saved = save(self._named(request.query_params.get("module")), request.query_params.get("terminal", "1"))
        except UserError as error:
            return _refused(error)
        disposition = f'attachment; filename="{saved.name}"'
        return Response(saved.content, media_type=saved.kind, headers={"content-disposition": disposition})

    async def _do(self, request: Request) -> Response:
        try:
            modem, asked = await self._asked(request)
        except UserError as error:
            return _refused(error)
        answered = await answer(modem.modem, msgspec.json.encode(asked))
        modem.look()
        return Response(answered.line, media_type=_JSON)

    async def _asked(self, request: Request) -> tuple[ShownModem, Mapping[str, Any]]:
        """Return the modem that a request names, and the request as the control socket takes it.

        Raises:
            UserError: it is no such request.
        """
        if request.headers.get("content-type", "").partition(";")[0].strip() != _JSON:
            raise UserError(f"no request: its content type is not {_JSON}")
        try:
            asked = msgspec.json.decode(await _body(request), type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise UserError(f"no request: {error}; send a JSON object") from error
        if asked.get("do") == "events":
            raise UserError("the page has its events from api/stream")
        return self._named(asked.pop("module", None)), asked

    def _named(self, name: Any) -> ShownModem:
        if not isinstance(name, str) or name not in self._modems:
            raise UserError(f"there is no module {name!r}; `module` may be {', '.join(self._modems)}")
        return self._modems[name]


def _refused(error: UserError) -> Response:
    return Response(refusal(str(error)), 400, media_type=_JSON)


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > _LONGEST:
                raise UserError(f"no request: it is longer than {_LONGEST} bytes")
    except ClientDisconnect:
        raise UserError("the browser has gone") from None
    return bytes(body)


def _files() -> Mapping[str, Path]:
    """Return the files of the page by name: nothing else in or beside that folder can be named."""
    return {path.name: path for path in (STYLESHEET, *_found(_PAGE.iterdir()))}


@cache
def _faults() -> Mapping[str, Any]:
    """Return what each fault does, and its keys, by its name."""
    manual = load_faults().manual
    kinds: list[tuple[str, str]] = manual(None)[1]
    return {name: {"meaning": meaning, "keys": [row[0].strip() for row in manual(name)[1]]} for name, meaning in kinds}


def _found(paths: Iterator[Path]) -> Sequence[Path]:
    return [path for path in paths if path.is_file()]
