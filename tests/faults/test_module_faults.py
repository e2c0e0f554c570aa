"""What happens to the module and to the network around it."""

import pytest

from emulator.device.power import PowerState
from emulator.errors import UserError
from emulator.testing import Bench
from emulator.trace.events import Fault, FaultSkipped
from tests.commands.ssl_bench import ERROR, OK, PROMPT, information, prepare, succeed


def fired(bench: Bench) -> list[str]:
    """The faults that the trace shows."""
    return [event.rule for event in bench.events if isinstance(event, Fault)]


async def test_the_registration_is_lost_and_regained() -> None:
    """+CREG, the signal, the contexts and the unsolicited lines follow."""
    async with Bench() as bench:
        await prepare(bench)
        await succeed(bench, "AT+CREG=1", "AT+CGREG=1")
        bench.modem.faults.add("registration-lost", command="+CSQ", duration="30 s")

        bench.send("AT+CSQ\r")
        assert bench.read() == information("+CSQ: 99,99") + "\r\n+CREG: 2\r\n\r\n+CGREG: 2\r\n"
        assert await bench.command("AT+CREG?") == information("+CREG: 1,2")
        assert await bench.command("AT#SGACT?") == information("#SGACT: 1,0")
        await bench.advance(30)
        assert bench.read() == "\r\n+CREG: 1\r\n\r\n+CGREG: 1\r\n"
        assert await bench.command("AT+CSQ") == information("+CSQ: 20,0")

    assert ["1: registration-lost command=+CSQ duration=30 s (1 of 1)"] == fired(bench)


async def test_a_registration_that_is_denied_stays_denied_through_a_restart() -> None:
    """It is the network's doing, not the module's."""
    async with Bench() as bench:
        bench.modem.faults.add("registration-denied")
        await bench.advance(0)
        assert await bench.command("AT+CREG?") == information("+CREG: 0,3")
        await succeed(bench, "AT#REBOOT")
        await bench.advance(10)
        await bench.command("ATE0")
        assert await bench.command("AT+CREG?") == information("+CREG: 0,3")
        bench.modem.faults.add("registration-regained", roaming=True)
        await bench.advance(0)
        assert await bench.command("AT+CREG?") == information("+CREG: 0,5")

    assert 2 == len(fired(bench))


async def test_a_module_that_was_told_to_leave_the_network_stays_away() -> None:
    async with Bench() as bench:
        await succeed(bench, "AT+COPS=2")
        bench.modem.faults.add("registration-regained")
        await bench.advance(0)
        assert await bench.command("AT+CREG?") == information("+CREG: 0,0")


async def test_the_signal_changes_for_a_while() -> None:
    async with Bench() as bench:
        bench.modem.faults.add("signal", rssi=3, bit_errors=7, time="10 s", duration="5 s")
        assert await bench.command("AT+CSQ") == information("+CSQ: 20,0")
        await bench.advance(10)
        assert await bench.command("AT+CSQ") == information("+CSQ: 3,7")
        await bench.advance(5)
        assert await bench.command("AT+CSQ") == information("+CSQ: 20,0")

    assert ["1: signal time=10 s rssi=3 bit_errors=7 duration=5 s (1 of 1)"] == fired(bench)


async def test_the_card_is_gone_and_comes_back() -> None:
    async with Bench() as bench:
        await succeed(bench, "AT#QSS=1", "AT+CMEE=2")
        bench.modem.faults.add("sim-missing", duration="20 s")
        await bench.advance(0)
        assert bench.read() == "\r\n#QSS: 0\r\n"
        assert await bench.command("AT+CPIN?") == "\r\n+CME ERROR: SIM not inserted\r\n"
        assert await bench.command("AT+CREG?") == information("+CREG: 0,0")
        await bench.advance(20)
        assert bench.read() == "\r\n#QSS: 1\r\n"
        assert await bench.command("AT+CREG?") == information("+CREG: 0,1")


async def test_the_card_asks_for_its_pin() -> None:
    async with Bench() as bench:
        bench.modem.faults.add("sim-locked", pin="4711")
        await bench.advance(0)
        assert await bench.command("AT+CPIN?") == information("+CPIN: SIM PIN")
        assert await bench.command("AT+CPIN=0000") == ERROR
        await succeed(bench, "AT+CPIN=4711")
        assert await bench.command("AT+CREG?") == information("+CREG: 0,1")
        bench.modem.faults.add("sim-locked", blocked=True)
        await bench.advance(0)
        assert await bench.command("AT+CPIN?") == information("+CPIN: SIM PUK")


async def test_an_activation_is_refused_once_and_late_once() -> None:
    """Counted by the address: the first refused, the second late, the third as ever."""
    async with Bench() as bench:
        await succeed(bench, "AT+CMEE=2", 'AT+CGDCONT=1,"IP","lab"')
        bench.modem.faults.add("activation-refused", command="#SGACT")
        bench.modem.faults.add("activation-late", occurrence=1, duration="4 s")
        assert (
            await bench.command("AT#SGACT=1,1") == "\r\n+CME ERROR: requested service option not subscribed (#33)\r\n"
        )
        bench.send("AT#SGACT=1,1\r")
        await bench.advance(3.9)
        assert bench.read() == ""
        await bench.advance(0.2)
        assert bench.read() == information("#SGACT: 212.195.45.65")
        await succeed(bench, "AT#SGACT=1,0")
        assert (await bench.command("AT#SGACT=1,1")).endswith(OK)

    assert [
        "1: activation-refused command=#SGACT (1 of 1)",
        "2: activation-late duration=4 s (1 of 1)",
    ] == fired(bench)


async def test_a_registration_that_is_lost_while_the_network_hesitates_ends_the_activation() -> None:
    async with Bench() as bench:
        await succeed(bench, "AT+CMEE=2", 'AT+CGDCONT=1,"IP","lab"')
        bench.modem.faults.add("activation-late", duration="4 s")
        bench.modem.faults.add("registration-lost", time="2 s")
        bench.send("AT#SGACT=1,1\r")
        await bench.advance(4)
        assert bench.read() == "\r\n+CME ERROR: no network service\r\n"


async def test_a_reboot_as_a_command_begins_leaves_it_without_an_answer() -> None:
    async with Bench() as bench:
        bench.modem.faults.add("reboot", command="+CSQ", occurrence=2)
        assert await bench.command("AT+CSQ") == information("+CSQ: 20,0")
        bench.send("AT+CSQ\rAT+CGMM\r")
        assert bench.read() == ""
        assert bench.modem.device.power.state is PowerState.STARTING
        await bench.advance(10)
        assert bench.read() == ""
        bench.send("AT\r")
        assert bench.read() == "AT\r\r\nOK\r\n"

    assert ["1: reboot command=+CSQ occurrence=2 (1 of 1)"] == fired(bench)


async def test_a_reboot_in_the_middle_of_a_line_runs_nothing_that_follows() -> None:
    async with Bench() as bench:
        bench.modem.faults.add("reboot", command="+CSQ")
        bench.send("AT+CMEE=2;+CSQ;#SSLEN=1,1\r")
        await bench.advance(10)
        await bench.command("ATE0")
        assert await bench.command("AT#SSLEN?") == information("#SSLEN: 1,0")


async def test_a_reboot_within_an_entry_stores_nothing() -> None:
    """In the middle of PEM entry: byte 5 has been taken, what follows is lost with the module."""
    async with Bench() as bench:
        await prepare(bench)
        bench.modem.faults.add("reboot", command="#SSLSECDATA", at="entry", byte=5)
        assert await bench.command("AT#SSLSECDATA=1,1,1,1000") == PROMPT
        bench.send("-----BEGIN CERTIFICATE-----\r\n")
        assert bench.modem.device.power.state is PowerState.STARTING
        await bench.advance(10)
        await bench.command("ATE0")
        assert await bench.command("AT#SSLSECDATA?") == information("#SSLSECDATA: 1,0,0,0")

    assert ["1: reboot command=#SSLSECDATA byte=5 B at=entry (1 of 1)"] == fired(bench)


async def test_memory_keeps_what_it_held_when_the_power_fails_while_it_is_written() -> None:
    async with Bench() as bench:
        await succeed(bench, 'AT+CGDCONT=1,"IP","first"')
        bench.modem.faults.add("brown-out", at="write", duration="2 s")
        bench.send('AT+CGDCONT=1,"IP","second"\r')
        assert bench.read() == ""
        assert bench.modem.device.power.state is PowerState.OFF
        await bench.advance(10)
        await bench.command("ATE0")
        assert '"first"' in await bench.command("AT+CGDCONT?")


async def test_an_unsolicited_line_waits_for_the_running_command() -> None:
    async with Bench() as bench:
        bench.modem.faults.add("unsolicited-line", command="+CSQ", text="+CREG: 5")
        bench.send("AT+CSQ\r")
        assert bench.read() == information("+CSQ: 20,0") + "\r\n+CREG: 5\r\n"


@pytest.mark.parametrize(
    ("byte", "heard"),
    [
        (0, "\r\nRING\r\n\r\n+CSQ: 20,0\r\n\r\nOK\r\n"),
        (2, "\r\n\r\nRING\r\n+CSQ: 20,0\r\n\r\nOK\r\n"),
        (8, "\r\n+CSQ: \r\nRING\r\n20,0\r\n\r\nOK\r\n"),
        (20, "\r\n+CSQ: 20,0\r\n\r\nOK\r\n\r\nRING\r\n"),
    ],
)
@pytest.mark.parametrize("echo", [False, True])
async def test_an_unsolicited_line_comes_at_a_byte_of_an_answer(byte: int, heard: str, echo: bool) -> None:
    """The echo is no part of the answer."""
    async with Bench(echo=echo) as bench:
        bench.modem.faults.add("unsolicited-line", command="+CSQ", at="answer", byte=byte, text="RING")
        bench.send("AT+CSQ\r")
        assert bench.read() == ("AT+CSQ\r" if echo else "") + heard


async def test_a_fault_fires_as_often_as_it_says_or_always() -> None:
    async with Bench() as bench:
        bench.modem.faults.add("unsolicited-line", command="+CSQ", times=2, occurrence=2, text="A")
        bench.modem.faults.add("unsolicited-line", command="+CSQ", times=0, text="B")
        heard = ""
        for _ in range(4):
            bench.send("AT+CSQ\r")
            heard += bench.read()
        assert ("".join(character for character in heard if character in "AB")) == "BABABB"

    assert 6 == len(fired(bench))


async def test_a_form_of_a_command_can_be_addressed() -> None:
    """`+CREG?` is the read form alone; a test form is never meant by the name."""
    async with Bench() as bench:
        bench.modem.faults.add("signal", command="+CREG?", rssi=1)
        bench.modem.faults.add("signal", command="+CREG", rssi=2)
        await bench.command("AT+CREG=?")
        assert "20" in await bench.command("AT+CSQ")
        await succeed(bench, "AT+CREG=0")
        assert "+CSQ: 2," in await bench.command("AT+CSQ")
        await bench.command("AT+CREG?")
        assert "+CSQ: 1," in await bench.command("AT+CSQ")


async def test_a_delay_lets_it_come_later() -> None:
    async with Bench() as bench:
        bench.modem.faults.add("unsolicited-line", command="+CSQ", delay="500 ms", text="RING")
        bench.send("AT+CSQ\r")
        assert bench.read() == information("+CSQ: 20,0")
        await bench.advance(0.5)
        assert bench.read() == "\r\nRING\r\n"


async def test_a_fault_that_was_taken_back_does_nothing() -> None:
    async with Bench() as bench:
        rule = bench.modem.faults.add("reboot", time="5 s")
        bench.modem.faults.add("signal", command="+CSQ", rssi=1)
        bench.modem.faults.remove(rule.number)
        bench.modem.faults.remove(2)
        await bench.advance(10)
        assert await bench.command("AT+CSQ") == information("+CSQ: 20,0")

    assert [] == fired(bench)


async def test_the_port_vanishes_and_returns() -> None:
    async with Bench() as bench:
        first = bench.port
        bench.modem.faults.add("port-vanished", command="+CSQ", duration="3 s")
        bench.send("AT+CSQ\r")
        await bench.advance(2.9)
        assert bench.port is first
        await bench.advance(0.2)
        assert bench.port is not first
        bench.port.host_open()
        assert await bench.command("AT+CSQ") == information("+CSQ: 20,0")


async def test_a_context_that_is_down_cannot_be_dropped() -> None:
    """The fault has not fired, says why, and waits for the next time."""
    async with Bench() as bench:
        at_once = bench.modem.faults.add("context-dropped")
        later = bench.modem.faults.add("context-dropped", command="+CSQ", delay="1 s")
        await bench.command("AT+CSQ")
        await bench.advance(1)
        assert "1: context-dropped (0 of 1; context 1 is not active)" == str(at_once)
        assert "2: context-dropped command=+CSQ delay=1 s (0 of 1; context 1 is not active)" == str(later)
        skipped = [event.rule for event in bench.events if isinstance(event, FaultSkipped)]
        assert [str(at_once), str(later)] == skipped
        await prepare(bench)
        await bench.command("AT+CSQ")
        await bench.advance(1)
        assert await bench.command("AT#SGACT?") == information("#SGACT: 1,0")
        assert "2: context-dropped command=+CSQ delay=1 s (1 of 1)" == str(later)


@pytest.mark.parametrize("terminal", ["7", "0", "1.0", "1.99", "7.1", "x", ""])
async def test_an_instance_that_is_none_is_refused(terminal: str) -> None:
    """In one line, with those that there are; a channel need not be open yet."""
    async with Bench() as bench:
        with pytest.raises(UserError) as refused:
            bench.modem.faults.add("reboot", terminal=terminal)
        known = "there are 1, and with +CMUX 1.1 to 1.3"
        assert f"reboot: there is no AT instance {terminal!r}; {known}" == str(refused.value)
        bench.modem.faults.add("reboot", terminal="1.3")
        assert 1 == len(bench.modem.faults.rules)


async def test_what_is_taken_back_within_its_delay_does_not_come() -> None:
    async with Bench() as bench:
        rule = bench.modem.faults.add("reboot", command="+CSQ", delay="5 s")
        await bench.command("AT+CSQ")
        bench.modem.faults.remove(rule.number)
        await bench.advance(6)
        assert OK == await bench.command("AT")
