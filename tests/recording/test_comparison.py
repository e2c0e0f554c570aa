"""An emulated module that hears the same host as the real one: what differs, and what is left out of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import serial

from emulator import VirtualModem
from emulator.options import ModemOptions
from tests.cli.programs import ask
from tests.recording.recordings import TIMEOUT, Recording, recorded

CONTEXT = ("ATE0", 'AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", "AT#SCFG=1,1,300,90,600,1")
"""Ready to dial; data leaves after a tenth of a second."""


@contextmanager
def compared(modem: VirtualModem, folder: Path, emulated: ModemOptions) -> Iterator[tuple[Recording, serial.Serial]]:
    """A host at a module, which is compared; when the block ends, so does the recording."""
    with (
        recorded(modem.port, folder, emulated=emulated) as recording,
        serial.Serial(recording.port, 115200, timeout=TIMEOUT) as host,
    ):
        yield recording, host


def tally(recording: Recording) -> tuple[int, int, int]:
    """How many agree, differ and could not be compared."""
    assert recording.comparison is not None
    of = recording.comparison.tally
    return of.agreed, of.differing, of.not_compared


def test_modules_that_differ_in_volatile_values_alone_agree(tmp_path: Path) -> None:
    """Another IMEI, SIM card, place and time; echo is no difference either."""
    settings = ["imei=356938035643809", "network.signal=9", "imsi=901019999999999", "pdp.address=10.9.8.7"]
    lines = [
        "AT",
        "AT+CGSN",
        "AT+CIMI",
        "AT+CSQ",
        "AT+CCLK?",
        'AT+CGDCONT=1,"IP","apn"',
        "AT#SGACT=1,1",
        "AT+CGPADDR=1",
    ]
    with (
        VirtualModem("HE910", settings=settings) as modem,
        compared(modem, tmp_path, ModemOptions("HE910")) as (recording, host),
    ):
        for line in lines:
            ask(host, line)

    assert (len(lines), 0, 0) == tally(recording)
    assert recording.differences == []


def test_a_difference_is_told_once_with_the_reason_of_the_emulated_module(tmp_path: Path) -> None:
    """However often it comes, and whatever the parameters are."""
    emulated = ModemOptions("HE910", settings=['commands."#SGACTAUTH"=false', 'commands."#TEMPMON"=false'])
    with VirtualModem("HE910") as modem, compared(modem, tmp_path, emulated) as (recording, host):
        for line in ("ATE0", "AT#SGACTAUTH=0", "AT#SGACTAUTH=1", "AT"):
            assert ask(host, line).endswith("OK\r\n")

    assert (2, 2, 0) == tally(recording)
    (told,) = recording.differences
    assert (told["command"], told["diff"]) == ("AT#SGACTAUTH=0", ["- OK", "+ ERROR"])
    assert told["reasons"] == ["#SGACTAUTH: not on this firmware: HE910@12.00.004 has none, others have"]
    assert recording.events.index(told) < len(recording.events) - 1, "it comes before the end"


def test_an_entry_for_which_only_the_real_module_asks_is_no_command_of_the_emulated_one(tmp_path: Path) -> None:
    """Though it looks like one; both go on from there."""
    emulated = ModemOptions("HE910", settings=['commands."+CMGS"=false'])
    with VirtualModem("HE910") as modem, compared(modem, tmp_path, emulated) as (recording, host):
        for line in ("ATE0", "AT+CMGF=1"):
            ask(host, line)
        assert ask(host, 'AT+CMGS="+4912345"') == "\r\n> "
        host.write(b"AT+CFUN=4\r\x1a")
        host.read_until(b"OK\r\n")
        assert ask(host, "AT+CFUN?") == "\r\n+CFUN: 1\r\n\r\nOK\r\n"

    assert (3, 1, 1) == tally(recording)
    assert ["- > ", "+ ERROR"] == recording.differences[0]["diff"]


def test_a_prompt_of_the_emulated_module_alone_is_left(tmp_path: Path) -> None:
    """What the host says next is a command at both."""
    settings = ['commands."+CMGS"=false']
    with (
        VirtualModem("HE910", settings=settings) as modem,
        compared(modem, tmp_path, ModemOptions("HE910")) as (recording, host),
    ):
        for line in ("ATE0", "AT+CMGF=1", 'AT+CMGS="+4912345"', "AT+CGMM"):
            ask(host, line)

    assert (3, 1, 0) == tally(recording)
    assert ["- ERROR", "+ > "] == recording.differences[0]["diff"]


def test_a_peer_is_dialled_by_the_real_module_alone(tmp_path: Path) -> None:
    """What is said of the connection is not compared then; the host's data goes to the real peer only."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(TIMEOUT)
        address = f'{server.getsockname()[1]},"127.0.0.1"'
        with VirtualModem("HE910") as modem, compared(modem, tmp_path, ModemOptions("HE910")) as (recording, host):
            for line in CONTEXT:
                ask(host, line)
            assert ask(host, f"AT#SD=1,0,{address}") == "\r\nCONNECT\r\n"
            peer, _ = server.accept()
            with peer:
                host.write(b"AT+CFUN=4\r")
                assert peer.recv(10) == b"AT+CFUN=4\r"
            assert host.read_until(b"NO CARRIER\r\n") == b"\r\nNO CARRIER\r\n"
            assert ask(host, "AT+CFUN?") == "\r\n+CFUN: 1\r\n\r\nOK\r\n"
        server.settimeout(0.1)
        with_another = _accepts(server)

    assert not with_another
    assert (5, 0, 1) == tally(recording)
    assert [([], ["the emulated module reaches no peer; --route leads it to one"])] == [
        (told["diff"], told["reasons"]) for told in recording.differences
    ]


def test_a_route_gives_the_emulated_module_a_peer_of_its_own(tmp_path: Path) -> None:
    """Then both are compared, and data mode is left by both."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_server(("127.0.0.1", 0)) as beside:
        for one in (server, beside):
            threading.Thread(target=_take_and_close, args=(one,), daemon=True).start()
        emulated = ModemOptions("HE910", routes={"peer": f"127.0.0.1:{beside.getsockname()[1]}"})
        routes = {"peer": f"127.0.0.1:{server.getsockname()[1]}"}
        with VirtualModem("HE910", routes=routes) as modem, compared(modem, tmp_path, emulated) as (recording, host):
            for line in CONTEXT:
                ask(host, line)
            assert ask(host, 'AT#SD=1,0,80,"peer"') == "\r\nCONNECT\r\n"
            host.write(b"end")
            assert host.read_until(b"NO CARRIER\r\n") == b"\r\nNO CARRIER\r\n"
            assert ask(host, "AT+CGMM").endswith("OK\r\n")

    assert (6, 0, 0) == tally(recording)


def test_a_module_that_does_not_answer_differs(tmp_path: Path) -> None:
    """Here one that has fallen silent; later exchanges are compared with their own answers."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        recorded(
            f"socket://127.0.0.1:{listener.getsockname()[1]}", tmp_path, emulated=ModemOptions("HE910")
        ) as recording,
        serial.Serial(recording.port, 115200, timeout=TIMEOUT) as host,
        listener.accept()[0] as module,
    ):
        module.settimeout(TIMEOUT)
        host.write(b"AT\r")
        assert module.recv(10) == b"AT\r"
        recording.end()

    assert (0, 1, 0) == tally(recording)
    assert ["+ OK"] == recording.differences[0]["diff"]


def test_secrets_are_starred_in_a_difference(tmp_path: Path) -> None:
    """In the command, and where the module repeats it."""
    emulated = ModemOptions("HE910", settings=['commands."#SGACT"=false'])
    with VirtualModem("HE910") as modem, compared(modem, tmp_path, emulated) as (recording, host):
        for line in ("ATE0", 'AT+CGDCONT=1,"IP","apn"', 'AT#SGACT=1,1,"user","geheim"'):
            ask(host, line)

    assert ['AT#SGACT=1,1,"user","***"'] == [told["command"] for told in recording.differences]
    assert "geheim" not in recording.options.trace.read_text()


def _accepts(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except TimeoutError:
        return False
    return True


def _take_and_close(server: socket.socket) -> None:
    peer, _ = server.accept()
    with peer:
        while not peer.recv(100).endswith(b"end"):
            pass
