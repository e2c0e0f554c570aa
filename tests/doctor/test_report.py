"""Whom a row of the table stands for, and what comes below it."""

from emulator.doctor.report import table
from tests.doctor.asking import ask
from tests.doctor.conftest import Start
from tests.peers.pki import ROOT


async def test_a_release_with_a_verdict_of_its_own(serving: Start) -> None:
    """It has a row in its software line, and the versions are named."""
    printed = table(await ask(serving("rather big"), "all", mode=1, ca=[ROOT]))

    rows, alike = printed.split("\n\n")
    assert [row.split()[:3] for row in rows.splitlines()[1:3]] == [
        ["GC864-QUAD@10.00.007", "documented", "reached"],
        ["GC864-QUAD@10.00.005", "documented", "size"],
    ]
    assert alike.splitlines()[:2] == [
        "GC864-QUAD@10.00.007 stands for all 16 models of 10.00, with 10.00.007",
        "GC864-QUAD@10.00.005 stands for all 16 models of 10.00, with 10.00.005",
    ]


async def test_a_few_firmwares_are_named(serving: Start) -> None:
    """Without the version where it is that of the first."""
    printed = table(await ask(serving("nothing"), "HE910", "HE910-D", "HE910@12.00.005", "GE865-QUAD", mode=1))

    assert "HE910@12.00.004 stands for HE910-D, HE910@12.00.005" in printed
    assert "GE865-QUAD@10.00.007 stands for" not in printed


async def test_the_next_question(serving: Start) -> None:
    """Who has checked no certificate is told how to."""
    assert "--mode 1 tells which CA certificate to store" in table(await ask(serving("old")))
    assert "--mode 1" not in table(await ask(serving("old"), mode=1, ca=[ROOT]))
