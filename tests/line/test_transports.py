"""Transports by scheme: found in their folder, listed where somebody needs to know what there is."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from emulator import UserError, VirtualModem
from emulator.cli.run import run
from emulator.line import transports
from emulator.line.transports import find_transport, list_transports, listen_at

FORMS = [transport.form for transport in list_transports()]


def test_each_file_and_folder_is_a_transport_by_its_scheme() -> None:
    """But memory, which only tests open."""
    assert ["pty", "rfc2217:ADDRESS:PORT", "tcp:ADDRESS:PORT", "unix:PATH"] == FORMS
    for form in FORMS:
        transport = find_transport(form.partition(":")[0])
        assert transport is not None
        assert form == transport.form
    assert find_transport("memory") is None


def test_help_and_the_refusal_of_an_unknown_scheme_list_what_there_is() -> None:
    shown = " ".join(run.get_help(click.Context(run, terminal_width=1000)).split())

    for text in ("udp:127.0.0.1:1", "modem", ":", "", "memory", "../tcp:1", "tcp.x"):
        with pytest.raises(UserError) as caught:
            listen_at(text)
        assert str(caught.value) == (
            f"--listen {text}: {text.partition(':')[0]!r} is no kind of port; there are {', '.join(FORMS)}"
        )
    assert f"Forms: {', '.join(FORMS)}. Repeatable." in shown


def test_a_transport_of_ones_own_is_a_file_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is touched."""
    (tmp_path / "loop.py").write_text(
        "from emulator.line.transports import Transport\n"
        "from emulator.line.transports.memory import MemoryPort\n"
        'TRANSPORT = Transport("loop:NAME", "a loop", lambda name: lambda line: MemoryPort(f"loop:{name}"))\n'
    )
    monkeypatch.setattr(transports, "__path__", [*transports.__path__, str(tmp_path)])

    with VirtualModem(listen=["loop:back"]) as modem:
        assert "loop:back" == modem.port


def test_a_pseudo_terminal_is_a_transport_too() -> None:
    with VirtualModem(listen=["pty", "pty"]) as modem:
        assert [True, True] == [Path(port).is_char_device() for port in modem.ports]


def test_a_run_imports_no_transport_that_it_does_not_use() -> None:
    code = (
        "from emulator import VirtualModem\nimport sys\nwith VirtualModem(listen=['tcp:127.0.0.1:0']): pass\n"
        "print(*[name for name in ('rfc2217', 'unix') if f'emulator.line.transports.{name}' in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert "" == done.stdout.strip()
