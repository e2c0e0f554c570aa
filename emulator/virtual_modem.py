"""`VirtualModem`: a modem for a Python program, in a thread of its own or in the program's event loop."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from emulator.clock import Clock, WallClock
from emulator.firmware.loader import Firmware
from emulator.modem import DEFAULT_FIRMWARE, Modem, ModemOptions
from emulator.ports.port import Port
from emulator.trace.events import Reader

Result = TypeVar("Result")


class VirtualModem:
    """A virtual module with its port.

    In a program without an event loop, a thread carries it::

        with VirtualModem("GE865-QUAD@10.00.007", routes={"10.0.0.1:443": "127.0.0.1:8443"}) as modem:
            port = serial.Serial(modem.port, timeout=5)

    Inside an event loop it lives in that loop::

        async with VirtualModem("HE910") as modem:
            ...
    """

    def __init__(
        self,
        firmware: str = DEFAULT_FIRMWARE,
        *,
        settings: Sequence[str] = (),
        routes: Mapping[str, str] | None = None,
        link: str | Path | None = None,
        state: str | Path | None = None,
        clock: Clock | None = None,
        tls_engine: str = "auto",
        transcript: str | Path | None = None,
        keylog: str | Path | None = None,
        readers: Sequence[Reader] = (),
        port: Callable[[], Port] | None = None,
    ) -> None:
        """Take the options; nothing is started yet.

        Args:
            firmware: `MODEL[@VERSION]`, or the path of a profile.
            settings: `KEY=VALUE` overrides of profile values, as `--set` takes them.
            routes: from `HOST[:PORT]` that the module dials to the `HOST:PORT` that is connected instead.
            link: a path at which a symbolic link to the port stands while the modem runs.
            state: the folder that keeps NVM between runs.
            clock: where its time comes from: `WallClock(scale=20)`, a `ManualClock()`; real time unless given.
            tls_engine: `auto`, `openssl` or `native`.
            transcript: a file for every line with its time and direction.
            keylog: a file for the TLS secrets, which Wireshark reads.
            readers: called with the time and each event of the trace, in the modem's thread.
            port: makes another port than a pseudo-terminal, inside the modem's event loop.
        """
        self.clock = clock or WallClock()
        self._options = ModemOptions(
            firmware=firmware,
            settings=settings,
            routes=routes or {},
            link=_path(link),
            state=_path(state),
            clock=self.clock,
            tls_engine=tls_engine,
            transcript=_path(transcript),
            keylog=_path(keylog),
            readers=readers,
            port=port,
        )
        self._modem: Modem | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    def __repr__(self) -> str:
        return f"<VirtualModem {self._modem!r}>" if self._modem else f"<VirtualModem {self._options.firmware}, stopped>"

    @property
    def modem(self) -> Modem:
        """The modem itself; to be touched in its own event loop only, see `call`."""
        if self._modem is None:
            raise RuntimeError("the modem is not running; use it in a `with` block, or call start()")
        return self._modem

    @property
    def port(self) -> str:
        """What the host opens, for `serial.Serial`."""
        return self.modem.port

    @property
    def firmware(self) -> Firmware:
        """The firmware that was loaded."""
        return self.modem.firmware

    def start(self) -> Self:
        """Start it in a thread of its own; returns when the port can be opened.

        Raises:
            UserError: an option is wrong.
        """
        if self._modem is not None:
            raise RuntimeError("the modem is running already")
        ready = threading.Event()
        failure: list[BaseException] = []

        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            self._stopping = asyncio.Event()
            try:
                self._modem = Modem(self._options)
            except BaseException as error:
                failure.append(error)
                return
            finally:
                ready.set()
            try:
                await self._stopping.wait()
            finally:
                self._modem.close()

        self._thread = threading.Thread(target=lambda: asyncio.run(serve()), name="virtual-modem", daemon=True)
        self._thread.start()
        ready.wait()
        if failure:
            self._thread.join()
            raise failure[0]
        return self

    def stop(self) -> None:
        """End it; harmless when it does not run."""
        thread, loop, stopping = self._thread, self._loop, self._stopping
        if self._modem is None or thread is None or loop is None or stopping is None:
            return
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        self._modem = self._thread = self._loop = self._stopping = None

    def call(self, function: Callable[[Modem], Result]) -> Result:
        """Run `function` with the modem in its own thread, and give back what it returns."""
        assert self._loop is not None, "the modem runs in a thread of its own"

        async def within() -> Result:
            return function(self.modem)

        return self._await(within())

    def _await(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        self._modem = Modem(self._options)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        modem, self._modem = self.modem, None
        modem.close()


def _path(value: str | Path | None) -> Path | None:
    return None if value is None else Path(value)
