"""A host that carries the channels of a multiplexer to sockets, where other programs take them for serial ports."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import serial

from tests.peers.mux_client import MuxClient
from tests.peers.sockets import TIMEOUT


class MuxBridge:
    """The initiator at a port; channel 1 listens at a Unix socket, channel 2 is `commands`."""

    def __init__(self, line: serial.Serial, listener: socket.socket) -> None:
        line.write(b"AT+CMUX=0\r")
        assert b"OK" in line.read_until(b"OK\r\n")
        self.port = f"unix:{listener.getsockname()}"
        self._line = line
        self._listener = listener
        self._client = MuxClient(self._write)
        self.commands, theirs = socket.socketpair()
        self.commands.settimeout(TIMEOUT)
        self._channels = {2: theirs}
        for channel in (0, 1, 2):
            self._client.connect(channel)

    def ask(self, command: str) -> str:
        """Send a command on channel 2; its answer."""
        self.commands.sendall(f"{command}\r".encode())
        heard = b""
        while not heard.endswith((b"OK\r\n", b"ERROR\r\n")):
            heard += self.commands.recv(4096)
        return heard.decode()

    def _write(self, data: bytes) -> None:
        self._line.write(data)

    def carry(self) -> None:
        """Carry data until `commands` is closed."""
        with selectors.DefaultSelector() as ready:
            ready.register(self._line, selectors.EVENT_READ, 0)
            ready.register(self._channels[2], selectors.EVENT_READ, 2)
            accepted, _ = self._listener.accept()
            self._channels[1] = accepted
            ready.register(accepted, selectors.EVENT_READ, 1)
            while self._carry_some([int(key.data) for key, _ in ready.select()]):
                pass
        accepted.close()

    def _carry_some(self, readable: list[int]) -> bool:
        for channel in readable:
            if channel == 0:
                self._take(self._line.read(self._line.in_waiting))
            elif data := self._channels[channel].recv(4096):
                self._client.send(channel, data, most=31)
            else:
                return False  # an end is closed
        return True

    def _take(self, data: bytes) -> None:
        self._client.take(data)
        for channel, end in self._channels.items():
            with suppress(BrokenPipeError):  # the program there has gone
                end.sendall(self._client.heard.pop(channel, b""))


@contextmanager
def mux_bridge(folder: Path, port: str) -> Iterator[MuxBridge]:
    """Bridge the modem at `port`; channel 1 waits for its program."""
    with serial.Serial(port, timeout=TIMEOUT) as line, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "channel"))
        listener.listen()
        bridge = MuxBridge(line, listener)
        carrying = threading.Thread(target=bridge.carry, name="multiplexer bridge")
        carrying.start()
        try:
            yield bridge
        finally:
            bridge.commands.close()
            carrying.join(TIMEOUT)
