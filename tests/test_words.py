"""The words of docs/glossary.md: one word, one meaning, and those that were retired do not come back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GLOSSARY = ROOT / "docs" / "glossary.md"

RETIRED = {
    r"\bsurroundings?\b": "environment",
    r"\bgap\b": "handshake inactivity timeout, or another timeout",
    r"\bunasked\b": "unsolicited, URC",
    r"\bnotices\b": "URC",
    r"\bstand[-_]ins?\b": "synthetic address",
    r"\bpassage": "tap",
    r"\blanes?\b": "paced queue",
    r"\bpipes\b|\bPipe\b": "delayed stream",
    r"\bsuffers?\b": "applies",
    r"\badopts?\b": "applies",
    r"\bstrikes?\b|\bstriking\b": "triggers, applies",
    r"\bmeets\b": "matches",
    r"\bfires\b": "triggers",
    r"\breal_module\b": "real_modem",
    r"\blife_cycle\b": "states",
    r"\bdiagnosis_schema\b": "names, ping, firewall",
    r"\bmodule_error\b|\bModuleError\b": "DeviceError",
    r"(?<!NO_)\bcarriers?\b": "URC, connection, ARFCN",
    r"\b(Secure|Plain|Datagram|Stream)Channel\b": "a stream; channel is for 27.010 only",
    r"class (Host|Module|Line|Message|Session|Connection|Listener)\b": "a qualified name",
}
"""{what no text may hold: what it says instead}; in code, docs and profiles alike."""

ALLOWED = (
    r"NO CARRIER",
    r"DATA CARRIER DETECT",
    r"\(Carrier: ",  # of #CSURV
    r'^ *\(.*"patience"\): .*',  # keys of a profile that have moved
    r"context\.Pipe\(\)",  # of the library
)
"""What the standards or the documents call so, in any case."""


def texts() -> Iterator[Path]:
    for folder, pattern in (("emulator", "*.py"), ("docs", "*.md"), ("firmware_profiles", "*.toml"), ("scripts", "*")):
        yield from (path for path in sorted((ROOT / folder).rglob(pattern)) if path.is_file())
    yield ROOT / "README.md"


@pytest.mark.parametrize("retired", RETIRED)
def test_no_retired_word_comes_back(retired: str) -> None:
    """Each has a better one, which the failure names."""
    found = []
    for path in texts():
        if "__pycache__" in path.parts:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            without = re.sub("|".join(ALLOWED), "", line, flags=re.IGNORECASE)
            if re.search(retired, without, 0 if re.search("[A-Z]", retired) else re.IGNORECASE):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")

    assert found == [], f"the word is: {RETIRED[retired]}"


def test_the_word_of_a_hosts_author_finds_what_it_should() -> None:
    """Whoever greps for URC finds the files that say unsolicited result codes."""
    commands = ROOT / "emulator" / "commands"
    saying = {path.parent.name for path in commands.rglob("urc.py")}

    assert {"network", "sim", "messages", "sockets", "ssl"} <= saying
    assert all("URC" in path.read_text(encoding="utf-8") for path in commands.rglob("urc.py"))


def test_each_term_of_the_glossary_is_explained_once() -> None:
    """A table row a term, in no two tables."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    terms = [term.strip().lower() for row, _ in rows for term in row.split(",") if set(row) - set("- ")]

    assert len([row for row, _ in rows if row not in ("term", "---")]) >= 40
    assert len(set(terms) - {"term"}) == len([term for term in terms if term != "term"])
