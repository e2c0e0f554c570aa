"""Programs that send and read messages, on the pseudo-terminal of a running modem."""

import queue
from pathlib import Path

import pytest
import serial
from gsmmodem.modem import GsmModem, ReceivedSms, SentSms

from emulator import VirtualModem
from tests.cli.programs import ask
from tests.commands.peer import eventually
from tests.commands.ssl_bench import GSM, UMTS
from tests.peers.kannel import kannel
from tests.peers.smstools import smsd
from tests.peers.sockets import TIMEOUT
from tests.programs.gammu import gammu

pytestmark = pytest.mark.slow

BOTH_GENERATIONS = pytest.mark.parametrize("firmware", [GSM, UMTS])


@BOTH_GENERATIONS
def test_gammu_reads_sends_and_deletes(firmware: str, tmp_path: Path) -> None:
    """PDUs, whatever their alphabet; parts of a long text are known for such."""
    with VirtualModem(firmware) as modem:
        modem.receive_sms("+393311234567", "Ciao, è vero? €5")
        modem.receive_sms("INFO", "x" * 200)
        run = gammu(modem, tmp_path, "getallsms")

        assert 0 == run.exit_code, run.errors
        assert "\nCiao, è vero? €5\n" in run.output
        assert 'Remote number        : "+393311234567"' in run.output
        assert "part 2 of 2" in run.output
        assert "3 SMS parts in 3 SMS sequences" in run.output

        run = gammu(modem, tmp_path, "sendsms", "TEXT", "+4412345", "-text", "Hello from gammu")
        assert 0 == run.exit_code, run.errors
        assert "OK, message reference=1" in run.output
        assert [("+4412345", "Hello from gammu")] == [(one.number, one.text) for one in modem.sent_sms]

        assert 0 == gammu(modem, tmp_path, "deletesms", "1", "1").exit_code
        words = [" ".join(line.split()) for line in gammu(modem, tmp_path, "monitor", "1").output.splitlines()]
        assert "SIM SMS status : 2 used, 0 unread, 20 locations" in words
        assert "Enabling info about incoming SMS : No error." in words


@BOTH_GENERATIONS
async def test_smsd_carries_what_lies_in_its_folders(firmware: str, tmp_path: Path) -> None:
    """Out of one and into the other; what it has read it deletes."""
    with VirtualModem(firmware) as modem:
        modem.receive_sms("+393311234567", "Ciao è €")
        with smsd(tmp_path, modem.port):
            (tmp_path / "outgoing" / "message").write_text("To: 4412345\n\nHello from smsd")
            await eventually(lambda: modem.sent_sms, "it sends")
            await eventually(lambda: [*(tmp_path / "sent").iterdir()], "it knows that it has sent")
            await eventually(lambda: [*(tmp_path / "incoming").iterdir()], "it receives")
        assert [("+4412345", "Hello from smsd")] == [(one.number, one.text) for one in modem.sent_sms]
        (came,) = (tmp_path / "incoming").iterdir()
        head, text = came.read_bytes().split(b"\n\n")
        assert b"From: 393311234567\n" in head
        assert "Ciao è €" == text.decode("iso8859-15")
        with serial.Serial(modem.port, timeout=TIMEOUT) as port:
            assert '"SM",0,20' in ask(port, "AT+CPMS?")


@BOTH_GENERATIONS
@pytest.mark.parametrize("text_mode", [False, True])
def test_python_gsmmodem_sends_and_hears(firmware: str, text_mode: bool) -> None:
    """With a report where it can have one, and what comes while it listens."""
    heard: queue.Queue[ReceivedSms] = queue.Queue()
    with VirtualModem(firmware) as modem:
        host = GsmModem(modem.port, 115200, smsReceivedCallbackFunc=heard.put, requestDelivery=not text_mode)
        host.smsTextMode = text_mode
        host.connect()
        try:
            assert ("Telit", firmware) == (host.manufacturer, host.model)
            assert "I TIM" == host.networkName
            message = host.sendSms("+4412345", "Hello", waitForDeliveryReport=not text_mode, deliveryTimeout=TIMEOUT)
            assert text_mode or SentSms.DELIVERED == message.status
            assert [("+4412345", "Hello")] == [(one.number, one.text) for one in modem.sent_sms]
            modem.receive_sms("+393311234567", "Ciao")
            received = heard.get(timeout=TIMEOUT)
            assert ("+393311234567", "Ciao") == (received.number, received.text)
            assert [] == host.listStoredSms()
        finally:
            host.close()


@BOTH_GENERATIONS
async def test_kannel_sends_and_answers(firmware: str, tmp_path: Path) -> None:
    """What an HTTP client asks for goes out; what comes in gets an answer."""
    with VirtualModem(firmware) as modem, kannel(tmp_path, modem.port) as gateway:
        gateway.send("+4412345", "Hello from kannel")
        await eventually(lambda: modem.sent_sms, "it sends")
        modem.receive_sms("+393311234567", "Ciao")
        await eventually(lambda: 2 == len(modem.sent_sms), "it answers")
        sent = [(one.number, one.text) for one in modem.sent_sms]
        assert [("+4412345", "Hello from kannel"), ("+393311234567", "You said Ciao")] == sent
