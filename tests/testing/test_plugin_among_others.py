"""The pytest plugin in a project that has options, folders and strict ways of its own."""

import os
import subprocess
import sys

import pytest

_OPTIONS = """
def pytest_addoption(parser):
    parser.addoption("--firmware", default="")
    parser.addoption("--modem-port", default="")
"""
_SERVERS = """
def test_servers(modem, tls_server, tcp_server, ftps_server, http_server, mqtt_broker, smtp_server):
    tls_server(), tcp_server(), ftps_server(), http_server(), mqtt_broker(), smtp_server()
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder of a team that has installed the emulator."""
    pytester.makeini("[pytest]\naddopts = -p no:cacheprovider -p no:asyncio\ntestpaths = tests")
    pytester.mkdir("tests")
    return pytester


def _write(project: pytest.Pytester, **files: str) -> None:
    for name, text in files.items():
        (project.path / "tests" / f"{name}.py").write_text(text)


def test_warnings_may_be_errors(project: pytest.Pytester) -> None:
    """The libraries of the lab warn when they are imported; whoever uses the fixtures has no part in that."""
    _write(project, test_it=_SERVERS)

    result = project.runpytest_subprocess("-W", "error")

    result.assert_outcomes(passed=1)


def test_options_of_the_same_names_belong_to_the_project(project: pytest.Pytester) -> None:
    """The plugin's own have long names."""
    test = "def test_it(modem, firmware, pytestconfig):\n"
    test += "    assert (pytestconfig.getoption('--firmware'), firmware[:5]) == ('mine', 'GE865')"
    _write(project, conftest=_OPTIONS, test_it=test)

    result = project.runpytest_subprocess("--firmware", "mine", "--telit-firmware", "GE865-QUAD", "--modem-port=x")

    result.assert_outcomes(passed=1)


def test_short_options_are_the_plugin_s_where_they_are_free(project: pytest.Pytester) -> None:
    """Their values are taken for no folder of tests: the conftest of `testpaths` is loaded as without them."""
    test = "def test_it(modem, firmware, pytestconfig):\n"
    test += "    assert (pytestconfig.getoption('--other'), firmware[:5]) == ('y', 'GE865')"
    _write(project, conftest=_OPTIONS.replace("firmware", "other").replace("modem-port", "more"), test_it=test)

    result = project.runpytest_subprocess("--firmware", "GE865-QUAD", "--other", "y")

    result.assert_outcomes(passed=1)


_ENTRY = ["-p", "no:telit-emulator", "-p", "telit_emulator"]
"""The plugin by the name of its module: an environment may have been installed long ago."""


def _run(project: pytest.Pytester, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": ""}
    return subprocess.run(command, cwd=project.path, env=environment, capture_output=True, text=True, timeout=120)


def _told(done: "subprocess.CompletedProcess[str]") -> list[str]:
    return [line for line in done.stdout.splitlines() if line.startswith("telit-emulator: ")]


@pytest.mark.parametrize("quiet", [[], ["-q"]], ids=["header", "quiet"])
def test_a_folder_that_hides_the_package_is_named_in_a_line(project: pytest.Pytester, quiet: list[str]) -> None:
    """The project's own tests run; there are no fixtures."""
    project.mkpydir("emulator")
    _write(project, test_it="def test_it(): import emulator; assert not hasattr(emulator, 'VirtualModem')")

    done = _run(project, "-m", "pytest", *_ENTRY, *quiet)

    folder = project.path / "emulator"
    assert _told(done) == [
        f"telit-emulator: no fixtures: {folder} has the name of the emulator's package and hides it; "
        "rename it, or run `pytest` in the place of `python -m pytest`"
    ]
    assert "1 passed" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_folder_that_the_package_hides_is_named_in_a_line(project: pytest.Pytester) -> None:
    """The project's own tests would import another one."""
    project.mkpydir("emulator")
    _write(project, test_it="def test_it(): pass")

    done = _run(project, "-P", "-m", "pytest", *_ENTRY)

    folder = project.path / "emulator"
    assert _told(done) == [
        f"telit-emulator: {folder} is hidden by the emulator's package, which has its name; rename it, "
        "or leave the plugin out by -p no:telit-emulator"
    ]


def test_the_command_names_what_hides_the_package(project: pytest.Pytester) -> None:
    """In a line, with exit code 2."""
    project.mkpydir("emulator")

    done = _run(project, "-c", "import telit_emulator; telit_emulator.main()")

    assert done.returncode == 2
    assert done.stderr == (
        f"telit-emulator: {project.path / 'emulator'} has the name of the emulator's package and hides it; rename it, "
        "or leave its folder out of PYTHONPATH\n"
    )
