"""Firmwares by name, users' own profiles, and what is said when there is no such thing."""

from pathlib import Path

import pytest

from emulator.errors import UserError
from emulator.firmware.loader import Firmware, load_firmware


def written(folder: Path, text: str, name: str = "own.toml") -> str:
    """The path of a profile with this text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def complaint(spec: str, *overrides: str) -> str:
    """The one line that refuses to load this."""
    with pytest.raises(UserError) as caught:
        load_firmware(spec, overrides)
    message = str(caught.value)
    assert message.splitlines() == [message]
    return message


def inactivity(firmware: Firmware) -> int | None:
    assert firmware.profile.secure_socket is not None
    return firmware.profile.secure_socket.inactivity.default


@pytest.mark.parametrize("spec", ["ge864-quad-automotive-v2", "GE864-QUAD-AUTOMOTIVE-V2@10.00.007"])
def test_names_are_found_in_any_case(spec: str) -> None:
    """The name that is shown is spelt as in the guide."""
    assert load_firmware(spec).name == "GE864-QUAD-Automotive-V2@10.00.007"


@pytest.mark.parametrize("spec", ["GL865-QUAD V3", "gl865-quad-v3", "GL865-QUAD  v3@16.00.003"])
def test_a_blank_in_a_name_may_be_a_hyphen(spec: str) -> None:
    """The name that is shown needs no quotes; the module prints the guide's."""
    firmware = load_firmware(spec)

    assert ("GL865-QUAD-V3@16.00.003", "GL865-QUAD V3") == (firmware.name, firmware.profile.identity.model)


def test_the_firmware_says_where_it_comes_from() -> None:
    """Model, version and file can be asked for."""
    firmware = load_firmware("HE910@12.00.225")

    assert (firmware.model, str(firmware.version)) == ("HE910", "12.00.225")
    assert Path(firmware.source).name == "12.00.toml"


def test_a_firmware_is_loaded_once() -> None:
    """Many modems of one firmware share its profile."""
    assert load_firmware("HE910", ["network.signal=3"]) is load_firmware("HE910", ["network.signal=3"])


def test_a_model_that_does_not_exist_suggests_the_nearest() -> None:
    """A typing error is mended by reading the message."""
    assert complaint("HE91O") == "no model 'HE91O'; the nearest is HE910"


def test_a_model_like_no_other_points_to_the_list() -> None:
    """Nothing is suggested that has nothing to do with it."""
    assert complaint("§§§") == "no model '§§§'; `telit-emulator profiles` lists them"


@pytest.mark.parametrize("version", ["", "12", "12.00.x04", "latest"])
def test_a_version_of_another_form_is_shown_how_one_reads(version: str) -> None:
    """An empty one after @ is a mistake, not the default."""
    assert complaint(f"HE910@{version}") == f"{version!r} is no version; one reads like 12.00.004"


def test_a_version_of_another_line_names_the_models_own() -> None:
    """A GE865 cannot run what was made for HE910."""
    for version in ("12.00.004", "10.10.000"):
        expected = f"GE865-QUAD runs versions 10.0x, not {version}; its default version is 10.00.007"

        assert expected == complaint(f"GE865-QUAD@{version}")


def test_an_own_profile_changes_single_values(tmp_path: Path) -> None:
    """All else is that of the firmware it extends."""
    path = written(tmp_path, 'extends = "ge865-quad@10.00.017"\n[secure_socket.inactivity]\ndefault = 30\n')

    firmware = load_firmware(path)

    assert inactivity(firmware) == 30
    assert ("GE865-QUAD@10.00.017", path) == (firmware.name, firmware.source)
    assert load_firmware("GE865-QUAD").profile.errors == firmware.profile.errors


def test_an_own_profile_has_its_own_name(tmp_path: Path) -> None:
    """What it is based on stays known."""
    firmware = load_firmware(written(tmp_path, 'extends = "HE910"\nname = "board 7"\n'))

    assert (firmware.name, firmware.model, str(firmware.version)) == ("board 7", "HE910", "12.00.004")


def test_an_own_profile_may_extend_another_file(tmp_path: Path) -> None:
    """Paths are relative to the file that names them, and the file nearest to the user wins."""
    written(tmp_path, 'extends = "HE910"\nname = "base"\n[network]\nsignal = 5\nbit_errors = 3\n', "shared/base.toml")

    firmware = load_firmware(
        written(tmp_path, 'extends = "../shared/base.toml"\n[network]\nsignal = 9\n', "a/own.toml")
    )

    assert (firmware.profile.network.signal, firmware.profile.network.bit_errors) == (9, 3)
    assert firmware.name == "base"


def test_an_own_profile_may_make_a_new_model_of_a_line(tmp_path: Path) -> None:
    """The line's facts at that release, under the new name."""
    text = 'extends = "12.00"\nmodel = "XE910"\nversion = "12.00.225"\n'

    firmware = load_firmware(written(tmp_path, text))

    assert (firmware.name, firmware.profile.identity.model) == ("XE910@12.00.225", "XE910")
    assert firmware.profile.secure_socket is not None
    assert firmware.profile.secure_socket.ring_modes.allows(1)


def test_a_new_model_of_a_line_may_have_any_version_that_the_line_covers(tmp_path: Path) -> None:
    """A higher one has what releases have brought."""
    text = 'extends = "12.00"\nmodel = "XE910"\nversion = "{}"\n'

    firmware = load_firmware(written(tmp_path, text.format("12.01.000")))

    assert ("XE910@12.01.000", "12.00") == (firmware.name, firmware.line)
    assert firmware.profile.secure_socket is not None
    assert firmware.profile.secure_socket.ring_modes.allows(1)
    refusal = complaint(written(tmp_path, text.format("12.10.000")))
    assert refusal.endswith("version 12.10.000 is not of line 12.00, which the profile extends")


def test_an_own_profile_of_a_line_may_name_one_of_its_models(tmp_path: Path) -> None:
    """It is then the same as extending that firmware."""
    text = 'extends = "12.00"\nmodel = "he910"\nversion = "12.00.003"\n'

    firmware = load_firmware(written(tmp_path, text))

    assert firmware.name == "HE910@12.00.003"
    assert firmware.profile.secure_socket is None


def test_an_own_profile_may_start_from_the_common_facts(tmp_path: Path) -> None:
    """It then brings what the lines would."""
    text = """
        extends = "common"
        model = "XX1"
        version = "99.00.001"
        [settings]
        "+IPR" = { choices = [115200], default = 115200 }
    """

    firmware = load_firmware(written(tmp_path, text))

    assert ("XX1@99.00.001", "99.00") == (firmware.name, firmware.line)


def test_an_own_profile_is_read_again_after_a_change(tmp_path: Path) -> None:
    """An edited file counts at once, in the same process."""
    path = written(tmp_path, 'extends = "HE910"\n[network]\nsignal = 5\n')
    before = load_firmware(path).profile.network.signal
    written(tmp_path, 'extends = "HE910"\n[network]\nsignal = 6\n')

    after = load_firmware(path).profile.network.signal

    assert (before, after) == (5, 6)


def test_a_range_takes_the_place_of_choices_and_the_other_way_round(tmp_path: Path) -> None:
    """A profile that corrects one need not take back the other."""
    text = """
        extends = "HE910"
        [secure_socket]
        closure_types = { range = [0, 1] }
        inactivity = { choices = [0, 90] }
    """

    socket = load_firmware(written(tmp_path, text)).profile.secure_socket

    assert socket is not None
    assert (socket.closure_types.choices, socket.closure_types.range, socket.closure_types.default) == (None, (0, 1), 0)
    assert (socket.inactivity.choices, socket.inactivity.range, socket.inactivity.default) == ((0, 90), None, 90)


def test_a_version_without_ssl_refuses_settings_for_it(tmp_path: Path) -> None:
    """What would have no effect is not taken in silence."""
    path = written(tmp_path, 'extends = "GE865-QUAD@10.00.004"\n[secure_socket]\nsend_limit = 10\n')
    reason = "secure_socket cannot be set, GE865-QUAD@10.00.004 has no SSL; it came with 10.00.005"

    assert complaint(path) == f"{path}: {reason}"
    assert complaint("GE865-QUAD@10.00.004", "cipher_default=10") == f"--set cipher_default: {reason}"
