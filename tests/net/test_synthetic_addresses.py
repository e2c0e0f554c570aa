"""The addresses that stand for routed names."""

from emulator.net.routes import Routes
from emulator.net.synthetic_addresses import SyntheticAddresses


def test_each_name_has_an_address_of_its_own() -> None:
    """In the order in which they were first named, whatever their case; an address stands for itself."""
    synthetic_addresses = SyntheticAddresses(["b.example", "10.0.0.1", "a.example", "b.example", "::1"])
    assert ["198.18.0.1", "198.18.0.2"] == [synthetic_addresses.address(name) for name in ("B.Example", "a.example")]
    assert [None, None] == [synthetic_addresses.address("10.0.0.1"), synthetic_addresses.address("c.example")]
    assert ["b.example", None] == [synthetic_addresses.name("198.18.0.1"), synthetic_addresses.name("198.18.0.3")]


def test_a_synthetic_address_is_led_where_its_name_is() -> None:
    """By the rule for its port, else by the one for the host."""
    routes = Routes.parse(["a.example:443=127.0.0.1:1", "b.example=127.0.0.1:2", "a.example:80=127.0.0.2:3"])
    assert ("127.0.0.1", 1) == routes.target("198.18.0.1", 443)
    assert ("127.0.0.2", 3) == routes.target("198.18.0.1", 80)
    assert routes.target("198.18.0.1", 8080) is None
    assert ("127.0.0.1", 2) == routes.target("198.18.0.2", 8080)


def test_a_host_is_where_its_first_rule_leads() -> None:
    """For what has no port, as an echo request; a rule without a port goes before the others."""
    routes = Routes.parse(["A.example:443=127.0.0.1:1", "a.example:80=127.0.0.2:1", "b.example:1=127.0.0.3:1"])
    assert ["127.0.0.1", "127.0.0.3"] == [routes.host("a.EXAMPLE"), routes.host("198.18.0.2")]
    assert ["C.example", "198.18.0.3"] == [routes.host("C.example"), routes.host("198.18.0.3")]
    assert "127.0.0.4" == Routes.parse(["a.example:443=127.0.0.1:1", "a.example=127.0.0.4:1"]).host("a.example")
