"""One struct holds the options of a modem: all that take them follow from it."""

import inspect
from pathlib import Path

import click
import pytest

from emulator import ManualClock, UserError, VirtualModem
from emulator.cli.matrix import matrix
from emulator.cli.options import flag_of
from emulator.cli.play import play
from emulator.cli.run import run
from emulator.docstrings import meaning
from emulator.options import ModemOptions
from emulator.testing import Bench

OPTIONS = list(ModemOptions.__struct_fields__)
IN_PYTHON_ONLY = {"clock", "readers", "port"}
OF_ONE_MODEM = {"ports", "listen", "link", "state", "transcript", "trace", "keylog", "pcap"}
DOCS = Path(__file__).resolve().parent.parent / "docs"


def flags(command: click.Command) -> set[str]:
    """Every name under which the command takes a value."""
    return {str(parameter.name) for parameter in command.params}


@pytest.mark.parametrize("kind", [VirtualModem, Bench])
def test_the_python_api_has_every_option_as_a_parameter(kind: type) -> None:
    """For help() and completion; type checkers see the same."""
    assert set(OPTIONS) <= set(inspect.signature(kind).parameters)


def test_an_unknown_option_is_a_type_error_that_names_the_nearest() -> None:
    """As a misspelt keyword argument anywhere; mypy sees it, too, or the remark would be one too many."""
    with pytest.raises(TypeError, match="argument 'rutes'; the nearest is routes"):
        VirtualModem("HE910", rutes={})  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="argument 'ecco'; the nearest is echo"):
        Bench("HE910", ecco=True)  # type: ignore[call-arg]


def test_type_checkers_see_the_types_of_the_options() -> None:
    """Without a second list of them: each remark would be one too many if mypy saw no mistake."""
    VirtualModem(link=1)  # type: ignore[arg-type]
    VirtualModem(tls_engine="gnutls")  # type: ignore[arg-type]
    Bench(seed="x")  # type: ignore[arg-type]
    VirtualModem(link="modem", state=DOCS, tls_engine="native", routes={"a": "b:1"})


def test_run_has_a_flag_for_every_option_that_can_be_typed() -> None:
    """And the matrix one for each that many modems can have in common."""
    assert set(OPTIONS) - IN_PYTHON_ONLY <= flags(run)
    assert set(OPTIONS) - IN_PYTHON_ONLY - OF_ONE_MODEM - {"firmware"} <= flags(matrix)
    assert not OF_ONE_MODEM & flags(matrix)
    assert {"settings", "scenario", "seed"} <= flags(play)


@pytest.mark.parametrize("option", OPTIONS)
def test_the_docstring_of_an_option_is_its_help(option: str) -> None:
    """On the command line and in the documents."""
    text = meaning(ModemOptions, option)
    help_of_run = " ".join(run.get_help(click.Context(run, terminal_width=1000)).split())

    assert text.endswith(".")
    assert option in {*IN_PYTHON_ONLY, "firmware"} or f"{flag_of(option)} " in help_of_run
    assert option in {*IN_PYTHON_ONLY, "firmware"} or text.replace("`", "") in help_of_run
    assert f"| `{option}` |" in (DOCS / "testing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ports": 0}, "--ports 0: give a number from 1 to 16"),
        ({"ports": 17}, "--ports 17"),
        ({"time_scale": 2.0, "clock": ManualClock()}, "exclude each other"),
        ({"time_scale": -1.0}, "time scale -1"),
    ],
)
def test_a_value_that_no_modem_can_have_is_refused(options: dict[str, object], message: str) -> None:
    """Before anything is started."""
    with pytest.raises(UserError, match=message):
        VirtualModem(**options)  # type: ignore[arg-type]  # the rows know the options
