"""The fixture `explore`, as a project uses it that wants to know what breaks its host."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

_HOST = """
import os, sys, time

def open_port(port):
    return os.open(port, os.O_RDWR | os.O_NOCTTY)

def ask(modem, line, until=b"OK\\r\\n"):
    os.write(modem, line)
    heard = b""
    while until not in heard:
        assert b"ERROR" not in heard, heard
        heard += os.read(modem, 1000)
    return heard

def send(port, times=1, data=b"0123456789abcdef\\r\\n"):
    modem = open_port(port)
    ask(modem, b"ATE0\\r")
    ask(modem, b'AT+CGDCONT=1,"IP","internet"\\r')
    ask(modem, b"AT#SGACT=1,1\\r")
    for _ in range(times):
        ask(modem, b"AT#SD=1,0,7,echo.lab,0,0,1\\r")
        ask(modem, b"AT#SSEND=1\\r", b"> ")
        ask(modem, data + b"\\x1a")
        ask(modem, b"AT#SH=1\\r")

def send_twice(port):
    send(port, 2)

def reads_once(port):
    modem = open_port(port)
    ask(modem, b"ATE0\\r")
    os.write(modem, b"AT+CGMM\\r")
    time.sleep(0.05)
    os.read(modem, 1000).split(b"\\r\\n")[4]

if __name__ == "__main__":
    send(sys.argv[1])
"""
_PIECES = "@pytest.mark.explore(kinds='answer-in-two-pieces', timeout=10)"


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder with a host, run as its developers run it: in a process of its own."""
    pytester.makepyfile(my_host=_HOST)
    pytester.makeini("[pytest]\naddopts = -p no:cacheprovider --strict-markers")
    return pytester


def _run(project: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    project.makepyfile(test_it=f"import os, sys, pytest\nimport my_host\n{test}")
    return project.runpytest_subprocess("-v", *arguments)


def _facts(file: Path) -> dict[str, str]:
    found = ElementTree.parse(file).getroot().iter("property")
    return {str(each.get("name")): str(each.get("value")) for each in found}


def test_a_robust_host_passes(project: pytest.Pytester) -> None:
    """A function, at the lab or at a server of the test, which forgets one run before the next; and a program."""
    test = f"""
{_PIECES}
@pytest.mark.modem(time_scale=20)
def test_lab(explore):
    done = explore(my_host.send, budget=6, jobs=2, lab=True, expect_upload=b"0123456789abcdef\\r\\n",
                   expect_line="0123456789abcdef", check=lambda record: len(record.connections) == 1)
    assert 3 <= done.runs <= 6

{_PIECES}
@pytest.mark.modem(time_scale=20)
def test_server(explore, tcp_server):
    server = tcp_server()
    def check(record):
        assert record.connections == [b"0123456789abcdef\\r\\n"], "other data"
    explore(my_host.send, budget=6, routes={{"echo.lab:7": server}}, check=check)

{_PIECES}
@pytest.mark.modem(routes={{"echo.lab:7": "echo.lab:443"}}, time_scale=20)
@pytest.mark.firmware("GE865-QUAD")
def test_program(explore):
    assert explore.firmware == "GE865-QUAD@10.00.007"
    explore([sys.executable, my_host.__file__, "{{port}}"], budget=3, lab=True, check="true")
"""
    result = _run(project, test, "--junit-xml", "report.xml", "--seed", "7")

    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*test_program?GE865-QUAD@10.00.007? PASSED*"])
    assert "7" == _facts(project.path / "report.xml")["explore seed"]


def test_a_weak_host_fails_with_what_is_found(project: pytest.Pytester) -> None:
    """As the terminal tells it, with the scenario, which a test of its own replays."""
    test = f"{_PIECES}\ndef test_weak(explore):\n    explore(my_host.reads_once, budget=12, out='found')"
    (junit,) = [project.path / "report.xml"]

    result = _run(project, test, "--junit-xml", str(junit), "--telit-seed=3")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "reads_once: 1 finding (1 crash) in *, seed 3",
            "  1  crash  *  +CGMM",
            "     At AT+CGMM the answer came in two pieces, *: `IndexError: list index out of range`.*",
            "     found/001-crash-after-CGMM.toml",
            'to see finding 1 again: @pytest.mark.modem(scenario="found/001-crash-after-CGMM.toml")',
            "to explore again: pytest 'test_it.py::test_weak?HE910@12.00.004?' --telit-seed 3",
        ]
    )
    assert "explorer.py" not in result.stdout.str()
    assert _facts(junit)["explore finding 1"].startswith("crash after +CGMM: At AT+CGMM the answer came in two pieces")
    again = "@pytest.mark.modem(scenario='found/001-crash-after-CGMM.toml')\ndef test_again(modem):\n"
    _run(project, f"{again}    my_host.reads_once(modem.port)").stdout.fnmatch_lines(["E * IndexError: *"])


_MISTAKES = {
    "explore(my_host.send, colour=1)": "explore: no option is called 'colour'*",
    "explore(my_host.send, budgets=1)": "explore: no option is called 'budgets'*budget*",
    "explore(my_host.send, budget=1, minutes=1)": "explore: budget and minutes exclude each other; give one of them",
    "explore(my_host.send, kinds='no-such')": "explore: *no-such*",
    "explore(my_host.send, out=__file__)": "explore: out *: it is a file; name a folder *",
    "explore(my_host.send, check=len)": "explore: check and expect_* there is none: start one, or lab=True",
    "explore(my_host.send, lab=True, jobs=2, servers=[1])": "explore: lab=True gives each job servers of its own; *",
    "explore(my_host.send, jobs=2, check=len, servers=[1])": "explore: the servers of the test cannot tell the runs *",
    "explore(my_host.send, lab=True, expect_upload='none')": "explore: --expect-upload none: No such file*",
    "explore(my_host.send, check='nowhere/check')": "explore: --check nowhere/check: there is no such program; *",
    "explore(lambda port: None)": "explore: host function *: another process cannot call it *",
    "explore(['nowhere/host'])": "explore: host program 'nowhere/host': No such file or directory; *",
    "explore(['false'])": "explore: *",
    "explore(my_host.send_twice, lab=True, check=lambda record: len(record) < 2)": "*the check has returned False*",
    "explore(my_host.send, lab=True, check=lambda record: 1 / 0)": "E  *ZeroDivisionError: division by zero",
    "pytest.mark.modem(ports=2)": "explore: pytest.mark.modem(ports=*): an exploration has many modems; leave it out",
    "pytest.mark.explore(500)": "pytest.mark.explore takes options by name only, as in explore(budget=500)",
}


def test_mistakes_are_told_in_a_line(project: pytest.Pytester) -> None:
    """Without the insides of the emulator, but for what a check of the test raises."""
    tests = []
    for number, words in enumerate(_MISTAKES):
        is_mark = words.startswith("pytest.mark")
        mark, call = (f"@{words}\n", "explore(my_host.send)") if is_mark else ("", words)
        tests.append(f"{mark}def test_{number:02}(explore):\n    {call}\n")

    tests.append("@pytest.mark.explore(budget=1)\ndef test_without(): pass\n")
    tests.append("@pytest.mark.explore(depth=1)\ndef test_other(): pass\n")

    result = _run(project, "\n".join(tests))

    assert {"failed": len(_MISTAKES) - 1, "errors": 2, "passed": 1} == result.parseoutcomes()
    result.stdout.fnmatch_lines(["pytest.mark.explore is for tests that use the fixture `explore`; take it, too"])
    for message in _MISTAKES.values():
        result.stdout.fnmatch_lines([message])
    assert "UserError" not in result.stdout.str()


def test_only_the_emulator_is_explored_with(project: pytest.Pytester) -> None:
    """A module at a serial port has no bad days to order."""
    result = _run(project, "def test_it(explore):\n    explore(my_host.send)", "--modem-port", "nowhere", "-rs")

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * only the emulator can be explored with"])


def test_a_seed_reaches_the_modem(project: pytest.Pytester) -> None:
    """Unless its marker has one; and a project may have an option of that name."""
    test = "def test_it(modem):\n    assert modem.seed == 5\n@pytest.mark.modem(seed=6)\ndef test_own(modem):\n"
    test += "    assert modem.seed == 6"

    _run(project, test, "--seed=5").assert_outcomes(passed=2)
    project.makeconftest("def pytest_addoption(parser):\n    parser.addoption('--seed', type=int)")
    _run(project, test, "--seed=1", "--telit-seed=5").assert_outcomes(passed=2)
