"""Data mode of a socket, on or off."""

from emulator.device.connection.online import OnlineHost, OnlineTraffic


class DataMode:
    """Passes the events of host and stream to the traffic while it is on."""

    def __init__(self) -> None:
        self._traffic: OnlineTraffic | None = None

    def __repr__(self) -> str:
        return f"<DataMode {'off' if self._traffic is None else self._traffic}>"

    @property
    def is_on(self) -> bool:
        """Whether the host is in data mode."""
        return self._traffic is not None

    def begin(self, traffic: OnlineTraffic) -> None:
        """Turn it on."""
        self._traffic = traffic
        traffic.start()

    def send(self, data: bytes) -> None:
        """Send data of the host."""
        if self._traffic is not None:
            self._traffic.send(data)

    def deliver(self) -> None:
        """Deliver to the host: data has come, or the host is no longer congested."""
        if self._traffic is not None:
            self._traffic.deliver()

    def peer_writable(self) -> None:
        """Tell the host that the peer is no longer congested."""
        if self._traffic is not None:
            self._traffic.host.writable()

    def leave(self) -> None:
        """Turn it off for the host; send the unfilled packet."""
        traffic, self._traffic = self._traffic, None
        assert traffic is not None, "the state says online"
        traffic.finish()

    def end(self) -> OnlineHost | None:
        """Turn it off at once; return the host that was in it."""
        traffic, self._traffic = self._traffic, None
        if traffic is None:
            return None
        traffic.stop()
        return traffic.host
