"""pppd of Debian, in a guest, with the files of examples/pppd: how data calls begin and end."""

from pathlib import Path

import pytest

from emulator import VirtualModem
from tests.commands.ssl_bench import GSM, UMTS
from tests.peers.guest.linux_host import call, hang_up, log, online
from tests.peers.guest.qemu import Guest
from tests.peers.mux_bridge import mux_bridge

pytestmark = pytest.mark.slow

LOGIN = ["pdp.username=me", "pdp.password=secret"]
TERMINATED_BY_PEER = 16
"""Exit status of pppd."""


@pytest.mark.parametrize("firmware", [GSM, UMTS, "LE910C1"])
def test_a_call_ends_in_order_and_begins_again(firmware: str, linux: Guest, tmp_path: Path) -> None:
    """Terminate-Request and -Ack, then NO CARRIER; the module is in command mode, and takes the next call."""
    transcript = tmp_path / "transcript"
    with VirtualModem(firmware, transcript=transcript) as modem:
        linux.plug(modem.port)
        for _ in range(2):
            online(linux)
            said = hang_up(linux)

            assert "sent [LCP TermReq" in said
            assert "rcvd [LCP TermAck" in said
            assert "Connection terminated." in said
        assert_commands(linux)
    assert 2 == transcript.read_text().count("NO CARRIER")


def assert_commands(linux: Guest) -> None:
    """The module is in command mode."""
    linux.ask("chat -v -s -t 10 '' AT OK </dev/ttyS1 >/dev/ttyS1")


def test_dtr_ends_a_call(linux: Guest, tmp_path: Path) -> None:
    """The port is left, which stands for DTR under &D2; pppd learns nothing of it, and the next call is another one."""
    with VirtualModem(UMTS, trace=tmp_path / "trace") as modem:
        linux.plug(modem.port)
        online(linux)
        linux.unplug()
        linux.plug(modem.port)
        linux.ask("killall -9 pppd; while pidof pppd; do usleep 10000; done; true")

        assert "Connect: ppp0 <--> /dev/ttyS1" in online(linux)
        hang_up(linux)


@pytest.mark.parametrize(
    ("kind", "protocol", "options"),
    [(1, "PAP", ""), (2, "CHAP", ""), (3, "CHAP", ""), (3, "PAP", "refuse-chap")],
    ids=["pap", "chap", "either", "chap refused"],
)
def test_the_host_says_who_it_is(kind: int, protocol: str, options: str, linux: Guest) -> None:
    """By what #GAUTH asks for, with the user and the password that the network knows."""
    with VirtualModem(UMTS, settings=LOGIN) as modem:
        linux.plug(modem.port)

        assert f"{protocol} authentication succeeded" in online(
            linux, f"user me password secret {options}", [f"AT#GAUTH={kind}"]
        )
        hang_up(linux)


@pytest.mark.parametrize("kind", [1, 2])
def test_a_wrong_password_is_refused(kind: int, linux: Guest) -> None:
    """The network does not activate the context: the module ends the link, and is there for the next call."""
    with VirtualModem(UMTS, settings=LOGIN) as modem:
        linux.plug(modem.port)
        refused = call(linux, "user me password wrong", [f"AT#GAUTH={kind}"])

        assert TERMINATED_BY_PEER == refused.status, log(linux)
        assert "rcvd [LCP TermReq" in log(linux)
        assert "authentication succeeded" in online(linux, "user me password secret", [f"AT#GAUTH={kind}"])
        hang_up(linux)


def test_a_context_that_takes_its_time_is_waited_for(linux: Guest) -> None:
    """Addresses come when the network has activated it: pppd asks for them again meanwhile."""
    with VirtualModem(UMTS) as modem:
        modem.faults.add("activation-late", duration="4 s")
        linux.plug(modem.port)

        assert online(linux).count("sent [IPCP ConfReq id=0x1 ") > 1
        hang_up(linux)


def test_a_call_that_the_network_refuses(linux: Guest) -> None:
    """The module ends the link, and says why."""
    with VirtualModem(UMTS) as modem:
        modem.faults.add("activation-refused")
        linux.plug(modem.port)

        assert TERMINATED_BY_PEER == call(linux).status, log(linux)
        assert "rcvd [LCP TermReq" in log(linux)


def test_the_channel_of_a_multiplexer_carries_a_call(linux: Guest, tmp_path: Path) -> None:
    """While another one answers AT."""
    with VirtualModem(UMTS) as modem, mux_bridge(tmp_path, modem.port) as multiplexer:
        linux.plug(multiplexer.port)
        online(linux)
        assert "+CGACT: 1,1\r\n" in multiplexer.ask("AT+CGACT?")
        hang_up(linux)
        assert "+CGACT: 1,0\r\n" in multiplexer.ask("AT+CGACT?")
        linux.unplug()
