"""Makes the tables of the software lines: that of the README, and the one that counts their values by grade."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from emulator.docstrings import meaning
from emulator.firmware.lines import SoftwareLine, lines
from emulator.firmware.loader import load_firmware
from emulator.firmware.schema.ssl import SecureSocket
from emulator.firmware.status import Status
from emulator.resources import PROFILES

_GRADES = ("guide", "pub", "inf", "mem", "choice")
"""From the best to the least known."""
_GRADE = re.compile(rf"\[({'|'.join(_GRADES)})\]")
_KEY = re.compile(r'("[^"]+"|\'[^\']+\'|[\w.&+#\\]+) = ')
_HEAD = ("extends", "status", "covers", "ssl_since", "models")
"""Keys of a line's file that are no values of a firmware."""


def firmware_table() -> list[str]:
    """Return the rows of the README's table."""
    rows = [
        "| software | status | models | versions | suites: the order that choice 0 offers | certificates | #SSLFASTD |"
        " #CPUMODE |",
        "|---" * 8 + "|",
    ]
    rows += [f"| {' | '.join((line.name, line.status, families(line), *_features(line)))} |" for line in lines()]
    return rows


def families(line: SoftwareLine) -> str:
    """Return the families of a line, which stand at the top of its file."""
    first = Path(line.facts.source).read_text(encoding="utf-8").partition("\n")[0]
    return first.lstrip("# ").rstrip(".")


def _features(line: SoftwareLine) -> Iterator[str]:
    profile = load_firmware(line.models[0].name).profile
    socket = profile.secure_socket
    assert socket is not None
    yield _versions(socket)
    names = [suite.openssl_name for suite in socket.numbered_suites.values()]
    default = [suite.openssl_name for suite in socket.default_offer]
    by_number = [name for name in names if name not in default]
    offered = ", ".join(default)
    yield f"{offered}; {', '.join(by_number)} by number" if by_number else offered
    yield "PEM, DER" if socket.security_data.choosable else "PEM"
    yield "yes" if profile.has_command("#SSLFASTD") else "no"
    yield "yes" if profile.power.cpu_modes and profile.has_command("#CPUMODE") else "no"


def _versions(socket: SecureSocket) -> str:
    """Return the version that is spoken, and the highest one that #SSLSECCFG2 asks for."""
    if socket.extended_security is None:
        return socket.tls_version
    default = socket.versions(socket.extended_security.version_default)
    return f"{default.highest.name}; up to {socket.version_ranges[-1].highest.name} by #SSLSECCFG2"


def status_table() -> list[str]:
    """Return the rows that tell how well each line is known: its status, and its values by their grades."""
    rows = [f"| line | models | status | {' | '.join(f'[{grade}]' for grade in _GRADES)} |", "|---" * 8 + "|"]
    for line in lines():
        count = Counter(_weakest(remark) for remark in _remarks(line).values())
        cells = (line.name, families(line), line.status, *(str(count[grade]) for grade in _GRADES))
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def meaning_of_statuses() -> list[str]:
    """Return the rows that tell what each status means."""
    return ["| status | meaning |", "|---|---|", *(f"| {each} | {meaning(Status, each.name)} |" for each in Status)]


def _remarks(line: SoftwareLine) -> dict[str, str]:
    """Return the remark of each value of a line by its key, that of the uppermost layer that gives it."""
    files = [*(Path(layer.source) for layer in line.below), PROFILES / f"{line.name}.toml"]
    return {key: remark for file in files for key, remark in _remarks_in(file)}


def _remarks_in(path: Path) -> Iterator[tuple[str, str]]:
    """Find the remark of each value: its own, that above it, or that of its table."""
    table, of_table, above = "", "", ""
    for row in path.read_text(encoding="utf-8").splitlines():
        if row.startswith("["):
            head, _, of_table = row.partition("#")
            table, above = head.strip().strip("[]"), ""
        elif row.startswith("#"):
            above += row
        elif (found := _KEY.match(row)) and not (not table and found[1] in _HEAD):
            own = row[found.end() :]
            yield f"{table}.{found[1]}", next((each for each in (own, above, of_table) if _GRADE.search(each)), "")
            above = ""
        else:
            above = ""


def _weakest(remark: str) -> str:
    found = _GRADE.findall(remark)
    return max(found, key=_GRADES.index) if found else ""
