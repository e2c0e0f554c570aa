"""Routes from what the module dials to what is connected."""

import pytest

from emulator.errors import UserError
from emulator.net.routes import Routes


def test_a_route_for_host_and_port_goes_before_one_for_the_host() -> None:
    """The narrower rule wins, in whatever order they stand."""
    routes = Routes.parse(["server.example=127.0.0.1:1", "Server.Example:443=127.0.0.1:2"])
    assert ("127.0.0.1", 2) == routes.target("SERVER.example", 443)
    assert ("127.0.0.1", 1) == routes.target("server.EXAMPLE", 80)
    assert routes.target("other.example", 443) is None


def test_the_last_route_for_an_address_wins() -> None:
    """So that a command line can end with what overrides the rest."""
    routes = Routes.parse(["10.0.0.1:443=127.0.0.1:1", "10.0.0.1:443=127.0.0.1:2"])
    assert ("127.0.0.1", 2) == routes.target("10.0.0.1", 443)


@pytest.mark.parametrize(
    ("text", "host", "port", "target"),
    [
        ("[::1]:443=[::1]:8443", "::1", 443, ("::1", 8443)),
        ("[2001:db8::5]=localhost:1", "2001:db8::5", 7, ("localhost", 1)),
        (" a.example : 443=b.example:65535", "a.example ", 443, None),
        ("a.example= b.example:65535 ", "a.example", 443, ("b.example", 65535)),
    ],
)
def test_ipv6_addresses_stand_in_brackets(text: str, host: str, port: int, target: tuple[str, int] | None) -> None:
    """Their own colons are no port."""
    if target is None:
        with pytest.raises(UserError):
            Routes.parse([text])
    else:
        assert target == Routes.parse([text]).target(host, port)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "a",
        "a=",
        "=b:1",
        "a=b",
        "a=:1",
        ":443=b:1",
        "a=b:1:2",
        "::1=b:1",
        "a=::1",
        "[::1=b:1",
        "a=[]:1",
        "[]=b:1",
    ],
)
def test_a_route_of_another_form_is_refused_with_the_right_one(text: str) -> None:
    """The message shows what was given and what to write."""
    with pytest.raises(UserError, match=r"HOST\[:PORT\]=HOST:PORT"):
        Routes.parse([text])


@pytest.mark.parametrize("port", ["", "0", "65536", "-1", "4x", "9" * 5000, "¹"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    """Also one that would be a number elsewhere."""
    with pytest.raises(UserError, match="is not a number from 1 to 65535"):
        Routes.parse([f"a=b:{port}"])
