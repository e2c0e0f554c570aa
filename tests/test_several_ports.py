"""Several AT instances on one module: `--ports N`. Guide 3.1, V.250."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import serial

from emulator import VirtualModem
from emulator.bench import BenchHost
from emulator.device.power import PowerState
from emulator.lab.conversations import echo
from emulator.lab.server import LabServer
from emulator.testing import Bench
from emulator.trace.events import Fault, HostSent, Ready
from tests.cli.programs import TIMEOUT, ask, running
from tests.commands.peer import ObedientPeer, eventually
from tests.commands.ssl_bench import CONNECT, HOST, OK, RINGING, cme, information, prepare, routes_to, succeed


@asynccontextmanager
async def two_hosts(port: int | None = None, firmware: str = "HE910") -> AsyncIterator[tuple[Bench, BenchHost]]:
    """A host at each of two ports."""
    async with Bench(firmware, ports=2, routes=routes_to(port) if port else {}) as bench:
        yield bench, bench.hosts[1]


async def test_each_instance_has_settings_of_its_own() -> None:
    async with two_hosts() as (first, second):
        assert OK == await first.command("AT+CMEE=1")
        assert OK == await second.command("AT+CMEE=2")
        assert cme(4) == await first.command("AT#SGACT=9,1")
        assert "\r\n+CME ERROR: operation not supported\r\n" == await second.command("AT#SGACT=9,1")
        second.send("ATV0\r")
        assert "0\r" == second.read()
        assert OK == await first.command("ATS12=60")
        second.send("ATS12?\r")
        assert "050" in second.read()


async def test_the_trace_names_the_instance() -> None:
    async with two_hosts() as (first, second):
        await first.command("AT+CSQ")
        await second.command("AT+CREG?")
        said = [(event.terminal, event.text) for event in first.events if isinstance(event, HostSent)]
        assert [("1", "ATE0"), ("2", "ATE0"), ("1", "AT+CSQ"), ("2", "AT+CREG?")] == said
        assert ["1", "2"] == [event.terminal for event in first.events if isinstance(event, Ready)]


async def test_ssl_belongs_to_the_instance_that_enabled_it() -> None:
    """Guide 3.1: another one has to wait for #SSLEN=1,0 there."""
    async with two_hosts() as (first, second):
        await prepare(first)
        await second.command("AT+CMEE=1")
        assert cme(835) == await second.command("AT#SSLEN=1,1")
        assert cme(835) == await second.command("AT#SSLSECCFG=1,0,0")
        assert cme(835) == await second.command(f'AT#SSLD=1,443,"{HOST}",0,1')
        assert OK == await first.command("AT#SSLEN=1,0")
        assert OK == await second.command("AT#SSLEN=1,1")
        assert cme(835) == await first.command("AT#SSLSECCFG=1,0,0")


async def test_one_host_asks_for_the_signal_while_the_other_is_online() -> None:
    """What drivers do with their second port."""
    with ObedientPeer() as peer:
        async with two_hosts(peer.port) as (first, second):
            await prepare(first)
            assert CONNECT == await first.command(f'AT#SSLD=1,443,"{HOST}",0,0')
            first.send("x" * 300)
            for _ in range(5):
                assert information("+CSQ: 20,0") == await second.command("AT+CSQ")
            await eventually(lambda: len(peer.received) == 300, "the packet is heard")
            peer.say(b"Hello")
            assert "Hello" == await first.until("Hello")
            assert "" == second.read()
            assert OK == await first.escape()


async def test_reports_go_to_whoever_has_asked_for_them() -> None:
    async with two_hosts() as (first, second):
        await succeed(first, "AT+CREG=1")
        first.modem.faults.add("registration-lost")
        await first.advance(0)
        assert ("\r\n+CREG: 2\r\n", "") == (first.read(), second.read())


async def test_data_that_waits_is_rung_for_where_ssl_is() -> None:
    with ObedientPeer() as peer:
        async with two_hosts(peer.port, RINGING) as (first, second):
            await prepare(first)
            await succeed(first, "AT#SSLCFG=1,1,300,90,100,50,1")
            assert OK == await first.command(f'AT#SSLD=1,443,"{HOST}",0,1')
            peer.say(b"Hello")
            assert "\r\nSSLSRING: 1,5\r\n" == await first.until("SSLSRING: 1,5\r\n")
            assert "" == second.read()


async def test_a_restart_is_one_for_all() -> None:
    async with two_hosts() as (first, second):
        second.send("AT+COPS=?;#SGACT=")  # half a line, that is gone with the power
        await succeed(first, "AT#REBOOT")
        assert first.modem.device.power.state is PowerState.STARTING
        await first.advance(10)
        second.send("AT\r")
        assert "AT\r\r\nOK\r\n" == second.read()
        first.send("AT\r")
        assert "AT\r\r\nOK\r\n" == first.read()


async def test_a_stored_profile_is_every_instances() -> None:
    async with two_hosts() as (first, second):
        await succeed(first, "AT+CMEE=2", "AT&W0")
        assert OK == await second.command("ATZ0")
        assert information("+CMEE: 2") == await second.command("AT+CMEE?")


async def test_a_host_that_leaves_is_gone_for_its_own_port_only() -> None:
    """&D2 ends the connection of that port."""
    with ObedientPeer() as peer:
        async with two_hosts(peer.port) as (first, second):
            await prepare(first)
            await succeed(first, "AT&D2")
            assert CONNECT == await first.command(f'AT#SSLD=1,443,"{HOST}",0,0')
            second.port.host_close()
            peer.say(b"Hello")
            assert "Hello" == await first.until("Hello")
            second.port.host_open()
            assert OK == await second.command("AT")


async def test_a_fault_can_be_for_one_instance() -> None:
    """Without a name it is where the command is."""
    async with two_hosts() as (first, second):
        faults = first.modem.faults
        faults.add("unsolicited-line", command="+CSQ", terminal="2", at="answer", byte=0, text="RING")
        faults.add("bytes-lost", command="+CREG?", at="answer", byte=2, count=1)
        assert information("+CSQ: 20,0") == await first.command("AT+CSQ")
        assert "\r\nRING\r\n" + information("+CSQ: 20,0") == await second.command("AT+CSQ")
        assert "\r\nCREG: 0,1\r\n\r\nOK\r\n" == await second.command("AT+CREG?")
        assert information("+CREG: 0,1") == await first.command("AT+CREG?")
        assert 2 == len([event for event in first.events if isinstance(event, Fault)])


def test_ports_are_terminals_with_links(tmp_path: Path) -> None:
    """In Python: `ports`, and of several links the further ones have a number."""
    with LabServer(echo) as server:
        routes = {HOST: server.address}
        with VirtualModem(ports=3, link=tmp_path / "modem", routes=routes) as modem:
            assert [str((tmp_path / name).readlink()) for name in ("modem", "modem.2", "modem.3")] == modem.modem.ports
            with (
                serial.Serial(modem.ports[0], timeout=TIMEOUT) as one,
                serial.Serial(modem.ports[2], timeout=TIMEOUT) as three,
            ):
                for line in ("ATE0", 'AT+CGDCONT=1,"IP","lab"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
                    ask(one, line)
                assert ask(one, f'AT#SSLD=1,443,"{HOST}",0,0').endswith("CONNECT\r\n")
                assert "+CSQ: 20,0" in ask(three, "AT+CSQ")
    assert [] == list(tmp_path.iterdir())


def test_the_command_opens_several_ports() -> None:
    """A ready event for each."""
    with running("HE910", "--ports", "2") as modem:
        assert "+CSQ" in modem.ask("AT+CSQ")
        modem.wait_for("host-presence")
        readies = [event for event in modem.events if event["event"] == "ready"]
        assert ["1", "2"] == [event["terminal"] for event in readies]
        with serial.Serial(readies[1]["port"], timeout=TIMEOUT) as port:
            assert "OK" in ask(port, "AT")
