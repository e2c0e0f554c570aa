"""#FRWL, and whom its rules admit."""

import asyncio

import pytest

from emulator.clock import ManualClock
from emulator.device.network.firewall import Firewall, Rule
from emulator.errors import DeviceError
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from emulator.trace.events import Dropped
from emulator.trace.trace import Trace
from tests.commands.lines import EVERY_LINE, refused
from tests.commands.peer import eventually
from tests.commands.socket_bench import TcpClient, UdpPeer, connection, said, socket_bench
from tests.commands.ssl_bench import GSM, OK, information, succeed


@EVERY_LINE
async def test_rules_are_added_shown_and_removed(firmware: str) -> None:
    """In their order, each once; leading zeros, which some hosts send, are dropped."""
    async with Bench(firmware) as bench:
        assert information("#FRWL: (0-2)") == await bench.command("AT#FRWL=?")
        assert OK == await bench.command("AT#FRWL?")
        await succeed(bench, 'AT#FRWL=1,"197.158.001.001","255.255.0.0"', "AT#FRWL=1,10.0.0.1,255.255.255.255")
        await succeed(bench, 'AT#FRWL=1,"197.158.1.1","255.255.0.0"')
        rules = ('#FRWL: "197.158.1.1","255.255.0.0"', '#FRWL: "10.0.0.1","255.255.255.255"')
        assert information(*rules) == await bench.command("AT#FRWL?")
        await succeed(bench, 'AT#FRWL=0,"197.158.1.1","255.255.0.0"')
        assert information(rules[1]) == await bench.command("AT#FRWL?")
        await refused(bench, 'AT#FRWL=0,"197.158.1.1","255.255.0.0"', code=22)
        await succeed(bench, "AT#FRWL=2", "AT#FRWL=2,1.2.3.4,255.0.0.0")
        assert OK == await bench.command("AT#FRWL?")
        wrong = ("3", "", "1", "0", "1,1.2.3.4", "1,,255.0.0.0", "1,1.2.3,255.0.0.0", '1,"a.b","c"', "1,::1,::1")
        await refused(bench, *(f"AT#FRWL={values}" for values in wrong), "AT#FRWL", "AT#FRWL=2,1.1.1.1,1.1.1.1,1")


async def test_the_chain_is_forgotten_at_power_off() -> None:
    """The guides say so; and there is an end to it."""
    async with Bench(GSM) as bench:
        await succeed(bench, *(f"AT#FRWL=1,10.0.0.{number},255.255.255.255" for number in range(16)))
        await refused(bench, "AT#FRWL=1,10.0.0.16,255.255.255.255", code=20)
        assert bench.modem.device.firewall.admits("10.0.0.15")
        await succeed(bench, "AT#REBOOT")
        await bench.advance(6)
        await bench.command("ATE0")
        assert OK == await bench.command("AT#FRWL?")
        assert not bench.modem.device.firewall.admits("10.0.0.15")


def firewall(*rules: tuple[str, str]) -> Firewall:
    chain = Firewall(load_firmware(GSM).profile.firewall, Trace(ManualClock()))
    for address, mask in rules:
        chain.add(Rule(address, mask))
    return chain


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "10.0.0.1", "::ffff:127.0.0.1"])
def test_an_empty_chain_admits_nobody(peer: str) -> None:
    """Not even a peer on this machine."""
    assert not firewall().admits(peer)


@pytest.mark.parametrize(
    ("peer", "admitted"),
    [
        ("197.158.255.255", True),
        ("197.159.1.1", False),
        ("10.0.0.1", True),
        ("::ffff:10.0.0.1", True),
        ("10.0.0.2", False),
        ("2001:db8::1", False),
        ("127.0.0.9", True),
        ("::1", True),
    ],
)
def test_a_peer_is_admitted_when_it_is_a_rules_address_under_its_mask(peer: str, admitted: bool) -> None:
    """One on this machine stands for whomever a rule admits."""
    chain = firewall(("197.158.1.1", "255.255.0.0"), ("10.0.0.1", "255.255.255.255"))
    assert admitted == chain.admits(peer)


def test_a_rule_that_is_not_there_cannot_be_removed() -> None:
    """The same address under another mask is another rule."""
    chain = firewall(("10.0.0.1", "255.0.0.0"))
    with pytest.raises(DeviceError):
        chain.remove(Rule("10.0.0.1", "255.255.0.0"))
    chain.remove(Rule("10.0.0.1", "255.0.0.0"))
    assert () == chain.rules


async def test_who_matches_no_rule_is_not_heard_of() -> None:
    """Neither by TCP nor by UDP; the trace tells, and a rule lets the next one in."""
    async with socket_bench() as bench, UdpPeer.opened() as peer:
        await succeed(bench, "AT#FRWL=2", "AT#SL=1,1,0", "AT#SLUDP=2,1,0")
        tcp, udp = (connection(bench, number).reachable_at for number in (1, 2))
        assert tcp is not None
        assert udp is not None
        _, client = await asyncio.get_running_loop().create_connection(TcpClient, *tcp)
        await eventually(lambda: client.ended, "it is turned away")
        peer.say(b"knock", udp)
        dropped = Dropped(peer="127.0.0.1")
        await eventually(lambda: bench.events.count(dropped) == 2, "both are dropped")
        assert "" == bench.read()
        await succeed(bench, "AT#FRWL=1,10.0.0.1,255.255.255.255")
        await asyncio.get_running_loop().create_connection(TcpClient, *tcp)
        await said(bench, "\r\nSRING: 1\r\n")
