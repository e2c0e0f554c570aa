"""Reports the runs as JUnit XML, which CI systems show."""

from collections.abc import Iterator
from xml.etree import ElementTree

from emulator.matrix.reports.model import Report
from emulator.matrix.result import Run
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
        properties = ElementTree.SubElement(case, "properties")
        for name, value in _properties(report, run):
            ElementTree.SubElement(properties, "property", name=name, value=printable_lines(value))
        if not run.passed:
            message = printable_lines(f"{run.ending.in_words}; {run.why}")
            ElementTree.SubElement(case, "failure", message=message).text = printable_lines(_failure(run))
        ElementTree.SubElement(case, "system-out").text = printable_lines(run.ending.output)
        ElementTree.SubElement(case, "system-err").text = printable_lines(run.ending.errors)
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


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
    dialogue = [f"{line.at:12.3f}  {line.who:7} {line.text}" for line in run.story.time_line()]
    return "\n".join([*run.remarks(), *dialogue])
