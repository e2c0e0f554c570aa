"""Reports the runs as JUnit XML, which CI systems show."""

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from emulator.matrix.reports.model import Report
from emulator.matrix.result import Ending, Run
from emulator.matrix.story import Story
from emulator.trace.printable import printable_lines


def render(report: Report) -> str:
    """Make a test case a firmware, with its output; one that failed has its time line."""
    runs = report.runs
    suite = ElementTree.Element(
        "testsuite",
        name=printable_lines(f"telit-emulator matrix: {report.program}"),
        tests=str(len(runs)),
        failures=str(sum(not run.passed for run in runs)),
        time=f"{sum(run.ending.seconds for run in runs):.3f}",
        timestamp=report.started.isoformat(timespec="seconds"),
    )
    for run in runs:
        case = ElementTree.SubElement(
            suite, "testcase", classname="matrix", name=run.firmware.name, time=f"{run.ending.seconds:.3f}"
        )
        add_properties(case, _properties(report, run))
        if not run.passed:
            message = printable_lines(f"{run.ending.in_words}; {run.why}")
            ElementTree.SubElement(case, "failure", message=message).text = printable_lines(_failure(run))
        add_output(case, run.ending)
    return document(suite)


def document(suite: ElementTree.Element) -> str:
    """Return a suite as a file."""
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def add_properties(case: ElementTree.Element, facts: Iterable[tuple[str, str]]) -> None:
    """Give a test case its properties."""
    properties = ElementTree.SubElement(case, "properties")
    for name, value in facts:
        ElementTree.SubElement(properties, "property", name=name, value=printable_lines(value))


def add_output(case: ElementTree.Element, ending: Ending) -> None:
    """Give a test case what its program printed."""
    ElementTree.SubElement(case, "system-out").text = printable_lines(ending.output)
    ElementTree.SubElement(case, "system-err").text = printable_lines(ending.errors)


def dialogue(story: Story) -> list[str]:
    """Return the lines of the time line."""
    return [f"{line.at:12.3f}  {line.who:7} {line.text}" for line in story.time_line()]


def _properties(report: Report, run: Run) -> Iterator[tuple[str, str]]:
    if run.firmware.status:
        yield "status", run.firmware.status
    if run.firmware.alike:
        yield "alike", ", ".join(run.firmware.alike)
    yield "seed", str(run.story.seed)
    yield "replay", report.replay(run)
    for fault in run.story.faults:
        yield f"fault {fault.number}", f"{fault.rule}, {fault.told}"
    lacks: dict[str, list[str]] = {}
    for command, lack, why in run.missing:
        lacks.setdefault(lack, []).append(f"{command} ({why})" if why else command)
    yield from ((lack, ", ".join(commands)) for lack, commands in lacks.items())


def _failure(run: Run) -> str:
    return "\n".join([*run.remarks(), *dialogue(run.story)])
