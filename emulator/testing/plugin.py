"""The pytest plugin: fixtures for a modem and its servers, a run for every firmware, and the dialogue of a failed test.

It is loaded in every project where the emulator is installed, so that it imports the rest only when a test needs it.
"""

from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from emulator.testing.markers import options_of

if TYPE_CHECKING:
    from emulator.api import VirtualModem
    from emulator.firmware.selection import Choice
    from emulator.testing.fault_report import FaultReport
    from emulator.testing.real_modem import RealModem

pytest_plugins = ["emulator.testing.server_fixtures", "emulator.testing.explore_fixture"]

_MISSING = "missing command"
"""Name of the property of a test for a command that its host used and the module lacks."""
_REAL = "the module at --modem-port"

_dialogue = pytest.StashKey[list[str]]()
_trace = pytest.StashKey[Path]()
_faults: "pytest.StashKey[FaultReport]" = pytest.StashKey()
_asked = pytest.StashKey["list[Choice]"]()
_is_whole = pytest.StashKey[bool]()
"""Whether `all` or `every` is asked for: a test that names its firmwares then runs with all of them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options by their long names; see `pytest_load_initial_conftests` for the short ones."""
    group = parser.getgroup("telit-emulator")
    group.addoption(
        "--telit-firmware",
        action="append",
        default=[],
        metavar="NAME",
        help="run each test that uses `modem` with this firmware, MODEL[@VERSION] or a profile; `all` is one for each "
        "distinct behaviour, `every` is each model; repeatable, or with commas; short --firmware, where that is free",
    )
    group.addoption(
        "--telit-modem-port",
        metavar="TTY",
        help="run the tests on the module at this serial port; what only the emulator can do is skipped; short "
        "--modem-port, where that is free",
    )
    group.addoption(
        "--telit-modem-server",
        metavar="HOST:PORTS",
        help="with --modem-port: the address at which the module reaches this machine, and the port or the range of "
        "ports, FIRST-LAST, for the servers of the fixtures; they are then open to the network; short "
        "--modem-server, where that is free",
    )
    group.addoption(
        "--telit-provisional",
        action="store_true",
        help="let `all` and `every` stand for the models of provisional software lines, too; short --provisional, "
        "where that is free",
    )
    group.addoption(
        "--telit-seed",
        type=int,
        metavar="S",
        help="seed what is left to chance: the order in which `explore` tries things, and modems whose marker and "
        "scenario name no seed; short --seed, where that is free",
    )


_FLAG = "--provisional"
_SHORT = {
    "--firmware": "--telit-firmware",
    "--modem-port": "--telit-modem-port",
    "--modem-server": "--telit-modem-server",
    "--seed": "--telit-seed",
    _FLAG: "--telit-provisional",
}
"""Short names of options, which a project or another plugin may have for options of its own."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None]:
    """Put the long names of options in the place of the short ones that no conftest and no other plugin has."""
    early = early_config.known_args_namespace
    early.file_or_dir = parser.parse_known_args(_in_full(args, _SHORT)).file_or_dir  # a firmware is no folder of tests
    yield
    free = {short for short in _SHORT if parser.parse_known_and_unknown_args([_typed(short)])[1]}
    args[:] = _in_full(args, free)


def _typed(short: str) -> str:
    """Return an option as it is typed; one that takes no value is refused with one."""
    return short if short == _FLAG else f"{short}=1"


def _in_full(args: Sequence[str], free: Collection[str]) -> list[str]:
    names = [argument.partition("=") for argument in args]
    return [f"{_SHORT[name] if name in free else name}{sign}{value}" for name, sign, value in names]


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers and resolve the options, so that a wrong one ends the run before it begins."""
    _check_port(config)
    _check_server(config)
    asked = [name for option in config.getoption("--telit-firmware") for name in option.split(",")]
    config.stash[_asked] = _chosen(asked, provisional=config.getoption("--telit-provisional")) if asked else []
    config.stash[_is_whole] = not {"all", "every"}.isdisjoint(asked)
    config.addinivalue_line("markers", "firmware(*names): the firmwares that the test is for, as in `HE910@12.00.004`")
    config.addinivalue_line(
        "markers", "modem(**options): options of its VirtualModem, as in `modem(baud=9600, time_scale=20)`"
    )
    config.addinivalue_line(
        "markers", "explore(**options): options of the fixture `explore`, as in `explore(budget=500, jobs=2)`"
    )


def _check_port(config: pytest.Config) -> None:
    """Refuse a port that pytest, which does not know the option yet, has taken for the only folder of tests."""
    port = config.getoption("--telit-modem-port")
    here = config.invocation_params.dir
    if port and config.rootpath == Path(port).parent and not here.is_relative_to(config.rootpath):
        raise pytest.UsageError(f"--modem-port {port}: write --modem-port={port}; pytest takes it for tests otherwise")


def _check_server(config: pytest.Config) -> None:
    text = config.getoption("--telit-modem-server")
    if text is None:
        return
    if not config.getoption("--telit-modem-port"):
        raise pytest.UsageError("--modem-server goes with --modem-port, which names the module")
    from emulator.errors import UserError
    from emulator.testing.modem_server import place_of

    try:
        place_of(text)
    except UserError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Name the firmwares for which others stand, and those whose software lines are less known."""
    from emulator.firmware.status import with_status

    told = []
    for choice in config.stash[_asked]:
        name = with_status(choice.name, choice.status)
        if choice.alike or name != choice.name:
            told.append(f"firmware {name}" + f", alike: {', '.join(choice.alike)}" * bool(choice.alike))
    return told


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each of its firmwares."""
    used = set(metafunc.fixturenames)
    if "firmware" not in used or {"modem", "explore"}.isdisjoint(used) or _has_its_own(metafunc):
        return
    config = metafunc.config
    if config.getoption("--telit-modem-port"):
        metafunc.parametrize("firmware", [_REAL], ids=["real"], scope="function")
        return
    marker = metafunc.definition.get_closest_marker("firmware")
    meant = [choice.name for choice in _chosen(marker.args)] if marker is not None else []
    names = _names(config, meant, _firmware_of_scenario(metafunc.definition.get_closest_marker("modem")))
    skipped = pytest.param("none", marks=pytest.mark.skip(reason=f"it is for {', '.join(meant)} only"))
    metafunc.parametrize("firmware", names or [skipped], scope="function")


def _names(config: pytest.Config, meant: Sequence[str], scenario: str | None) -> Sequence[str]:
    """Return the firmwares of a test; `meant` are those of its marker, `scenario` is that of its scenario."""
    asked = [choice.name for choice in config.stash[_asked]]
    if meant:
        return [name for name in asked if name in meant] if asked and not config.stash[_is_whole] else meant
    return asked or [choice.name for choice in _chosen([scenario] if scenario else [])]


def _firmware_of_scenario(marker: pytest.Mark | None) -> str | None:
    """Return the firmware that the scenario of a test names; a wrong scenario is told when the test runs."""
    from emulator.errors import UserError
    from emulator.modem import firmware_of_scenario

    try:
        return firmware_of_scenario(marker.kwargs.get("scenario")) if marker is not None else None
    except UserError:
        return None


def _has_its_own(metafunc: pytest.Metafunc) -> bool:
    """Return whether the test parametrizes `firmware` itself."""
    names = [marker.args[0] for marker in metafunc.definition.iter_markers("parametrize") if marker.args]
    split = [name.split(",") if isinstance(name, str) else name for name in names]
    return any(part.strip() == "firmware" for parts in split for part in parts)


def _chosen(names: Sequence[str], *, provisional: bool = False) -> "list[Choice]":
    """Resolve the names, each once; the emulator's default firmware when there are none."""
    from emulator.errors import UserError
    from emulator.firmware.selection import choose
    from emulator.firmware.status import ANY, KNOWN
    from emulator.options import DEFAULT_FIRMWARE

    try:
        return choose(names or [DEFAULT_FIRMWARE], ANY if provisional else KNOWN)
    except UserError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.fixture
def firmware() -> str:
    """Return the firmware of this run, as `MODEL@VERSION`."""
    raise AssertionError("pytest_generate_tests gives it")


@pytest.fixture
def modem(request: pytest.FixtureRequest, firmware: str, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Modem]":
    """Run a new modem for each test; the host opens `modem.port`, `modem.run` runs a host program."""
    port = request.config.getoption("--telit-modem-port")
    if port:
        yield _real_modem(request, port)
        return
    from emulator.errors import UserError
    from emulator.testing.fault_report import FaultReport
    from emulator.trace.missing import MissingCommands
    from emulator.trace.transcript import Transcript

    for choice in request.config.stash[_asked]:
        if choice.name == firmware and choice.alike:
            request.node.user_properties.append(("firmwares alike", ", ".join(choice.alike)))
        if choice.name == firmware and choice.status:
            request.node.user_properties.append(("firmware status", choice.status))
    lines: list[str] = []
    request.node.stash[_dialogue] = lines
    folder = tmp_path_factory.mktemp("modem", numbered=True)
    trace = request.node.stash[_trace] = folder / "trace.jsonl"
    seed = request.config.getoption("--telit-seed")
    options = {"readers": [], **({} if seed is None else {"seed": seed}), **options_of(request.node, "modem")}
    if {"link", "listen", "port"}.isdisjoint(options):
        options["link"] = folder / "port"  # when a pseudo-terminal vanishes, that of another test may get its number
    missing, faults = MissingCommands(), FaultReport()
    readers = [*options["readers"], Transcript(lines.append), missing, faults]
    try:
        made = _made(firmware, {**options, "readers": readers, "trace": trace})
        made.start()
    except (UserError, TypeError) as error:
        pytest.fail(f"modem: {error}", pytrace=False)
    faults.follow(made)
    request.node.stash[_faults] = faults
    request.node.user_properties.append(("seed", str(faults.seed)))
    try:
        yield made
    finally:
        made.stop()
        for tally in faults.tallies:
            request.node.user_properties.append((f"fault {tally.number}", f"{tally.rule}, {tally.told}"))
        for command, lack, why in missing:
            request.node.user_properties.append((_MISSING, f"{command}: {lack}{f' ({why})' if why else ''}"))


def _made(firmware: str, options: dict[str, Any]) -> "VirtualModem":
    from emulator.api import VirtualModem

    if isinstance(clock := options.get("clock"), type):
        options["clock"] = clock()  # one for each test: the marker is evaluated once
    return VirtualModem(firmware, **options)


def _real_modem(request: pytest.FixtureRequest, port: str) -> "RealModem":
    from emulator.testing.modem_server import host_of_servers
    from emulator.testing.real_modem import RealModem

    if options := options_of(request.node, "modem"):
        pytest.skip(f"only the emulator has options: {', '.join(options)}")
    real = RealModem(port, host_of_servers(request.config))
    meant = request.node.get_closest_marker("firmware")
    if meant is not None and (model := real.model()) not in {name.partition("@")[0] for name in meant.args}:
        pytest.skip(f"it is for {', '.join(meant.args)}; the module is a {model}")
    real.clean()
    return real


@pytest.fixture
def gateway(modem: "Modem") -> "Callable[..., None]":
    """Route a dialled address to a back end without TLS 1.0: `gateway("api.example.com:443", to=8000)`.

    `to` is a port of this machine, `HOST:PORT`, or `tls:HOST:PORT[?ca=FILE]` for a back end with modern TLS.
    """

    def route(dialled: str, *, to: int | str) -> None:
        target = f"127.0.0.1:{to}" if isinstance(to, int) else to
        modem.route(dialled, f"gateway+{target}" if target.startswith("tls:") else f"gateway:{target}")

    return route


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the dialogue of a failed test, its seed and faults, and the path of its trace."""
    report = yield
    if report.failed and _dialogue in item.stash:
        dialogue: list[str] = item.stash[_dialogue]
        report.sections.append(("dialogue with the modem", "\n".join(dialogue)))
        if _faults in item.stash:
            report.sections.append(("seed and faults of the modem", item.stash[_faults].in_words))
        report.sections.append(("trace of the modem", str(item.stash[_trace])))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the commands that hosts used and modules lack, each once."""
    reports = (report for reports in terminalreporter.stats.values() for report in reports)
    told = [text for report in reports for name, text in getattr(report, "user_properties", ()) if name == _MISSING]
    if told:
        terminalreporter.section("commands that the module lacks")
        terminalreporter.write_line("\n".join(dict.fromkeys(told)))


if TYPE_CHECKING:
    Modem = VirtualModem | RealModem
