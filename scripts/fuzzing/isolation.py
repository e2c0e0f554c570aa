"""An event loop that reaches this machine only, and that notes what nobody has caught."""

import asyncio
import errno
import ipaddress
import os
import socket
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class LocalLoop(asyncio.SelectorEventLoop):
    """Refuse every name, and every address but those of loopback: no random host is looked up or dialled."""

    def __init__(self) -> None:
        super().__init__()
        self.uncaught: list[str] = []
        """What callbacks and tasks have raised past everybody."""
        self.set_exception_handler(self._note)

    def _note(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.uncaught.append(f"{context.get('message')}: {context.get('exception')!r}")

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> Any:
        _require_local(host, socket.gaierror(socket.EAI_NONAME, "names are not looked up"))
        return await super().getaddrinfo(host, port, **options)

    async def create_connection(  # type: ignore[override]  # its overloads are many
        self, factory: Any, host: Any = None, port: Any = None, **options: Any
    ) -> Any:
        _require_local(host, ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED)))
        return await super().create_connection(factory, host, port, **options)

    async def create_datagram_endpoint(  # type: ignore[override]  # as above
        self, factory: Any, local_addr: Any = None, remote_addr: Any = None, **options: Any
    ) -> Any:
        if remote_addr is not None:
            _require_local(remote_addr[0], OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH)))
        return await super().create_datagram_endpoint(factory, local_addr, remote_addr, **options)


def _require_local(host: Any, refusal: OSError) -> None:
    try:
        is_local = host is None or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local:
        raise refusal


def run_alone(work: Coroutine[Any, Any, Result]) -> tuple[Result, list[str]]:
    """Run in a loop of its own; return the result and what nobody has caught, tasks that were left behind among it."""
    loop = LocalLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        result = runner.run(work)
        runner.run(_settle())
        left = [repr(task) for task in asyncio.all_tasks(loop)]
    return result, [*loop.uncaught, *(f"left behind: {task}" for task in left)]


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)
