"""Firmwares with #SSLSECCFG2: which of its values a server needs, and what is told where none helps."""

import json
from datetime import UTC, datetime

import pytest

from emulator.doctor.dialogues import host_dialogues
from emulator.doctor.extended import Extended
from emulator.doctor.provision import Access
from emulator.doctor.question import Question
from emulator.doctor.recipes import choose_recipes
from emulator.doctor.report import as_json
from emulator.doctor.verdict import Reason
from emulator.testing import Bench
from tests.commands.ssl_bench import OK
from tests.doctor.asking import LTE_M, UMTS, V2, ask
from tests.doctor.conftest import Start
from tests.doctor.servers import NAME
from tests.peers.pki import ROOT


async def test_an_old_server_is_reached_with_the_factorys_settings(serving: Start) -> None:
    """There is nothing to set."""
    (verdict,) = await ask(serving("old"), V2)

    assert (verdict.reachable, verdict.extended, verdict.reason) == (True, None, None)


async def test_a_server_that_begins_with_tls_1_2_needs_another_version(serving: Start) -> None:
    """Told as the line that the host types; the old lines fall off."""
    port = serving("modern")
    old, v2, lte_m = await ask(port, UMTS, V2, LTE_M)

    assert old.reason is v2.reason is lte_m.reason is Reason.VERSION
    assert (old.extended, v2.extended, lte_m.extended) == (None, Extended(3, 0), Extended(3, 0))
    assert v2.sentence == (
        "The server does not take TLS 1.0, the default of this firmware; it works with AT#SSLSECCFG2=1,3 (TLS 1.2)."
    )
    assert v2.suites == ("AES128-SHA", "AES256-SHA")
    assert lte_m.numbers == (0,)
    assert lte_m.suites == ("ECDHE-RSA-AES128-GCM-SHA256",)
    assert v2.server.versions == ("TLS 1.2", "TLS 1.3")
    assert [recipe.name for recipe in choose_recipes([v2, lte_m])] == []
    assert [recipe.name for recipe in choose_recipes([old, v2])] == ["version"]


async def test_a_server_with_tls_1_3_alone(serving: Start) -> None:
    """The LE910 V2 has nothing for it; the ME310G1 leaves the choice to the server."""
    v2, lte_m = await ask(serving("newest"), V2, LTE_M)

    assert (v2.reason, v2.numbers, v2.extended) == (Reason.VERSION, (), None)
    assert v2.sentence == (
        "The server speaks TLS 1.3 only, this firmware speaks SSL 3.0, TLS 1.0, TLS 1.1 and TLS 1.2."
    )
    assert lte_m.extended == Extended(4, 0)
    assert lte_m.sentence.endswith("it works with AT#SSLSECCFG2=1,4 (TLS 1.0 to TLS 1.3).")
    assert [recipe.name for recipe in choose_recipes([v2])] == ["TLS 1.2"]


@pytest.mark.parametrize(
    ("server", "extended", "reason"),
    [("named", Extended(1, 1), Reason.SERVER_NAME), ("modern named", Extended(3, 1), Reason.VERSION)],
)
async def test_a_server_that_wants_its_name(serving: Start, server: str, extended: Extended, reason: Reason) -> None:
    """nginx with several names; with the version, where it does not take the default."""
    old, v2 = await ask(serving(server), UMTS, V2)

    assert old.extended is None
    assert (v2.reachable, v2.reason, v2.extended) == (False, reason, extended)
    assert f"it works with AT#SSLSECCFG2=1,{extended}" in v2.sentence


async def test_a_server_that_shows_another_certificate_to_who_names_it(serving: Start) -> None:
    """In mode 1 the first one is not trusted."""
    (verdict,) = await ask(serving("two names"), V2, mode=1, ca=[ROOT])

    assert (verdict.reason, verdict.extended) == (Reason.SERVER_NAME, Extended(1, 1))
    assert verdict.sentence == (
        "The server shows who does not name it (SNI) a certificate that is not accepted; it works with "
        "AT#SSLSECCFG2=1,1,1."
    )


async def test_a_certificate_with_an_elliptic_key(serving: Start) -> None:
    """No suite of TLS 1.2 that is offered can use it; TLS 1.3 can."""
    v2, lte_m = await ask(serving("modern elliptic"), V2, LTE_M)

    assert (v2.reason, v2.extended) == (Reason.KEY, None)
    assert lte_m.extended == Extended(4, 0)


async def test_the_root_is_found_by_the_version_that_works(serving: Start) -> None:
    """In mode 1, with the CA certificate given."""
    (verdict,) = await ask(serving("modern"), V2, mode=1, ca=[ROOT])

    assert verdict.extended == Extended(3, 0)


async def test_what_a_host_types(serving: Start) -> None:
    """#SSLSECCFG2 stands in the dialogue where the firmware has it; with the factory's values, too."""
    typed = {}
    for server in ("old", "modern", "modern named"):
        question, verdicts = Question(NAME, 443), await ask(serving(server), UMTS, V2)
        access = Access("internet", datetime.now(UTC))
        dialogues = host_dialogues(verdicts, question, access)
        typed[server] = [
            line
            for dialogue in dialogues
            for line in dialogue.as_typed()
            if dialogue.firmware.startswith("LE910") and "SECCFG" in line
        ]
        told = json.loads(as_json(question, verdicts, dialogues))["results"][1]["sslseccfg2"]
        assert told == {"old": None, "modern": "1,3", "modern named": "1,3,1"}[server]

    assert typed == {
        "old": ["AT#SSLSECCFG=1,0,0", "AT#SSLSECCFG2=1,1"],
        "modern": ["AT#SSLSECCFG=1,0,0", "AT#SSLSECCFG2=1,3"],
        "modern named": ["AT#SSLSECCFG=1,0,0", "AT#SSLSECCFG2=1,3,1"],
    }


@pytest.mark.parametrize("firmware", [LTE_M, "ME910C1-E2"])
async def test_what_a_host_types_is_answered_by_ok(serving: Start, firmware: str) -> None:
    """The context is there with the attachment, so that none is activated; registration is that to LTE."""
    port = serving("modern")
    verdicts = await ask(port, firmware)
    (dialogue,) = host_dialogues(verdicts, Question(NAME, 443), Access("internet", datetime.now(UTC)))
    async with Bench(firmware, routes={NAME: f"127.0.0.1:{port}"}) as bench:
        answers = [(line, await bench.command(line)) for line in dialogue.as_typed()]

    assert [line for line, answer in answers if not answer.endswith(OK)] == []
    assert ("AT+CEREG?", "\r\n+CEREG: 0,1\r\n" + OK) in answers
    assert "\r\n#SGACT: 1,1\r\n" in dict(answers)["AT#SGACT?"]
