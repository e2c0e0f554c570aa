"""The host's line: an answer is what the module says up to its end, be there what may within its data."""

import pytest

from emulator.errors import UserError
from emulator.fleet.line import Answer
from emulator.fleet.modules import FleetModule
from emulator.fleet.plan import FaultShare, FleetPlan, ModulePlan
from emulator.fleet.server import Server
from emulator.lab.server import LabServer
from emulator.testing import Reply


@pytest.mark.parametrize(
    ("heard", "final"),
    [
        (b"\r\nOK\r\n", "OK"),
        (b"\r\n+CREG: 0,1\r\n\r\nOK\r\n", "OK"),
        (b"\r\n+CME ERROR: 555\r\n", "+CME ERROR: 555"),
        (b"\r\n> ", ">"),
        (b"\r\nCONNECT 150000000\r\n", "CONNECT 150000000"),
        (b"\r\nOK\r", None),
        (b"\r\nOK\r\n\r\nNO CARRIER\r\n", "OK"),
        (b"\r\nNO CARRIER\r\n", None),
        (b"\r\nNO CARRIER\r\n\r\n#SSLRECV: 0\r\n\r\nOK\r\n", "OK"),
        (b"\r\n#SSLRECV: 6\r\n\r\nOK\r\n", None),
        (b"\r\n#SSLRECV: 6\r\n\r\nOK\r\n\r\n\r\nOK\r\n", "OK"),
        (b"\r\n#SSLRECV: 0\r\nTIMEOUT\r\n\r\nOK\r\n", "OK"),
        (b"\r\n#SRECV: 1,3\r\n\r\n> ", None),
    ],
)
def test_an_answer_ends_where_the_module_ends_it(heard: bytes, final: str | None) -> None:
    """Data that look like a result are none."""
    assert final == Answer(heard).final


def test_counted_data_are_read_as_they_are() -> None:
    """To the byte."""
    answer = Answer(b"\r\n#SSLRECV: 6\r\n\r\nOK\r\n\r\n\r\nOK\r\n")

    assert b"\r\nOK\r\n" == answer.data
    assert ["+CSQ: 9,0"] == Answer(b"\r\n+CSQ: 9,0\r\n\r\nOK\r\n").lines


async def module_asked(*commands: str, plan: ModulePlan, fleet: FleetPlan) -> list[tuple[str | None, str, list[str]]]:
    """What a module says to each: the final result, the reason, what was measured."""
    module = FleetModule(fleet, plan)
    try:
        said = [await module.ask(command.encode("latin-1"), 20.0) for command in commands]
    finally:
        module.close()
    return [
        (one.answer.final, one.reason, [f"{measured.kind} {measured.name}" for measured in one.measured])
        for one in said
    ]


DIALS = ("ATE0\r", 'AT+CGDCONT=1,"IP","x"\r', "AT#SGACT=1,1\r", "AT#SSLEN=1,1\r", 'AT#SSLD=1,443,"a.example",1,1\r')


async def test_a_session_is_measured_dial_and_handshake_each() -> None:
    """A full one, and one that is resumed; the time and the bytes are those of the module's trace."""
    with LabServer(lambda heard: Reply(b"yes")) as server:
        fleet = FleetPlan(routes={"a.example:443": server.address})
        module = FleetModule(fleet, ModulePlan("GE865-QUAD", [], 0))
        for command in DIALS[:-1]:
            await module.ask(command.encode(), 20.0)

        full = await module.ask(DIALS[-1].encode(), 20.0)
        await module.ask(b"AT#SSLH=1\r", 20.0)
        resumed = await module.ask(b"AT#SSLFASTD=1,1\r", 20.0)
        module.close()

    assert [("dial", "TCP"), ("handshake", "GE865-QUAD full")] == [(one.kind, one.name) for one in full.measured]
    assert "GE865-QUAD resumed" == resumed.measured[1].name
    assert full.measured[1].size > 1000 > resumed.measured[1].size > 100
    assert sum(one.seconds for one in full.measured) <= full.answer.seconds
    assert {None} == {one.failure for one in (*full.measured, *resumed.measured)}


async def test_a_dial_that_fails_says_why() -> None:
    """Nobody listens there, in the words of the trace."""
    fleet = FleetPlan(routes={"a.example:443": "127.0.0.1:1"})

    *_, (final, reason, measured) = await module_asked(*DIALS, plan=ModulePlan("GE865-QUAD", [], 0), fleet=fleet)

    assert "ERROR" == final and reason.startswith("nobody listens"), reason
    assert ["dial TCP"] == measured


async def test_a_fault_of_the_plan_applies() -> None:
    """As often as it says."""
    refused = FaultShare(5.0, "command-refused", {"command": "+CSQ"})

    said = await module_asked("AT+CSQ\r", "AT+CSQ\r", plan=ModulePlan("HE910", [refused], 0), fleet=FleetPlan())

    assert ["ERROR", "OK"] == [final for final, *_ in said]


async def test_a_call_ends_with_no_carrier() -> None:
    """There it is a result, and not the URC of a connection."""
    ((final, _, _),) = await module_asked("ATD0123\r", plan=ModulePlan("HE910", [], 0), fleet=FleetPlan())

    assert "NO CARRIER" == final


async def test_a_module_that_says_nothing_is_waited_for_no_longer_than_asked() -> None:
    """The answer has no end."""
    module = FleetModule(FleetPlan(), ModulePlan("HE910", [], 0))

    said = await module.ask(b"AT", 0.01)
    module.close()

    assert said.answer.final is None


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("api.example.com", Server("api.example.com", 443, "/")),
        ("https://api.example.com:8443/a?b=c", Server("api.example.com", 8443, "/a?b=c")),
        ("127.0.0.1:4433", Server("127.0.0.1", 4433, "/")),
    ],
)
def test_the_server_is_read_as_locust_users_write_it(text: str, server: Server) -> None:
    """A URL, or less."""
    assert server == Server.of(text)


@pytest.mark.parametrize("text", [None, "", "http://api.example.com", "a:0", "a:70000", "a b", 'a"b'])
def test_what_is_no_server_is_told(text: str | None) -> None:
    """In one line that says how it is written."""
    with pytest.raises(UserError, match=r"--host .*write \[https://\]HOST"):
        Server.of(text)
