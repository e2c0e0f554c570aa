"""The data mode of a socket: the stays in it, and what the host and the stream do meanwhile."""

from emulator.device.connection.online import OnlineHost, OnlineTraffic


class DataMode:
    """Off until a stay begins; off again once it is left or ended."""

    def __init__(self) -> None:
        self._traffic: OnlineTraffic | None = None

    def __repr__(self) -> str:
        return f"<DataMode {'off' if self._traffic is None else self._traffic}>"

    @property
    def is_on(self) -> bool:
        """Whether a host is in it."""
        return self._traffic is not None

    def begin(self, traffic: OnlineTraffic) -> None:
        """Begin a stay."""
        self._traffic = traffic
        traffic.start()

    def send(self, data: bytes) -> None:
        """The host sent this."""
        if self._traffic is not None:
            self._traffic.send(data)

    def deliver(self) -> None:
        """Something has come, or the host takes more again."""
        if self._traffic is not None:
            self._traffic.deliver()

    def peer_writable(self) -> None:
        """The peer takes more again."""
        if self._traffic is not None:
            self._traffic.host.writable()

    def leave(self) -> None:
        """The host leaves it: what waits for a full packet goes out as it is."""
        traffic, self._traffic = self._traffic, None
        assert traffic is not None, "the state says online"
        traffic.finish()

    def end(self) -> OnlineHost | None:
        """End it at once; who was in it, if anybody."""
        traffic, self._traffic = self._traffic, None
        if traffic is None:
            return None
        traffic.stop()
        return traffic.host
