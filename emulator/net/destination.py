"""What a host dials to reach a server."""

from collections.abc import Callable, Iterator

from emulator.net.rule import BackEnd, Rule


class Destination:
    """Host and port; it unpacks as these two, and as text it is `HOST:PORT`."""

    def __init__(self, host: str, port: int, on_use: Callable[[], object] = lambda: None) -> None:
        """Take host and port; `on_use` is called whenever one of them is asked for."""
        self._host = host
        self._port = port
        self._on_use = on_use

    @classmethod
    def of_route(cls, dialled: str, target: str) -> "Destination":
        """Return what is dialled for a route; a rule without a port has that of its target.

        Raises:
            UserError: the route is not of the form that `Rule` has.
        """
        rule = Rule.parse(f"{dialled}={target}")
        _, port = rule.target.address if isinstance(rule.target, BackEnd) else rule.target
        return cls(rule.host, port if rule.port is None else rule.port)

    @property
    def host(self) -> str:
        """Return the address or the name."""
        self._on_use()
        return self._host

    @property
    def port(self) -> int:
        """Return the port."""
        self._on_use()
        return self._port

    def __iter__(self) -> Iterator[str | int]:
        return iter((self.host, self.port))

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def __repr__(self) -> str:
        return f"<Destination {self._host}:{self._port}>"
