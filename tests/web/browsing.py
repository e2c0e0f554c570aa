"""A browser as far as HTTP goes: requests over real connections, and the stream of messages."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 30.0


async def until(happened: Callable[[], bool]) -> None:
    """Wait for what the event loop brings about by itself."""
    async with asyncio.timeout(TIMEOUT):
        while not happened():  # noqa: ASYNC110  # nobody tells of it
            await asyncio.sleep(0)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Stream:
    """The messages of `api/stream`, one by one."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._text = b""

    async def read(self) -> tuple[str, Any]:
        async with asyncio.timeout(TIMEOUT):
            while b"\n\n" not in self._text:
                size = int(await self._reader.readline(), 16)
                assert size, "the stream has ended"
                self._text += (await self._reader.readexactly(size + 2))[:-2]
        message, _, self._text = self._text.partition(b"\n\n")
        kind, content = message.split(b"\n")
        return kind.removeprefix(b"event: ").decode(), json.loads(content.removeprefix(b"data: "))

    async def until(self, kind: str, **fields: Any) -> Any:
        """The next message of that kind that has these fields."""
        while True:
            found, content = await self.read()
            if found == kind and fields.items() <= content.items():
                return content


class Client:
    """Asks the page at `url`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self.host, self.port, self.path = parts.hostname, parts.port, parts.path
        self.authority = parts.netloc

    async def get(self, path: str = "", **headers: str) -> Answer:
        return await self._ask("GET", path, headers)

    async def do(self, do: str, module: str = "1", **fields: Any) -> Any:
        """What the emulator answers to an action: its `ok`, or the error."""
        body = json.dumps({"module": module, "do": do, **fields}).encode()
        answer = (await self.post(body)).json
        return answer["ok"] if "ok" in answer else answer["error"]

    async def post(self, body: bytes, content_type: str = "application/json", **headers: str) -> Answer:
        return await self._ask("POST", "api/do", {"content-type": content_type, **headers}, body)

    async def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        async with asyncio.timeout(TIMEOUT):
            reader, writer = await asyncio.open_connection(self.host, self.port)
            sent = {"connection": "close", "content-length": str(len(body)), **_named(headers)}
            writer.write(self._head(method, path, sent) + body)
            answer = await _head_of(reader)
            found = Answer(answer.status, answer.headers, await reader.read())
            writer.close()
        return found

    @asynccontextmanager
    async def stream(self, limit: int = 2**20) -> AsyncIterator[Stream]:
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=limit)
        writer.write(self._head("GET", "api/stream", {}))
        answer = await _head_of(reader)
        assert (200, "text/event-stream; charset=utf-8") == (answer.status, answer.headers["content-type"])
        try:
            yield Stream(reader)
        finally:
            writer.transport.abort()

    def _head(self, method: str, path: str, headers: Mapping[str, str]) -> bytes:
        lines = [f"{method} {self.path}{path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in {"host": self.authority, **headers}.items()]
        return "".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1")


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


async def _head_of(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
    return Answer(int(head[0].split()[1]), headers, b"")
