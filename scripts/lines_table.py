"""Makes the tables of the software lines: that of the README, and the one that counts their values by grade."""

from collections.abc import Iterator
from pathlib import Path

from emulator.docstrings import meaning
from emulator.firmware.facts import count_by_grade, facts_of_line, shipped_facts
from emulator.firmware.grades import NOT_VERIFIED, Grade
from emulator.firmware.lines import SoftwareLine, lines
from emulator.firmware.loader import load_firmware
from emulator.firmware.schema.ssl import SecureSocket
from emulator.firmware.status import Status


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
    rows = [f"| line | models | status | {' | '.join(f'[{grade}]' for grade in Grade)} |"]
    rows.append("|---" * (len(Grade) + 3) + "|")
    for line in lines():
        count = count_by_grade(facts_of_line(line))
        cells = (line.name, families(line), line.status, *(str(count[grade]) for grade in Grade))
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def grade_table() -> list[str]:
    """Return the rows that count the values of all profiles by their grades, each value once."""
    count = count_by_grade(shipped_facts())
    whole = sum(count.values())
    rows = (f"| `[{each}]` | {count[each]} | {100 * count[each] / whole:.0f} % |" for each in Grade)
    weak = sum(count[grade] for grade in NOT_VERIFIED)
    total = f"| inferred, remembered or chosen | {weak} of {whole} | {100 * weak / whole:.0f} % |"
    return ["| grade | values | share |", "|---|---|---|", *rows, total]


def meaning_of_statuses() -> list[str]:
    """Return the rows that tell what each status means."""
    return ["| status | meaning |", "|---|---|", *(f"| {each} | {meaning(Status, each.name)} |" for each in Status)]
