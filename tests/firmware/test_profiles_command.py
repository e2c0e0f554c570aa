"""`telit-emulator profiles`, as a user at a prompt sees it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.firmware.loader import list_models


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command with its output in a pipe."""
    command = [sys.executable, "-m", "emulator", "profiles", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def said(*arguments: str) -> list[str]:
    """The lines that it prints when all goes well."""
    result = run(*arguments)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.splitlines()


def test_in_a_pipe_every_model_is_one_whole_line() -> None:
    """Nothing is cut or wrapped, whatever the width of a terminal would be."""
    title, *rows = said()

    assert [entry.name for entry in list_models()] == [row.split()[0] for row in rows]
    assert title.split("  ")[0] == "Model"
    he910 = next(row for row in rows if row.startswith("HE910 "))
    assert he910.split() == [
        "HE910",
        "12.00.004",
        "documented",
        "AES128-SHA,",
        "RC4-SHA,",
        "RC4-MD5",
        "4",
        "NULL-SHA",
        "DER,",
        "PEM",
        "0",
        "no",
        "-",
    ]
    assert rows[0].split() == [
        "GC864-QUAD",
        "10.00.007",
        "documented",
        "RC4-MD5,",
        "RC4-SHA,",
        "AES256-SHA",
        "-",
        "PEM",
        "0,",
        "1",
        "yes",
        "0-4",
    ]


def test_on_a_terminal_of_80_columns_no_word_is_cut() -> None:
    """Every model and every suite can be read, and no line is wider than the terminal."""
    master, slave = pty.openpty()
    with os.fdopen(master, "rb", buffering=0) as terminal:
        environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm"}
        command = [sys.executable, "-m", "emulator", "profiles"]
        process = subprocess.Popen(command, stdout=slave, stderr=slave, env=environment)
        os.close(slave)
        shown = _read_all(terminal.fileno())
        process.wait(timeout=60)
    plain = shown.replace("\x1b[1m", "").replace("\x1b[0m", "")

    assert process.returncode == 0
    assert {entry.name for entry in list_models()} <= set(plain.split())
    assert {"AES128-SHA", "AES256-SHA", "RC4-MD5", "RC4-SHA", "NULL-SHA"} <= set(plain.split())
    assert max(len(line) for line in plain.splitlines()) <= 80
    assert "…" not in plain
    assert {"(provisional)", "(public)"} == {word for word in plain.split() if word.startswith("(")}


def _read_all(descriptor: int) -> str:
    content = b""
    try:
        while chunk := os.read(descriptor, 65536):
            content += chunk
    except OSError:  # Linux: the other side is closed
        pass
    return content.decode()


def test_the_list_is_there_for_machines() -> None:
    """One object a model."""
    listed = json.loads("\n".join(said("--json")))

    assert listed[16] == {
        "model": "HE910",
        "version": "12.00.004",
        "status": "documented",
        "ssl": True,
        "offered": ["AES128-SHA", "RC4-SHA", "RC4-MD5"],
        "on_request": ["4 NULL-SHA"],
        "certificate_formats": ["DER", "PEM"],
        "closure_types": [0],
        "fast_dial": False,
        "ring_modes": [0],
        "cpu_modes": [],
    }


def test_one_firmware_is_shown_with_every_value() -> None:
    """Keys are written as --set takes them."""
    lines = said("ge865-quad@10.00.017")

    assert lines[0].startswith("GE865-QUAD@10.00.017  (")
    values = [line.split(maxsplit=1) for line in lines]
    assert ["identity.revision", "10.00.017"] in values
    assert ['settings."+CMEE"', "0-2 (default 0)"] in values
    assert ["secure_socket.inactivity", "0-65535 (default 90)"] in values
    assert ["errors.ssl_handshake", "839 SSL error during handshake"] in values


def test_one_firmware_is_there_for_machines() -> None:
    """What the table shows, where it comes from, and the whole profile."""
    shown = json.loads("\n".join(said("GE865-QUAD@10.00.004", "--json")))

    assert (shown["ssl"], shown["offered"]) == (False, None)
    assert (shown["firmware"], Path(shown["source"]).name) == ("GE865-QUAD@10.00.004", "10.00.toml")
    assert shown["profile"]["secure_socket"] is None
    assert shown["profile"]["network"]["signal"] == 20


def test_a_valid_profile_is_called_ok(tmp_path: Path) -> None:
    """With the firmware that it makes."""
    path = tmp_path / "own.toml"
    path.write_text('extends = "UE910-EUR"\nname = "board"\n')

    assert said("--check", str(path)) == [f"{path}: ok (UE910-EUR@12.00.004)"]
    assert json.loads("\n".join(said("--check", str(path), "--json"))) == {
        "file": str(path),
        "ok": True,
        "firmware": "UE910-EUR@12.00.004",
    }


def test_a_file_to_check_may_have_any_name(tmp_path: Path) -> None:
    """A name without a slash or ending is a file here, not a model."""
    path = tmp_path / "HE910"
    path.write_text('extends = "UE910-EUR"\n')
    command = [sys.executable, "-m", "emulator", "profiles", "--check", "HE910"]

    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)

    assert result.stdout == "HE910: ok (UE910-EUR@12.00.004)\n"


def test_two_firmwares_are_compared_in_words() -> None:
    """The commands of one only, the parameters that differ, and each value with its meaning; nothing they share."""
    lines = said("--diff", "HE910", "GE910-QUAD")

    assert lines[0] == "From HE910@12.00.004 to GE910-QUAD@13.00.003"
    gained = lines[lines.index("Commands of GE910-QUAD@13.00.003 only") + 1].split(", ")
    assert gained[-1] == "#SSLFASTD" and "#SMSMODE" in gained
    lost = lines[lines.index("Commands of HE910@12.00.004 only") + 1].strip().split(", ")
    others = [name for name in lost if not name.startswith("$GPS")]
    assert others == ["#SMTPCL", "#PORTCFG", "#PSNT", "+CTZR", "+CGEQMIN", "+CGEQREQ", "+CPLS"]
    dialling = lines.index("  #SSLD")
    assert "<closure> (0)," in lines[dialling + 1] and "<closure> (0,1)," in lines[dialling + 2]
    tail = lines.index(
        "  secure_socket.configuration_tail: Number of values that #SSLCFG? prints after the six of the guide."
    )
    assert [line.split()[-1] for line in lines[tail + 1 : tail + 3]] == ["0", "4"]
    assert not any("power.cpu_modes" in line or line == "  #SSLS" for line in lines)


def test_what_later_lines_choose_of_tls_is_compared() -> None:
    """#SSLSECCFG2 and #SSLCFG with their values, and the versions of each number."""
    lines = said("--diff", "LE910-V2", "ME310G1")

    security = lines.index("  #SSLSECCFG2")
    assert "<version> (0-3), [<server_name> (0,1) = 0]" in lines[security + 1]
    assert "<version> (1-4), [<server_name> (0,1) = 0], [<preloaded_ca> (0,1) = 0]" in lines[security + 2]
    assert "[<connection_timeout> (10-1200) = 600]" in lines[lines.index("  #SSLCFG") + 2]
    versions = lines.index("  secure_socket.extended_security.versions: Each <version> and what it stands for.")
    assert lines[versions + 2].endswith("3 TLS 1.2 TLS 1.2, 4 TLS 1.0 TLS 1.3")


def test_a_comparison_for_programs() -> None:
    """With the same content; a firmware without SSL lacks the whole of it, in one entry."""
    compared = json.loads("\n".join(said("--diff", "HE910@12.00.003", "HE910", "--json")))

    assert compared["firmwares"] == ["HE910@12.00.003", "HE910@12.00.004"]
    assert "#SSLD" in compared["commands_only"]["HE910@12.00.004"]
    assert not compared["commands_only"]["HE910@12.00.003"]
    (sockets,) = [each for each in compared["settings"] if each["key"].startswith("secure_socket")]
    assert sockets["values"] == ["it has none", "it has one"]


def test_firmwares_that_are_the_same_are_called_so() -> None:
    """One line."""
    assert said("--diff", "HE910", "ME310G1")[0] == "From HE910@12.00.004 to ME310G1-WW@37.00.504 (public)"
    assert said("--diff", "HE910", "HE910") == ["HE910@12.00.004 and HE910@12.00.004 do not differ"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["HE91O"], "no model 'HE91O'; the nearest is HE910"),
        (["37.00"], "no model '37.00'; it is the software line of ME310G1-WW, ME310G1-W1, ME310G1-W2, ME310G1-W3, …"),
        (["--check", "./none.toml"], "./none.toml: no such file; give the path of a profile, or MODEL[@VERSION]"),
        (["HE910", "--check", "x"], "profiles: FIRMWARE, --check and --diff do not go together; give one of them"),
        (["--diff", "HE910", "HE91O"], "no model 'HE91O'; the nearest is HE910"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(arguments: list[str], expected: str) -> None:
    """Nothing else is printed."""
    result = run(*arguments)

    assert (2, "", f"telit-emulator: {expected}\n") == (result.returncode, result.stdout, result.stderr)
