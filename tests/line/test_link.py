"""The link by which a user finds a port."""

from pathlib import Path

import pytest

from emulator.errors import UserError
from emulator.line.transports.pty.link import PortLink

DEVICE = "/dev/null"


def test_a_link_leads_to_the_port_and_goes_with_it(tmp_path: Path) -> None:
    """It is made at the path that was asked for and leaves nothing behind."""
    link = PortLink(tmp_path / "modem", DEVICE)
    assert (tmp_path / "modem").readlink() == Path(DEVICE)
    assert repr(link) == f"<PortLink {tmp_path}/modem -> {DEVICE}>"

    link.remove()
    link.remove()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stale", ["/dev/pts/no-such-terminal", "/dev/tty", "/dev/null"])
def test_a_stale_link_is_replaced(tmp_path: Path, stale: str) -> None:
    """A link that dangles or leads to a device, as an emulator that was killed leaves it, is in nobody's way."""
    (tmp_path / "modem").symlink_to(stale)
    PortLink(tmp_path / "modem", "/dev/zero")

    assert (tmp_path / "modem").readlink() == Path("/dev/zero")
    assert list(tmp_path.iterdir()) == [tmp_path / "modem"]


def test_a_users_file_is_never_touched(tmp_path: Path) -> None:
    """A file at the path is refused in one line that names it, and stays as it was."""
    precious = tmp_path / "precious"
    precious.write_text("data")
    with pytest.raises(UserError, match=r"/precious: exists and is not a link; .+"):
        PortLink(precious, DEVICE)

    assert precious.read_text() == "data"


def test_a_folder_is_never_touched(tmp_path: Path) -> None:
    """A folder at the path is refused."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match=r"/folder: exists and is not a link; .+"):
        PortLink(tmp_path / "folder", DEVICE)

    assert (tmp_path / "folder").is_dir()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_users_own_link_is_never_touched(tmp_path: Path, kind: str) -> None:
    """A link to a file or a folder was not made by an emulator, and is refused."""
    target = tmp_path / kind
    target.mkdir() if kind == "folder" else target.touch()
    (tmp_path / "mine").symlink_to(target)
    with pytest.raises(UserError, match=r"/mine: links to something other than a terminal; .+"):
        PortLink(tmp_path / "mine", DEVICE)

    assert (tmp_path / "mine").readlink() == target


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The emulator makes no folders; it says which path cannot be."""
    with pytest.raises(UserError, match=r"/missing/modem: its folder does not exist; .+"):
        PortLink(tmp_path / "missing" / "modem", DEVICE)


def test_a_file_in_place_of_a_folder_is_named(tmp_path: Path) -> None:
    """Whatever else the system objects to is passed on in one line."""
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"/file/modem: no link can be made here \(Not a directory\); .+"):
        PortLink(tmp_path / "file" / "modem", DEVICE)


def test_a_link_that_was_taken_over_is_left_alone(tmp_path: Path) -> None:
    """The older of two emulators does not remove the newer one's link, nor a file put there since."""
    older = PortLink(tmp_path / "modem", "/dev/null")
    newer = PortLink(tmp_path / "modem", "/dev/zero")
    older.remove()
    assert (tmp_path / "modem").readlink() == Path("/dev/zero")

    (tmp_path / "modem").unlink()
    (tmp_path / "modem").touch()
    newer.remove()
    assert (tmp_path / "modem").is_file()


def test_a_replacement_that_fails_leaves_nothing_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old link stays, and the new one's temporary name is gone."""

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(1, "Operation not permitted")

    (tmp_path / "modem").symlink_to("/dev/null")
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(UserError, match="Operation not permitted"):
        PortLink(tmp_path / "modem", "/dev/zero")

    assert [path.readlink() for path in tmp_path.iterdir()] == [Path("/dev/null")]


def test_a_relative_path_is_remembered_as_it_was_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that changes its folder still removes its own link."""
    monkeypatch.chdir(tmp_path)
    link = PortLink(Path("modem"), DEVICE)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    link.remove()

    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]
