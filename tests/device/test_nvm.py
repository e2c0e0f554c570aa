"""The module's memory on disk, and what becomes of one that is damaged, foreign or another firmware's."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from emulator.device.memory.content import VERSION
from emulator.device.memory.factory import factory_nvm, fitted
from emulator.device.memory.file import NvmFile
from emulator.device.memory.medium import Medium
from emulator.device.memory.settings import UserProfile
from emulator.device.memory.store import NvmStore
from emulator.device.network.contexts import ContextDefinition
from emulator.device.ssl.configuration import SocketConfiguration, factory_settings
from emulator.device.ssl.item import SecurityItem
from emulator.errors import Cause, DeviceError, UserError
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from tests.commands.ssl_bench import HOST, cme, information, prepare, succeed
from tests.peers.pki import ROOT

_FIRMWARE = load_firmware("HE910")
assert _FIRMWARE.profile.secure_socket is not None
_SSL = factory_settings(_FIRMWARE.profile.secure_socket)
"""What a secure socket has from the factory."""


def _store(folder: Path) -> NvmFile:
    return NvmFile(folder, _FIRMWARE)


def _builtins() -> dict[str, object]:
    """The factory's content, as a file holds it."""
    return dict(msgspec.to_builtins(factory_nvm(_FIRMWARE), enc_hook=dict))


def test_what_was_saved_is_there_again(tmp_path: Path) -> None:
    """In a folder that is made, in a file that nobody else may read."""
    folder = tmp_path / "a" / "b"
    store = _store(folder)
    with store.change() as nvm:
        nvm.secure_sockets[1] = replace(_SSL, security_data={1: SecurityItem("DER", bytes(range(256)))})
    store.close()
    path = folder / "nvm.json"
    assert 0o600 == path.stat().st_mode & 0o777
    again = _store(folder)
    assert store.content == again.content
    again.close()


@pytest.mark.parametrize("step", ["tempfile.mkstemp", "os.write", "os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_crash_while_saving_leaves_the_old_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    """Before the rename nothing has changed, and nothing half written stays."""

    def crash(*arguments: object, **options: object) -> None:
        raise error

    store = _store(tmp_path)
    with store.change():
        pass
    before = (tmp_path / "nvm.json").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(step, crash)
        with pytest.raises((DeviceError, KeyboardInterrupt)) as caught, store.change() as nvm:
            nvm.restart_mode = 3
    assert 0 == store.content.restart_mode
    if isinstance(caught.value, DeviceError):
        assert caught.value.cause is Cause.MEMORY_FAILURE
    assert before == (tmp_path / "nvm.json").read_bytes()
    assert ["lock", "nvm.json"] == sorted(path.name for path in tmp_path.iterdir())
    store.close()


def test_a_state_that_is_in_its_place_counts_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be synchronized fails no change: what the host is told is what the next start finds."""

    def fail(medium: Medium, folder: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Medium, "sync_folder", fail)
    store = _store(tmp_path)
    with store.change() as nvm:
        nvm.restart_mode = 3
    store.close()
    again = _store(tmp_path)
    assert (3, 3) == (store.content.restart_mode, again.content.restart_mode)
    again.close()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[]", b'{"format": 5}', b"[" * 10**6, b'{"format":' * 10**5]
)
def test_a_damaged_file_is_set_aside_and_named(tmp_path: Path, content: bytes) -> None:
    """One line says so; the next start is from the factory."""
    path = tmp_path / "nvm.json"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"is damaged .* set aside as nvm\.json\.damaged"):
        _store(tmp_path)
    assert content == (tmp_path / "nvm.json.damaged").read_bytes()
    _store(tmp_path).close()


def test_a_damaged_file_that_cannot_be_set_aside_is_named_all_the_same(tmp_path: Path) -> None:
    """A folder has the name that it would get."""
    (tmp_path / "nvm.json").write_bytes(b"{")
    (tmp_path / "nvm.json.damaged").mkdir()
    with pytest.raises(UserError, match=r"is damaged .* remove it"):
        _store(tmp_path)


def test_a_state_with_unknown_fields_is_damaged(tmp_path: Path) -> None:
    """Nothing that is not understood is dropped silently."""
    (tmp_path / "nvm.json").write_bytes(msgspec.json.encode(_builtins() | {"surprise": 1}))
    with pytest.raises(UserError, match="surprise"):
        _store(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "something else"}, "not a state of this emulator"),
        ({"version": 99}, "state version 99, this emulator reads 1, 2"),
        ({"model": "GE865-QUAD"}, "belongs to GE865-QUAD, not HE910"),
    ],
)
def test_a_state_that_is_another_ones_is_left_alone(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    """Refused with what mends it; the file stays where it is."""
    content = msgspec.json.encode(_builtins() | changes)
    (tmp_path / "nvm.json").write_bytes(content)
    with pytest.raises(UserError, match=message):
        _store(tmp_path)
    assert content == (tmp_path / "nvm.json").read_bytes()


def test_a_folder_serves_one_emulator_at_a_time(tmp_path: Path) -> None:
    """The second is told; when the first has gone it may."""
    first = _store(tmp_path)
    with pytest.raises(UserError, match="another emulator uses this folder"):
        _store(tmp_path)
    first.close()
    _store(tmp_path).close()


def test_what_a_killed_emulator_has_left_is_swept_away(tmp_path: Path) -> None:
    """Under the lock, so that no other's write is lost; other files are nobody's business."""
    for name in (".nvm-abc123", ".nvm-def456", ".nvmrc", "notes"):
        (tmp_path / name).write_text("private")
    store = _store(tmp_path)
    assert [".nvmrc", "lock", "notes"] == sorted(path.name for path in tmp_path.iterdir())
    (tmp_path / ".nvm-at-work").write_text("")
    with pytest.raises(UserError):
        _store(tmp_path)
    assert (tmp_path / ".nvm-at-work").exists()
    store.close()


def test_a_lock_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    """What it leads to is left as it is, and the user is told."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    folder = tmp_path / "state"
    folder.mkdir()
    (folder / "lock").symlink_to(victim)
    with pytest.raises(UserError, match="lock is a symbolic link; remove it"):
        _store(folder)
    assert "precious" == victim.read_text()


def test_a_lock_is_not_written_to(tmp_path: Path) -> None:
    """Whatever stands in a file of that name stays there."""
    (tmp_path / "lock").write_text("precious")
    _store(tmp_path).close()
    assert "precious" == (tmp_path / "lock").read_text()


@pytest.mark.parametrize("mask", [0, 0o022, 0o277])
def test_a_new_folder_is_its_owners_alone(tmp_path: Path, mask: int) -> None:
    """Whatever the umask is; private keys will be in it."""
    before = os.umask(mask)
    try:
        _store(tmp_path / "state").close()
    finally:
        os.umask(before)
    assert 0o700 == (tmp_path / "state").stat().st_mode & 0o777


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A file in its place; a state that cannot be read."""
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(UserError, match="name a folder that can be written"):
            _store(folder)
    (tmp_path / "nvm.json").mkdir()
    with pytest.raises(UserError, match="mend its permissions"):
        _store(tmp_path)


def test_values_that_a_firmware_does_not_have_get_its_factory_values() -> None:
    """As after a change of firmware; what fits is kept."""
    contexts = {
        1: ContextDefinition("IP", "kept"),
        2: ContextDefinition("X25", "gone"),
        77: ContextDefinition("IP", "gone"),
    }
    content = replace(
        factory_nvm(_FIRMWARE),
        secure_sockets={
            1: replace(
                _SSL,
                cipher_suite=9,
                authentication=9,
                configuration=SocketConfiguration(500, 60, 70, 8, ring_mode=2),
            )
        },
        interface_style=9,
        network_time=999,
        contexts=contexts,
    )
    expected = replace(factory_nvm(_FIRMWARE), contexts={1: contexts[1]}, secure_sockets={1: _SSL})
    assert expected == fitted(content, _FIRMWARE)


def test_what_fits_is_left_as_it_is() -> None:
    """A stored configuration of another release, where all its values exist."""
    ringing = load_firmware("HE910-EUD@12.00.225")
    content = replace(
        factory_nvm(ringing),
        secure_sockets={
            1: replace(
                _SSL,
                cipher_suite=4,
                authentication=2,
                configuration=SocketConfiguration(500, 60, 70, 8, ring_mode=2),
            )
        },
    )
    assert content == fitted(content, ringing)


def test_security_settings_of_another_release_become_the_factorys_one_by_one() -> None:
    """Versions and suites that this firmware has stay."""
    firmware = load_firmware("LE910-V2")
    assert firmware.profile.secure_socket is not None
    kept = replace(factory_settings(firmware.profile.secure_socket), cipher_suite=5, version=9, server_name=1)

    fit = fitted(replace(factory_nvm(firmware), secure_sockets={1: kept}), firmware).secure_sockets[1]

    assert (fit.cipher_suite, fit.version, fit.server_name) == (5, 1, 1)


async def test_a_memory_of_a_newer_release_does_no_harm_to_an_older_one(tmp_path: Path) -> None:
    """The module runs, SSL commands answer, and a dial says what is wrong with the stored data."""
    firmware = load_firmware("HE910-EUD@12.00.225")
    store = NvmFile(tmp_path, firmware)
    with store.change() as nvm:
        nvm.secure_sockets[1] = replace(
            _SSL,
            enabled=True,
            cipher_suite=7,
            authentication=1,
            security_data={1: SecurityItem("PEM", b"no certificate"), 9: SecurityItem("DER", b"?")},
        )
        nvm.profiles = {0: UserProfile({"S7": 999, "S99": 1, "+CMEE": 7}), 5: UserProfile({})}
        nvm.base_profile, nvm.full_profile = 7, 8
        nvm.restart_mode, nvm.restart_delay = 2, -5
    store.close()
    async with Bench("HE910-EUD@12.00.004", state=tmp_path) as bench:
        assert information("#SSLSECCFG: 1,0,1") == await bench.command("AT#SSLSECCFG?")
        assert information("#SSLSECDATA: 1,0,1,0") == await bench.command("AT#SSLSECDATA?")
        assert information("060") == await bench.command("ATS7?")
        await succeed(bench, "AT+CMEE=1", "AT+CGDCONT=1,IP,apn", "ATZ")
        await bench.command("ATE0")
        await succeed(bench, "AT+CMEE=1")
        await bench.command("AT#SGACT=1,1")
        assert cme(837) == await bench.command(f'AT#SSLD=1,443,"{HOST}",0,1')


async def test_security_data_can_be_put_in_before_the_host_comes(tmp_path: Path) -> None:
    """Guide 3.3, note on SUPL; what is stored already stays."""
    path = tmp_path / "ca.pem"
    path.write_bytes(ROOT.pem)
    async with Bench("HE910", settings=[f"security_data.ca_certificate={path}"], state=tmp_path) as bench:
        await prepare(bench)
        assert information("#SSLSECDATA: 1,1", ROOT.pem.decode()) == await bench.command("AT#SSLSECDATA=1,2,1")
    path.write_bytes(b"no matter")
    async with Bench("HE910", settings=[f"security_data.ca_certificate={path}"], state=tmp_path) as bench:
        assert information("#SSLSECDATA: 1,1", ROOT.pem.decode()) == await bench.command("AT#SSLSECDATA=1,2,1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("security_data.certificat={path}", "there is no security data 'certificat'"),
        ("security_data.private_key={path}", "the module does not take this file"),
        ("security_data.private_key={path}.missing", "name a file that can be read"),
    ],
)
async def test_a_wrong_preload_is_told_to_the_user(tmp_path: Path, text: str, message: str) -> None:
    """With the setting that was wrong."""
    path = tmp_path / "ca.pem"
    path.write_bytes(ROOT.pem)

    with pytest.raises(UserError, match=message):
        async with Bench("HE910", settings=[text.format(path=path)]):
            raise AssertionError("it starts all the same")


def test_a_memory_without_a_file_lasts_as_long_as_the_modem() -> None:
    """Each run starts as from the factory."""
    store = NvmStore(factory_nvm(_FIRMWARE))
    with store.change() as nvm:
        nvm.restart_mode = 3
    store.close()
    assert 3 == store.content.restart_mode
    assert 0 == factory_nvm(_FIRMWARE).restart_mode


def test_a_state_of_a_former_version_is_read(tmp_path: Path) -> None:
    """With every value; written again without a change it holds them all, and the factory's for what came later.

    Version 1 knew one secure socket, whose settings, certificates and keys are those of SSId 1 since.
    """
    former = (Path(__file__).parent / "states" / "he910.json").read_bytes()
    path = tmp_path / "nvm.json"
    path.write_bytes(former)
    store = _store(tmp_path)
    with store.change():
        pass
    store.close()
    again = msgspec.json.decode(path.read_bytes())
    assert again == _with_what_came_later(msgspec.json.decode(former), again | _builtins())


def _with_what_came_later(former: dict[str, Any], factory: dict[str, Any]) -> dict[str, Any]:
    """Add the factory's values to a state that lacks them, also within the card and the secure socket."""
    card = {"second": None} | former["card"]
    extension = dict.fromkeys(
        ("immediate_response", "command_closure", "fast_ring", "linger_time", "datagram_mode", "send_timeout"), 0
    )
    former["plain_sockets"] = {number: extension | kept for number, kept in former["plain_sockets"].items()}
    later = {"address_allocation": 0, "request_type": 0}
    contexts = {cid: later | context for cid, context in former["contexts"].items()}
    added = {"equal_pieces": 0, "connection_timeout": 0, "cid": 1}
    extended = {"version": 0, "server_name": 0, "preloaded_ca": 0, "custom_ca": 0}
    socket = extended | {
        "enabled": former.pop("ssl_enabled"),
        "cipher_suite": former.pop("cipher_suite"),
        "authentication": former.pop("authentication"),
        **dict.fromkeys(("version", "server_name", "preloaded_ca", "custom_ca"), 0),
        "configuration": added | former.pop("socket_configuration"),
        "security_data": former.pop("security_data"),
    }
    return factory | former | {"version": VERSION, "card": card, "contexts": contexts, "secure_sockets": {"1": socket}}
