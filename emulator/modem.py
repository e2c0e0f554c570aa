"""A virtual modem: one module wired to its port, its bearer and its trace, inside an event loop."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from emulator.bearer.bearer import SystemBearer
from emulator.bearer.routes import Routes
from emulator.clock import Clock, WallClock
from emulator.commands.catalogue import command_table
from emulator.firmware.loader import Firmware, load_firmware
from emulator.instance import Instance
from emulator.module.factory import factory_nvm
from emulator.module.module import Module, Surroundings
from emulator.module.nvm import NvmFile, NvmStore
from emulator.module.preload import preload, split_preloads
from emulator.ports.port import Port
from emulator.ports.pty import PtyPort
from emulator.trace.events import Reader, Ready, Trace
from emulator.trace.files import open_private
from emulator.trace.transcript import Transcript

DEFAULT_FIRMWARE = "HE910"


@dataclass(frozen=True, kw_only=True)
class ModemOptions:
    """How a modem is set up; everything may be left out."""

    firmware: str = DEFAULT_FIRMWARE
    """`MODEL[@VERSION]`, or the path of a profile."""
    settings: Sequence[str] = ()
    """`KEY=VALUE`: profile values, and `security_data.ca_certificate=FILE` and the like."""
    routes: Mapping[str, str] = field(default_factory=dict)
    """From `HOST[:PORT]` that the module dials to the `HOST:PORT` that is connected instead."""
    link: Path | None = None
    """A symbolic link to the port, while the modem runs."""
    state: Path | None = None
    """The folder that keeps NVM between runs."""
    clock: Clock | None = None
    """Where its time comes from; wall time unless given."""
    tls_engine: str = "auto"
    """`auto`, `openssl` or `native`."""
    transcript: Path | None = None
    """A file for every line with its time and direction."""
    keylog: Path | None = None
    """A file for the TLS secrets, which Wireshark reads."""
    readers: Sequence[Reader] = ()
    """Called with the time and each event of the trace, in the modem's thread."""
    port: Callable[[], Port] | None = None
    """Makes another port than a pseudo-terminal, inside the modem's event loop."""


class Modem:
    """Made and stopped inside a running event loop.

    Raises:
        UserError: an option is wrong; the message names it and what mends it.
    """

    def __init__(self, options: ModemOptions) -> None:
        self._files: list[TextIO] = []
        self._store: NvmStore | None = None
        values, preloads = split_preloads(options.settings)
        self.firmware: Firmware = load_firmware(options.firmware, values)
        self.clock = options.clock or WallClock()
        self.trace = Trace(self.clock)
        try:
            self._open_files(options)
            bearer = SystemBearer(
                Routes.parse(f"{dialled}={target}" for dialled, target in options.routes.items()), self.trace
            )
            factory = factory_nvm(self.firmware)
            self._store = NvmFile(options.state, factory) if options.state is not None else NvmStore(factory)
            preload(preloads, self.firmware.profile, self._store)
            around = Surroundings(self.clock, self.trace, bearer, options.tls_engine)
            self.module = Module(self.firmware, self._store, around)
            self.instance = Instance(self.module, command_table(self.firmware))
            self._port = options.port() if options.port is not None else PtyPort(options.link)
        except BaseException:
            self._close_files()
            raise
        self.instance.connect(self._port)
        self._port.open(self.instance)
        self.trace.emit(Ready(port=self.port, firmware=self.firmware.name))

    def __repr__(self) -> str:
        return f"<Modem {self.firmware.name} on {self.port}>"

    @property
    def port(self) -> str:
        """What the host opens."""
        return self._port.name

    def close(self) -> None:
        """End connections, the port and the files; nothing that was stored is lost."""
        self.instance.close()
        self.module.close()
        self._port.close()
        self._close_files()

    def _open_files(self, options: ModemOptions) -> None:
        for reader in options.readers:
            self.trace.subscribe(reader)
        if options.transcript is not None:
            transcript = self._open(options.transcript, "--transcript")
            self.trace.subscribe(Transcript(lambda line: _write_line(transcript, line)))
        if options.keylog is not None:
            keylog = self._open(options.keylog, "--keylog")
            self.trace.on_secret.append(lambda line: _write_line(keylog, line))

    def _open(self, path: Path, option: str) -> TextIO:
        self._files.append(open_private(path, option))
        return self._files[-1]

    def _close_files(self) -> None:
        if self._store is not None:
            self._store.close()
        for file in self._files:
            file.close()


def _write_line(file: TextIO, line: str) -> None:
    file.write(f"{line}\n")
