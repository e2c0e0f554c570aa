"""+CUSD: sessions with a reply, requests of the network, codes that ATD dials. 22.090, 27.007 7.15."""

import pytest

from emulator.errors import UserError
from emulator.testing import Bench
from tests.commands.lines import EVERY_LINE
from tests.commands.ssl_bench import OK, information, succeed

MENU = (
    'network.services.ussd=[{code="*123#",answer="1 credit\\n2 more",replies=['
    '{code="1",answer="5 EUR"},{code="2",answer="1 bonus",replies=[{code="1",answer="none"}]}]},'
    '{code="*100#",answer="Credit: 5 EUR"}]'
)
ASKED = '\r\n+CUSD: 1,"1 credit\n2 more",15\r\n'


async def said(bench: Bench, line: str) -> str:
    """What the module says to a line, at once."""
    bench.send(f"{line}\r")
    await bench.advance(0)
    return bench.read()


@EVERY_LINE
async def test_a_menu_wants_replies(firmware: str) -> None:
    """The next code is the reply; a menu can lead to another; then a code is a code again."""
    async with Bench(firmware, settings=[MENU]) as bench:
        await succeed(bench, "AT+CUSD=1")
        assert OK + ASKED == await said(bench, 'AT+CUSD=1,"*123#",15')
        assert f'{OK}\r\n+CUSD: 1,"1 bonus",15\r\n' == await said(bench, 'AT+CUSD=1,"2",15')
        assert f'{OK}\r\n+CUSD: 0,"none",15\r\n' == await said(bench, 'AT+CUSD=1,"1",15')
        assert f"{OK}\r\n+CUSD: 4\r\n" == await said(bench, 'AT+CUSD=1,"1",15')


async def test_a_reply_that_the_menu_lacks_ends_the_session() -> None:
    """By the network."""
    async with Bench(settings=[MENU]) as bench:
        await said(bench, 'AT+CUSD=1,"*123#",15')
        assert f"{OK}\r\n+CUSD: 2\r\n" == await said(bench, 'AT+CUSD=1,"*100#",15')
        assert f'{OK}\r\n+CUSD: 0,"Credit: 5 EUR",15\r\n' == await said(bench, 'AT+CUSD=1,"*100#",15')


async def test_the_host_cancels_a_session() -> None:
    """AT+CUSD=2, which is no setting: answers are reported as before; nothing to cancel is no error."""
    async with Bench(settings=[MENU]) as bench:
        await said(bench, 'AT+CUSD=1,"*123#",15')
        assert OK == await said(bench, "AT+CUSD=2")
        assert information("+CUSD: 1") == await bench.command("AT+CUSD?")
        assert f"{OK}\r\n+CUSD: 4\r\n" == await said(bench, 'AT+CUSD=1,"1",15')
        await succeed(bench, "AT+CUSD=2")
        await bench.advance(600)
        assert "" == bench.read()


async def test_a_reply_that_does_not_come_ends_the_session() -> None:
    """After the network's time."""
    async with Bench(settings=[MENU, "network.services.ussd_reply_time=30"]) as bench:
        await said(bench, 'AT+CUSD=1,"*123#",15')
        await bench.advance(29)
        assert "" == bench.read()
        await bench.advance(1)
        assert "\r\n+CUSD: 2\r\n" == bench.read()


async def test_a_session_ends_with_the_registration_and_with_the_power() -> None:
    """The loss of the network is told; a restart knows nothing of a session."""
    async with Bench(settings=[MENU]) as bench:
        await said(bench, 'AT+CUSD=1,"*123#",15')
        bench.modem.device.coverage.offer(0)
        assert "\r\n+CUSD: 2\r\n" == bench.read()
        bench.modem.device.coverage.offer(1)
        await said(bench, 'AT+CUSD=1,"*123#",15')
        bench.modem.device.power.restart()
        await bench.advance(600)
        assert "+CUSD" not in bench.read()
        await bench.command("ATE0")
        await succeed(bench, "AT+CUSD=1")
        assert f"{OK}\r\n+CUSD: 4\r\n" == await said(bench, 'AT+CUSD=1,"1",15')


async def test_the_network_asks_by_itself() -> None:
    """A notice, and a request with a reply, after which the network ends the session."""
    async with Bench() as bench:
        modem = bench.modem
        assert not modem.send_ussd("nobody is shown this")
        await succeed(bench, "AT+CUSD=1")
        assert modem.send_ussd("Welcome")
        assert '\r\n+CUSD: 0,"Welcome",15\r\n' == bench.read()
        assert modem.send_ussd("1 yes, 2 no: Жук", wants_reply=True)
        digits = "1 yes, 2 no: Жук".encode("utf-16-be").hex().upper()
        assert f'\r\n+CUSD: 1,"{digits}",72\r\n' == bench.read()
        assert f"{OK}\r\n+CUSD: 2\r\n" == await said(bench, 'AT+CUSD=1,"1",15')
        assert ["1"] == modem.device.ussd_network.replies
        modem.send_ussd("again", wants_reply=True)
        bench.read()
        await bench.advance(120)
        assert "\r\n+CUSD: 2\r\n" == bench.read()


async def test_a_request_needs_the_network() -> None:
    """Whoever sends one is told so."""
    async with Bench() as bench:
        await succeed(bench, "AT+CUSD=1", "AT+CFUN=4")
        with pytest.raises(UserError, match="the module is not registered"):
            bench.modem.send_ussd("Welcome")


async def test_answers_can_be_given_while_the_modem_runs() -> None:
    """They outlast a restart of the module, and take the place of the profile's."""
    async with Bench(settings=[MENU]) as bench:
        bench.modem.answer_ussd("*100#", "Credit: 1 EUR")
        bench.modem.device.power.restart()
        await bench.advance(600)
        bench.read()
        await bench.command("ATE0")
        assert f'{OK}\r\n+CUSD: 0,"Credit: 1 EUR",15\r\n' == await said(bench, 'AT+CUSD=1,"*100#",15')
        with pytest.raises(UserError, match="the code is empty"):
            bench.modem.answer_ussd("", "text")
        with pytest.raises(UserError, match="the text has 183 characters; give at most 182"):
            bench.modem.send_ussd(183 * "x")


@EVERY_LINE
@pytest.mark.parametrize("dialled", ["*100#", "*100#;"])
async def test_a_code_can_be_dialled(firmware: str, dialled: str) -> None:
    """ATD with a code is +CUSD with it; the answer is shown where the host wants that."""
    async with Bench(firmware, settings=[MENU]) as bench:
        assert OK == await said(bench, f"ATD{dialled}")
        await succeed(bench, "AT+CUSD=1")
        assert f'{OK}\r\n+CUSD: 0,"Credit: 5 EUR",15\r\n' == await said(bench, f"ATD{dialled}")


async def test_what_is_dialled_and_is_no_code() -> None:
    """A number, and a data call."""
    async with Bench(settings=[MENU]) as bench:
        for dialled in ("*99#", "*98*1#", "#", "123#", "*100", "04010"):
            assert OK != await said(bench, f"ATD{dialled}"), dialled
