"""Reports what was found as JUnit XML, which CI systems show."""

from collections.abc import Iterator
from xml.etree import ElementTree

from emulator.explore.findings.finding import Finding
from emulator.explore.reports.model import Report
from emulator.explore.reports.words import in_words, survived
from emulator.matrix.reports.junit import add_output, add_properties, dialogue, document
from emulator.trace.printable import printable_lines

_CLASS = "explore"


def render(report: Report) -> str:
    """Make a failing test case a distinct finding; one that passes says how much was tried where nothing was found."""
    findings = report.findings
    suite = ElementTree.Element(
        "testsuite",
        name=printable_lines(f"telit-emulator explore: {report.program}"),
        tests=str(len(findings) or 1),
        failures=str(len(findings)),
        time=f"{report.seconds:.3f}",
        timestamp=report.started.isoformat(timespec="seconds"),
    )
    for finding in findings:
        _add_finding(suite, report, finding)
    if not findings:
        time = f"{report.seconds:.3f}"
        case = ElementTree.SubElement(suite, "testcase", classname=_CLASS, name=report.counts, time=time)
        add_properties(case, [("seed", str(report.seed)), ("again", report.again)])
        ElementTree.SubElement(case, "system-out").text = printable_lines("\n".join(survived(report)))
    return document(suite)


def _add_finding(suite: ElementTree.Element, report: Report, finding: Finding) -> None:
    result = finding.result
    name = printable_lines(f"{finding.number}: {finding.outcome} at {finding.place} ({finding.firmwares})")
    time = f"{result.ending.seconds:.3f}"
    case = ElementTree.SubElement(suite, "testcase", classname=_CLASS, name=name, time=time)
    add_properties(case, _properties(report, finding))
    failure = ElementTree.SubElement(case, "failure", message=printable_lines(finding.sentence))
    failure.set("type", str(finding.outcome))
    again = [f"To see it again: {command}" for command in report.replays([finding])]
    told = [finding.sentence, *again, "", *dialogue(result.story)]
    failure.text = printable_lines("\n".join(told))
    add_output(case, result.ending)


def _properties(report: Report, finding: Finding) -> Iterator[tuple[str, str]]:
    yield "outcome", str(finding.outcome)
    yield "place", finding.place
    yield "firmware", finding.firmwares
    yield "runs", str(finding.runs)
    yield "seed", str(report.seed)
    if finding.scenario is not None:
        yield "scenario", str(finding.scenario)
    yield from (("replay", command) for command in report.replays([finding]))
    yield from (("step", in_words(step)) for step in finding.steps)
