"""examples/bare_metal: a program for an Arm board without an operating system, in QEMU, and its module at a port."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from emulator import VirtualModem
from emulator.firmware.loader import load_firmware
from emulator.firmware.selection import distinct_firmwares
from emulator.host_program import HostRun
from emulator.lab.http_server import HttpServer
from emulator.resources import CERTS
from tests.docs.pages import ROOT, blocks, environment, run_console, running
from tests.peers.processes import free_port
from tests.peers.unpacked import unpacked_environment, unpacked_program

pytestmark = pytest.mark.slow

EXAMPLE = ROOT / "examples" / "bare_metal"
SIDE_BY_SIDE = 3


@pytest.fixture(scope="module")
def tools() -> dict[str, str]:
    """The environment in which compiler and QEMU are found; skipped by name where one is not there."""
    if shutil.which("make") is None:
        pytest.skip("the image is built with make")
    programs = {"arm-none-eabi-gcc": "gcc-arm-none-eabi", "arm-none-eabi-ld": "binutils-arm-none-eabi"}
    programs["qemu-system-arm"] = "qemu-system-arm"
    folders = [str(Path(unpacked_program(name, package)).parent) for name, package in programs.items()]
    return {**unpacked_environment(), "PATH": os.pathsep.join([*folders, environment()["PATH"]])}


@pytest.fixture(scope="module")
def image(tools: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which it was built."""
    return built(tmp_path_factory.mktemp("bare_metal"), tools)


def built(folder: Path, tools: dict[str, str], *options: str) -> Path:
    """Where it was built."""
    subprocess.run(["make", "--silent", "-C", EXAMPLE, f"BUILD={folder}", *options], env=tools, check=True)
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[HttpServer]:
    with HttpServer() as server:
        yield server


def upload(firmware: str, server: HttpServer, image: Path, tools: dict[str, str], *late: str) -> HostRun:
    """QEMU dials the module's port; what it says first may be late by so many seconds."""
    routes = {"http.lab:443": server.address}
    with VirtualModem(firmware, listen=["tcp:127.0.0.1:0"], routes=routes) as modem:
        for seconds in late:
            modem.faults.add("bytes-late", at="typed", byte=0, duration=seconds)
        command = ["make", "--silent", "-C", str(EXAMPLE), f"BUILD={image}", "run", "MODULE={port}"]
        return modem.run(command, environment=tools)


def test_an_image_uploads_over_tls_on_every_behaviour_that_has_ssl(
    image: Path, server: HttpServer, tools: dict[str, str]
) -> None:
    """The same image; the server has got one report more from each."""
    before = reports(server)
    names = [one.name for one in distinct_firmwares() if load_firmware(one.name).profile.secure_socket is not None]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        runs = list(pool.map(lambda name: upload(name, server, image, tools), names))

    assert [] == [(name, run) for name, run in zip(names, runs, strict=True) if run.exit_code != 0]
    assert len(names) == reports(server) - before
    assert all("AT#SSLD=1,443" in run.output and run.output.endswith("uploaded\n") for run in runs)


def reports(server: HttpServer) -> int:
    """How many it has got."""
    return sum(request.target == "/report" for request in server.requests)


def test_a_module_that_answers_late_is_understood(image: Path, server: HttpServer, tools: dict[str, str]) -> None:
    """The program has said AT again meanwhile, and each is answered in the end."""
    run = upload("HE910", server, image, tools, "2.5 s")

    assert (0, True) == (run.exit_code, run.output.endswith("uploaded\n")), run


def test_the_exit_code_says_where_it_failed(
    image: Path, server: HttpServer, tools: dict[str, str], tmp_path: Path
) -> None:
    """A firmware without SSL, and an image with another CA's certificate."""
    without = upload("GE865-QUAD@10.00.004", server, image, tools)
    another = built(tmp_path, tools, f"CA={CERTS / 'public-demo-other-ca.pem'}")
    untrusted = upload("HE910", server, another, tools)

    assert "Error 6" in without.errors
    assert "Error 7" in untrusted.errors
    assert "not uploaded\n" in untrusted.output


def test_the_example_says_how_it_is_built_and_run(tools: dict[str, str], tmp_path: Path) -> None:
    """In a copy; the commands of its page run as printed, but at a free port."""
    shutil.copytree(EXAMPLE, tmp_path / "examples" / "bare_metal")
    shutil.copytree(CERTS, tmp_path / "certs")
    page, folder = "examples/bare_metal/README.md", tmp_path / "examples" / "bare_metal"
    port = str(free_port())
    build, run, matrix = (text.replace("4000", port) for text in blocks(page, "console"))
    run_console(build, folder, tools)
    (module,) = blocks(page, "sh")
    with running(module.replace("4000", port), folder, "is ready on"):
        run_console(run, folder, {**tools, "MODULE": f"tcp:127.0.0.1:{port}"})
    run_console(matrix, folder, tools)
