"""What the fixture `explore` gives: it explores a host program, or a function, and fails with what is found."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import pytest

from emulator.errors import UserError
from emulator.explore.exploration import Exploration, Limits
from emulator.explore.exploration import explore as run
from emulator.explore.far_end.check import read_check
from emulator.explore.far_end.expectation import ExpectedFile, ExpectedLine, ExpectedUpload
from emulator.explore.findings.finding import Finding
from emulator.explore.findings.scenario_folder import ScenarioFolder
from emulator.explore.reports.model import Report
from emulator.explore.reports.table import render_findings
from emulator.explore.steps.selection import select
from emulator.explore.trials.host_function import HostFunction
from emulator.explore.trials.remote import Home
from emulator.explore.trials.setting import Setting
from emulator.firmware.keys import nearest
from emulator.lab.loopback import LoopbackServer
from emulator.lab.record import Record
from emulator.options import ModemOptions, is_shared

if TYPE_CHECKING:
    from emulator.explore.far_end.expectation import Expectation

Host = Sequence[str] | Callable[[str], object]
Content = bytes | str | Path
"""Bytes, or the path of a file."""

_KNOWN = set(ModemOptions.__struct_fields__)
_BUDGET = 200
"""Runs, unless the test gives a number or a time."""


class ExploreOptions(TypedDict, total=False):
    """Options of `explore` and of its marker; each may be left out."""

    budget: int
    """Runs at most; 200 unless `minutes` is given."""
    minutes: float
    """Minutes at most."""
    kinds: str | Sequence[str]
    """Kinds of steps that are tried, as `--kinds` takes them."""
    patience: float
    """Seconds of the module's time that a fault may last and the host must still bear it; 30."""
    timeout: float
    """Seconds of real time that a run may take, after which it hangs; follows from the healthy run."""
    jobs: int
    """How many runs at once; 1."""
    seed: int
    """What the order of the steps is chosen by; that of `--telit-seed`, or 0."""
    lab: bool
    """Whether each job has servers of the lab."""
    servers: Sequence[LoopbackServer]
    """Servers that no fixture of this test has started, as further ends of the host's connections."""
    routes: Mapping[str, str | LoopbackServer]
    """What the module dials, and the server, or `HOST:PORT`, that it then reaches."""
    check: Callable[[Record], object] | str
    """Called with the record after each run: an AssertionError, or False, says that the far end does not have what it
    should. Text is a command, as `--check` takes it."""
    expect_upload: Content | Sequence[Content]
    """What the servers must have received, exactly once."""
    expect_line: str | Sequence[str]
    """Lines that they must have received, exactly once."""
    expect_file: Mapping[str, Content]
    """Files that must lie at a server of FTP or HTTP, by name."""
    failures: Sequence[type[BaseException]]
    """Exceptions of Python itself by which a host function says that it has failed; others are crashes."""
    out: str | Path
    """The folder of the scenarios; a temporary one."""


class Explorer:
    """Explore hosts with one firmware."""

    def __init__(
        self,
        firmware: str,
        options: Mapping[str, Any],
        defaults: Mapping[str, Any],
        *,
        servers: Sequence[LoopbackServer],
        folder: Callable[[], Path],
        note: Callable[[str, str], None],
        again: str,
    ) -> None:
        """Take what the test has.

        Args:
            firmware: that of the modems.
            options: of the modems, by name.
            defaults: options of an exploration that are not given.
            servers: those that fixtures of the test have started, at the time of an exploration.
            folder: makes the folder of the scenarios.
            note: is told facts for the report, by name.
            again: how the test is run again, but for its seed.
        """
        self.firmware = firmware
        self._options = options
        self._defaults = defaults
        self._servers = servers
        self._folder = folder
        self._note = note
        self._again = again

    def __repr__(self) -> str:
        return f"<Explorer of {self.firmware}>"

    def __call__(self, host: Host, **given: Unpack[ExploreOptions]) -> Exploration:
        """Explore a host: words of a command with `{port}`, or a function that is called with the port.

        The test fails with what is found; else return what was tried.
        """
        __tracebackhide__ = True
        try:
            return self._explore(host, {**self._defaults, **given})
        except UserError as error:
            refused = str(error)
        pytest.fail(f"explore: {refused}", pytrace=False)

    def _explore(self, host: Host, given: Mapping[str, Any]) -> Exploration:
        __tracebackhide__ = True
        _refuse_unknown(given)
        budget = given.get("budget", None if "minutes" in given else _BUDGET)
        limits = Limits(budget, given.get("minutes"), given.get("timeout"), select(_words(given.get("kinds", ()))))
        folder = ScenarioFolder(Path(given["out"]) if "out" in given else self._folder(), "out")
        started, jobs = datetime.now(UTC).astimezone(), given.get("jobs", 1)
        servers = [*self._servers, *given.get("servers", ())]
        check = given.get("check")
        with Home(servers, [check] if callable(check) else []) as home:
            setting = _setting(host, self._modem_options(given), given, home, has_servers=bool(servers))
            try:
                exploration = run(setting, self.firmware, jobs=jobs, seed=given.get("seed", 0), limits=limits)
            except UserError:
                if home.error is not None:
                    raise home.error from None
                raise
        folder.write(exploration.findings, setting)
        self._tell(exploration)
        if exploration.is_broken_off:
            raise KeyboardInterrupt
        if exploration.findings:
            pytest.fail(self._text(Report(setting, (), [exploration], started)), pytrace=False)
        return exploration

    def _modem_options(self, given: Mapping[str, Any]) -> ModemOptions:
        for name in self._options:
            if name == "scenario" or (name in _KNOWN and not is_shared(name)):
                raise UserError(f"pytest.mark.modem({name}=…): an exploration has many modems; leave it out")
        routes = {**self._options.get("routes", {}), **given.get("routes", {})}
        targets = {dialled: getattr(target, "address", target) for dialled, target in routes.items()}
        return ModemOptions(**{**self._options, "routes": targets})

    def _tell(self, exploration: Exploration) -> None:
        self._note("explore runs", str(exploration.runs))
        self._note("explore seed", str(exploration.seed))
        for finding in exploration.findings:
            self._note(f"explore finding {finding.number}", _told(finding))

    def _text(self, report: Report) -> str:
        (first, *_) = report.findings
        lines = (
            f"{report.program}: {report.counts}, {report.seconds:.0f} s, seed {report.seed}",
            render_findings(report),
            f"to see finding {first.number} again: {next(iter(report.replays([first])))}",
            f"to explore again: {self._again} --telit-seed {report.seed}",
        )
        return "\n".join(lines)


def _told(finding: Finding) -> str:
    return f"{finding.outcome} after {finding.place}: {finding.sentence} ({finding.scenario})"


def _refuse_unknown(given: Mapping[str, Any]) -> None:
    known = ExploreOptions.__annotations__
    for name in given:
        if name not in known:
            raise UserError(f"no option is called {name!r}{nearest(name, known)}")
    if "budget" in given and "minutes" in given:
        raise UserError("budget and minutes exclude each other; give one of them")


def _setting(host: Host, options: ModemOptions, given: Mapping[str, Any], home: Home, *, has_servers: bool) -> Setting:
    lab, jobs, check = given.get("lab", False), given.get("jobs", 1), given.get("check")
    expectations = [*_expectations(given), *home.expectations]
    if lab and has_servers:
        raise UserError("lab=True gives each job servers of its own; leave it out, or start no others")
    if expectations and not (lab or has_servers):
        raise UserError("check and expect_… look at the servers of the test, and there is none: start one, or lab=True")
    if expectations and has_servers and jobs > 1:
        raise UserError("the servers of the test cannot tell the runs of several jobs apart; give jobs=1, or lab=True")
    function = HostFunction.of(host, given.get("failures", ())) if callable(host) else None
    return Setting(
        command=(function.name,) if function is not None else tuple(map(str, _listed(host))),
        options=options,
        lab=lab,
        check=read_check(check) if isinstance(check, str) else (),
        expectations=expectations,
        patience=given.get("patience", Setting.patience),
        servers=home.servers if has_servers and jobs == 1 else None,
        function=function,
        is_of_a_test=True,
    )


def _expectations(given: Mapping[str, Any]) -> "list[Expectation]":
    uploads = [
        ExpectedUpload("upload", content) if isinstance(content, bytes) else ExpectedUpload.of_file(content)
        for content in _listed(given.get("expect_upload", ()))
    ]
    lines = [ExpectedLine.of_text(line) for line in _listed(given.get("expect_line", ()))]
    files = [
        ExpectedFile(name, content if isinstance(content, bytes) else ExpectedUpload.of_file(content).data)
        for name, content in given.get("expect_file", {}).items()
    ]
    return [*uploads, *lines, *files]


def _listed(value: Any) -> Sequence[Any]:
    return [value] if isinstance(value, bytes | str | Path) else list(value)


def _words(kinds: str | Sequence[str]) -> list[str]:
    return [word for value in _listed(kinds) for word in value.split(",")]
