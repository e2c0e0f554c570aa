"""What the guest boots: Debian's kernel, and a first file system of busybox, pppd, chat and openssl."""

import functools
import lzma
import subprocess
from pathlib import Path

import pytest

from tests.peers.guest.cpio import Archive
from tests.peers.unpacked import unpacked_environment, unpacked_folder, unpacked_program

_MODULES = ("net/slip/slhc.ko", "net/ppp/ppp_generic.ko", "net/ppp/ppp_async.ko")
"""In the order in which they are loaded."""
_PROGRAMS = {"pppd": "ppp", "chat": "ppp", "openssl": "openssl"}
"""Each with its Debian package."""

_INIT = Path(__file__).parent / "init.sh"


@functools.cache
def kernel() -> Path:
    """The kernel's image; the test is skipped, by name, where there is none that has PPP."""
    modules = _modules_folder()
    return _unpacked(f"boot/vmlinuz-{modules.parents[1].name}")


@functools.cache
def file_system() -> bytes:
    """The first file system, as an archive."""
    archive = Archive()
    archive.add_file("init", _INIT.read_bytes(), 0o755)
    for folder in ("dev", "etc/ppp/peers", "proc", "root", "run", "sys", "tmp", "var/lock", "var/run"):
        archive.add_folder(folder)
    archive.add_file("bin/busybox", Path(unpacked_program("busybox", "busybox-static")).read_bytes(), 0o755)
    for path in [unpacked_program(name, package) for name, package in _PROGRAMS.items()]:
        archive.add_file(f"usr/sbin/{Path(path).name}", Path(path).read_bytes(), 0o755)
        for library in _libraries(path):
            folder = "lib64" if library.name.startswith("ld-linux") else "lib/x86_64-linux-gnu"
            archive.add_file(f"{folder}/{library.name}", library.read_bytes(), 0o755)
    archive.add_file("usr/lib/ssl/openssl.cnf", b"")
    for number, name in enumerate(_MODULES):
        archive.add_file(f"lib/modules/{number}.ko", _module(name))
    return bytes(archive)


def _modules_folder() -> Path:
    """The folder of the kernel's drivers, in lib/modules/VERSION/kernel/drivers."""
    ppp = "lib/modules/*/kernel/drivers/net/ppp"
    return _unpacked(ppp, f"usr/{ppp}").parents[1]


def _module(name: str) -> bytes:
    """A driver, which some releases compress."""
    path = _modules_folder() / name
    return path.read_bytes() if path.exists() else lzma.decompress(path.with_suffix(".ko.xz").read_bytes())


def _unpacked(*patterns: str) -> Path:
    path = next(filter(None, map(unpacked_folder, patterns)), None)
    if path is None:
        pytest.skip("a kernel with PPP is not there (Debian package linux-image-amd64): scripts/test unpacks it")
    return path


def _libraries(program: str) -> list[Path]:
    """The shared libraries that a program is linked with, the loader among them."""
    listed = subprocess.run(["ldd", program], env=unpacked_environment(), capture_output=True, text=True, check=True)
    words = [word for line in listed.stdout.splitlines() for word in line.split()]
    return [Path(word) for word in words if word.startswith("/")]
