"""The doctor is no burden to the server, and says it when the machine has no network."""

import asyncio
import errno
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from emulator.clock import WallClock
from emulator.doctor import survey
from emulator.doctor.dial import ModuleDial
from emulator.doctor.examination import DIALS_AT_ONCE, Examination
from emulator.doctor.modern import dial_modern
from emulator.doctor.question import Question
from emulator.doctor.verdict import Reason
from emulator.errors import UserError
from emulator.firmware.selection import choose
from emulator.lab.conversations import echo
from emulator.lab.server import LabServer
from tests.doctor.asking import UMTS, V2, ask
from tests.doctor.conftest import Start
from tests.doctor.servers import NAME


async def test_equal_dials_are_made_once() -> None:
    """Of all firmwares with their numbers there are seven that a server can tell from each other."""
    with LabServer(echo) as server:
        question = Question(NAME, 443, routes={NAME: server.address})
        examination = Examination(question, WallClock())

        verdicts = await examination.run(choose(["GE865-QUAD", "GE910-QUAD", "GL865-DUAL-V3", "HE910", "UE910-EUD"]))

    assert all(verdict.reachable for verdict in verdicts)
    assert server.served == len(examination.dials) == 7


async def test_each_hello_that_a_host_can_choose_is_dialled_once(serving: Start) -> None:
    """The factory's, with the name, in TLS 1.2, and then each <cipher_suite> there."""
    question = Question(NAME, 443, routes={NAME: f"127.0.0.1:{serving('modern')}"})
    examination = Examination(question, WallClock())

    await examination.run(choose([V2, "LE910B1-EU"]))

    assert 3 + 5 == len(examination.dials)


async def test_a_server_that_is_not_there_is_dialled_once(monkeypatch: pytest.MonkeyPatch, serving: Start) -> None:
    """Whatever the number of firmwares."""
    with _counted(monkeypatch) as dials:
        verdicts = await ask(serving("nothing"), "GE865-QUAD", "GE865-QUAD@10.00.005", "HE910", mode=1)

    assert {verdict.reason for verdict in verdicts} == {Reason.REFUSED}
    assert dials.made == 1


async def test_few_dials_at_once(monkeypatch: pytest.MonkeyPatch, serving: Start) -> None:
    """Modern ones included."""
    with _counted(monkeypatch) as dials:
        await ask(serving("modern"), "all", mode=1)

    assert dials.made > DIALS_AT_ONCE
    assert dials.most_at_once == DIALS_AT_ONCE


async def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing can be said about the server."""
    _let_connections_fail(monkeypatch, errno.ENETUNREACH)

    with pytest.raises(UserError, match="Network is unreachable; connect this machine to the network first"):
        await ask(1, UMTS)


async def test_no_way_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is a fact about the server."""
    _let_connections_fail(monkeypatch, errno.EHOSTUNREACH)

    (verdict,) = await ask(1, UMTS)

    assert verdict.reason is Reason.REFUSED
    assert "no way to www.example.com:443" in verdict.sentence


def _let_connections_fail(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    async def fail(*arguments: object, **others: object) -> Any:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", fail)


class _Dials:
    made = now = most_at_once = 0


@contextmanager
def _counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Dials]:
    """Count the dials of modules and of modern clients."""
    dials = _Dials()

    def counting(dial: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def count(*arguments: Any) -> Any:
            dials.made += 1
            dials.now += 1
            dials.most_at_once = max(dials.most_at_once, dials.now)
            try:
                return await dial(*arguments)
            finally:
                dials.now -= 1

        return count

    with monkeypatch.context() as patched:
        patched.setattr(ModuleDial, "run", counting(ModuleDial.run))
        patched.setattr(survey, "dial_modern", counting(dial_modern))
        yield dials
