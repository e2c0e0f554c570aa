"""The link by which a user finds a port."""

import subprocess
import sys
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
    link = PortLink(tmp_path / "modem", "/dev/zero")

    assert link.path.readlink() == Path("/dev/zero")
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


def test_a_link_of_an_emulator_that_runs_is_refused(tmp_path: Path) -> None:
    """By whatever name; once it is removed, another one may have it."""
    (tmp_path / "alias").symlink_to(tmp_path)
    first = PortLink(tmp_path / "modem", "/dev/null")
    for path in (tmp_path / "modem", tmp_path / "alias" / "modem"):
        with pytest.raises(
            UserError, match=r"/modem: an emulator that runs has this link; end it, or name another path"
        ):
            PortLink(path, "/dev/zero")
    assert (tmp_path / "modem").readlink() == Path("/dev/null")

    first.remove()
    PortLink(tmp_path / "modem", "/dev/zero").remove()
    assert [path.name for path in tmp_path.iterdir()] == ["alias"]


def test_the_link_of_an_emulator_that_was_killed_is_replaced(tmp_path: Path) -> None:
    """The claim ends with its process, and the link stays."""
    program = "import sys, os, signal, pathlib; from emulator.line.transports.pty.link import PortLink; "
    program += "link = PortLink(pathlib.Path(sys.argv[1]), '/dev/null'); os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "modem")], check=False, timeout=60)
    assert (tmp_path / "modem").readlink() == Path("/dev/null")

    PortLink(tmp_path / "modem", "/dev/zero").remove()
    assert list(tmp_path.iterdir()) == []


def test_a_claim_is_given_back_when_no_link_can_be_made(tmp_path: Path) -> None:
    """What is mended can be tried again in the same process."""
    (tmp_path / "modem").touch()
    with pytest.raises(UserError, match="exists and is not a link"):
        PortLink(tmp_path / "modem", DEVICE)
    (tmp_path / "modem").unlink()

    PortLink(tmp_path / "modem", DEVICE).remove()


def test_a_file_that_was_put_in_the_place_of_the_link_is_left_alone(tmp_path: Path) -> None:
    """And so is a link that leads elsewhere."""
    for target in (None, "/dev/zero"):
        link = PortLink(tmp_path / "modem", "/dev/null")
        link.path.unlink()
        link.path.touch() if target is None else link.path.symlink_to(target)
        link.remove()
        assert [path.name for path in tmp_path.iterdir()] == ["modem"]
        link.path.unlink()


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
