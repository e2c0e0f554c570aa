"""Evidence: every file of it is replayed, and nothing in it tells of a module's owner."""

import subprocess
from pathlib import Path

import pytest

from emulator import UserError, VirtualModem
from emulator.conformance.evidence.facts import (
    UNEXPLAINED,
    Evidence,
    EvidentExchange,
    EvidentItem,
    read_evidence,
    written,
)
from emulator.conformance.evidence.leftovers import leftovers, leftovers_in
from emulator.conformance.evidence.making import evidence_of, refuse_emulated
from emulator.conformance.evidence.replay import replay
from emulator.dte.module_line import ModuleLine
from emulator.firmware.grades import modules_named
from emulator.firmware.remarks import read_remarks
from emulator.resources import PROFILES
from tests.cli.programs import COMMAND, TIMEOUT
from tests.conformance.sessions import SCALE, compared
from tests.evidence.comparisons import made_of, module_like_a_real_one, playlist

ROOT = Path(__file__).parents[2]
SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
HANDED_IN = sorted((ROOT / "evidence").glob("*.json"))


@pytest.mark.parametrize("path", [*HANDED_IN, *SAMPLES], ids=lambda path: path.stem)
def test_the_emulator_says_what_the_module_said(path: Path) -> None:
    """Or differs for a reason that is written down; and nothing in the file tells of the module's owner."""
    evidence = read_evidence(path)

    assert [each.flaw for each in replay(evidence) if each.flaw] == []
    assert list(leftovers(evidence)) == []
    assert path.stem == f"{evidence.module.model}-{evidence.module.revision}-{evidence.day}"


def test_nothing_but_evidence_lies_beside_it() -> None:
    """Samples of emulated modules lie elsewhere."""
    assert {path.name for path in (ROOT / "evidence").iterdir()} == {"README.md", *(path.name for path in HANDED_IN)}


def test_every_value_that_a_module_has_said_has_evidence_of_it() -> None:
    """Of that model and version: `learn` of an emulated module proves nothing."""
    seen = {(found.module.model, found.module.revision) for found in map(read_evidence, HANDED_IN)}

    named = {module for path in PROFILES.glob("*.toml") for module in modules_named(read_remarks(str(path)).comments)}

    assert {(model, version) for model, version, _ in named} <= seen


def test_evidence_is_what_the_module_said_and_what_differs() -> None:
    """Numbers of the module and its card are shapes; a difference has no reason yet."""
    evidence = made_of(["+CGSN", "+CGMR", "#SSLCFG"]).evidence

    exchanges = {each.sent: each for item in evidence.items for each in item.exchanges}
    assert exchanges["> AT+CGSN"].said == ("< {number}", "< OK")
    assert exchanges["> AT+CGMR"] == EvidentExchange("> AT+CGMR", ("< 12.00.004", "< OK"))
    assert [each.sent for each in exchanges.values() if each.differs == UNEXPLAINED] == ["> AT#SSLCFG=?"]
    assert "490154203237518" not in written(evidence)


def test_what_comes_of_the_state_of_the_module_is_left_out() -> None:
    """An emulated module in the same state says the same; a new one does not. The APN is somebody's."""
    with module_like_a_real_one() as modem:
        with ModuleLine(modem.port, time_scale=SCALE) as line:
            line.ask('AT+CGDCONT=4,"IP","private.apn"')
        made = evidence_of(compared(modem, "HE910", playlist=playlist(["+CGDCONT", "+CGMI"])).session, "the tests")

    assert made.left_out > 0
    assert "private.apn" not in written(made.evidence)
    assert {"+CGDCONT", "+CGMI"} == {item.command for item in made.evidence.items}


@pytest.mark.parametrize(
    ("said", "kind"),
    {
        "< 490154203237518": "the number of a module, a card or a subscriber",
        "< #CCID: 8939000000000000001": "the number of a module, a card or a subscriber",
        '< +CNUM: "me","+393312345678",145': "a telephone number",
        '< +CPBR: 1,"3312345678",129,"me"': "a telephone number",
        '< #CGPADDR: 1,"10.20.30.40"': "an address",
        "< #ESENDER: me@example.com": "an e-mail address",
        "< $GPSACP: 120000.000,4538.1234N,01347.5678E,1.0": "a position",
        "< -----BEGIN CERTIFICATE-----": "a certificate or a key",
    }.items(),
)
def test_what_tells_of_somebody_is_found(said: str, kind: str) -> None:
    """In what the module says; not where the host has sent it itself."""
    told = EvidentItem("+X", (EvidentExchange("> AT+X", (said, "< OK")),))
    given = EvidentItem("+X", (EvidentExchange(f"> AT+X={said}", (said, "< OK")),))

    assert leftovers_in(told) == [kind]
    assert leftovers_in(given) == []


@pytest.mark.parametrize(
    "said",
    ["< +CSQ: {number},{number}", "< 12.00.004", "< #SSLCFG: 1,1,300,90,100,50,0,0,0,0", "< 0.0.0.0", '< "2024/01/02"'],
)
def test_what_every_module_says_is_left(said: str) -> None:
    """Versions and settings are no numbers of anybody's."""
    assert leftovers_in(EvidentItem("+X", (EvidentExchange("> AT+X", (said, "< OK")),))) == []


def changed(evidence: Evidence, differs: str) -> Evidence:
    """The first exchange says something else, or is said to."""
    said = ("< OTHER", "< OK") if not differs else ("< Telit", "< OK")
    first = EvidentItem("+CGMI", (EvidentExchange("> AT+CGMI", said, differs),))
    return Evidence(evidence.by, evidence.day, evidence.module, evidence.firmware, evidence.situation, (first,))


def test_a_difference_without_a_reason_and_a_reason_without_a_difference_are_told() -> None:
    """So that no reason outlives its difference."""
    evidence = read_evidence(SAMPLES[0])

    (without,) = [each.flaw for each in replay(changed(evidence, ""))]
    (outlived,) = [each.flaw for each in replay(changed(evidence, "a reason"))]

    assert without.startswith("> AT+CGMI: the emulator says something else; mend it, or say in `differs` why")
    assert "< OTHER" in without and "< Telit" in without
    assert outlived == "> AT+CGMI: the emulator agrees now; remove `differs` (a reason)"


EMULATED = "an emulated module; evidence is what a module says that is none"


def test_an_emulated_module_is_refused() -> None:
    """It would be evidence of the emulator."""
    with VirtualModem("GE865-QUAD") as modem, ModuleLine(modem.port) as line, pytest.raises(UserError, match=EMULATED):
        refuse_emulated(line)
    with module_like_a_real_one() as modem, ModuleLine(modem.port, time_scale=SCALE) as line:
        refuse_emulated(line)


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=TIMEOUT, check=False)


def test_files_are_checked_by_a_command(tmp_path: Path) -> None:
    """All of them: one that is right, and one whose emulator says something else."""
    wrong = tmp_path / "wrong.json"
    wrong.write_text(written(changed(read_evidence(SAMPLES[0]), "")))

    done = run("evidence", str(wrong), str(SAMPLES[0]))

    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{wrong}: > AT+CGMI: the emulator says something else")
    assert (
        f"{wrong}: 1 are wrong: 1 exchanges of HE910 12.00.004 on 2026-11-27, of which 0 differ with a reason" in lines
    )
    assert lines[-1].startswith(f"{SAMPLES[0]}: ok: ")


@pytest.mark.parametrize(
    ("content", "told"),
    {
        None: "No such file or directory; name a file of evidence",
        "no json": "no evidence: ",
        "{}": "no evidence: Object missing required field `by`",
        '{"by": " "}': "no evidence: ",
    }.items(),
)
def test_what_is_no_evidence_is_told(tmp_path: Path, content: str | None, told: str) -> None:
    """In one line."""
    path = tmp_path / "it.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(UserError, match=f"{path}: {told}"):
        read_evidence(path)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--evidence", "it.json"], "--evidence it.json: who vouches that it was a module? Name yourself by --by NAME"),
        (["--by", "me"], "--by is for --evidence; name its file, or leave out --by"),
        (["--evidence", "/none/it.json", "--by", "me"], "--evidence /none/it.json: No such file or directory; name"),
        (
            ["--evidence", "it.json", "--by", "me", "--firmware", "./own.toml"],
            "--evidence it.json: it is replayed on a firmware that others have; leave out --firmware",
        ),
    ],
)
def test_what_conform_needs_for_evidence(tmp_path: Path, arguments: list[str], told: str) -> None:
    """It is said before the port is opened."""
    (tmp_path / "own.toml").write_text('extends = "HE910"\n')
    command = [*COMMAND, "conform", "--port", "/dev/none", *arguments]

    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False, cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith(f"telit-emulator: {told}")
    assert not (tmp_path / "it.json").exists()
